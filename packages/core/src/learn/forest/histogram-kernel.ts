/** Histograms of derivatives and the search for splits in them, the inner loops of boosting: WebAssembly with SIMD, and the same loops in plain code. */
import {
  advance,
  f64,
  f64x2,
  i32,
  type Local,
  repeat,
  set,
  type Value,
  v128,
  when,
} from "../../math/wasm/expressions.js";
import { kernel, loop, named } from "../../math/wasm/kernel.js";
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

/** Returns the quickest kernel that this runtime has, with room for the histograms of `slots` nodes. */
export function histogramKernel(
  columns: BinnedColumns,
  slots: number,
  { loops = histogramLoops.open() } = {},
): HistogramKernel {
  const { rows, features, thresholds } = columns;
  const at = layout(columns, slots);
  const { run } = loops;
  const buffer = loops.memory(at.bytes);
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
      run.fill(
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
        run.subtract(own, off, (fields * (cuts(2 * pair + lane) + 1)) / 2);
      }
    },
    scan(pair, place, { gradient, hessian, rows: size, gain, minLeaf, l2 }) {
      // The bins after a feature's last cut are on no side of any, but have all rows to their left.
      const most = Math.max(cuts(2 * pair), cuts(2 * pair + 1));
      const own = (gradient * gradient) / (hessian + l2 + tiny);
      const [first, mostLeft] = [8 * place, size - minLeaf];
      values.fill(-1, 2, 4);
      if (most === 0) return;
      run.scan(first, first + width, most, 0, gradient, hessian, own, gain, l2, minLeaf, mostLeft);
    },
  };
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

