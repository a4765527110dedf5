/** Products by tiles: against plain sums, and the SIMD kernel against the plain one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Matrix, matrix } from "./matrix.js";
import { productKernel } from "./product-kernel.js";
import { random } from "./random.js";
import { rowProducts, scatterMatrix } from "./row-products.js";

function normals(rows: number, cols: number, seed = 1): Matrix {
  const stream = random(seed);
  return matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => stream.normal()),
  );
}

const inner = (a: Matrix, i: number, b: Matrix, j: number): number => {
  let sum = 0;
  for (let p = 0; p < a.cols; p++) sum += a.data[i * a.cols + p] * b.data[j * b.cols + p];
  return sum;
};

it("this runtime has SIMD", () => {
  expect(productKernel.open().name).toBe("simd");
});

describe.each([productKernel.open, productKernel.openPlain])("row products by %o", (create) => {
  it("tell which are at least the sum of what both rows ask, each pair once", () => {
    const rows = normals(150, 7, 3);
    const least = Float32Array.from({ length: 150 }, (_, i) => 1 + (i % 5) / 4);
    const products = rowProducts(rows, rows, create());
    const found: string[] = [];
    for (const [from, to] of [
      [0, 64],
      [64, 128],
      [128, 150],
    ] as const)
      products.visitAtLeast(least, { from, to, rightFrom: from, rightTo: 150 }, (i, j) =>
        found.push(`${i}-${j}`),
      );
    const expected: string[] = [];
    for (let i = 0; i < 150; i++)
      for (let j = i + 1; j < 150; j++)
        if (inner(rows, i, rows, j) >= least[i] + least[j]) expected.push(`${i}-${j}`);
    expect(expected.length).toBeGreaterThan(500);
    expect(found.sort()).toEqual(expected.sort());
  });

  it("are the inner products of any tile of any shape", () => {
    fc.assert(
      fc.property(
        fc.record({
          rows: fc.integer({ min: 1, max: 23 }),
          others: fc.integer({ min: 1, max: 23 }),
          cols: fc.integer({ min: 1, max: 19 }),
          parts: fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(1000)),
        }),
        ({ rows, others, cols, parts }) => {
          const [a, b] = [normals(rows, cols, 1), normals(others, cols, 2)];
          const range = (limit: number, x: number, y: number): [number, number] => {
            const [from, to] = [x % limit, y % limit].sort((p, q) => p - q) as [number, number];
            return [from, to + 1];
          };
          const [from, to] = range(rows, parts[0], parts[1]);
          const [rightFrom, rightTo] = range(others, parts[2], parts[3]);
          const tile = rowProducts(a, b, create()).tile(from, to, rightFrom, rightTo);
          for (let i = from; i < to; i++) {
            for (let j = rightFrom; j < rightTo; j++) {
              const value = tile.data[tile.at + (i - from) * tile.stride + j - rightFrom];
              expect(value).toBeAllClose(inner(a, i, b, j), { rtol: 1e-5, atol: 1e-5 });
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("follow a right side that is exchanged", () => {
    const [a, b, c] = [normals(5, 6, 1), normals(9, 6, 2), normals(3, 6, 3)];
    const products = rowProducts(a, b, create());
    products.setRight(c);
    const { data, at, stride } = products.tile(0, 5, 0, 3);
    expect(data[at + 4 * stride + 2]).toBeAllClose(inner(a, 4, c, 2), { rtol: 1e-5, atol: 1e-5 });
  });

  it("scatter matrices are those of the columns, over several chunks of rows", () => {
    const m = normals(600, 13);
    const centre = Float64Array.from({ length: 13 }, (_, j) => j / 10);
    const scatter = scatterMatrix(m, centre, create());
    for (const [j, k] of [
      [0, 0],
      [12, 3],
      [3, 12],
      [7, 8],
    ] as const) {
      let sum = 0;
      for (let i = 0; i < 600; i++)
        sum += (m.data[i * 13 + j] - centre[j]) * (m.data[i * 13 + k] - centre[k]);
      expect(scatter[j * 13 + k]).toBeAllClose(sum, { rtol: 1e-5, atol: 1e-3 });
    }
  });
});

it("both kernels give the same bits", () => {
  const m = normals(37, 29);
  const [simd, plain] = [productKernel.open(), productKernel.openPlain()].map((kernel) =>
    rowProducts(m, m, kernel).tile(0, 37, 0, 37),
  );
  for (let i = 0; i < 37; i++)
    for (let j = 0; j < 37; j++)
      expect(simd!.data[simd!.at + i * simd!.stride + j]).toBe(
        plain!.data[plain!.at + i * plain!.stride + j],
      );
});
