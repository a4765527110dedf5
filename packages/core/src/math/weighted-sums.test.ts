/** Weighted sums: by their definition, and the same bits by both loops. */
import { describe, expect, it } from "vitest";
import { random } from "./random.js";
import { rowsAtOnce, weightedSums, weightingKernel } from "./weighted-sums.js";

const stream = random(1);
const values = 13;
const weightings = {
  starts: Uint32Array.of(0, 3, 0, 12, 5),
  offsets: Uint32Array.of(0, 13, 17, 17, 18, 25),
  weights: Float64Array.from({ length: 25 }, () => stream.normal()),
};
const data = Float32Array.from({ length: (rowsAtOnce + 1) * values }, () => stream.normal());

describe.each([1, 2, 5, rowsAtOnce])("%i rows", (rows) => {
  const both = [weightingKernel.open(), weightingKernel.openPlain()];
  it("have their inner products with each weighting, the same by both loops", () => {
    const loops = both.map((loops) => weightedSums(weightings, { values, loops }));
    expect(loops.map(({ name }) => name)).toEqual(["simd", "plain"]);
    const [simd, plain] = loops.map((loop) => {
      const out = new Float32Array((rows + 2) * 5);
      loop.run(data, values, rows, out, 5);
      return out;
    });
    expect(simd).toEqual(plain);
    const wanted = Array.from({ length: (rows + 2) * 5 }, (_, at) => {
      const row = Math.floor(at / 5);
      if (row === 0 || row > rows) return 0;
      const { starts, offsets, weights } = weightings;
      let sum = 0;
      for (let w = offsets[at % 5]; w < offsets[(at % 5) + 1]; w++)
        sum += weights[w] * data[row * values + starts[at % 5] + w - offsets[at % 5]];
      return sum;
    });
    expect(simd).toBeAllClose(wanted, { atol: 1e-5 });
  });

  it("may overlap", () => {
    const stride = 4;
    const loops = both.map((loops) => weightedSums(weightings, { values, loops }));
    const apart = new Float32Array(rows * values);
    for (let r = 0; r < rows; r++) apart.set(data.subarray(r * stride, r * stride + values), r * values);
    for (const loop of loops) {
      const [overlapping, wanted] = [new Float32Array(rows * 5), new Float32Array(rows * 5)];
      loop.run(data, 0, rows, overlapping, 0, stride);
      loop.run(apart, 0, rows, wanted, 0);
      expect(overlapping).toEqual(wanted);
    }
  });
});
