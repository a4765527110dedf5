/** The two ways to the linear minimum against each other, and against the conditions that a minimum fulfils. */
import { describe, expect, it } from "vitest";
import { block, transposed } from "../../math/linear-algebra.js";
import { random } from "../../math/random.js";
import { minimizeLinear } from "./minimize.js";
import { reduceRows } from "./reduce-rows.js";
import { softmaxLoss } from "./softmax-loss.js";
import { fitHingeMachine, leastSquaresStarts, productsOfRows } from "./squared-hinge-gram.js";
import { squaredHingeLoss } from "./squared-hinge-loss.js";

function data(rows: number, cols: number) {
  const stream = random(`${rows}x${cols}`);
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 3);
  const x = block(
    rows,
    cols,
    Float64Array.from(
      { length: rows * cols },
      (_, at) => stream.normal() + (at % 3 === labels[Math.floor(at / cols)] ? 0.7 : 0),
    ),
  );
  const weights = Float64Array.from({ length: rows }, (_, i) => 0.2 + (i % 4));
  return { x, xt: transposed(x.data, rows, cols), labels, weights };
}

const context = { random: random(1) };

describe("minimizeLinear", () => {
  it("finds the softmax minimum, where the penalty balances the loss", async () => {
    const { x, xt, labels, weights } = data(80, 9);
    const loss = softmaxLoss(labels, weights, 3);
    const shared = { x, xt, outputs: 3, loss, biasPenalty: 0, maxIterations: 50, context };
    const { weights: w, bias } = await minimizeLinear({ ...shared, tolerance: 1e-10 });
    const pull = new Float64Array(27);
    let biasPull = 0;
    for (let i = 0; i < 80; i++) {
      const z = [0, 1, 2].map(
        (k) =>
          bias[k] +
          Array.from({ length: 9 }, (_, j) => w.data[k * 9 + j] * x.data[i * 9 + j]).reduce(
            (a, b) => a + b,
            0,
          ),
      );
      const sum = z.reduce((total, value) => total + Math.exp(value), 0);
      z.forEach((value, k) => {
        const error = weights[i] * (Math.exp(value) / sum - (labels[i] === k ? 1 : 0));
        if (k === 0) biasPull += error;
        for (let j = 0; j < 9; j++) pull[k * 9 + j] += error * x.data[i * 9 + j];
      });
    }
    expect(biasPull).toBeCloseTo(0, 6);
    expect(w.data).toBeAllClose(
      pull.map((value) => -value),
      { atol: 1e-6 },
    );
    const { weights: warm } = await minimizeLinear({
      ...shared,
      tolerance: 1e-10,
      start: { weights: w, bias: bias.map((b) => b + 1) },
    });
    expect(warm.data).toBeAllClose(w.data, { atol: 1e-6 });
  });

  it("finds the same machines on the features as on the products of the rows", async () => {
    const { x, xt, labels, weights } = data(70, 12);
    weights[3] = 0;
    const loss = squaredHingeLoss(labels, weights, 3);
    const { weights: w, bias } = await minimizeLinear({
      x,
      xt,
      outputs: 3,
      loss,
      biasPenalty: 1,
      tolerance: 1e-10,
      maxIterations: 60,
      context,
    });
    const gram = productsOfRows(x);
    const all = weights.map((weight) => weight || 1);
    for (let k = 0; k < 3; k++) {
      const signs = Int8Array.from(labels, (label) => (label === k ? 1 : -1));
      const [start] = leastSquaresStarts(gram, [signs], all);
      const machine = fitHingeMachine(gram, { signs, weights, start: start!, maxIterations: 50 })!;
      const expected = Array.from(
        { length: 70 },
        (_, i) =>
          bias[k] +
          w.data.subarray(k * 12, k * 12 + 12).reduce((sum, value, j) => sum + value * x.data[i * 12 + j], 0),
      );
      expect(machine.decisions).toBeAllClose(expected, { atol: 1e-6 });
      expect(machine.coefficients[3]).toBe(0);
    }
  });

  it("finds the same minimum on reduced rows when features outnumber them", async () => {
    const { x, xt, labels, weights } = data(20, 50);
    const solve = (rows: typeof x, columns: typeof xt) =>
      minimizeLinear({
        x: rows,
        xt: columns,
        outputs: 3,
        loss: softmaxLoss(labels, weights, 3),
        biasPenalty: 0,
        tolerance: 1e-10,
        maxIterations: 50,
        context,
      });
    const wide = await solve(x, xt);
    const reduced = reduceRows(x);
    expect(reduced.x.cols).toBe(20);
    const narrow = reduced.expand(await solve(reduced.x, transposed(reduced.x.data, 20, 20)));
    expect(narrow.weights.data).toBeAllClose(wide.weights.data, { atol: 1e-6 });
    expect(narrow.bias).toBeAllClose(wide.bias, { atol: 1e-6 });
  });

  it("says when it does not converge", async () => {
    const { x, xt, labels, weights } = data(80, 9);
    const loss = softmaxLoss(labels, weights, 3);
    const running = minimizeLinear({
      x,
      xt,
      outputs: 3,
      loss,
      biasPenalty: 0,
      tolerance: 1e-10,
      maxIterations: 1,
      context,
    });
    await expect(running).rejects.toMatchObject({ code: "learn/no-convergence" });
  });
});
