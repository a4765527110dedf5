/** Rotations of neighbouring rows of a float64 matrix: what the QL method spends its time on, by SIMD where there is some. */
import { type WasmFunction, wasm, wasmLoops } from "./wasm-module.js";

/** A matrix whose rows can be turned against each other. */
export interface RotatedRows {
  /** Row i begins at i · stride. */
  readonly data: Float64Array;
  readonly stride: number;
  /** Replaces row i by c · row i − s · row i + 1, and row i + 1 by s · row i + c · row i + 1. */
  rotate(i: number, c: number, s: number): void;
}

/** Returns the identity matrix, ready to be rotated. */
export function rotatedIdentity(n: number, { plain = false } = {}): RotatedRows {
  const stride = n + (n & 1);
  const loops = plain ? undefined : createLoops();
  const data = loops
    ? new Float64Array(loops.memory(8 * n * stride), 0, n * stride)
    : new Float64Array(n * stride);
  for (let i = 0; i < n; i++) data[i * stride + i] = 1;
  const rotate = loops
    ? (i: number, c: number, s: number): void =>
        loops.run.rotate(8 * i * stride, 8 * (i + 1) * stride, c, s, stride / 2)
    : (i: number, c: number, s: number): void => rotatePlain(data, i * stride, { stride, c, s });
  return { data, stride, rotate };
}

function rotatePlain(
  data: Float64Array,
  upper: number,
  { stride, c, s }: { stride: number; c: number; s: number },
): void {
  for (let at = upper, end = upper + stride; at < end; at++) {
    const x = data[at];
    const y = data[at + stride];
    data[at + stride] = s * x + c * y;
    data[at] = c * x - s * y;
  }
}

const createLoops = wasmLoops({ rotate: rotateLoop() });

/** Two columns at a time. */
function rotateLoop(): WasmFunction {
  const [upper, lower, c, s, pairs, cc, ss, x, y] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
  const { get, set, advance, integer, load, store, loop, again, float64 } = wasm;
  const times = (scale: number, vector: number): number[] => [
    ...get(scale),
    ...get(vector),
    ...float64.multiply,
  ];
  const body = [
    ...[...get(c), ...float64.splat, ...set(cc), ...get(s), ...float64.splat, ...set(ss)],
    ...loop,
    ...[...load(upper), ...set(x), ...load(lower), ...set(y)],
    ...[...get(lower), ...times(ss, x), ...times(cc, y), ...float64.add, ...store()],
    ...[...get(upper), ...times(cc, x), ...times(ss, y), ...float64.subtract, ...store()],
    ...[...advance(upper, integer(16)), ...advance(lower, integer(16)), ...again(pairs)],
  ];
  const parameters = [wasm.i32, wasm.i32, wasm.f64, wasm.f64, wasm.i32];
  return { parameters, locals: [[4, wasm.v128]], body };
}
