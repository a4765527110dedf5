/** Products and factors against their definitions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addGram,
  addProduct,
  block,
  choleskyInPlace,
  mirrorLower,
  solveCholeskyInto,
  subBlock,
  transposed,
} from "./linear-algebra.js";
import { random } from "./random.js";

function normals(seed: number, length: number): Float64Array {
  const stream = random(seed);
  return Float64Array.from({ length }, () => stream.normal());
}

function naive(a: Float64Array, b: Float64Array, m: number, n: number, k: number): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) for (let p = 0; p < k; p++) out[i * n + j] += a[i * k + p] * b[j * k + p];
  }
  return out;
}

const size = fc.integer({ min: 1, max: 13 });

describe("linear algebra", () => {
  it("adds products as their definition does, for every size and place", () => {
    fc.assert(
      fc.property(size, size, size, fc.nat(1000), (m, n, k, seed) => {
        const a = normals(seed, m * k);
        const b = normals(seed + 1, n * k);
        const wide = block(m + 2, n + 3);
        addProduct(subBlock(wide, 1, 2, m, n), block(m, k, a), block(n, k, b), 2);
        const expected = naive(a, b, m, n, k);
        let sum = 0;
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            const got = wide.data[(i + 1) * (n + 3) + j + 2];
            expect(got).toBeAllClose(2 * expected[i * n + j], { atol: 1e-12 });
            sum += Math.abs(got);
          }
        }
        expect(wide.data.reduce((total, value) => total + Math.abs(value), 0)).toBeCloseTo(sum, 9);
      }),
      { numRuns: 60 },
    );
  });

  it("makes Gram matrices, and transposes", () => {
    for (const [n, k] of [
      [1, 3],
      [5, 2],
      [9, 40],
      [70, 33],
    ] as const) {
      const a = normals(n, n * k);
      const c = block(n, n);
      addGram(c, block(n, k, a));
      mirrorLower(c);
      expect(c.data).toBeAllClose(naive(a, a, n, n, k), { atol: 1e-12 });
      const turned = transposed(a, n, k);
      expect(transposed(turned.data, k, n).data).toEqual(a);
    }
  });

  it("factors and solves, below and above the panel's width", () => {
    for (const n of [1, 2, 47, 48, 49, 130]) {
      const a = normals(n, n * (n + 3));
      const gram = block(n, n);
      addGram(gram, block(n, n + 3, a));
      mirrorLower(gram);
      const whole = gram.data.slice();
      choleskyInPlace(gram);
      const x = normals(n + 1, 2 * n);
      const b = block(2, n);
      addProduct(b, block(2, n, x), block(n, n, whole));
      solveCholeskyInto(gram, b);
      expect(b.data).toBeAllClose(x, { atol: 1e-5, rtol: 1e-5 });
    }
  });

  it("refuses to factor what is not positive definite", () => {
    expect(() => choleskyInPlace(block(2, 2, Float64Array.of(1, 2, 2, 1)))).toThrow(RangeError);
  });
});
