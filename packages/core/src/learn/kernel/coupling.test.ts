/** Coupled probabilities against the equations that define them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classPairs, coupleInto } from "./coupling.js";

describe("coupleInto", () => {
  it("gives back the probabilities that consistent pairs come from", () => {
    const p = [0.5, 0.2, 0.2, 0.07, 0.03];
    const out = new Float32Array(5);
    coupleInto(
      out,
      classPairs(5).map(([i, j]) => p[i] / (p[i] + p[j])),
      5,
    );
    expect(out).toBeAllClose(p, { atol: 1e-6 });
  });

  it("solves p = Σ (pᵢ + pⱼ) r / (k − 1) for any pairs", () => {
    const chance = fc.double({ min: 1e-7, max: 1 - 1e-7, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 10 }),
        fc.array(chance, { minLength: 45, maxLength: 45 }),
        (classes, chances) => {
          const pairs = classPairs(classes);
          const out = new Float32Array(classes);
          coupleInto(out, chances.slice(0, pairs.length), classes);
          const sums = new Float64Array(classes);
          pairs.forEach(([i, j], pair) => {
            sums[i] += ((out[i] + out[j]) * chances[pair]) / (classes - 1);
            sums[j] += ((out[i] + out[j]) * (1 - chances[pair])) / (classes - 1);
          });
          expect(out).toBeAllClose(sums, { atol: 1e-6 });
          expect(out.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
        },
      ),
    );
  });
});
