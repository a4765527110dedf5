/** The dual solver against closed forms, its optimality conditions and LIBSVM's objective. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { block } from "../../math/linear-algebra.js";
import { type Matrix, matrix, matrixFromRows, takeRows } from "../../math/matrix.js";
import { random } from "../../math/random.js";
import { fitStandardizer } from "../standardizer.js";
import { type DualLoops, dualKernel } from "./dual-loops.js";
import { type KernelMemory, kernelMemory } from "./kernel-memory.js";
import { rbfKernel } from "./rbf-kernel.js";
import { scaleGamma } from "./scale-gamma.js";
import { dualBytes, solveDual } from "./smo.js";

/** The kernel of all rows, with room for the solver. */
function kernelOf(
  x: Matrix,
  {
    gamma,
    maxBytes = 2 ** 26,
    copies = 1,
    loops = dualKernel.open(),
  }: Partial<Settings> & Pick<Settings, "gamma">,
): KernelMemory {
  const free = dualBytes(x.rows, copies);
  return kernelMemory(x, { gamma, maxBytes, largest: x.rows, free, loops })([{ from: 0, to: x.rows }]);
}

interface Settings {
  gamma: number | "linear";
  maxBytes: number;
  copies: number;
  loops: DualLoops;
}

function normals(rows: number, cols: number, seed: number): Matrix {
  const stream = random(seed);
  return matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => stream.normal()),
  );
}

/** Two overlapping classes of 61 rows, every fifth of which takes no part. */
function overlapping() {
  const stream = random(4);
  const x = normals(61, 3, 5);
  return {
    x,
    signs: Int8Array.from({ length: 61 }, (_, i) => (x.data[3 * i] + stream.normal() > 0 ? 1 : -1)),
    bounds: Float64Array.from({ length: 61 }, (_, i) => (i % 5 === 0 ? 0 : 1 + (i % 3))),
  };
}

describe("solveDual", () => {
  it("separates two points in the middle", () => {
    // x = ±1, linear kernel: w = 1, both α = 1/2, objective −1/2.
    const { alpha, rho, decisions, objective } = solveDual({
      kernel: kernelOf(matrixFromRows([[1], [-1]]), { gamma: "linear" }),
      signs: Int8Array.of(1, -1),
      bounds: Float64Array.of(9, 9),
      tolerance: 1e-8,
    });
    expect(alpha).toBeAllClose([0.5, 0.5], { atol: 1e-7 });
    expect(rho).toBeCloseTo(0, 7);
    expect(decisions).toBeAllClose([1, -1], { atol: 1e-7 });
    expect(objective).toBeCloseTo(-0.5, 7);
  });

  it("fulfils the optimality conditions, and tells the value of rows that take no part", () => {
    const { x, signs, bounds } = overlapping();
    const n = x.rows;
    const exact = block(n, 3, Float64Array.from(x.data));
    const kernel = rbfKernel(exact, exact, 0.4).data;
    const { alpha, rho, decisions } = solveDual({
      kernel: kernelOf(x, { gamma: 0.4 }),
      signs,
      bounds,
      tolerance: 1e-8,
    });
    expect(alpha.reduce((sum, a, i) => sum + a * signs[i], 0)).toBeCloseTo(0, 9);
    for (let i = 0; i < n; i++) {
      let value = -rho;
      for (let t = 0; t < n; t++) value += signs[t] * alpha[t] * kernel[i * n + t];
      expect(decisions[i]).toBeCloseTo(value, 5);
      if (bounds[i] === 0) expect(alpha[i]).toBe(0);
      else if (alpha[i] === 0) expect(signs[i] * value).toBeGreaterThan(1 - 1e-5);
      else if (alpha[i] === bounds[i]) expect(signs[i] * value).toBeLessThan(1 + 1e-5);
      else expect(signs[i] * value).toBeCloseTo(1, 5);
    }
  });

  it("gives the same bits with all rows in memory, with four of them, and without WebAssembly", () => {
    const { x, signs, bounds } = overlapping();
    const solve = (settings: Partial<Settings>) =>
      solveDual({ kernel: kernelOf(x, { gamma: 0.4, ...settings }), signs, bounds, tolerance: 1e-6 });
    const whole = solve({});
    expect(whole.iterations).toBeGreaterThan(20);
    expect(solve({ maxBytes: 4 * 72 * 4 })).toEqual(whole);
    expect(solve({ loops: dualKernel.openPlain() })).toEqual(whole);
  });

  it("takes two variables a point: pulling a line up and down through what it cannot reach", () => {
    // Values 0, 2 at x = 0, 1 and ε = 0.5: the flattest line that is near enough rises from 0.5 to 1.5.
    const n = 2;
    const targets = [0, 2];
    const { alpha, rho } = solveDual({
      kernel: kernelOf(matrixFromRows([[0], [1]]), { gamma: "linear", copies: 2 }),
      signs: Int8Array.of(1, 1, -1, -1),
      bounds: new Float64Array(4).fill(9),
      linear: Float64Array.from({ length: 2 * n }, (_, t) =>
        t < n ? 0.5 - targets[t] : 0.5 + targets[t - n],
      ),
      tolerance: 1e-9,
    });
    expect(alpha[1] - alpha[3]).toBeCloseTo(1, 7);
    expect(-rho).toBeCloseTo(0.5, 7);
  });

  it.each(["iris", "iris-two", "wine", "digits"])("reaches LIBSVM's objective on %s", (name) => {
    const url = new URL(`../../../../../test/golden/sklearn-models-${name}.json`, import.meta.url);
    const golden = JSON.parse(readFileSync(url, "utf8")) as {
      x: number[][];
      y: number[];
      rbf: { C: number; gamma: number | "scale"; objective: number }[];
    };
    const kept = golden.x.map((_, i) => i).filter((i) => i % 3 !== 0);
    const raw = matrixFromRows(kept.map((i) => golden.x[i]));
    const x = fitStandardizer(raw).transform(raw);
    const y = kept.map((i) => golden.y[i]);
    const { C, objective } = golden.rbf[0];
    const classes = Math.max(...y) + 1;
    const order = y.map((_, i) => i).sort((i, j) => y[i] - y[j]);
    const stretches = Array.from({ length: classes }, (_, k) => {
      const from = order.findIndex((i) => y[i] === k);
      return { from, to: from + y.filter((label) => label === k).length };
    });
    const kernel = kernelMemory(takeRows(x, order), {
      gamma: scaleGamma(x),
      maxBytes: 2 ** 26,
      largest: x.rows,
      free: dualBytes(x.rows),
    });
    let total = 0;
    for (const [k, first] of stretches.entries()) {
      for (const second of stretches.slice(k + 1)) {
        const own = first.to - first.from;
        const size = own + second.to - second.from;
        total += solveDual({
          kernel: kernel([first, second]),
          signs: Int8Array.from({ length: size }, (_, t) => (t < own ? 1 : -1)),
          bounds: new Float64Array(size).fill(C),
          tolerance: 1e-6,
        }).objective;
      }
    }
    expect(total).toBeAllClose(objective, { rtol: 1e-5 });
  });
});
