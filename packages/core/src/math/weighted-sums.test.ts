/** Weighted sums: by their definition, and the same bits by both loops. */
import { expect, it } from "vitest";
import { random } from "./random.js";
import { weightedSums } from "./weighted-sums.js";

it("are the inner products of one row or two with each weighting, the same by both loops", () => {
  const stream = random(1);
  const [weightings, values] = [8, 13];
  const weights = Float64Array.from({ length: weightings * values }, () => stream.normal());
  const data = Float32Array.from({ length: 4 * values }, () => stream.normal());
  const loops = [false, true].map((plain) => weightedSums(weights, { weightings, values, plain }));
  expect(loops.map(({ name }) => name)).toEqual(["simd", "plain"]);
  for (const rows of [1, 2]) {
    const [simd, plain] = loops.map((loop) => {
      const out = new Float32Array(3 * weightings);
      loop.run(data, values, rows, out, weightings);
      return out;
    });
    expect(simd).toEqual(plain);
    const wanted = Array.from({ length: 3 * weightings }, (_, at) => {
      const row = Math.floor(at / weightings);
      if (row === 0 || row > rows) return 0;
      let sum = 0;
      for (let p = 0; p < values; p++)
        sum += weights[(at % weightings) * values + p]! * data[row * values + p]!;
      return sum;
    });
    expect(simd).toBeAllClose(wanted, { atol: 1e-5 });
  }
});
