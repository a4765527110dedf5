/** The two histogram kernels and a plain count. */
import { describe, expect, it } from "vitest";
import { matrix } from "../../math/matrix.js";
import { random } from "../../math/random.js";
import { binColumns } from "./bin-columns.js";
import { fields, type HistogramKernel, histogramKernel, plainHistogramKernel } from "./histogram-kernel.js";

describe.each([
  ["the quickest", histogramKernel],
  ["plain", plainHistogramKernel],
])("histograms by %s kernel", (_, make) => {
  it("are the sums and counts of each bin, of the node's rows only", () => {
    const stream = random(3);
    const x = matrix(700, 3);
    for (let at = 0; at < x.data.length; at++) x.data[at] = at % 3 === 2 ? at % 7 : stream.normal();
    const columns = binColumns(x);
    const kernel: HistogramKernel = make(columns, 2);
    const rows = stream.shuffle(Uint32Array.from({ length: 700 }, (_, i) => i));
    kernel.members.set(rows);
    for (const [from, to] of [
      [0, 700],
      [50, 61],
      [9, 9],
    ] as const) {
      for (let t = 0; t < 2 * (to - from); t++) kernel.derivatives[t] = stream.normal();
      for (let feature = 0; feature < 3; feature++) {
        const bins = columns.thresholds[feature]!.length + 1;
        const expected = new Float64Array(fields * bins);
        for (let t = from; t < to; t++) {
          const at = fields * columns.bins[feature * 700 + rows[t]!]!;
          expected[at]! += kernel.derivatives[2 * (t - from)]!;
          expected[at + 1]! += kernel.derivatives[2 * (t - from) + 1]!;
          expected[at + 2]!++;
        }
        const [first, second] = kernel.free as [number, number];
        for (const at of [0, first]) kernel.fill(feature, from, to, at);
        expect(kernel.values.slice(0, fields * bins)).toEqual(expected);
        kernel.fill(feature, from, from, second);
        kernel.subtract(feature, second, first);
        expect(kernel.values.slice(second, second + fields * bins)).toEqual(
          expected.map((value) => 0 - value),
        );
      }
    }
  });
});
