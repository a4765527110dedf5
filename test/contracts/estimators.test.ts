/** What every estimator in the list keeps to. */
import { readFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import {
  type FeatureTable,
  functionalsTable,
  takeUtterances,
} from "../../packages/core/src/data/feature-table.js";
import type { ClassTargets, FitContext, Model } from "../../packages/core/src/learn/estimator.js";
import { estimator, estimators } from "../../packages/core/src/learn/index.js";
import { matrix, matrixFromRows } from "../../packages/core/src/math/matrix.js";
import { random } from "../../packages/core/src/math/random.js";
import { readModel } from "../../packages/core/src/onnx/read-model.js";

/** Settings that keep the contract quick; they change none of what it checks. */
const quick: Record<string, Record<string, unknown>> = {
  "random-forest": { trees: 25 },
  "extra-trees": { trees: 25 },
  "hist-gradient-boosting": { rounds: 5, minLeaf: 5, learningRate: 0.3 },
  voting: { members: ["logistic-regression", { kind: "random-forest", params: { trees: 10 }, weight: 2 }] },
  stacking: { members: ["linear-discriminant-analysis", "gaussian-naive-bayes"], folds: 3 },
};

const classes = ["zebra", "ape", "mole", "bee"];

interface Data {
  readonly table: FeatureTable;
  readonly targets: ClassTargets;
}

/** Four overlapping clouds in `cols` dimensions, the last column constant, scales from 0.01 to 1000. */
function clouds(rows = 90, cols = 7, seed = 1): Data {
  const stream = random(seed);
  const frames = matrix(rows, cols);
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 4);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const value = stream.normal() + (j % 4 === labels[i] ? 1.5 : 0);
      frames.data[i * cols + j] = j === cols - 1 ? 0.1 : 10 ** ((j % 6) - 2) * (value + 3);
    }
  }
  const ids = Array.from({ length: rows }, (_, i) => `row-${i}`);
  const names = Array.from({ length: cols }, (_, j) => `column-${j}`);
  const groups = Int32Array.from({ length: rows }, (_, i) => Math.floor(i / 15));
  return { table: functionalsTable(ids, names, frames), targets: { classes, labels, groups } };
}

function golden(name: string): Data {
  const url = new URL(`../golden/sklearn-models-${name}.json`, import.meta.url);
  const { x, y } = JSON.parse(readFileSync(url, "utf8")) as { x: number[][]; y: number[] };
  const table = functionalsTable(
    x.map((_, i) => `row-${i}`),
    x[0].map((_, j) => `column-${j}`),
    matrixFromRows(x),
  );
  return {
    table,
    targets: { classes: [...new Set(y)].sort((a, b) => a - b).map(String), labels: Int32Array.from(y) },
  };
}

function rowsOf({ table, targets }: Data, rows: readonly number[]): Data {
  const taken = { classes: targets.classes, labels: Int32Array.from(rows, (i) => targets.labels[i]) };
  return { table: takeUtterances(table, rows), targets: taken };
}

const context = (seed = 1): FitContext => ({ random: random(seed) });

async function onnxScores(model: Model, table: FeatureTable): Promise<Float32Array> {
  const session = await InferenceSession.create(model.toOnnx(), { intraOpNumThreads: 1 });
  const { data, rows, cols } = table.frames;
  const { scores } = await session.run({ features: new Tensor("float32", data, [rows, cols]) });
  expect(scores!.dims).toEqual([rows, model.classes.length]);
  await session.release();
  return scores!.data as Float32Array;
}

function expectProbabilities(scores: Float32Array, width: number): void {
  for (let i = 0; i < scores.length; i += width) {
    let sum = 0;
    for (let k = i; k < i + width; k++) {
      expect(scores[k]).toBeGreaterThanOrEqual(0);
      sum += scores[k];
    }
    expect(sum).toBeCloseTo(1, 5);
  }
}

