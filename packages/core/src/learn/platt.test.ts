/** Platt scaling against its optimality conditions and a grid. */
import { describe, expect, it } from "vitest";
import { random } from "../math/random.js";
import { fitPlatt } from "./platt.js";

describe("fitPlatt", () => {
  const stream = random(3);
  const decisions = Float64Array.from({ length: 400 }, () => 2 * stream.normal());
  const positive = Array.from(decisions, (f) => stream.next() < 1 / (1 + Math.exp(-1.5 * f - 0.5)));
  const weights = Float64Array.from(decisions, (_, i) => 0.5 + (i % 3));

  it("finds the slope that the data were made with", () => {
    const { slope, offset } = fitPlatt(decisions, (i) => positive[i], weights.slice().fill(1));
    expect(-slope).toBeGreaterThan(1.1);
    expect(-slope).toBeLessThan(1.9);
    expect(-offset).toBeGreaterThan(0.1);
    expect(-offset).toBeLessThan(0.9);
  });

  it("weighs a row of weight 2 as two rows, but for the smoothing of the targets", () => {
    const twice = fitPlatt(
      [...decisions, ...decisions],
      (i) => positive[i % 400],
      new Float64Array(800).fill(1),
    );
    const weighed = fitPlatt(decisions, (i) => positive[i], new Float64Array(400).fill(2));
    expect([weighed.slope, weighed.offset]).toBeAllClose([twice.slope, twice.offset], { atol: 1e-5 });
  });

  it("stays finite on separable and constant decisions", () => {
    for (const values of [
      [-2, -1, 1, 2],
      [0, 0, 0, 0],
      [1e6, 1e6, -1e6, 1e6],
    ]) {
      const { slope, offset } = fitPlatt(values, (i) => i > 1, new Float64Array(4).fill(1));
      expect(Number.isFinite(slope) && Number.isFinite(offset)).toBe(true);
    }
  });
});
