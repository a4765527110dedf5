/** Solves with one Cholesky factor for many right sides: WebAssembly with SIMD, eight sides at a time, and the same loops in plain code. */
import type { Block } from "./linear-algebra.js";
import { advance, f64x2, i32, repeat, set, v128 } from "./wasm/expressions.js";
import { kernel, loop, named, several } from "./wasm/kernel.js";

/** A factor L, kept where the loops run, and what solves with it. */
export interface CholeskySolver {
  readonly name: "simd" | "plain";
  /** Takes another factor, whose lower triangle is read. */
  setFactor(factor: Block): void;
  /** Solves L·Lᵀ·x = b for every row b of `b`, in place. */
  solveInto(b: Block): void;
}

/** Right sides that are solved at once, value by value side by side. */
const group = 8;

/** Returns the quickest solver that this runtime has for factors of n × n. */
export function choleskySolver(n: number, { loops = choleskyKernel.open() } = {}): CholeskySolver {
  const inversesAt = n * n;
  const lanesAt = 2 * Math.ceil((inversesAt + n) / 2);
  const end = lanesAt + group * n;
  const m = new Float64Array(loops.memory(8 * end), 0, end);
  const scaleFirst = (): void => {
    for (let r = 0; r < group; r++) m[lanesAt + r] *= m[inversesAt];
  };
  const last = n - 1;
  const forward = (): void => {
    scaleFirst();
    if (n > 1) loops.run.forward(8 * lanesAt, 8 * n, 8 * n, 8 * (inversesAt + 1), last);
  };
  const backward = (): void => {
    if (n > 1) loops.run.backward(8 * lanesAt, 8 * n * last, 8 * n, 8 * (inversesAt + last), last);
    scaleFirst();
  };
  return {
    name: loops.name,
    setFactor({ data, offset, stride }) {
      for (let i = 0; i < n; i++) {
        m.set(data.subarray(offset + i * stride, offset + i * stride + i + 1), i * n);
        m[inversesAt + i] = 1 / data[offset + i * stride + i];
      }
    },
    solveInto(b) {
      for (let first = 0; first < b.rows; first += group) {
        const used = Math.min(group, b.rows - first);
        m.fill(0, lanesAt, end);
        for (let r = 0; r < used; r++)
          for (let j = 0, at = b.offset + (first + r) * b.stride; j < n; j++, at++)
            m[lanesAt + group * j + r] = b.data[at];
        forward();
        backward();
        for (let r = 0; r < used; r++)
          for (let j = 0, at = b.offset + (first + r) * b.stride; j < n; j++, at++)
            b.data[at] = m[lanesAt + group * j + r];
      }
    },
  };
}

/** Places, in bytes: the lanes, a row of the factor and what stands between rows, the inverse of its diagonal; how many rows there are. */
const parameters = named("i32", "first", "row", "stride", "inverse", "count");

export const choleskyKernel = kernel("cholesky", {
  /** From the second row on: each sum in a register. */
  forward: loop({
    parameters,
    locals: { ...named("i32", "length", "own", "at", "atRow", "left"), x: "v128", sums: several("v128", 4) },
    body: ({ first, row, stride, inverse, count, length, own, at, atRow, left, x, sums }) => [
      set(own, first),
      repeat(count, [
        [advance(length, 1), advance(own, 64)],
        sums.map((sum, k) => set(sum, v128.load(own, 16 * k))),
        [set(at, first), set(atRow, row), set(left, length)],
        repeat(left, [
          set(x, v128.load64Splat(atRow)),
          sums.map((sum, k) => set(sum, f64x2.sub(sum, f64x2.mul(x, v128.load(at, 16 * k))))),
          [advance(at, 64), advance(atRow, 8)],
        ]),
        set(x, v128.load64Splat(inverse)),
        sums.map((sum, k) => v128.store(own, f64x2.mul(sum, x), 16 * k)),
        [advance(row, stride), advance(inverse, 8)],
      ]),
    ],
    plain({ f64 }, first, row, stride, inverse, count) {
      for (let i = 1; i <= count; i++) {
        const factor = (row + (i - 1) * stride) / 8;
        for (let r = first / 8; r < first / 8 + group; r++) {
          let value = f64[r + group * i];
          for (let j = 0; j < i; j++) value -= f64[factor + j] * f64[r + group * j];
          f64[r + group * i] = value * f64[inverse / 8 + i - 1];
        }
      }
    },
  }),
  /** From the last row to the second: each value, once it is known, is taken off those before it. */
  backward: loop({
    parameters,
    locals: {
      ...named("i32", "own", "at", "atRow", "left"),
      ...named("v128", "x", "value"),
      known: several("v128", 4),
    },
    body: ({ first, row, stride, inverse, count, own, at, atRow, left, x, value, known }) => [
      set(own, i32.add(first, i32.shl(count, 6))),
      repeat(count, [
        set(x, v128.load64Splat(inverse)),
        known.map((vector, k) => [
          set(vector, f64x2.mul(v128.load(own, 16 * k), x)),
          v128.store(own, vector, 16 * k),
        ]),
        [set(at, first), set(atRow, row), set(left, count)],
        repeat(left, [
          set(x, v128.load64Splat(atRow)),
          known.map((vector, k) => [
            set(value, f64x2.sub(v128.load(at, 16 * k), f64x2.mul(x, vector))),
            v128.store(at, value, 16 * k),
          ]),
          [advance(at, 64), advance(atRow, 8)],
        ]),
        [advance(own, -64), set(row, i32.sub(row, stride)), advance(inverse, -8)],
      ]),
    ],
    plain({ f64 }, first, row, stride, inverse, count) {
      for (let i = count; i > 0; i--) {
        const factor = (row - (count - i) * stride) / 8;
        for (let r = first / 8; r < first / 8 + group; r++) {
          const value = f64[r + group * i] * f64[inverse / 8 - (count - i)];
          f64[r + group * i] = value;
          for (let j = 0; j < i; j++) f64[r + group * j] -= f64[factor + j] * value;
        }
      }
    },
  }),
});
