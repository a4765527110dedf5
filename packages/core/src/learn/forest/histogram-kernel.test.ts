/** The two histogram kernels and a plain count. */
import { describe, expect, it } from "vitest";
import { matrix } from "../../math/matrix.js";
import { random } from "../../math/random.js";
import { binColumns } from "./bin-columns.js";
import {
  fields,
  type HistogramKernel,
  histogramKernel,
  histogramLoops,
  histogramWidth,
} from "./histogram-kernel.js";

const stream = random(3);
const x = matrix(700, 3);
for (let at = 0; at < x.data.length; at++) x.data[at] = at % 3 === 2 ? at % 7 : stream.normal();
const columns = binColumns(x);
const rows = stream.shuffle(Uint32Array.from({ length: 700 }, (_, i) => i));
const derivatives = Float64Array.from({ length: 1400 }, (_, t) =>
  t % 2 === 0 ? stream.normal() : stream.next(),
);

describe.each([
  ["the quickest", histogramLoops.open],
  ["plain", histogramLoops.openPlain],
])("histograms by %s kernel", (_, open) => {
  const filled = (): HistogramKernel => {
    const kernel = histogramKernel(columns, 2, { loops: open() });
    kernel.members.set(rows);
    kernel.derivatives.set(derivatives);
    return kernel;
  };

  it("are the sums and counts of each bin, of the node's rows only", () => {
    const kernel = filled();
    for (const [from, to] of [
      [0, 700],
      [50, 61],
      [9, 9],
    ] as const) {
      for (let pair = 0; pair < 2; pair++) {
        const expected = new Float64Array(2 * histogramWidth);
        for (let t = from; t < to; t++) {
          for (let lane = 0; lane < 2; lane++) {
            const feature = 2 * pair + lane;
            const bin = feature < 3 ? columns.bins[feature * 700 + rows[t]] : 0;
            const at = lane * histogramWidth + fields * bin;
            expected[at] += derivatives[2 * (t - from)];
            expected[at + 1] += derivatives[2 * (t - from) + 1];
            expected[at + 2]++;
          }
        }
        const [first, second] = kernel.free as [number, number];
        for (const at of [kernel.scratch, first]) {
          kernel.fill(pair, from, to, at);
          expect(kernel.values.slice(at, at + 2 * histogramWidth)).toEqual(expected);
        }
        kernel.fill(pair, from, from, second);
        kernel.subtract(pair, second, first);
        expect(kernel.values.slice(second, second + 2 * histogramWidth)).toEqual(
          expected.map((value) => 0 - value),
        );
      }
    }
  });

  it.each([
    { minLeaf: 1, l2: 0, least: 0 },
    { minLeaf: 60, l2: 2, least: 0 },
    { minLeaf: 1, l2: 0, least: 1e9 },
    { minLeaf: 351, l2: 0, least: 0 },
  ])("have the best split of each feature, %o", ({ minLeaf, l2, least }) => {
    const kernel = filled();
    let [gradient, hessian] = [0, 0];
    for (let t = 0; t < 700; t++) {
      gradient += derivatives[2 * t];
      hessian += derivatives[2 * t + 1];
    }
    for (let feature = 0; feature < 4; feature++) {
      const pair = feature >> 1;
      kernel.fill(pair, 0, 700, kernel.scratch);
      kernel.scan(pair, kernel.scratch, { gradient, hessian, rows: 700, gain: least, minLeaf, l2 });
      // Every cut, by its definition.
      let [best, bestBin] = [least, -1];
      for (let bin = 0; bin < (columns.thresholds[feature]?.length ?? 0); bin++) {
        const left = Array.from(rows.keys()).filter((t) => columns.bins[feature * 700 + rows[t]] <= bin);
        if (left.length < minLeaf || 700 - left.length < minLeaf) continue;
        const g = left.reduce((sum, t) => sum + derivatives[2 * t], 0);
        const h = left.reduce((sum, t) => sum + derivatives[2 * t + 1], 0);
        const gain =
          g ** 2 / (h + l2) + (gradient - g) ** 2 / (hessian - h + l2) - gradient ** 2 / (hessian + l2);
        if (h >= 1e-3 && hessian - h >= 1e-3 && gain > best) [best, bestBin] = [gain, bin];
      }
      const lane = feature & 1;
      expect(kernel.found.bins[lane]).toBe(bestBin);
      if (bestBin >= 0) expect(kernel.found.gains[lane]).toBeAllClose(best, { rtol: 1e-9 });
    }
  });
});
