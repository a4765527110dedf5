/**
 * The inner loops of an eigen-decomposition by Householder's reflections: WebAssembly with SIMD, and the same loops in plain code. They took
 * the decomposition of 300 × 300 from 80 ms to 20 (`npx tsx bench/cluster.bench.ts --only pca`).
 */
import { type WasmFunction, wasm, wasmLoops } from "./wasm-module.js";

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
export function householderKernel(n: number, { plain = false } = {}): HouseholderKernel {
  const stride = n + (n & 1);
  const at = { v: n * stride, w: 0, next: 0, product: 0, factors: 0, lanes: 0, end: 0 };
  at.w = at.v + stride;
  at.next = at.w + stride;
  at.product = at.next + stride;
  at.factors = at.product + stride;
  at.lanes = at.factors + stride;
  at.end = at.lanes + group * stride;
  const loops = plain ? undefined : createLoops();
  const m = loops ? new Float64Array(loops.memory(8 * at.end), 0, at.end) : new Float64Array(at.end);
  const view = (from: number): Float64Array => m.subarray(from, from + stride);
  const stepSize = loops
    ? (pairs: number): void =>
        loops.run.step(0, 8 * stride, 8 * at.v, 8 * at.w, 8 * at.next, 8 * at.product, pairs)
    : (pairs: number): void => stepPlain(m, stride, at, pairs);
  const reflectLanes = loops
    ? (): void => loops.run.reflect(8 * at.lanes, 8 * stride, 8 * stride, 8 * (at.factors + 1), n - 1)
    : (): void => reflectPlain(m, stride, at, n);
  return {
    name: loops ? "simd" : "plain",
    matrix: m.subarray(0, n * stride),
    stride,
    v: view(at.v),
    w: view(at.w),
    next: view(at.next),
    product: view(at.product),
    step(size) {
      if (size > 0) stepSize((size + 1) >> 1);
    },
    reflect(vectors, factors) {
      if (n < 2) return;
      m.set(factors, at.factors);
      const count = vectors.length / n;
      for (let first = 0; first < count; first += group) {
        const used = Math.min(group, count - first);
        for (let r = 0; r < used; r++)
          for (let j = 0; j < n; j++) m[at.lanes + group * j + r] = vectors[(first + r) * n + j];
        reflectLanes();
        for (let r = 0; r < used; r++)
          for (let j = 0; j < n; j++) vectors[(first + r) * n + j] = m[at.lanes + group * j + r];
      }
    },
  };
}

interface Places {
  readonly v: number;
  readonly w: number;
  readonly next: number;
  readonly product: number;
  readonly factors: number;
  readonly lanes: number;
}

function stepPlain(m: Float64Array, stride: number, at: Places, pairs: number): void {
  for (let r = 0; r < 2 * pairs; r++) {
    const [vr, wr] = [m[at.v + r], m[at.w + r]];
    let even = 0;
    let odd = 0;
    for (let c = 0; c < 2 * pairs; c += 2) {
      const to = r * stride + c;
      m[to] -= vr * m[at.w + c] + wr * m[at.v + c];
      m[to + 1] -= vr * m[at.w + c + 1] + wr * m[at.v + c + 1];
      even += m[to] * m[at.next + c];
      odd += m[to + 1] * m[at.next + c + 1];
    }
    m[at.product + r] = even + odd;
  }
}

function reflectPlain(m: Float64Array, stride: number, at: Places, n: number): void {
  for (let i = 1; i < n; i++) {
    for (let lane = at.lanes; lane < at.lanes + group; lane++) {
      let sum = 0;
      for (let c = 0; c < i; c++) sum += m[i * stride + c] * m[lane + group * c];
      sum *= m[at.factors + i];
      for (let c = 0; c < i; c++) m[lane + group * c] -= sum * m[i * stride + c];
    }
  }
}

const createLoops = wasmLoops({ step: stepLoop(), reflect: reflectLoop() });

