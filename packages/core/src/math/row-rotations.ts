/** Rotations of neighbouring rows of a float64 matrix: what the QL method spends its time on, by SIMD where there is some. */
import { advance, f64x2, repeat, set, v128 } from "./wasm/expressions.js";
import { kernel, loop, named } from "./wasm/kernel.js";

/** A matrix whose rows can be turned against each other. */
export interface RotatedRows {
  /** Row i begins at i · stride. */
  readonly data: Float64Array;
  readonly stride: number;
  /** Replaces row i by c · row i − s · row i + 1, and row i + 1 by s · row i + c · row i + 1. */
  rotate(i: number, c: number, s: number): void;
}

/** Returns the identity matrix, ready to be rotated. */
export function rotatedIdentity(n: number, { loops = rotationKernel.open() } = {}): RotatedRows {
  const stride = n + (n & 1);
  const data = new Float64Array(loops.memory(8 * n * stride), 0, n * stride);
  for (let i = 0; i < n; i++) data[i * stride + i] = 1;
  return {
    data,
    stride,
    rotate: (i, c, s) => loops.run.rotate(8 * i * stride, 8 * (i + 1) * stride, c, s, stride / 2),
  };
}

export const rotationKernel = kernel("rotation", {
  /** Two columns at a time. */
  rotate: loop({
    parameters: { ...named("i32", "upper", "lower"), ...named("f64", "c", "s"), pairs: "i32" },
    locals: named("v128", "cc", "ss", "x", "y"),
    body: ({ upper, lower, c, s, pairs, cc, ss, x, y }) => [
      [set(cc, f64x2.splat(c)), set(ss, f64x2.splat(s))],
      repeat(pairs, [
        [set(x, v128.load(upper)), set(y, v128.load(lower))],
        v128.store(lower, f64x2.add(f64x2.mul(ss, x), f64x2.mul(cc, y))),
        v128.store(upper, f64x2.sub(f64x2.mul(cc, x), f64x2.mul(ss, y))),
        [advance(upper, 16), advance(lower, 16)],
      ]),
    ],
    plain({ f64 }, upper, lower, c, s, pairs) {
      for (let i = upper / 8, j = lower / 8, end = i + 2 * pairs; i < end; i++, j++) {
        const x = f64[i];
        const y = f64[j];
        f64[j] = s * x + c * y;
        f64[i] = c * x - s * y;
      }
    },
  }),
});
