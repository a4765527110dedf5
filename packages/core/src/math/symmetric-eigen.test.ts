/** Eigenvectors of symmetric matrices: closed forms, and A v = λ v. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { householderKernel, reflectionKernel } from "./householder-kernel.js";
import { random } from "./random.js";
import { rotatedIdentity, rotationKernel } from "./row-rotations.js";
import { leadingEigen, type SymmetricEigen, symmetricEigen } from "./symmetric-eigen.js";

/** B Bᵀ of an n × r matrix of normal deviates. */
function semidefinite(n: number, rank: number, seed: number): Float64Array {
  const stream = random(seed);
  const b = Float64Array.from({ length: n * rank }, () => stream.normal());
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let k = 0; k < rank; k++) a[i * n + j] += b[i * rank + k] * b[j * rank + k];
  return a;
}

function expectEigen(a: Float64Array, n: number, { values, vectors }: SymmetricEigen, atol: number): void {
  for (let r = 0; r < values.length; r++) {
    const vector = vectors.subarray(r * n, (r + 1) * n);
    const image = Array.from({ length: n }, (_, i) =>
      vector.reduce((sum, v, j) => sum + a[i * n + j] * v, 0),
    );
    expect(image).toBeAllClose(
      vector.map((v) => v * values[r]),
      { atol },
    );
    for (let q = 0; q <= r; q++) {
      const product = vector.reduce((sum, v, j) => sum + v * vectors[q * n + j], 0);
      expect(product).toBeAllClose(Number(q === r), { atol: 1e-8 });
    }
  }
}

describe("symmetricEigen", () => {
  it("knows the eigenvalues of the second difference: 2 − 2 cos(kπ / (n + 1))", () => {
    const n = 12;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      a[i * n + i] = 2;
      if (i > 0) a[i * n + i - 1] = a[(i - 1) * n + i] = -1;
    }
    const wanted = Array.from({ length: n }, (_, i) => 2 - 2 * Math.cos(((n - i) * Math.PI) / (n + 1)));
    const found = symmetricEigen(a, n);
    expect(found.values).toBeAllClose(wanted, { atol: 1e-12 });
    expectEigen(a, n, found, 1e-10);
  });

  it("holds A v = λ v and orthogonality, also with repeated and zero eigenvalues", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        fc.nat(99),
        (n, rank, seed) => {
          const a = semidefinite(n, rank, seed);
          expectEigen(a, n, symmetricEigen(a, n), 1e-8);
        },
      ),
      { numRuns: 40 },
    );
    expectEigen(
      Float64Array.of(3, 0, 0, 0, 3, 0, 0, 0, 3),
      3,
      symmetricEigen(Float64Array.of(3, 0, 0, 0, 3, 0, 0, 0, 3), 3),
      1e-12,
    );
  });
});

it("rows are rotated alike by both loops", () => {
  for (const n of [1, 2, 7, 8]) {
    const [simd, plain] = [rotatedIdentity(n), rotatedIdentity(n, { loops: rotationKernel.openPlain() })];
    for (let i = n - 2; i >= 0; i--) {
      for (const rows of [simd, plain]) rows.rotate(i, Math.cos(i + 1), Math.sin(i + 1));
    }
    expect([...simd.data]).toEqual([...plain.data]);
  }
});

it("steps and reflections have the same bits by both loops", () => {
  for (const n of [1, 2, 7, 8]) {
    const results = [reflectionKernel.open(), reflectionKernel.openPlain()].map((loops) => {
      const kernel = householderKernel(n, { loops });
      const stream = random(n);
      for (const values of [kernel.matrix, kernel.v, kernel.w, kernel.next])
        values.forEach((_, i) => {
          values[i] = stream.normal();
        });
      for (const values of [kernel.v, kernel.w, kernel.next]) values.fill(0, n - 1);
      kernel.step(n - 1);
      const vectors = Float64Array.from({ length: 11 * n }, () => stream.normal());
      kernel.reflect(
        vectors,
        Float64Array.from({ length: n }, () => stream.normal()),
      );
      return [...kernel.matrix, ...kernel.product.subarray(0, n - 1), ...vectors];
    });
    expect(results[0]).toEqual(results[1]);
  }
  expect(householderKernel(2).name).toBe("simd");
});

it("finds all vectors of values that are near each other but not equal, at right angles", () => {
  const n = 60;
  const a = semidefinite(n, 3, 8);
  for (let i = 0; i < n; i++) a[i * n + i] += 1 + 1e-7 * i;
  expectEigen(a, n, symmetricEigen(a, n), 1e-9);
  for (let i = 0; i < n; i++) a[i * n + i] += 1e-2 * i;
  expectEigen(a, n, symmetricEigen(a, n), 1e-9);
});

describe("symmetricEigen for a few of many", () => {
  it("agrees with all of them, also where values repeat, are zero or the matrix falls into parts", () => {
    const n = 40;
    const parts = new Float64Array(n * n);
    for (let i = 0; i < n; i++) parts[i * n + i] = 1 + (i % 4);
    for (const a of [semidefinite(n, 40, 3), semidefinite(n, 5, 4), parts, new Float64Array(n * n)]) {
      const own = symmetricEigen(a, n, 10);
      expect(own.values).toBeAllClose(symmetricEigen(a, n).values.slice(0, 10), { rtol: 1e-10, atol: 1e-10 });
      expectEigen(a, n, own, 1e-7);
    }
  });
});

describe("leadingEigen", () => {
  it.each([60, 7])("finds the largest of a matrix of rank %i", (rank) => {
    const a = semidefinite(60, rank, 5);
    const whole = symmetricEigen(a, 60, 5);
    const own = leadingEigen(a, 60, { count: 5, random: random(1), tolerance: 1e-9 });
    expect(own.values).toBeAllClose(whole.values, { rtol: 1e-8 });
    expectEigen(a, 60, own, 1e-5);
  });
});