/** Two rows and two columns at a time. */
function stepLoop(): WasmFunction {
  const [row, stride, v, w, next, product, pairs] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [upper, lower, atV, atW, atNext, rowsLeft, left, ownV, ownW] = [
    7, 8, 9, 10, 11, 12, 13, 14, 15,
  ] as const;
  const [v0, v1, w0, w1, s0, s1, x, y, q, value] = [16, 17, 18, 19, 20, 21, 22, 23, 24, 25] as const;
  const { get, set, advance, integer, load, loadSplat64, store, loop, again, zeros, float64 } = wasm;
  const times = (a: number, b: number): number[] => [...get(a), ...get(b), ...float64.multiply];
  const turn = (pointer: number, vr: number, wr: number, sum: number): number[] => [
    ...[
      ...load(pointer),
      ...times(vr, y),
      ...times(wr, x),
      ...float64.add,
      ...float64.subtract,
      ...set(value),
    ],
    ...[...get(pointer), ...get(value), ...store()],
    ...[...get(sum), ...times(value, q), ...float64.add, ...set(sum)],
  ];
  const body = [
    ...[...get(v), ...set(ownV), ...get(w), ...set(ownW), ...get(pairs), ...set(rowsLeft)],
    ...loop,
    ...[...loadSplat64(ownV), ...set(v0), ...loadSplat64(ownV, 8), ...set(v1)],
    ...[...loadSplat64(ownW), ...set(w0), ...loadSplat64(ownW, 8), ...set(w1)],
    ...[...zeros, ...set(s0), ...zeros, ...set(s1), ...get(pairs), ...set(left)],
    ...[...get(row), ...set(upper), ...get(row), ...set(lower), ...advance(lower, get(stride))],
    ...[...get(v), ...set(atV), ...get(w), ...set(atW), ...get(next), ...set(atNext)],
    ...loop,
    ...[...load(atV), ...set(x), ...load(atW), ...set(y), ...load(atNext), ...set(q)],
    ...[...turn(upper, v0, w0, s0), ...turn(lower, v1, w1, s1)],
    ...[upper, lower, atV, atW, atNext].flatMap((pointer) => advance(pointer, integer(16))),
    ...again(left),
    ...[...get(product), ...get(s0), ...get(s1), ...float64.firsts],
    ...[...get(s0), ...get(s1), ...float64.seconds, ...float64.add, ...store()],
    ...[product, ownV, ownW].flatMap((pointer) => advance(pointer, integer(16))),
    ...[...advance(row, get(stride)), ...advance(row, get(stride)), ...again(rowsLeft)],
  ];
  const locals = [
    [9, wasm.i32],
    [10, wasm.v128],
  ] as const;
  return { parameters: new Array<number>(7).fill(wasm.i32), locals, body };
}

/** Eight vectors in four registers. */
function reflectLoop(): WasmFunction {
  const [lanes, row, stride, factor, count] = [0, 1, 2, 3, 4] as const;
  const [length, at, atRow, left, x, value] = [5, 6, 7, 8, 9, 10] as const;
  const sums = [11, 12, 13, 14] as const;
  const { get, set, advance, integer, load, loadSplat64, store, loop, again, zeros, float64 } = wasm;
  const start = [...get(lanes), ...set(at), ...get(row), ...set(atRow), ...get(length), ...set(left)];
  const onwards = [
    ...advance(at, integer(32)),
    ...advance(at, integer(32)),
    ...advance(atRow, integer(8)),
    ...again(left),
  ];
  const body = [
    ...loop,
    ...advance(length, integer(1)),
    ...sums.flatMap((sum) => [...zeros, ...set(sum)]),
    ...start,
    ...loop,
    ...[...loadSplat64(atRow), ...set(x)],
    ...sums.flatMap((sum, k) => [
      ...[...get(sum), ...get(x), ...load(at, 16 * k)],
      ...[...float64.multiply, ...float64.add, ...set(sum)],
    ]),
    ...onwards,
    ...[...loadSplat64(factor), ...set(x)],
    ...sums.flatMap((sum) => [...get(sum), ...get(x), ...float64.multiply, ...set(sum)]),
    ...start,
    ...loop,
    ...[...loadSplat64(atRow), ...set(x)],
    ...sums.flatMap((sum, k) => [
      ...[
        ...load(at, 16 * k),
        ...get(sum),
        ...get(x),
        ...float64.multiply,
        ...float64.subtract,
        ...set(value),
      ],
      ...[...get(at), ...get(value), ...store(16 * k)],
    ]),
    ...onwards,
    ...[...advance(row, get(stride)), ...advance(factor, integer(8)), ...again(count)],
  ];
  const locals = [
    [4, wasm.i32],
    [6, wasm.v128],
  ] as const;
  return { parameters: new Array<number>(5).fill(wasm.i32), locals, body };
}
