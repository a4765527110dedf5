/** Neighbours within a radius against every pair's distance. */
import { expect, it } from "vitest";
import { type Matrix, matrix } from "../math/matrix.js";
import { random } from "../math/random.js";
import { squaredDistance } from "./distances.js";
import { visitClosePairs } from "./neighbours.js";

/** Rows of 120 columns that depend on `factors` values, with noise. */
function rowsOf(factors: number, count: number): Matrix {
  const stream = random(factors);
  const loadings = Float64Array.from({ length: factors * 120 }, () => stream.normal());
  const m = matrix(count, 120);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < 120; j++) m.data[i * 120 + j] = 5 + 0.2 * stream.normal();
    for (let q = 0; q < factors; q++) {
      const factor = stream.normal();
      for (let j = 0; j < 120; j++) m.data[i * 120 + j] += factor * loadings[q * 120 + j];
    }
  }
  return m;
}

it.each([
  ["few factors, where a shadow tells most pairs apart", 6, 601],
  ["as many as columns, where it tells nothing", 120, 601],
  ["few rows", 6, 90],
])("are the pairs within it, each once: %s", (_, factors, count) => {
  const rows = rowsOf(factors, count);
  const squares: number[] = [];
  for (let i = 0; i < count; i++)
    for (let j = i + 1; j < count; j++) squares.push(squaredDistance(rows, i, rows, j));
  const sorted = squares.toSorted((a, b) => a - b);
  // As far as the nearest 500 pairs are, that pair included.
  const radius = Math.sqrt(sorted[499]) * (1 + 1e-12);
  const expected = new Set<string>();
  for (let i = 0, at = 0; i < count; i++)
    for (let j = i + 1; j < count; j++, at++) if (squares[at] <= radius * radius) expected.add(`${i}-${j}`);
  const found: string[] = [];
  visitClosePairs(rows, radius, (i, j) => found.push(`${i}-${j}`));
  expect(found).toHaveLength(expected.size);
  expect(new Set(found)).toEqual(expected);
});
