/**
 * The inner loops of an eigen-decomposition by Householder's reflections: WebAssembly with SIMD, and the same loops in plain code. They took
 * the decomposition of 300 × 300 from 80 ms to 20 (`npx tsx bench/cluster.bench.ts --only pca`).
 */
import { advance, f64x2, type Local, repeat, set, v128, zeros } from "./wasm/expressions.js";
import { kernel, loop, named, several } from "./wasm/kernel.js";

/** A symmetric matrix with both triangles, the vectors of one step, and the two loops. */
export interface HouseholderKernel {
  readonly name: "simd" | "plain";
  /** Row i begins at i · stride. */
  readonly matrix: Float64Array;
  readonly stride: number;
  /** Of `stride` values each. */
  readonly v: Float64Array;
  readonly w: Float64Array;
  readonly next: Float64Array;
  readonly product: Float64Array;
  /**
   * Takes v wᵀ + w vᵀ off the first `size` rows and columns of the matrix and writes what these rows then give with `next` to `product`. All
   * three vectors have to be 0 from `size` on.
   */
  step(size: number): void;
  /**
   * Reflects each vector (rows of n values) by I − factors[i] · u uᵀ for i = 1, 2, … n − 1, u being the first i values of row i of the matrix.
   */
  reflect(vectors: Float64Array, factors: Float64Array): void;
}

/** Vectors that are reflected at once, value by value side by side. */
const group = 8;

/** Returns the quickest kernel that this runtime has for n × n matrices, full of zeros. */
export function householderKernel(n: number, { loops = reflectionKernel.open() } = {}): HouseholderKernel {
  const stride = n + (n & 1);
  const at = { v: n * stride, w: 0, next: 0, product: 0, factors: 0, lanes: 0, end: 0 };
  at.w = at.v + stride;
  at.next = at.w + stride;
  at.product = at.next + stride;
  at.factors = at.product + stride;
  at.lanes = at.factors + stride;
  at.end = at.lanes + group * stride;
  const m = new Float64Array(loops.memory(8 * at.end), 0, at.end);
  const view = (from: number): Float64Array => m.subarray(from, from + stride);
  return {
    name: loops.name,
    matrix: m.subarray(0, n * stride),
    stride,
    v: view(at.v),
    w: view(at.w),
    next: view(at.next),
    product: view(at.product),
    step(size) {
      if (size === 0) return;
      const vectors = [8 * at.v, 8 * at.w, 8 * at.next, 8 * at.product] as const;
      loops.run.step(0, 8 * stride, ...vectors, (size + 1) >> 1);
    },
    reflect(vectors, factors) {
      if (n < 2) return;
      m.set(factors, at.factors);
      const count = vectors.length / n;
      for (let first = 0; first < count; first += group) {
        const used = Math.min(group, count - first);
        for (let r = 0; r < used; r++)
          for (let j = 0; j < n; j++) m[at.lanes + group * j + r] = vectors[(first + r) * n + j];
        loops.run.reflect(8 * at.lanes, 8 * stride, 8 * stride, 8 * (at.factors + 1), n - 1);
        for (let r = 0; r < used; r++)
          for (let j = 0; j < n; j++) vectors[(first + r) * n + j] = m[at.lanes + group * j + r];
      }
    },
  };
}

