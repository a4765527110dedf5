/** The out-of-distribution score on points whose distribution is known. */
import { describe, expect, it } from "vitest";
import { functionalsTable } from "../data/feature-table.js";
import { matrixFromRows } from "../math/matrix.js";
import { type Random, random } from "../math/random.js";
import { fitOutOfDistribution, outOfDistribution } from "./out-of-distribution.js";
import { referenceProfile } from "./reference-profile.js";

const features = 30;

/** A point of a distribution with three strong directions, far from zero and in mixed units. */
function draw(stream: Random): number[] {
  const strong = [0, 1, 2].map(() => 3 * stream.normal());
  return Array.from({ length: features }, (_, j) => (100 + strong[j % 3] + stream.normal()) * 10 ** (j % 4));
}

function fitted(speakers = 20) {
  const stream = random(2);
  const rows = Array.from({ length: 600 }, () => draw(stream));
  const names = rows[0].map((_, j) => `f${j}`);
  const table = functionalsTable(
    rows.map((_, i) => String(i)),
    names,
    matrixFromRows(rows),
  );
  const reference = referenceProfile(table);
  const of = rows.map((_, i) => `s${i % speakers}`);
  return { reference, profile: fitOutOfDistribution(table, { speakers: of, reference, random: random(1) }) };
}

describe("outOfDistribution", () => {
  const { reference, profile } = fitted();
  const score = (row: readonly number[]): number => outOfDistribution(row, profile!, reference);

  it("is spread evenly over 0..1 for new points of the same distribution", () => {
    const stream = random(77);
    const scores = Array.from({ length: 1000 }, () => score(draw(stream))).sort((a, b) => a - b);
    const gap = Math.max(...scores.map((value, i) => Math.abs(value - (i + 0.5) / scores.length)));
    expect(gap).toBeLessThan(0.07); // Kolmogorov-Smirnov, 5 %: 0.043 for a known distribution; ours is estimated from 600
    expect(scores.filter((value) => value > 0.99).length).toBeLessThan(30);
  });
  it("is 1 for points that break the pattern though each value is usual", () => {
    const stream = random(5);
    for (let i = 0; i < 50; i++) {
      const others = Array.from({ length: features }, () => draw(stream));
      expect(score(others.map((row, j) => row[j]))).toBeGreaterThan(0.99);
    }
    expect(score(draw(stream).map((value) => 2 * value))).toBe(1);
    expect(score(new Array(features).fill(0))).toBe(1);
  });
  it("is the same after JSON", () => {
    const again = JSON.parse(JSON.stringify({ profile, reference }));
    const row = draw(random(9));
    expect(outOfDistribution(row, again.profile, again.reference)).toBe(score(row));
  });
  it("needs two speakers", () => {
    expect(fitted(1).profile).toBeUndefined();
  });
});
