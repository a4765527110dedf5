/** The ridge classifier against closed forms and scikit-learn (test/golden/scripts/sklearn_ridge.py). */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { type FeatureTable, functionalsTable, stackTables, takeUtterances } from "../data/feature-table.js";
import { block } from "../math/linear-algebra.js";
import { matrix, matrixFromRows } from "../math/matrix.js";
import { random } from "../math/random.js";
import type { DecisionModel } from "./compose-model.js";
import { columnWeights } from "./ridge/column-weights.js";
import { dualRidge } from "./ridge/dual-ridge.js";
import { primalRidge } from "./ridge/primal-ridge.js";
import type { RidgeRows } from "./ridge/ridge-system.js";
import { solveShifted } from "./ridge/solve-shifted.js";
import { ridgeClassifier } from "./ridge-classifier.js";
import { fitSlope } from "./softmax-slope.js";
import { fitStandardizer } from "./standardizer.js";

interface Fit {
  alpha: number;
  classWeight: "none" | "balanced";
  decisions: number[][];
  labels: number[];
  unseen: number[][];
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../test/golden/${name}.json`, import.meta.url), "utf8"));
const golden = read("sklearn-ridge") as {
  tolerance: { decisions: number; unseen: number };
  fits: Record<string, Fit[]>;
};

function parts(name: string) {
  const { x, y } = read(`sklearn-models-${name}`) as { x: number[][]; y: number[] };
  const table = functionalsTable(
    x.map((_, i) => `row-${i}`),
    x[0].map((_, j) => `column-${j}`),
    matrixFromRows(x),
  );
  const rows = x.map((_, i) => i);
  const [train, test] = [rows.filter((i) => i % 3 !== 0), rows.filter((i) => i % 3 === 0)];
  const classes = [...new Set(y)].sort((a, b) => a - b).map(String);
  const labels = Int32Array.from(train, (i) => y[i]);
  return {
    train: takeUtterances(table, train),
    test: takeUtterances(table, test),
    targets: { classes, labels },
  };
}

const cases = Object.entries(golden.fits).flatMap(([name, fits]) => fits.map((fit) => ({ name, ...fit })));

/** Columns of decision values as scikit-learn has them: one for two classes. */
function columnsOf(model: DecisionModel, table: FeatureTable): number[][] {
  const { data, rows, cols } = model.decisions(table)!;
  const two = cols === 2;
  return Array.from({ length: rows }, (_, i) =>
    two ? [data[2 * i + 1]] : Array.from(data.subarray(i * cols, (i + 1) * cols)),
  );
}

describe("scikit-learn's RidgeClassifier", () => {
  it.each(cases)("$name, alpha $alpha, class weight $classWeight", async (fit) => {
    const { train, test, targets } = parts(fit.name);
    const { alpha, classWeight } = fit;
    const model = (await ridgeClassifier
      .create({ alpha, classWeight, blockWeights: "none" })
      .fit(train, targets, { random: random(1) })) as DecisionModel;
    const found = columnsOf(model, test);
    expect(found.slice(0, 40).flat()).toBeAllClose(fit.decisions.flat(), {
      atol: golden.tolerance.decisions,
      rtol: 1e-5,
    });
    const labels = found.map((own) =>
      own.length === 1 ? Number(own[0] > 0) : own.indexOf(Math.max(...own)),
    );
    expect(labels).toEqual(fit.labels);
  });

  it.each(cases)("values of unseen rows of $name, alpha $alpha, in both forms", async (fit) => {
    const { train, targets } = parts(fit.name);
    const { labels, classes } = targets;
    const n = labels.length;
    const prepared = fitStandardizer(train.frames).transform(train.frames);
    const counts = classes.map((_, k) => labels.filter((label) => label === k).length);
    const rows: RidgeRows = {
      x: prepared,
      targets: block(
        classes.length,
        n,
        Float64Array.from(classes.flatMap((_, k) => Array.from(labels, (label) => (label === k ? 1 : -1)))),
      ),
      weights: Float64Array.from(labels, (label) =>
        fit.classWeight === "none" ? 1 : n / (classes.length * counts[label]),
      ),
      folds: labels.map((_, i) => i % 5),
    };
    for (const system of [await dualRidge(rows), await primalRidge(rows)]) {
      const values = [0, 1, 2, 3, 4].map((fold) => system.valuesWithout(fold, [fit.alpha, 2 * fit.alpha])[0]);
      const shown = fit.unseen.map((_, i) =>
        (classes.length === 2 ? [1] : classes.map((_, k) => k)).map((k) => {
          const { data, cols } = values[i % 5];
          return data[k * cols + Math.floor(i / 5)];
        }),
      );
      expect(shown.flat()).toBeAllClose(fit.unseen.flat(), { atol: golden.tolerance.unseen, rtol: 5e-3 });
    }
  });
});

describe("the two forms", () => {
  it("have one minimum, whatever the shape", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.integer({ min: 1, max: 1e6 }),
          n: fc.integer({ min: 2, max: 14 }),
          cols: fc.integer({ min: 1, max: 14 }),
        }),
        async ({ seed, n, cols }) => {
          const stream = random(seed);
          const values = (count: number) => Float64Array.from({ length: count }, () => stream.normal());
          const rows = {
            x: matrix(n, cols, Float32Array.from(values(n * cols))),
            targets: block(2, n, values(2 * n)),
            weights: values(n).map((v) => Math.exp(v)),
            folds: Int32Array.from({ length: n }, (_, i) => i % 3),
          };
          const [dual, primal] = [await dualRidge(rows), await primalRidge(rows)];
          expect(dual.scale).toBeAllClose(primal.scale, { rtol: 1e-9 });
          const [a, b] = [dual.solve(0.7), primal.solve(0.7)];
          expect(a.weights.data).toBeAllClose(b.weights.data, { atol: 1e-8, rtol: 1e-8 });
          expect(a.bias).toBeAllClose(b.bias, { atol: 1e-8, rtol: 1e-8 });
        },
      ),
    );
  });

  it.each([
    { form: dualRidge, n: 70, cols: 120 },
    { form: primalRidge, n: 2500, cols: 60 },
  ])("agree with themselves when products are rounded to float32: $n × $cols", async ({ form, n, cols }) => {
    const stream = random(4);
    const values = (count: number) => Float64Array.from({ length: count }, () => stream.normal());
    const rows = {
      x: matrix(
        n,
        cols,
        Float32Array.from(values(n * cols), (value) => value + 3),
      ),
      targets: block(3, n, values(3 * n)),
      weights: values(n).map(Math.exp),
      folds: Int32Array.from({ length: n }, (_, i) => i % 4),
    };
    const [exact, rough] = [await form(rows), await form({ ...rows, rough: true })];
    const alphas = [0.25, 1, 16].map((strength) => strength * exact.scale);
    const [a, b] = [rough, exact].map((system) => system.solve(alphas[0]));
    expect(a.weights.data).toBeAllClose(b.weights.data, { atol: 1e-6 });
    expect(a.bias).toBeAllClose(b.bias, { atol: 1e-6 });
    const [some, expected] = [rough, exact].map((system) =>
      system.part([2, 0], new Set([0, 1, 3])).valuesWithout(1, alphas),
    );
    some.forEach((found, s) => {
      expect(found.data).toBeAllClose(expected[s].data, { atol: 2e-3 });
    });
  });

  it("gives the mean of the targets when the strength is beyond all", async () => {
    const rows = {
      x: matrix(3, 1, Float32Array.of(1, 2, 4)),
      targets: block(1, 3, Float64Array.of(1, -1, -1)),
      weights: Float64Array.of(2, 1, 1),
    };
    for (const form of [dualRidge, primalRidge]) {
      const { weights, bias } = (await form(rows)).solve(1e12);
      expect(weights.data[0]).toBeAllClose(0, { atol: 1e-9 });
      expect(bias[0]).toBeAllClose(0, { atol: 1e-9 });
    }
  });

  it("is a line through two rows when the strength vanishes", async () => {
    const rows = {
      x: matrix(2, 1, Float32Array.of(1, 3)),
      targets: block(1, 2, Float64Array.of(1, -1)),
      weights: Float64Array.of(1, 5),
    };
    for (const form of [dualRidge, primalRidge]) {
      const { weights, bias } = (await form(rows)).solve(1e-9);
      expect(weights.data[0]).toBeAllClose(-1, { atol: 1e-6 });
      expect(bias[0]).toBeAllClose(2, { atol: 1e-6 });
    }
  });
});

describe("solveShifted", () => {
  it("solves a diagonal matrix for every shift", () => {
    const diagonal = Float64Array.of(0, 1, 5, 100, 1e4);
    const b = Float64Array.of(1, 2, 3, 4, 5, -1, 0, 0, 2, 7);
    const shifts = [0.5, 2, 300];
    const solutions = solveShifted(
      {
        size: 5,
        apply: (vectors, _, out) =>
          vectors.forEach((value, i) => {
            out[i] = value * diagonal[i % 5];
          }),
      },
      b,
      { shifts, count: 2, tolerance: 1e-12, maxIterations: 50 },
    );
    shifts.forEach((shift, k) => {
      expect(solutions[k]).toBeAllClose(
        b.map((value, i) => value / (diagonal[i % 5] + shift)),
        { rtol: 1e-8, atol: 1e-10 },
      );
    });
  });
});

describe("blocks", () => {
  it("takes what stands before a name's last colon as its block", () => {
    const names = ["a:x", "a:y", "a:b:z", "plain", "other", "more", "a:w"];
    expect(columnWeights(names).map((w) => 1 / w ** 2)).toBeAllClose([3, 3, 1, 3, 3, 3, 3], { atol: 1e-12 });
  });

  it("lets a block say the same when its columns stand there twice", async () => {
    const stream = random(5);
    const n = 60;
    const labels = Int32Array.from({ length: n }, (_, i) => i % 3);
    const base = Array.from(labels, (label) => [
      stream.normal() + label,
      stream.normal() - label,
      stream.normal(),
    ]);
    const classes = ["a", "b", "c"];
    const learn = async (rows: number[][], names: string[], params = {}) => {
      const table = functionalsTable(
        Array.from(labels, (_, i) => `r${i}`),
        names,
        matrixFromRows(rows),
      );
      const model = await ridgeClassifier
        .create({ alpha: 3, ...params })
        .fit(table, { classes, labels }, { random: random(1) });
      return (await model.predict(table)).scores!.data;
    };
    const once = await learn(base, ["p:0", "q:1", "q:2"]);
    const twice = base.map(([a, b, c]) => [a!, b!, c!, b!, c!]);
    const names = ["p:0", "q:1", "q:2", "q:3", "q:4"];
    expect(await learn(twice, names)).toBeAllClose(once, { atol: 1e-5 });
    expect(await learn(twice, names, { blockWeights: "none" })).not.toBeAllClose(once, { atol: 1e-3 });
    // A block that counts nothing might as well not be there; equal shares are no shares.
    const without = await learn(
      base.map(([a]) => [a!]),
      ["p:0"],
    );
    expect(await learn(base, ["p:0", "q:1", "q:2"], { blockWeights: { q: 0 } })).toBeAllClose(without, {
      atol: 1e-5,
    });
    const rest = await learn(
      base.map(([, b, c]) => [b!, c!]),
      ["q:1", "q:2"],
    );
    expect(await learn(base, ["p:0", "q:1", "q:2"], { blockWeights: { p: 0 } })).toBeAllClose(rest, {
      atol: 1e-5,
    });
    // Where nothing counts, nothing is known.
    const nothing = await learn(base, ["p:0", "q:1", "q:2"], { blockWeights: { p: 0, q: 0 } });
    expect(nothing).toBeAllClose(new Float32Array(3 * n).fill(1 / 3), { atol: 1e-6 });
    expect(await learn(twice, names, { blockWeights: { p: 1, q: 1 } })).toEqual(await learn(twice, names));
    await expect(learn(twice, names, { blockWeights: { r: 1 } })).rejects.toMatchObject({
      code: "learn/bad-parameter",
      message: expect.stringContaining("'r', expected blocks of the columns: p, q"),
    });
  });

  it("hears only the direction of each block with unit blocks, in its graph too", async () => {
    const stream = random(5);
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 3);
    const names = ["p:0", "p:1", "p:2", "q:0", "q:1"];
    const rows = matrix(60, 5);
    rows.data.forEach((_, at) => {
      rows.data[at] = stream.normal() + (at % 5 === labels[Math.floor(at / 5)] ? 1.5 : 0);
    });
    const ids = Array.from(labels, (_, i) => `r${i}`);
    const model = await ridgeClassifier
      .create({ alpha: 3, unitBlocks: true, standardize: false })
      .fit(functionalsTable(ids, names, rows), { classes: ["a", "b", "c"], labels }, { random: random(1) });
    const far = matrix(
      60,
      5,
      rows.data.map((value, at) => value * (at % 5 < 3 ? 40 : 0.1)),
    );
    const { scores } = await model.predict(functionalsTable(ids, names, rows));
    expect((await model.predict(functionalsTable(ids, names, far))).scores!.data).toBeAllClose(scores!.data, {
      atol: 1e-5,
    });
    const session = await InferenceSession.create(model.toOnnx());
    for (const given of [rows, far, matrix(60, 5)]) {
      const own = (await model.predict(functionalsTable(ids, names, given))).scores!.data;
      const found = await session.run({ features: new Tensor("float32", given.data, [60, 5]) });
      expect(found.scores.data as Float32Array).toBeAllClose(own, { atol: 1e-5 });
    }
    await session.release();
  });
});

describe("fitSlope", () => {
  it("finds the slope that made the labels", () => {
    const stream = random(3);
    const n = 20000;
    const values = block(3, n);
    const labels = Int32Array.from({ length: n }, (_, i) => {
      const z = [0, 1, 2].map((k) => {
        values.data[k * n + i] = stream.normal();
        return Math.exp(2.5 * values.data[k * n + i]);
      });
      const draw = stream.next() * (z[0] + z[1] + z[2]);
      return [z[0], z[0] + z[1], Number.POSITIVE_INFINITY].findIndex((reached) => draw < reached);
    });
    const { slope, loss } = fitSlope(values, labels, new Float64Array(n).fill(1));
    expect(slope).toBeAllClose(2.5, { rtol: 0.04 });
    expect(loss).toBeLessThan(Math.log(3));
  });

  it("tells nothing from values that tell nothing", () => {
    const { loss } = fitSlope(block(2, 4), Int32Array.of(0, 1, 0, 1), Float64Array.of(1, 1, 1, 1));
    expect(loss).toBeAllClose(Math.LN2, { atol: 1e-12 });
  });
});

describe("alpha auto", () => {
  it("does better on new rows than a ridge that is all but none, where most columns are noise", async () => {
    const stream = random(9);
    const clouds = (rows: number): { table: FeatureTable; labels: Int32Array } => {
      const labels = Int32Array.from({ length: rows }, (_, i) => i % 2);
      const frames = matrix(rows, 60);
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < 60; j++)
          frames.data[i * 60 + j] = stream.normal() + (j < 4 ? 1.2 * (labels[i] - 0.5) : 0);
      const ids = Array.from(labels, (_, i) => `r${i}`);
      const names = Array.from({ length: 60 }, (_, j) => `c${j}`);
      return { table: functionalsTable(ids, names, frames), labels };
    };
    const [train, test] = [clouds(80), clouds(400)];
    const groups = train.labels.map((_, i) => Math.floor(i / 8));
    const loss = async (params: Record<string, unknown>): Promise<number> => {
      const model = await ridgeClassifier
        .create(params)
        .fit(train.table, { classes: ["x", "y"], labels: train.labels, groups }, { random: random(1) });
      const { data } = (await model.predict(test.table)).scores!;
      return -test.labels.reduce((sum, label, i) => sum + Math.log(data[2 * i + label]), 0) / 400;
    };
    expect(await loss({})).toBeLessThan((await loss({ alpha: 1e-3 })) - 0.02);
  });
});

describe("copies of one speaker's recordings", () => {
  it("stay in one inner fold, so that noise is not taken for certainty", async () => {
    const draw = random(5);
    const noise = (rows: number) => {
      const made = matrix(rows, 200);
      for (let i = 0; i < made.data.length; i++) made.data[i] = draw.normal();
      return made;
    };
    const ids = Array.from({ length: 30 }, (_, i) => `clip-${i}`);
    const names = Array.from({ length: 200 }, (_, j) => `column-${j}`);
    const once = functionalsTable(ids, names, noise(30));
    const copies = stackTables([once, once, once]);
    const labels = Int32Array.from(copies.ids, (id) => Number(id.slice(5)) % 3);
    const targets = { classes: ["a", "b", "c"], labels, groups: new Int32Array(90) };
    const model = await ridgeClassifier.create().fit(copies, targets, { random: random(1) });
    const { scores } = await model.predict(functionalsTable(ids, names, noise(30)));
    expect(Math.max(...scores!.data)).toBeLessThan(0.6);
  });
});
