/**
 * Inner products of a stretch of samples with the stretches a few samples later, directly: WebAssembly with SIMD, and the same loop in plain code.
 * For 512 samples and 246 lags it takes a third of the time of two transforms (`npx tsx bench/features.bench.ts`, frame descriptors without pYIN).
 */
import { type WasmFunction, wasm, wasmLoops } from "./wasm-module.js";

/** Two signals of fixed lengths and the loop over them. */
export interface LaggedProducts {
  readonly name: "simd" | "plain";
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Lags that `run` takes at once. */
  readonly lags: number;
  /** Returns Σ x[i] · y[i + lag + k] over from ≤ i < to, k = 0..lags − 1; `to + lag + lags − 1` values of y at most are read. Good until the next call. */
  run(from: number, to: number, lag: number): Float64Array;
}

/** As many as leave each sum and each stretch of y a register of the sixteen: with 16 lags V8 spills, and each takes twice the time. */
const lags = 12;

/** Returns the quickest loop that this runtime has, over zeros. */
export function laggedProducts(xLength: number, yLength: number, { plain = false } = {}): LaggedProducts {
  const sumsAt = xLength + yLength;
  const loops = plain ? undefined : createLoops();
  const m = loops
    ? new Float64Array(loops.memory(8 * (sumsAt + lags)), 0, sumsAt + lags)
    : new Float64Array(sumsAt + lags);
  const x = m.subarray(0, xLength);
  const y = m.subarray(xLength, sumsAt);
  const sums = m.subarray(sumsAt);
  return {
    name: loops ? "simd" : "plain",
    x,
    y,
    lags,
    run(from, to, lag) {
      if (to <= from) sums.fill(0);
      else if (loops) loops.run.lags(8 * from, 8 * (xLength + from + lag), 8 * sumsAt, to - from);
      else {
        for (let k = 0; k < lags; k++) {
          let sum = 0;
          for (let i = from, at = from + lag + k; i < to; i++, at++) sum += x[i]! * y[at]!;
          sums[k] = sum;
        }
      }
      return sums;
    },
  };
}

const createLoops = wasmLoops({ lags: lagsLoop() });

/** Twelve sums in six registers. */
function lagsLoop(): WasmFunction {
  const [x, y, out, count, splat] = [0, 1, 2, 3, 4] as const;
  const sums = Array.from({ length: lags / 2 }, (_, k) => 5 + k);
  const { get, set, advance, integer, load, loadSplat64, store, loop, again, zeros, float64 } = wasm;
  const body = [
    ...sums.flatMap((sum) => [...zeros, ...set(sum)]),
    ...loop,
    ...[...loadSplat64(x), ...set(splat)],
    ...sums.flatMap((sum, k) => [
      ...[...get(sum), ...get(splat), ...load(y, 16 * k)],
      ...[...float64.multiply, ...float64.add, ...set(sum)],
    ]),
    ...[...advance(x, integer(8)), ...advance(y, integer(8)), ...again(count)],
    ...sums.flatMap((sum, k) => [...get(out), ...get(sum), ...store(16 * k)]),
  ];
  const locals = [[1 + sums.length, wasm.v128]] as const;
  return { parameters: new Array<number>(4).fill(wasm.i32), locals, body };
}
