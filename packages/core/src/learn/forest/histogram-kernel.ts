/** Histograms of derivatives and the search for splits in them, the inner loops of boosting: WebAssembly with SIMD, and the same loops in plain code. */
import { type WasmFunction, wasm, wasmLoops } from "../../math/wasm-module.js";
import { type BinnedColumns, maxBins } from "./bin-columns.js";

/** Values of a bin: sum of gradients, sum of hessians, number of rows, and one without use that keeps bins aligned. */
export const fields = 4;
/** Values of one feature's histogram. */
export const histogramWidth = fields * (maxBins + 1);

/** Least sum of hessians of a leaf, and what keeps a division from being one by 0. */
export const minHessian = 1e-3;
export const tiny = 1e-15;

/** What a split of a node has to keep to. */
export interface SplitSearch {
  /** Sums over the node. */
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
  /** What a gain has to exceed. */
  readonly gain: number;
  readonly minLeaf: number;
  readonly l2: number;
}

/** Rows, their derivatives and room for histograms, side by side in one memory. Features go in pairs, 2 · pair and the one after it. */
export interface HistogramKernel {
  readonly pairs: number;
  /** Rows in the order of the nodes. */
  readonly members: Uint32Array;
  /** Gradient and hessian of each row of the node in hand, in the order of its members. */
  readonly derivatives: Float64Array;
  /** The memory; the histograms of a pair are `histogramWidth` values each, one after the other. */
  readonly values: Float64Array;
  /** Where in `values` there is room for the histograms of one pair that no node keeps. */
  readonly scratch: number;
  /** Where in `values` there is room for the histograms of all pairs that no node holds. */
  readonly free: number[];
  /** Makes the histograms of a pair at `at` of `values` from the members [from, to) and the derivatives from the first on. */
  fill(pair: number, from: number, to: number, at: number): void;
  /** Takes the histograms of a pair at `other` from those at `at`. */
  subtract(pair: number, at: number, other: number): void;
  /** Looks for the best split of each feature of the pair, whose histograms are at `at`; tells it in `found`. */
  scan(pair: number, at: number, search: SplitSearch): void;
  /** Of each of the two features: the best gain; the split's last bin, −1 where no gain exceeds what was asked; gradients and hessians up to it. */
  readonly found: {
    readonly gains: Float64Array;
    readonly bins: Float64Array;
    readonly gradients: Float64Array;
    readonly hessians: Float64Array;
  };
}

/** The loops; places are in bytes. */
interface Loops {
  fill(rows: number, size: number, bins: number, derivatives: number, first: number, second: number): void;
  subtract(histogram: number, other: number, pairs: number): void;
  scan(
    first: number,
    second: number,
    bins: number,
    out: number,
    gradient: number,
    hessian: number,
    own: number,
    gain: number,
    l2: number,
    minLeaf: number,
    mostLeft: number,
  ): void;
}

const createLoops = wasmLoops({ fill: fillLoop(), subtract: subtractLoop(), scan: scanLoop() });

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
    fill(rows, size, bins, derivatives, first, second) {
      for (let t = 0; t < size; t++) {
        for (const [lane, histogram] of [first, second].entries()) {
          const at = histogram / 8 + fields * bytes[bins + 2 * words[rows / 4 + t] + lane];
          values[at] += values[derivatives / 8 + 2 * t];
          values[at + 1] += values[derivatives / 8 + 2 * t + 1];
          values[at + 2]++;
        }
      }
    },
    subtract(histogram, other, pairs) {
      for (let i = 0; i < 2 * pairs; i++) values[histogram / 8 + i] -= values[other / 8 + i];
    },
    scan(first, second, bins, out, gradient, hessian, own, gain, l2, minLeaf, mostLeft) {
      for (const [lane, histogram] of [first, second].entries()) {
        let [best, bestBin, bestGradient, bestHessian] = [gain, -1, 0, 0];
        let [g, h, count] = [0, 0, 0];
        for (let b = 0, at = histogram / 8; b < bins; b++, at += fields) {
          g += values[at];
          h += values[at + 1];
          count += values[at + 2];
          const [rest, restHessian] = [gradient - g, hessian - h];
          if (count < minLeaf || count > mostLeft || h < minHessian || restHessian < minHessian) continue;
          const [low, high] = [h + l2 + tiny, restHessian + l2 + tiny];
          // g² / low + rest² / high > best + own, without a division.
          if (g * g * high + rest * rest * low <= (best + own) * low * high) continue;
          const found = (g * g) / low + (rest * rest) / high - own;
          if (found > best) [best, bestBin, bestGradient, bestHessian] = [found, b, g, h];
        }
        for (const [k, value] of [best, bestBin, bestGradient, bestHessian].entries())
          values[out / 8 + 2 * k + lane] = value;
      }
    },
  });
}

