/** Histograms of derivatives, the inner loop of boosting: some hundred bytes of WebAssembly with SIMD, and the same loop in plain code. */
import { type WasmFunction, wasm, wasmLoops } from "../../math/wasm-module.js";
import { type BinnedColumns, maxBins } from "./bin-columns.js";

/** Values of a bin: sum of gradients, sum of hessians, number of rows, and one without use that keeps bins aligned. */
export const fields = 4;
/** Values of one feature's histogram. */
export const histogramWidth = fields * (maxBins + 1);

/** Rows, their derivatives and room for histograms, side by side in one memory. */
export interface HistogramKernel {
  /** Rows in the order of the nodes. */
  readonly members: Uint32Array;
  /** Gradient and hessian of each row of the node in hand, in the order of its members. */
  readonly derivatives: Float64Array;
  /** The memory: the histogram of one feature from 0 on, and elsewhere those that nodes keep. */
  readonly values: Float64Array;
  /** Where in `values` there is room for a histogram of every feature, `histogramWidth` values each, that no node holds. */
  readonly free: number[];
  /** Makes the histogram of a feature at `at` of `values` from the members [from, to) and the derivatives from the first on. */
  fill(feature: number, from: number, to: number, at: number): void;
  /** Takes the histogram of a feature at `other` from the one at `at`. */
  subtract(feature: number, at: number, other: number): void;
}

/** The loops, in bytes; `pairs` counts pairs of values. */
interface Loops {
  fill(rows: number, size: number, bins: number, derivatives: number, histogram: number): void;
  subtract(histogram: number, other: number, pairs: number): void;
}

const createLoops = wasmLoops({ fill: fillLoop(), subtract: subtractLoop() });

/** Returns the quickest kernel that this runtime has, with room for the histograms of `slots` nodes. */
export function histogramKernel(columns: BinnedColumns, slots: number): HistogramKernel {
  const loops = createLoops();
  if (!loops) return plainHistogramKernel(columns, slots);
  return kernelOn(columns, slots, loops.memory(layout(columns, slots).bytes), loops.run as unknown as Loops);
}

/** Returns the kernel without WebAssembly. */
export function plainHistogramKernel(columns: BinnedColumns, slots: number): HistogramKernel {
  const buffer = new ArrayBuffer(layout(columns, slots).bytes);
  const bytes = new Uint8Array(buffer);
  const words = new Uint32Array(buffer);
  const values = new Float64Array(buffer);
  return kernelOn(columns, slots, buffer, {
    fill(rows, size, bins, derivatives, histogram) {
      for (let t = 0; t < size; t++) {
        const at = histogram / 8 + fields * bytes[bins + words[rows / 4 + t]!]!;
        values[at]! += values[derivatives / 8 + 2 * t]!;
        values[at + 1]! += values[derivatives / 8 + 2 * t + 1]!;
        values[at + 2]!++;
      }
    },
    subtract(histogram, other, pairs) {
      for (let i = 0; i < 2 * pairs; i++) values[histogram / 8 + i]! -= values[other / 8 + i]!;
    },
  });
}

function layout({ rows, features }: BinnedColumns, slots: number) {
  const derivatives = 8 * histogramWidth;
  const members = derivatives + 16 * rows;
  const bins = members + 4 * rows;
  const kept = 16 * Math.ceil((bins + rows * features) / 16);
  return { derivatives, members, bins, kept, bytes: kept + 8 * slots * features * histogramWidth };
}

function kernelOn(columns: BinnedColumns, slots: number, buffer: ArrayBuffer, loops: Loops): HistogramKernel {
  const { rows, features, thresholds } = columns;
  const at = layout(columns, slots);
  new Uint8Array(buffer, at.bins, columns.bins.length).set(columns.bins);
  const values = new Float64Array(buffer, 0, at.bytes / 8);
  const used = (feature: number): number => fields * (thresholds[feature]!.length + 1);
  return {
    values,
    members: new Uint32Array(buffer, at.members, rows),
    derivatives: new Float64Array(buffer, at.derivatives, 2 * rows),
    free: Array.from({ length: slots }, (_, slot) => at.kept / 8 + slot * features * histogramWidth),
    fill(feature, from, to, place) {
      values.fill(0, place, place + used(feature));
      if (to > from)
        loops.fill(at.members + 4 * from, to - from, at.bins + feature * rows, at.derivatives, 8 * place);
    },
    subtract: (feature, place, other) => loops.subtract(8 * place, 8 * other, used(feature) / 2),
  };
}

function fillLoop(): WasmFunction {
  const [rows, left, bins, derivatives, histogram, at] = [0, 1, 2, 3, 4, 5] as const;
  const { get, set, advance, integer, load, store, loop, again, float64 } = wasm;
  const add = 0x6a;
  const body = [
    ...loop,
    // at = histogram + 32 · bins[row]
    ...[...get(histogram), ...get(bins), ...get(rows), 0x28, 0x02, 0, add, 0x2d, 0, 0],
    ...[0x41, 5, 0x74, add, ...set(at)],
    // both sums at once
    ...[...get(at), ...load(at), ...load(derivatives), ...float64.add, ...store()],
    // and one row more
    ...[...get(at), ...get(at), 0x2b, 0x03, 16, 0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0xa0, 0x39, 0x03, 16],
    ...[...advance(rows, integer(4)), ...advance(derivatives, integer(16)), ...again(left)],
  ];
  return { parameters: new Array<number>(5).fill(wasm.i32), locals: [[1, wasm.i32]], body };
}

function subtractLoop(): WasmFunction {
  const [histogram, other, pairs] = [0, 1, 2] as const;
  const { get, advance, integer, load, store, loop, again, float64 } = wasm;
  const body = [
    ...loop,
    ...[...get(histogram), ...load(histogram), ...load(other), ...float64.subtract, ...store()],
    ...[...advance(histogram, integer(16)), ...advance(other, integer(16)), ...again(pairs)],
  ];
  return { parameters: new Array<number>(3).fill(wasm.i32), locals: [], body };
}
