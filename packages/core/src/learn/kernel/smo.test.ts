/** The dual solver against closed forms, its optimality conditions and LIBSVM's objective. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { block } from "../../math/linear-algebra.js";
import { matrixFromRows } from "../../math/matrix.js";
import { random } from "../../math/random.js";
import { fitStandardizer } from "../standardizer.js";
import { centredRows, kernelRows, rbfKernel } from "./rbf-kernel.js";
import { type DualProblem, solveDual } from "./smo.js";

function problem(kernel: Float64Array, signs: Int8Array, bounds: Float64Array): DualProblem {
  const n = signs.length;
  return {
    row: (i) => Float32Array.from({ length: n }, (_, t) => signs[i]! * signs[t]! * kernel[i * n + t]!),
    diagonal: Float64Array.from({ length: n }, (_, i) => kernel[i * n + i]!),
    signs,
    bounds,
    tolerance: 1e-8,
  };
}

describe("solveDual", () => {
  it("separates two points in the middle", () => {
    // x = ±1, linear kernel: w = 1, both α = 1/2, objective −1/2.
    const { alpha, rho, decisions, objective } = solveDual(
      problem(Float64Array.of(1, -1, -1, 1), Int8Array.of(1, -1), Float64Array.of(9, 9)),
    );
    expect(alpha).toBeAllClose([0.5, 0.5], { atol: 1e-7 });
    expect(rho).toBeCloseTo(0, 7);
    expect(decisions).toBeAllClose([1, -1], { atol: 1e-7 });
    expect(objective).toBeCloseTo(-0.5, 7);
  });

  it("fulfils the optimality conditions, and tells the value of rows that take no part", () => {
    const stream = random(4);
    const n = 60;
    const x = block(
      n,
      3,
      Float64Array.from({ length: 3 * n }, () => stream.normal()),
    );
    const kernel = rbfKernel(x, x, 0.4).data;
    const signs = Int8Array.from({ length: n }, (_, i) => (x.data[3 * i]! + stream.normal() > 0 ? 1 : -1));
    const bounds = Float64Array.from({ length: n }, (_, i) => (i % 5 === 0 ? 0 : 1 + (i % 3)));
    const { alpha, rho, decisions } = solveDual(problem(kernel, signs, bounds));
    expect(alpha.reduce((sum, a, i) => sum + a * signs[i]!, 0)).toBeCloseTo(0, 9);
    for (let i = 0; i < n; i++) {
      let value = -rho;
      for (let t = 0; t < n; t++) value += signs[t]! * alpha[t]! * kernel[i * n + t]!;
      expect(decisions[i]!).toBeCloseTo(value, 5);
      if (bounds[i] === 0) expect(alpha[i]).toBe(0);
      else if (alpha[i] === 0) expect(signs[i]! * value).toBeGreaterThan(1 - 1e-5);
      else if (alpha[i] === bounds[i]) expect(signs[i]! * value).toBeLessThan(1 + 1e-5);
      else expect(signs[i]! * value).toBeCloseTo(1, 5);
    }
  });

  it.each(["iris", "iris-two", "wine", "digits"])("reaches LIBSVM's objective on %s", (name) => {
    const url = new URL(`../../../../../test/golden/sklearn-models-${name}.json`, import.meta.url);
    const golden = JSON.parse(readFileSync(url, "utf8")) as {
      x: number[][];
      y: number[];
      rbf: { C: number; gamma: number | "scale"; objective: number }[];
    };
    const kept = golden.x.map((_, i) => i).filter((i) => i % 3 !== 0);
    const raw = matrixFromRows(kept.map((i) => golden.x[i]!));
    const x = centredRows(fitStandardizer(raw).transform(raw), new Float32Array(raw.cols));
    const y = kept.map((i) => golden.y[i]!);
    const { C, objective } = golden.rbf[0]!;
    const mean = x.data.reduce((a, b) => a + b, 0) / x.data.length;
    const variance = x.data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.data.length;
    const kernel = kernelRows(x, 1 / (x.cols * variance), 2 ** 26);
    const classes = Math.max(...y) + 1;
    let total = 0;
    for (let first = 0; first < classes; first++) {
      for (let second = first + 1; second < classes; second++) {
        const rows = y.map((_, i) => i).filter((i) => y[i] === first || y[i] === second);
        const signs = Int8Array.from(rows, (i) => (y[i] === first ? 1 : -1));
        total += solveDual({
          row: (i) => Float32Array.from(rows, (t, at) => signs[i]! * signs[at]! * kernel.row(rows[i]!)[t]!),
          diagonal: new Float64Array(rows.length).fill(1),
          signs,
          bounds: new Float64Array(rows.length).fill(C),
          tolerance: 1e-6,
        }).objective;
      }
    }
    expect(total).toBeAllClose(objective, { rtol: 1e-5 });
  });
});

describe("kernelRows", () => {
  it("gives the same rows whole and one at a time", () => {
    const stream = random(5);
    const x = block(
      30,
      4,
      Float64Array.from({ length: 120 }, () => stream.normal()),
    );
    const whole = kernelRows(x, 0.3, 2 ** 20);
    const single = kernelRows(x, 0.3, 4 * 30 * 3);
    for (const i of [0, 29, 3, 3, 17, 0, 5, 29])
      expect(single.row(i)).toBeAllClose(whole.row(i), { atol: 1e-7 });
    expect(whole.row(7)).toBeAllClose(rbfKernel(x, x, 0.3).data.subarray(210, 240), { atol: 1e-7 });
  });
});
