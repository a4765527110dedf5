/** Roots, moments and mean logarithms of rows: against their definition. */
import { describe, expect, it } from "vitest";
import { matrix } from "./matrix.js";
import { random } from "./random.js";
import { rowKernel } from "./row-kernel.js";
import { rowLogarithms, rowMoments, scaledLogarithms, squareRoots } from "./row-loops.js";

const stream = random(5);

it("takes square roots as Math.sqrt rounded to float32", () => {
  const from = Float32Array.from({ length: 70001 }, () => stream.normal() ** 2 * 10 ** (9 * stream.normal()));
  const to = new Float32Array(from.length);
  squareRoots(from, to);
  expect(to).toEqual(from.map(Math.sqrt));
});

it("takes scaled logarithms above a floor", () => {
  const from = Float32Array.from({ length: 70001 }, (_, i) =>
    i < 5 ? [0, 1, 2, 0.5, Math.SQRT1_2][i] : Math.exp(8 * stream.normal()),
  );
  const [floor, scale, offset, least] = [1e-10, 10 / Math.LN10, -3, -40];
  const to = new Float32Array(from.length);
  expect(scaledLogarithms(from, to, { floor, scale, offset, least })).toBe(true);
  const wanted = from.map((x) => Math.max(least, 10 * Math.log10(Math.max(floor, x)) + offset));
  expect(to).toBeAllClose(wanted, { rtol: 2e-7, atol: 1e-14 });
  scaledLogarithms(from, to, { floor, scale: 1, offset: 0, least: Number.NEGATIVE_INFINITY });
  expect(to).toBeAllClose(
    from.map((x) => Math.log(Math.max(floor, x))),
    { rtol: 1.2e-7 },
  );
  expect(scaledLogarithms(from, to, { floor: 0, scale, offset, least })).toBe(false);
});

describe.each([
  [1, 8],
  [3, 11],
  [40, 1025],
  [2, 40000],
])("%i rows of %i", (rows, cols) => {
  const data = Float32Array.from({ length: rows * cols }, () => 10 ** (4 * stream.normal()));
  const m = matrix(rows, cols, data);
  const row = (t: number): number[] => [...data.subarray(t * cols, (t + 1) * cols)];
  const memory = (): Float64Array => new Float64Array(rows);

  it("have their moments", () => {
    const sums = { total: memory(), first: memory(), second: memory() };
    rowMoments(m, sums);
    for (const [power, name] of (["total", "first", "second"] as const).entries()) {
      const wanted = memory().map((_, t) => row(t).reduce((sum, value, k) => sum + k ** power * value, 0));
      expect(sums[name]).toBeAllClose(wanted, { rtol: 1e-12 });
    }
  });

  it("have their sums of logarithms above a floor", () => {
    const floor = 1e-3;
    const sums = { floor, sum: memory(), logarithms: memory() };
    rowLogarithms(m, sums);
    const values = (t: number): number[] => row(t).map((value) => Math.max(floor, value));
    const wanted = memory().map((_, t) => values(t).reduce((sum, value) => sum + Math.log(value), 0));
    expect(sums.logarithms).toBeAllClose(wanted, { rtol: 1e-12, atol: 1e-10 });
    expect(sums.sum).toBeAllClose(
      memory().map((_, t) => values(t).reduce((sum, value) => sum + value)),
      { rtol: 1e-12 },
    );
  });
});

it("has short rows, and logarithms above a floor near zero", () => {
  const m = matrix(2, 3, Float32Array.of(1, 2, 3, 4, 5, 6));
  const moments = { total: new Float64Array(2), first: new Float64Array(2), second: new Float64Array(2) };
  rowMoments(m, moments);
  expect(moments).toEqual({
    total: Float64Array.of(6, 15),
    first: Float64Array.of(8, 17),
    second: Float64Array.of(14, 29),
  });
  const tiny = matrix(1, 16, new Float32Array(16).fill(1e-40));
  for (const rows of [m, tiny]) {
    const sums = { floor: 0, sum: new Float64Array(rows.rows), logarithms: new Float64Array(rows.rows) };
    rowLogarithms(rows, sums);
    const values = [...rows.data.subarray(0, rows.cols)];
    expect(sums.sum[0]).toBeAllClose(
      values.reduce((a, b) => a + b),
      { rtol: 1e-12 },
    );
    expect(sums.logarithms[0]).toBeAllClose(
      values.map(Math.log).reduce((a, b) => a + b),
      { rtol: 1e-12 },
    );
  }
});

it("gives the same bits by both loops", () => {
  const m = matrix(
    37,
    1031,
    Float32Array.from({ length: 37 * 1031 }, () => 10 ** (6 * stream.normal())),
  );
  const results = [rowKernel.open(), rowKernel.openPlain()].map((loops) => {
    const [roots, levels] = [new Float32Array(m.data.length), new Float32Array(m.data.length)];
    squareRoots(m.data, roots, { loops });
    scaledLogarithms(m.data, levels, { floor: 1e-9, scale: 10 / Math.LN10, offset: 0.1, least: -70, loops });
    const column = (): Float64Array => new Float64Array(m.rows);
    const moments = { total: column(), first: column(), second: column() };
    rowMoments(m, moments, { loops });
    const sums = { floor: 1e-3, sum: column(), logarithms: column() };
    rowLogarithms(m, sums, { loops });
    return { roots, levels, ...moments, ...sums };
  });
  expect(results[0]).toEqual(results[1]);
});
