/** Solving with a factor: the equations are fulfilled, and both kernels give the same bits. */
import { describe, expect, it } from "vitest";
import { choleskyKernel, choleskySolver } from "./cholesky-solver.js";
import { addGram, block, choleskyInPlace, mirrorLower } from "./linear-algebra.js";
import { random } from "./random.js";

it("this runtime has SIMD", () => expect(choleskySolver(3).name).toBe("simd"));

describe.each([1, 2, 3, 10, 61])("%i equations", (n) => {
  it.each([1, 8, 11])("have the solution for %i right sides", (sides) => {
    const stream = random(n);
    const half = block(
      n,
      n + 2,
      Float64Array.from({ length: n * (n + 2) }, () => stream.normal()),
    );
    const matrix = block(n, n);
    addGram(matrix, half);
    mirrorLower(matrix);
    const factor = block(n, n, matrix.data.slice());
    choleskyInPlace(factor);
    const wanted = Float64Array.from({ length: sides * n }, () => stream.normal());
    const solutions = [choleskyKernel.open(), choleskyKernel.openPlain()].map((loops) => {
      const solver = choleskySolver(n, { loops });
      solver.setFactor(factor);
      const b = block(sides, n, wanted.slice());
      solver.solveInto(b);
      return b.data;
    });
    expect(solutions[0]).toEqual(solutions[1]);
    const products = new Float64Array(sides * n);
    for (let r = 0; r < sides; r++)
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) products[r * n + i] += matrix.data[i * n + j] * solutions[0][r * n + j];
    expect(products).toBeAllClose(wanted, { atol: 1e-7 });
  });
});