function layout({ rows, features }: BinnedColumns, slots: number) {
  const pairs = Math.ceil(features / 2);
  const scratch = 64;
  const derivatives = scratch + 16 * histogramWidth;
  const members = derivatives + 16 * rows;
  const bins = members + 4 * rows;
  const kept = 16 * Math.ceil((bins + 2 * rows * pairs) / 16);
  return {
    pairs,
    scratch,
    derivatives,
    members,
    bins,
    kept,
    bytes: kept + 16 * slots * pairs * histogramWidth,
  };
}

function kernelOn(columns: BinnedColumns, slots: number, buffer: ArrayBuffer, loops: Loops): HistogramKernel {
  const { rows, features, thresholds } = columns;
  const at = layout(columns, slots);
  const { pairs } = at;
  // Both bins of a pair beside each other; the one that a last feature without a partner lacks is always the first.
  const bins = new Uint8Array(buffer, at.bins, 2 * rows * pairs);
  for (let j = 0; j < features; j++) {
    const to = 2 * rows * (j >> 1) + (j & 1);
    for (let i = 0; i < rows; i++) bins[to + 2 * i] = columns.bins[j * rows + i];
  }
  const values = new Float64Array(buffer, 0, at.bytes / 8);
  const cuts = (feature: number): number => thresholds[feature]?.length ?? 0;
  const width = 8 * histogramWidth;
  return {
    pairs,
    values,
    scratch: at.scratch / 8,
    members: new Uint32Array(buffer, at.members, rows),
    derivatives: new Float64Array(buffer, at.derivatives, 2 * rows),
    free: Array.from({ length: slots }, (_, slot) => at.kept / 8 + slot * 2 * pairs * histogramWidth),
    found: {
      gains: values.subarray(0, 2),
      bins: values.subarray(2, 4),
      gradients: values.subarray(4, 6),
      hessians: values.subarray(6, 8),
    },
    fill(pair, from, to, place) {
      values.fill(0, place, place + 2 * histogramWidth);
      if (to === from) return;
      const first = 8 * place;
      loops.fill(
        at.members + 4 * from,
        to - from,
        at.bins + 2 * rows * pair,
        at.derivatives,
        first,
        first + width,
      );
    },
    subtract(pair, place, other) {
      for (const lane of [0, 1]) {
        const [own, off] = [8 * place + lane * width, 8 * other + lane * width];
        loops.subtract(own, off, (fields * (cuts(2 * pair + lane) + 1)) / 2);
      }
    },
    scan(pair, place, { gradient, hessian, rows: size, gain, minLeaf, l2 }) {
      // The bins after a feature's last cut are on no side of any, but have all rows to their left.
      const most = Math.max(cuts(2 * pair), cuts(2 * pair + 1));
      const own = (gradient * gradient) / (hessian + l2 + tiny);
      const [first, mostLeft] = [8 * place, size - minLeaf];
      values.fill(-1, 2, 4);
      if (most === 0) return;
      loops.scan(first, first + width, most, 0, gradient, hessian, own, gain, l2, minLeaf, mostLeft);
    },
  };
}