/** Places are in bytes. */
export const histogramLoops = kernel("histograms", {
  /** Adds the derivatives of `size` rows, and a count, to the bins of two features. */
  fill: loop({
    parameters: named("i32", "rows", "size", "bins", "derivatives", "first", "second"),
    locals: { ...named("i32", "word", "at"), pair: "v128" },
    body: ({ rows, size, bins, derivatives, first, second, word, at, pair }) => {
      const addTo = (histogram: Local<"i32">, bin: Value<"i32">) => [
        // histogram + 32 · bin
        set(at, i32.add(histogram, i32.shl(bin, 5))),
        v128.store(at, f64x2.add(v128.load(at), pair)),
        f64.store(at, f64.add(f64.load(at, 16), 1), 16),
      ];
      return repeat(size, [
        // Both bins of the row.
        set(word, i32.load16U(i32.add(bins, i32.shl(i32.load(rows), 1)))),
        set(pair, v128.load(derivatives)),
        addTo(first, i32.and(word, 255)),
        addTo(second, i32.shrU(word, 8)),
        [advance(rows, 4), advance(derivatives, 16)],
      ]);
    },
    plain({ f64, i32, u8 }, rows, size, bins, derivatives, first, second) {
      for (let t = 0; t < size; t++) {
        for (const [lane, histogram] of [first, second].entries()) {
          const at = histogram / 8 + fields * u8[bins + 2 * i32[rows / 4 + t] + lane];
          f64[at] += f64[derivatives / 8 + 2 * t];
          f64[at + 1] += f64[derivatives / 8 + 2 * t + 1];
          f64[at + 2]++;
        }
      }
    },
  }),

  subtract: loop({
    parameters: named("i32", "histogram", "other", "pairs"),
    body: ({ histogram, other, pairs }) =>
      repeat(pairs, [
        v128.store(histogram, f64x2.sub(v128.load(histogram), v128.load(other))),
        [advance(histogram, 16), advance(other, 16)],
      ]),
    plain({ f64 }, histogram, other, pairs) {
      for (let i = 0; i < 2 * pairs; i++) f64[histogram / 8 + i] -= f64[other / 8 + i];
    },
  }),

  /** Looks for the best split of two features, a bin of both at a time, and writes what `found` has to `out`; `own` is the gain of the node as it is. */
  scan: loop({
    parameters: {
      ...named("i32", "first", "second", "bins", "out"),
      ...named("f64", "gradient", "hessian", "own", "gain", "l2", "minLeaf", "mostLeft"),
    },
    locals: named(
      "v128",
      ...([
        "x",
        "y",
        "g",
        "h",
        "count",
        "rest",
        "restHessian",
        "low",
        "high",
        "value",
        "mask",
        "bin",
      ] as const),
      ...(["best", "bestBin", "bestGradient", "bestHessian", "goal"] as const),
      ...(["gradients", "hessians", "owns", "l2s", "ground", "roof"] as const),
    ),
    body: (locals) => {
      const { first, second, bins, out, gradient, hessian, own, gain, l2, minLeaf, mostLeft } = locals;
      const { x, y, g, h, count, rest, restHessian, low, high, value, mask, bin } = locals;
      const { best, bestBin, bestGradient, bestHessian, goal } = locals;
      const { gradients, hessians, owns, l2s, ground, roof } = locals;
      const { add, sub, mul, div, splat, gt, ge, firsts, seconds } = f64x2;
      const square = (vector: Value<"v128">) => mul(vector, vector);
      const where = (...conditions: Value<"v128">[]) => conditions.reduce((all, one) => v128.and(all, one));
      const keep = (kept: Local<"v128">, vector: Local<"v128">) =>
        set(kept, v128.bitselect(vector, kept, mask));
      return [
        [set(gradients, splat(gradient)), set(hessians, splat(hessian)), set(owns, splat(own))],
        [set(l2s, splat(l2)), set(ground, splat(minLeaf)), set(roof, splat(mostLeft))],
        [set(best, splat(gain)), set(goal, add(best, owns)), set(bestBin, f64x2.of(-1))],
        repeat(bins, [
          [set(x, v128.load(first)), set(y, v128.load(second))],
          [set(g, add(g, firsts(x, y))), set(h, add(h, seconds(x, y)))],
          [set(x, v128.load(first, 16)), set(y, v128.load(second, 16)), set(count, add(count, firsts(x, y)))],
          [set(rest, sub(gradients, g)), set(restHessian, sub(hessians, h))],
          set(low, add(add(h, l2s), f64x2.of(tiny))),
          set(high, add(add(restHessian, l2s), f64x2.of(tiny))),
          // g² / low + rest² / high > goal, without a division.
          set(mask, gt(add(mul(square(g), high), mul(square(rest), low)), mul(mul(goal, low), high))),
          when(v128.anyTrue(mask), [
            set(value, sub(add(div(square(g), low), div(square(rest), high)), owns)),
            set(
              mask,
              where(
                ...[mask, gt(value, best), ge(count, ground), ge(roof, count)],
                ...[ge(h, f64x2.of(minHessian)), ge(restHessian, f64x2.of(minHessian))],
              ),
            ),
            [keep(best, value), keep(bestBin, bin), keep(bestGradient, g), keep(bestHessian, h)],
            set(goal, add(best, owns)),
          ]),
          set(bin, add(bin, f64x2.of(1))),
          [advance(first, 32), advance(second, 32)],
        ]),
        [best, bestBin, bestGradient, bestHessian].map((vector, k) => v128.store(out, vector, 16 * k)),
      ];
    },
    plain({ f64 }, first, second, bins, out, gradient, hessian, own, gain, l2, minLeaf, mostLeft) {
      for (const [lane, histogram] of [first, second].entries()) {
        let [best, bestBin, bestGradient, bestHessian] = [gain, -1, 0, 0];
        let [g, h, count] = [0, 0, 0];
        for (let b = 0, at = histogram / 8; b < bins; b++, at += fields) {
          g += f64[at];
          h += f64[at + 1];
          count += f64[at + 2];
          const [rest, restHessian] = [gradient - g, hessian - h];
          if (count < minLeaf || count > mostLeft || h < minHessian || restHessian < minHessian) continue;
          const [low, high] = [h + l2 + tiny, restHessian + l2 + tiny];
          if (g * g * high + rest * rest * low <= (best + own) * low * high) continue;
          const found = (g * g) / low + (rest * rest) / high - own;
          if (found > best) [best, bestBin, bestGradient, bestHessian] = [found, b, g, h];
        }
        for (const [k, value] of [best, bestBin, bestGradient, bestHessian].entries())
          f64[out / 8 + 2 * k + lane] = value;
      }
    },
  }),
});