describe.each(estimators.map((factory) => factory.kind))("estimator %s", (kind) => {
  const make = (params: Record<string, unknown> = {}) => estimator(kind, { ...quick[kind], ...params });
  const learn = ({ table, targets }: Data, params: Record<string, unknown> = {}) =>
    make(params).fit(table, targets, context());

  it("learns, and gives probabilities in the order of the classes", async () => {
    const data = clouds();
    const model = await learn(data);
    expect(model).toMatchObject({ kind, classes, features: 7 });
    const { data: scores } = await model.predict(data.table);
    expectProbabilities(scores, 4);
    const right = data.targets.labels.filter((label, i) => {
      const own = Array.from(scores.subarray(4 * i, 4 * i + 4));
      return own.indexOf(Math.max(...own)) === label;
    });
    expect(right.length / 90).toBeGreaterThan(0.7);
  });

  it("gives the same model for the same seed, forgets what it learnt before, and changes no input", async () => {
    const data = clouds();
    const frames = data.table.frames.data.slice();
    const labels = data.targets.labels.slice();
    const one = make();
    const first = await one.fit(data.table, data.targets, context());
    await one.fit(clouds(60, 7, 2).table, clouds(60, 7, 2).targets, context());
    const again = await one.fit(data.table, data.targets, context());
    expect(again.toOnnx()).toEqual(first.toOnnx());
    expect(data.table.frames.data).toEqual(frames);
    expect(data.targets.labels).toEqual(labels);
  });

  it("keeps its parameters through JSON", async () => {
    const own = make();
    const copy = estimator(kind, JSON.parse(JSON.stringify(own.params)));
    expect(copy.params).toEqual(own.params);
    expect(Object.isFrozen(own.params)).toBe(true);
    const { table, targets } = clouds();
    expect((await copy.fit(table, targets, context())).toOnnx()).toEqual(
      (await own.fit(table, targets, context())).toOnnx(),
    );
  });

  it.each([
    ["an unknown name", { nonsense: 1 }],
    ["an unknown class weight", { classWeight: "heavy" }],
    ["no flag", { standardize: 1 }],
  ])("refuses %s as parameter", (_, params) => {
    expect(() => make(params)).toThrow(expect.objectContaining({ code: "learn/bad-parameter" }));
  });

  it("refuses a value of the wrong kind for each of its own parameters", () => {
    const factory = estimators.find((candidate) => candidate.kind === kind)!;
    for (const [name, { default: value, expected }] of Object.entries(factory.parameters)) {
      for (const wrong of [-1, 0, Number.NaN, Number.POSITIVE_INFINITY, null, "nonsense", {}]) {
        if (wrong === 0 && expected.includes("from 0")) continue;
        expect(() => make({ [name]: wrong }), `${name} = ${String(wrong)}`).toThrow(
          expect.objectContaining({ code: "learn/bad-parameter" }),
        );
      }
      expect(make({ [name]: value }).params).toMatchObject({ [name]: value });
    }
  });

  it("refuses a single class, a single row, no row and values that are not finite", async () => {
    const data = clouds();
    const only = rowsOf(data, [0, 4, 8, 12]);
    await expect(learn(only)).rejects.toMatchObject({ code: "learn/single-class" });
    await expect(learn(rowsOf(data, [3]))).rejects.toMatchObject({ code: "learn/too-few-rows" });
    await expect(learn(rowsOf(data, []))).rejects.toMatchObject({ code: "learn/too-few-rows" });
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const broken = clouds();
      broken.table.frames.data[10] = wrong;
      await expect(learn(broken)).rejects.toMatchObject({ code: "learn/not-finite" });
      const model = await learn(data);
      await expect(model.predict(broken.table)).rejects.toMatchObject({ code: "learn/not-finite" });
    }
    const weights = new Float32Array(90).fill(1);
    weights[5] = Number.NaN;
    await expect(learn({ ...data, targets: { ...data.targets, weights } })).rejects.toMatchObject({
      code: "learn/not-finite",
    });
  });

  it("refuses a table of another width, and one with several rows an utterance", async () => {
    const model = await learn(clouds());
    await expect(model.predict(clouds(10, 6).table)).rejects.toMatchObject({ code: "features/mismatch" });
    const { table, targets } = clouds(4);
    const frames = { ...table, offsets: Uint32Array.of(0, 2, 3, 4, 4) };
    await expect(learn({ table: frames, targets })).rejects.toMatchObject({ code: "features/mismatch" });
  });

  it("predicts rows one by one as it predicts them together", async () => {
    const data = clouds();
    const model = await learn(data);
    const whole = await model.predict(data.table);
    for (const rows of [[7], [89, 0, 44]]) {
      const part = await model.predict(takeUtterances(data.table, rows));
      expect(part.data).toBeAllClose(
        rows.flatMap((i) => Array.from(whole.data.subarray(4 * i, 4 * i + 4))),
        { atol: 1e-7 },
      );
    }
    expect((await model.predict(takeUtterances(data.table, []))).rows).toBe(0);
  });

  it("takes constant columns, whatever they hold later when it standardizes", async () => {
    const data = clouds();
    const model = await learn(data, { standardize: true });
    const before = await model.predict(data.table);
    for (let i = 0; i < 90; i++) data.table.frames.data[i * 7 + 6] = 1e6;
    expect((await model.predict(data.table)).data).toEqual(before.data);
    const constant = functionalsTable(["a", "b", "c"], ["x"], matrix(3, 1, Float32Array.of(2, 2, 2)));
    const flat = await make().fit(
      constant,
      { classes: ["x", "y"], labels: Int32Array.of(0, 1, 1) },
      context(),
    );
    expectProbabilities((await flat.predict(constant)).data, 2);
  });

  it("scores 0 for a class that no row has, in the graph too", async () => {
    const data = clouds();
    const rows = Array.from({ length: 90 }, (_, i) => i).filter((i) => data.targets.labels[i] !== 1);
    const model = await learn(rowsOf(data, rows));
    expect(model.classes).toEqual(classes);
    const { data: scores } = await model.predict(data.table);
    expectProbabilities(scores, 4);
    expect(scores.filter((_, at) => at % 4 === 1).every((score) => score === 0)).toBe(true);
    expect(await onnxScores(model, data.table)).toBeAllClose(scores, { atol: 1e-5, rtol: 0 });
  });

  it("learns from a class with one row, and from two rows in all", async () => {
    const data = clouds();
    const rows = Array.from({ length: 90 }, (_, i) => i).filter(
      (i) => data.targets.labels[i] !== 1 || i === 1,
    );
    expectProbabilities((await (await learn(rowsOf(data, rows))).predict(data.table)).data, 4);
    expectProbabilities((await (await learn(rowsOf(data, [0, 1]))).predict(data.table)).data, 4);
  });

  it("leaves out rows of weight 0", async () => {
    const data = clouds();
    const weights = Float32Array.from({ length: 90 }, (_, i) => (i < 60 ? 1 : 0));
    const { groups: _, ...targets } = data.targets;
    const weighed = await make().fit(data.table, { ...targets, weights }, context());
    const kept = await learn(
      rowsOf(
        data,
        Array.from({ length: 60 }, (_, i) => i),
      ),
    );
    expect(weighed.toOnnx()).toEqual(kept.toOnnx());
  });

  it("learns from votes, those that all agree on as from labels, and refuses broken ones", async () => {
    const data = clouds();
    const hard = matrix(90, 4);
    data.targets.labels.forEach((label, i) => {
      hard.data[4 * i + label] = 3;
    });
    const learnt = async (votes: typeof hard, params: Record<string, unknown> = {}) =>
      make({ learnFrom: "votes", classWeight: "none", ...params }).fit(
        data.table,
        { ...data.targets, votes },
        context(),
      );
    const agreed = await learnt(hard);
    expect(agreed.toOnnx()).toEqual((await learn(data, { classWeight: "none" })).toOnnx());
    // Every second row of class 0 was heard as class 1 by most.
    const split = matrix(90, 4, hard.data.slice());
    data.targets.labels.forEach((label, i) => {
      if (label === 0) split.data.set([1, 3, 0, 0], 4 * i);
    });
    const torn = await learnt(split);
    const share = async (model: Model) => {
      const { data: scores } = await model.predict(data.table);
      expectProbabilities(scores, 4);
      const own = data.targets.labels.reduce((sum, label, i) => sum + (label === 0 ? scores[4 * i] : 0), 0);
      return own / data.targets.labels.filter((label) => label === 0).length;
    };
    expect(await share(torn)).toBeLessThan((await share(agreed)) - 0.1);
    expect(await onnxScores(torn, data.table)).toBeAllClose((await torn.predict(data.table)).data, {
      atol: 1e-5,
      rtol: 0,
    });
    hard.data[7] = -1;
    await expect(learnt(hard)).rejects.toMatchObject({ code: "learn/not-finite" });
  });

  it("stops when the signal says so, and tells how far it is", async () => {
    const { table, targets } = clouds();
    const parts: number[] = [];
    const stop = new AbortController();
    const running = make().fit(table, targets, {
      ...context(),
      signal: stop.signal,
      onProgress: (part) => {
        parts.push(part);
      },
      pause: async () => stop.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
    parts.length = 0;
    await make().fit(table, targets, { ...context(), onProgress: (part) => parts.push(part) });
    expect(parts.every((part, i) => part >= (parts[i - 1] ?? 0) && part <= 1)).toBe(true);
    expect(parts.at(-1)).toBe(1);
  });

  it.each(["iris", "iris-two", "wine", "digits"])(
    "exports a graph that agrees with predict on %s",
    async (name) => {
      const data = golden(name);
      for (const params of [{}, { standardize: false, classWeight: "none" }]) {
        const model = await learn(data, params);
        const { data: scores } = await model.predict(data.table);
        expectProbabilities(scores, model.classes.length);
        expect(await onnxScores(model, data.table)).toBeAllClose(scores, { atol: 1e-5, rtol: 0 });
      }
    },
  );

  it("exports a graph that agrees on rows far from all that it has seen", async () => {
    const data = clouds();
    const model = await learn(data);
    const far = functionalsTable(data.table.ids, data.table.names, {
      ...data.table.frames,
      data: data.table.frames.data.map((value, i) => value * (i % 3 === 0 ? -300 : 50)),
    });
    const { data: scores } = await model.predict(far);
    expectProbabilities(scores, 4);
    expect(await onnxScores(model, far)).toBeAllClose(scores, { atol: 1e-5, rtol: 0 });
  });

  it("exports only what the reader of models takes", async () => {
    const { graph, opsets } = readModel((await learn(clouds())).toOnnx());
    expect(Object.keys(opsets)).toEqual(["", "ai.onnx.ml"]);
    expect(graph.inputs).toEqual([{ name: "features", type: "float32", dims: ["N", 7] }]);
    expect(graph.outputs).toEqual([{ name: "scores", type: "float32", dims: ["N", 4] }]);
  });

  it("learns from more features than rows", async () => {
    const data = clouds(40, 120);
    const model = await learn(data);
    const { data: scores } = await model.predict(data.table);
    expectProbabilities(scores, 4);
    expect(await onnxScores(model, data.table)).toBeAllClose(scores, { atol: 1e-5, rtol: 0 });
  });
});

describe("the list of estimators", () => {
  it("refuses a kind that it does not have", () => {
    expect(() => estimator("oracle")).toThrow(expect.objectContaining({ code: "learn/unknown-model" }));
  });

  it("names each kind once and says what it is", () => {
    expect(new Set(estimators.map((factory) => factory.kind)).size).toBe(estimators.length);
    for (const { kind, summary } of estimators) {
      expect(kind).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(summary.length).toBeGreaterThan(10);
    }
  });
});
