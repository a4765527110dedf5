/** Products with lags: by their definition, and the same bits by both loops. */
import { describe, expect, it } from "vitest";
import { lagKernel, lagProducts } from "./lag-products.js";
import { random } from "./random.js";

const stream = random(1);
const samples = Float32Array.from({ length: 90 }, () => stream.normal());
const options = { blockSamples: 7, blocks: 3, maxLag: 18 };

describe("lagProducts", () => {
  it.each([
    ["one after the other", [-28, -14, 0, 14, 28, 42, 56, 70]],
    ["far apart and past the end", [7, 14, 63, 84]],
    ["of one place", [21, 21]],
  ])("has the sums of windows %s, the same by both loops", (_, places) => {
    const [simd, plain] = [lagKernel.open(), lagKernel.openPlain()].map((loops) =>
      lagProducts({ ...options, loops }),
    );
    expect([simd.name, plain.name]).toEqual(["simd", "plain"]);
    for (const at of places) {
      const ours = simd.window(samples, at).slice();
      expect(ours).toEqual(plain.window(samples, at));
      const wanted = Array.from({ length: 19 }, (__, lag) => {
        let sum = 0;
        for (let j = at; j < at + 21; j++) sum += (samples[j] ?? 0) * (samples[j + lag] ?? 0);
        return sum;
      });
      expect(ours).toBeAllClose(wanted, { atol: 1e-12 });
    }
  });

  it("has the same bits whatever was asked for before", () => {
    const [one, other] = [lagProducts(options), lagProducts(options)];
    for (const at of [0, 7, 14, 28]) one.window(samples, at);
    expect(one.window(samples, 35)).toEqual(other.window(samples, 35));
  });
});