export const reflectionKernel = kernel("householder", {
  /** Two rows and two columns at a time. */
  step: loop({
    parameters: named("i32", "row", "stride", "v", "w", "next", "product", "pairs"),
    locals: {
      ...named("i32", "upper", "lower", "atV", "atW", "atNext", "rowsLeft", "left", "ownV", "ownW"),
      ...named("v128", "v0", "v1", "w0", "w1", "s0", "s1", "x", "y", "q", "value"),
    },
    body: (locals) => {
      const { row, stride, v, w, next, product, pairs, upper, lower, rowsLeft, left } = locals;
      const { atV, atW, atNext, ownV, ownW, v0, v1, w0, w1, s0, s1, x, y, q, value } = locals;
      const turn = (pointer: Local<"i32">, [vr, wr, sum]: readonly Local<"v128">[]) => [
        set(value, f64x2.sub(v128.load(pointer), f64x2.add(f64x2.mul(vr, y), f64x2.mul(wr, x)))),
        v128.store(pointer, value),
        set(sum, f64x2.add(sum, f64x2.mul(value, q))),
      ];
      return [
        [set(ownV, v), set(ownW, w), set(rowsLeft, pairs)],
        repeat(rowsLeft, [
          [set(v0, v128.load64Splat(ownV)), set(v1, v128.load64Splat(ownV, 8))],
          [set(w0, v128.load64Splat(ownW)), set(w1, v128.load64Splat(ownW, 8))],
          [set(s0, zeros), set(s1, zeros), set(left, pairs)],
          [set(upper, row), set(lower, row), advance(lower, stride)],
          [set(atV, v), set(atW, w), set(atNext, next)],
          repeat(left, [
            [set(x, v128.load(atV)), set(y, v128.load(atW)), set(q, v128.load(atNext))],
            [turn(upper, [v0, w0, s0]), turn(lower, [v1, w1, s1])],
            [upper, lower, atV, atW, atNext].map((pointer) => advance(pointer, 16)),
          ]),
          v128.store(product, f64x2.add(f64x2.firsts(s0, s1), f64x2.seconds(s0, s1))),
          [product, ownV, ownW].map((pointer) => advance(pointer, 16)),
          [advance(row, stride), advance(row, stride)],
        ]),
      ];
    },
    plain({ f64: m }, row, stride, v, w, next, product, pairs) {
      for (let r = 0; r < 2 * pairs; r++) {
        const [vr, wr] = [m[v / 8 + r], m[w / 8 + r]];
        let even = 0;
        let odd = 0;
        for (let c = 0; c < 2 * pairs; c += 2) {
          const to = (row + r * stride) / 8 + c;
          m[to] -= vr * m[w / 8 + c] + wr * m[v / 8 + c];
          m[to + 1] -= vr * m[w / 8 + c + 1] + wr * m[v / 8 + c + 1];
          even += m[to] * m[next / 8 + c];
          odd += m[to + 1] * m[next / 8 + c + 1];
        }
        m[product / 8 + r] = even + odd;
      }
    },
  }),
  /** Eight vectors in four registers. */
  reflect: loop({
    parameters: named("i32", "lanes", "row", "stride", "factor", "count"),
    locals: {
      ...named("i32", "length", "at", "atRow", "left"),
      ...named("v128", "x", "value"),
      sums: several("v128", 4),
    },
    body: ({ lanes, row, stride, factor, count, length, at, atRow, left, x, value, sums }) => {
      const start = [set(at, lanes), set(atRow, row), set(left, length)];
      const onwards = [advance(at, 64), advance(atRow, 8)];
      return repeat(count, [
        advance(length, 1),
        sums.map((sum) => set(sum, zeros)),
        start,
        repeat(left, [
          set(x, v128.load64Splat(atRow)),
          sums.map((sum, k) => set(sum, f64x2.add(sum, f64x2.mul(x, v128.load(at, 16 * k))))),
          onwards,
        ]),
        set(x, v128.load64Splat(factor)),
        sums.map((sum) => set(sum, f64x2.mul(sum, x))),
        start,
        repeat(left, [
          set(x, v128.load64Splat(atRow)),
          sums.map((sum, k) => [
            set(value, f64x2.sub(v128.load(at, 16 * k), f64x2.mul(sum, x))),
            v128.store(at, value, 16 * k),
          ]),
          onwards,
        ]),
        [advance(row, stride), advance(factor, 8)],
      ]);
    },
    plain({ f64: m }, lanes, row, stride, factor, count) {
      for (let i = 1; i <= count; i++) {
        const own = (row + (i - 1) * stride) / 8;
        for (let lane = lanes / 8; lane < lanes / 8 + group; lane++) {
          let sum = 0;
          for (let c = 0; c < i; c++) sum += m[own + c] * m[lane + group * c];
          sum *= m[factor / 8 + i - 1];
          for (let c = 0; c < i; c++) m[lane + group * c] -= sum * m[own + c];
        }
      }
    },
  }),
});