function fillLoop(): WasmFunction {
  const [rows, left, bins, derivatives, first, second, word, at, pair] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
  const { get, set, advance, integer, load, store, loop, again, float64 } = wasm;
  const add = 0x6a;
  const one = [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f];
  // at = histogram + 32 · bin
  const addTo = (histogram: number, bin: readonly number[]): number[] => [
    ...[...get(histogram), ...bin, 0x41, 5, 0x74, add, ...set(at)],
    // both sums at once
    ...[...get(at), ...load(at), ...get(pair), ...float64.add, ...store()],
    // and one row more
    ...[...get(at), ...get(at), 0x2b, 0x03, 16, ...one, 0xa0, 0x39, 0x03, 16],
  ];
  const body = [
    ...loop,
    // word = both bins of the row
    ...[...get(bins), ...get(rows), 0x28, 0x02, 0, 0x41, 1, 0x74, add, 0x2f, 0x01, 0, ...set(word)],
    ...[...load(derivatives), ...set(pair)],
    ...addTo(first, [...get(word), 0x41, 0xff, 0x01, 0x71]),
    ...addTo(second, [...get(word), 0x41, 8, 0x76]),
    ...[...advance(rows, integer(4)), ...advance(derivatives, integer(16)), ...again(left)],
  ];
  const locals = [
    [2, wasm.i32],
    [1, wasm.v128],
  ] as const;
  return { parameters: new Array<number>(6).fill(wasm.i32), locals, body };
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

/** A bin of both features at a time. */
function scanLoop(): WasmFunction {
  const [first, second, left, out, gradient, hessian, own, gain, l2, minLeaf, mostLeft] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ] as const;
  const [x, y, g, h, count, rest, restHessian, low, high, value, mask] = [
    11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
  ] as const;
  const [bin, best, bestBin, bestGradient, bestHessian, goal, gradients, hessians, owns, l2s, ground, roof] =
    [22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33] as const;
  const { get, set, advance, integer, load, store, loop, again, zeros, select, float64, float64s } = wasm;
  const { add, subtract, multiply, divide, splat } = float64;
  const splatted = (vector: number, scalar: number): number[] => [...get(scalar), ...splat, ...set(vector)];
  const accumulate = (sum: number, picked: readonly number[]): number[] => [
    ...[...get(sum), ...get(x), ...get(y), ...picked, ...add, ...set(sum)],
  ];
  const square = (vector: number): number[] => [...get(vector), ...get(vector), ...multiply];
  const keep = (kept: number, vector: number): number[] => [
    ...[...get(vector), ...get(kept), ...get(mask), ...select, ...set(kept)],
  ];
  const body = [
    ...[...splatted(gradients, gradient), ...splatted(hessians, hessian), ...splatted(owns, own)],
    ...[
      ...splatted(l2s, l2),
      ...splatted(ground, minLeaf),
      ...splatted(roof, mostLeft),
      ...splatted(best, gain),
    ],
    ...[...get(best), ...get(owns), ...add, ...set(goal), ...float64s(-1), ...set(bestBin)],
    ...[g, h, count, bin, bestGradient, bestHessian].flatMap((vector) => [...zeros, ...set(vector)]),
    ...loop,
    ...[...load(first), ...set(x), ...load(second), ...set(y)],
    ...[...accumulate(g, float64.firsts), ...accumulate(h, float64.seconds)],
    ...[...load(first, 16), ...set(x), ...load(second, 16), ...set(y), ...accumulate(count, float64.firsts)],
    ...[...get(gradients), ...get(g), ...subtract, ...set(rest)],
    ...[...get(hessians), ...get(h), ...subtract, ...set(restHessian)],
    ...[...get(h), ...get(l2s), ...add, ...float64s(tiny), ...add, ...set(low)],
    ...[...get(restHessian), ...get(l2s), ...add, ...float64s(tiny), ...add, ...set(high)],
    // g² · high + rest² · low > goal · low · high
    ...[...square(g), ...get(high), ...multiply, ...square(rest), ...get(low), ...multiply, ...add],
    ...[...get(goal), ...get(low), ...multiply, ...get(high), ...multiply, ...float64.greater],
    ...[...set(mask), ...get(mask), ...wasm.bits.any, ...wasm.when],
    ...[...square(g), ...get(low), ...divide, ...square(rest), ...get(high), ...divide, ...add],
    ...[...get(owns), ...subtract, ...set(value)],
    ...[...get(mask), ...get(value), ...get(best), ...float64.greater, ...wasm.bits.and],
    ...[...get(count), ...get(ground), ...float64.greaterOrEqual, ...wasm.bits.and],
    ...[...get(roof), ...get(count), ...float64.greaterOrEqual, ...wasm.bits.and],
    ...[...get(h), ...float64s(minHessian), ...float64.greaterOrEqual, ...wasm.bits.and],
    ...[
      ...get(restHessian),
      ...float64s(minHessian),
      ...float64.greaterOrEqual,
      ...wasm.bits.and,
      ...set(mask),
    ],
    ...[...keep(best, value), ...keep(bestBin, bin), ...keep(bestGradient, g), ...keep(bestHessian, h)],
    ...[...get(best), ...get(owns), ...add, ...set(goal)],
    ...wasm.end,
    ...[...get(bin), ...float64s(1), ...add, ...set(bin)],
    ...[...advance(first, integer(32)), ...advance(second, integer(32)), ...again(left)],
    ...[best, bestBin, bestGradient, bestHessian].flatMap((vector, k) => [
      ...[...get(out), ...get(vector), ...store(16 * k)],
    ]),
  ];
  const parameters = [...new Array<number>(4).fill(wasm.i32), ...new Array<number>(7).fill(wasm.f64)];
  return { parameters, locals: [[23, wasm.v128]], body };
}
