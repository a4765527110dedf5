/** What every estimator in the list keeps to, for each sort of targets that it says it learns. */
import { readFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it as vitestIt } from "vitest";
import {
  type FeatureTable,
  functionalsTable,
  takeUtterances,
} from "../../packages/core/src/data/feature-table.js";
import type {
  ClassTargets,
  EstimatorFactory,
  FitContext,
  Model,
  PerHead,
  TargetKind,
  Targets,
  ValueTargets,
} from "../../packages/core/src/learn/estimator.js";
import { estimator, estimators, estimatorsOf } from "../../packages/core/src/learn/estimators.js";
import { pairOf } from "../../packages/core/src/learn/pair.js";
import { type Matrix, matrix, matrixFromRows, takeRows } from "../../packages/core/src/math/matrix.js";
import { random } from "../../packages/core/src/math/random.js";
import { readModel } from "../../packages/core/src/onnx/read-model.js";
import { sharedTrunk } from "./shared-trunk.js";

/** Settings that keep the contract quick; they change none of what it checks. */
const quick: Record<string, Record<string, unknown>> = {
  "random-forest/classes": { trees: 25 },
  "extra-trees/classes": { trees: 25 },
  "hist-gradient-boosting/classes": { rounds: 5, minLeaf: 5, learningRate: 0.3 },
  "voting/classes": {
    members: ["logistic-regression", { kind: "random-forest", params: { trees: 10 }, weight: 2 }],
  },
  "stacking/classes": { members: ["linear-discriminant-analysis", "gaussian-naive-bayes"], folds: 3 },
  "random-forest/values": { trees: 10 },
  "extra-trees/values": { trees: 10 },
  "hist-gradient-boosting/values": { rounds: 20, minLeaf: 5 },
};

/** What an estimator does not keep to, and why: `kind/targets` -> the check's name -> the reason. */
const exceptions: Record<string, Record<string, string>> = {
  "linear-svm+ridge-regression/both": {
    "refuses unknown parameters": "its parts have checked their own",
  },
};

/** A pair stands for all: it is made of two estimators of the list. */
const pair: EstimatorFactory = {
  kind: "linear-svm+ridge-regression",
  learns: ["both"],
  summary: "Two estimators as one",
  parameters: {},
  create({ classes, values } = {}) {
    const [ofClasses, ofValues] = [classes, values] as Record<string, unknown>[];
    return pairOf(estimator("linear-svm", ofClasses), estimator("ridge-regression", ofValues, "values"));
  },
};

const classes = ["zebra", "ape", "mole", "bee"];
const names = ["valence", "arousal"];

interface Data<T extends Targets = Targets> {
  readonly table: FeatureTable;
  readonly targets: T;
}

function tableOf(frames: Matrix): FeatureTable {
  return functionalsTable(
    Array.from({ length: frames.rows }, (_, i) => `row-${i}`),
    Array.from({ length: frames.cols }, (_, j) => `column-${j}`),
    frames,
  );
}

/** Four overlapping clouds in `cols` dimensions, the last column constant, scales from 0.01 to 1000. */
function clouds(rows = 90, cols = 7, seed = 1): Data<ClassTargets> {
  const stream = random(seed);
  const frames = matrix(rows, cols);
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 4);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const value = stream.normal() + (j % 4 === labels[i] ? 1.5 : 0);
      frames.data[i * cols + j] = j === cols - 1 ? 0.1 : 10 ** ((j % 6) - 2) * (value + 3);
    }
  }
  const groups = Int32Array.from({ length: rows }, (_, i) => Math.floor(i / 15));
  return { table: tableOf(frames), targets: { classes, labels, groups } };
}

/** Values that depend on the first columns; the last column is constant, scales go from 0.1 to 100. */
function slopes(rows = 90, cols = 7, seed = 1): Data<ValueTargets> {
  const stream = random(seed);
  const frames = matrix(rows, cols);
  const values = matrix(rows, 2);
  for (let i = 0; i < rows; i++) {
    const own = Array.from({ length: cols }, () => stream.normal());
    own.forEach((value, j) => {
      frames.data[i * cols + j] = j === cols - 1 ? 0.1 : 10 ** ((j % 4) - 1) * (value + 2);
    });
    values.data[2 * i] = 3 + own[0]! + 0.5 * own[1]! + 0.2 * stream.normal();
    values.data[2 * i + 1] = 4 * own[1]! - own[2]! + 0.2 * stream.normal();
  }
  return { table: tableOf(frames), targets: { names, values } };
}

/** The clouds, with values that depend on their first columns. */
function both(rows = 90, cols = 7, seed = 1): Data<ClassTargets & ValueTargets> {
  const { table, targets } = clouds(rows, cols, seed);
  const values = matrix(rows, 2);
  for (let i = 0; i < rows; i++) {
    const [a, b, c] = [0, 1, 2].map((j) => table.frames.data[i * cols + j]! * 10 ** (2 - j) - 3);
    values.data[2 * i] = 3 + a! + 0.5 * b!;
    values.data[2 * i + 1] = 4 * b! - c!;
  }
  return { table, targets: { ...targets, names, values } };
}

const makers: Record<TargetKind, (rows?: number, cols?: number, seed?: number) => Data> = {
  classes: clouds,
  values: slopes,
  both,
};

function rowsOf({ table, targets }: Data, rows: readonly number[]): Data {
  const taken = {
    ...("labels" in targets && {
      classes: targets.classes,
      labels: Int32Array.from(rows, (i) => targets.labels[i]),
    }),
    ...("values" in targets && { names: targets.names, values: takeRows(targets.values, rows) }),
  };
  return { table: takeUtterances(table, rows), targets: taken as Targets };
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const context = (seed = 1): FitContext => ({ random: random(seed) });

/** Each head's numbers: scores must be probabilities, values finite. */
function numbersOf({ scores, dimensions }: PerHead<Matrix>): Matrix[] {
  if (scores) expectProbabilities(scores);
  expect(dimensions?.data.every(Number.isFinite) ?? true).toBe(true);
  return [scores, dimensions].filter((head) => head !== undefined);
}

function expectProbabilities({ data, cols }: Matrix): void {
  for (let i = 0; i < data.length; i += cols) {
    let sum = 0;
    for (let k = i; k < i + cols; k++) {
      expect(data[k]).toBeGreaterThanOrEqual(0);
      sum += data[k];
    }
    expect(sum).toBeCloseTo(1, 5);
  }
}

async function expectSameInGraph(model: Model, table: FeatureTable): Promise<void> {
  const found = await model.predict(table);
  numbersOf(found);
  const session = await InferenceSession.create(model.toOnnx(), { intraOpNumThreads: 1 });
  const { data, rows, cols } = table.frames;
  const { scores, values } = await session.run({ features: new Tensor("float32", data, [rows, cols]) });
  await session.release();
  const { heads } = model;
  expect([scores?.dims, values?.dims]).toEqual([
    heads.scores && [rows, heads.scores.classes.length],
    heads.dimensions && [rows, heads.dimensions.names.length],
  ]);
  if (found.scores)
    expect(scores!.data as Float32Array).toBeAllClose(found.scores.data, { atol: 1e-5, rtol: 0 });
  if (found.dimensions)
    expect(values!.data as Float32Array).toBeAllClose(found.dimensions.data, { atol: 1e-5, rtol: 1e-5 });
}

function golden(name: string): Data<ClassTargets> {
  const url = new URL(`../golden/sklearn-models-${name}.json`, import.meta.url);
  const { x, y } = JSON.parse(readFileSync(url, "utf8")) as { x: number[][]; y: number[] };
  return {
    table: tableOf(matrixFromRows(x)),
    targets: { classes: [...new Set(y)].sort((a, b) => a - b).map(String), labels: Int32Array.from(y) },
  };
}

const cases = [...estimators, sharedTrunk, pair].flatMap((factory) =>
  factory.learns.map((learns) => [factory.kind, learns, factory] as const),
);

describe.each(cases)("%s of %s", (kind, learns, factory) => {
  const name = `${kind}/${learns}`;
  const it = (check: string, run: () => void | Promise<void>): void => {
    const reason = exceptions[name]?.[check];
    if (reason === undefined) vitestIt(check, run);
    else vitestIt.skip(`${check}: not kept to, ${reason}`, () => {});
  };
  const make = (params: Record<string, unknown> = {}) =>
    factory.create({ ...quick[name], ...params }, learns);
  const learn = ({ table, targets }: Data, params: Record<string, unknown> = {}) =>
    make(params).fit(table, targets, context());
  const some = makers[learns];
  const codeOf = (code: string) => expect.objectContaining({ code });

  it("learns what it says, in the order of classes and names", async () => {
    const data = some();
    const model = await learn(data);
    expect(make().learns).toBe(learns);
    expect(model).toMatchObject({ kind: make().parts?.classes.kind ?? kind, features: 7 });
    const head = { scores: { classes }, dimensions: { names } };
    expect(model.heads.scores).toEqual(learns === "values" ? undefined : head.scores);
    expect(model.heads.dimensions).toEqual(learns === "classes" ? undefined : head.dimensions);
    const { scores } = await model.predict(data.table);
    if ("labels" in data.targets) {
      const right = data.targets.labels.filter((label, i) => {
        const own = Array.from(scores!.data.subarray(4 * i, 4 * i + 4));
        return own.indexOf(Math.max(...own)) === label;
      });
      expect(right.length / 90).toBeGreaterThan(0.7);
    }
    const unseen = some(60, 7, 2);
    const { dimensions } = await model.predict(unseen.table);
    if (!("values" in unseen.targets)) return;
    for (const column of [0, 1]) {
      const own = ({ data: all }: Matrix) => all.filter((_, at) => at % 2 === column);
      const [truth, found] = [own(unseen.targets.values), own(dimensions!)];
      const mean = truth.reduce((a, b) => a + b, 0) / truth.length;
      const rest = truth.reduce((sum, y, i) => sum + (y - found[i]) ** 2, 0);
      expect(1 - rest / truth.reduce((sum, y) => sum + (y - mean) ** 2, 0)).toBeGreaterThan(0.4);
    }
  });

  it("refuses targets that it does not learn", async () => {
    for (const other of ["classes", "values", "both"] as const)
      if (other !== learns) await expect(learn(makers[other]())).rejects.toThrow(TypeError);
  });

  it("gives the same model for the same seed, forgets what it learnt before, and changes no input", async () => {
    const [data, untouched] = [some(), some()];
    const one = make();
    const first = await one.fit(data.table, data.targets, context());
    const other = some(60, 7, 2);
    await one.fit(other.table, other.targets, context());
    const again = await one.fit(data.table, data.targets, context());
    expect(again.toOnnx()).toEqual(first.toOnnx());
    expect(data).toEqual(untouched);
  });

  it("keeps its parameters through JSON", async () => {
    const own = make();
    const copy = factory.create(JSON.parse(JSON.stringify(own.params)), learns);
    expect(copy.params).toEqual(own.params);
    expect(Object.isFrozen(own.params)).toBe(true);
    const { table, targets } = some();
    expect((await copy.fit(table, targets, context())).toOnnx()).toEqual(
      (await own.fit(table, targets, context())).toOnnx(),
    );
  });

  it("refuses unknown parameters", () => {
    expect(() => make({ nonsense: 1 })).toThrow(codeOf("learn/bad-parameter"));
  });

  it("refuses a value of the wrong kind for each of its parameters", () => {
    for (const [parameter, { default: value, expected }] of Object.entries(factory.parameters)) {
      for (const wrong of [-1, 0, Number.NaN, Number.POSITIVE_INFINITY, null, "nonsense", {}]) {
        if (wrong === 0 && expected.includes("from 0")) continue;
        expect(() => make({ [parameter]: wrong }), `${parameter} = ${String(wrong)}`).toThrow(
          codeOf("learn/bad-parameter"),
        );
      }
      expect(make({ [parameter]: value }).params).toMatchObject({ [parameter]: value });
    }
  });

  it("refuses a single row, no row, a single class, and numbers that are not finite", async () => {
    const data = some();
    await expect(learn(rowsOf(data, [3]))).rejects.toMatchObject({ code: "learn/too-few-rows" });
    await expect(learn(rowsOf(data, []))).rejects.toMatchObject({ code: "learn/too-few-rows" });
    if (learns !== "values")
      await expect(learn(rowsOf(data, [0, 4, 8, 12]))).rejects.toMatchObject({ code: "learn/single-class" });
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const broken = some();
      broken.table.frames.data[10] = wrong;
      await expect(learn(broken)).rejects.toMatchObject({ code: "learn/not-finite" });
      const model = await learn(data);
      await expect(model.predict(broken.table)).rejects.toMatchObject({ code: "learn/not-finite" });
    }
    if ("values" in data.targets) {
      const broken = some() as Data<ValueTargets>;
      broken.targets.values.data[7] = Number.POSITIVE_INFINITY;
      await expect(learn(broken)).rejects.toMatchObject({ code: "learn/not-finite" });
    }
    for (const wrong of [Number.NaN, -1]) {
      const weights = new Float32Array(90).fill(1);
      weights[5] = wrong;
      await expect(learn({ ...data, targets: { ...data.targets, weights } })).rejects.toMatchObject({
        code: "learn/not-finite",
      });
    }
  });

  it("refuses a table of another width, and one with several rows an utterance", async () => {
    const model = await learn(some());
    await expect(model.predict(some(10, 6).table)).rejects.toMatchObject({ code: "features/mismatch" });
    const { table, targets } = some(4);
    const frames = { ...table, offsets: Uint32Array.of(0, 2, 3, 4, 4) };
    await expect(learn({ table: frames, targets })).rejects.toMatchObject({ code: "features/mismatch" });
  });

  it("predicts rows one by one as it predicts them together", async () => {
    const data = some();
    const model = await learn(data);
    const whole = await model.predict(data.table);
    for (const rows of [[7], [89, 0, 44]]) {
      const part = await model.predict(takeUtterances(data.table, rows));
      expect(numbersOf(part).length).toBe(numbersOf(whole).length);
      for (const [head, atol] of [
        ["scores", 1e-7],
        ["dimensions", 1e-6],
      ] as const)
        if (whole[head]) expect(part[head]?.data).toBeAllClose(takeRows(whole[head], rows).data, { atol });
    }
    for (const head of numbersOf(await model.predict(takeUtterances(data.table, []))))
      expect(head.rows).toBe(0);
  });

  it("takes constant columns, whatever they hold later when it standardizes, and constant values", async () => {
    const data = some();
    const model = await learn(data, { standardize: true });
    const before = await model.predict(data.table);
    for (let i = 0; i < 90; i++) data.table.frames.data[i * 7 + 6] = 1e6;
    expect(await model.predict(data.table)).toEqual(before);
    const constant = functionalsTable(["a", "b", "c"], ["x"], matrix(3, 1, Float32Array.of(2, 2, 2)));
    const all = {
      classes: ["x", "y"],
      labels: Int32Array.of(0, 1, 1),
      names: ["valence"],
      values: matrix(3, 1, Float32Array.of(5, 5, 5)),
    };
    const { names: _, values: __, ...ofClasses } = all;
    const { classes: ___, labels: ____, ...ofValues } = all;
    const flat = await learn({
      table: constant,
      targets: { classes: ofClasses, values: ofValues, both: all }[learns],
    });
    const found = await flat.predict(constant);
    numbersOf(found);
    if (found.dimensions) expect(found.dimensions.data).toBeAllClose([5, 5, 5], { atol: 0.11 });
  });

  it("learns from two rows in all", async () => {
    const data = some();
    numbersOf(await (await learn(rowsOf(data, [0, 1]))).predict(data.table));
  });

  it("leaves out rows of weight 0", async () => {
    const data = some();
    const weights = Float32Array.from({ length: 90 }, (_, i) => (i < 60 ? 1 : 0));
    const weighed = await learn({ ...data, targets: { ...data.targets, groups: undefined, weights } });
    expect(weighed.toOnnx()).toEqual((await learn(rowsOf(data, upTo(60)))).toOnnx());
  });

  it("stops when the signal says so, and tells how far it is", async () => {
    const { table, targets } = some();
    const parts: number[] = [];
    const stop = new AbortController();
    const running = make().fit(table, targets, {
      ...context(),
      signal: stop.signal,
      pause: async () => stop.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
    await make().fit(table, targets, { ...context(), onProgress: (part) => parts.push(part) });
    expect(parts.every((part, i) => part >= (parts[i - 1] ?? 0) && part <= 1)).toBe(true);
    expect(parts.at(-1)).toBe(1);
  });

  it("exports only what the reader of models takes", async () => {
    const { graph, opsets } = readModel((await learn(some())).toOnnx());
    expect(Object.keys(opsets)).toEqual(["", "ai.onnx.ml"]);
    expect(graph.inputs).toEqual([{ name: "features", type: "float32", dims: ["N", 7] }]);
    const outputs = {
      scores: { name: "scores", type: "float32", dims: ["N", 4] },
      values: { name: "values", type: "float32", dims: ["N", 2] },
    };
    expect(graph.outputs).toEqual(
      { classes: [outputs.scores], values: [outputs.values], both: [outputs.scores, outputs.values] }[learns],
    );
  });

  it("exports a graph that agrees with predict, on rows far from all that it has seen and with more features than rows too", async () => {
    const data = some();
    for (const params of [{}, { standardize: false }])
      await expectSameInGraph(await learn(data, params), data.table);
    const { frames } = data.table;
    const far = { ...frames, data: frames.data.map((value, i) => value * (i % 3 === 0 ? -300 : 50)) };
    await expectSameInGraph(await learn(data), { ...data.table, frames: far });
    const wide = some(40, 120);
    await expectSameInGraph(await learn(wide), wide.table);
  });

  if (learns === "both")
    it("takes rows that have only a class or only values", async () => {
      const data = both();
      const labels = data.targets.labels.map((label, i) => (i < 10 ? -1 : label));
      const values = matrix(90, 2, data.targets.values.data.slice().fill(Number.NaN, 2 * 75));
      await expectSameInGraph(
        await learn({ ...data, targets: { ...data.targets, labels, values } }),
        data.table,
      );
    });
  if (learns === "values") return;

  const classed = (): Data<ClassTargets> => some() as Data<ClassTargets>;

  it("scores 0 for a class that no row has, in the graph too", async () => {
    const data = classed();
    const rows = upTo(90).filter((i) => data.targets.labels[i] !== 1);
    const model = await learn(rowsOf(data, rows));
    expect(model.heads.scores).toEqual({ classes });
    const { scores } = await model.predict(data.table);
    expect(scores!.data.filter((_, at) => at % 4 === 1).every((score) => score === 0)).toBe(true);
    await expectSameInGraph(model, data.table);
  });

  it("learns from a class with one row", async () => {
    const data = classed();
    const rows = upTo(90).filter((i) => data.targets.labels[i] !== 1 || i === 1);
    numbersOf(await (await learn(rowsOf(data, rows))).predict(data.table));
  });
  if (learns === "both") return;

  it("learns from votes, those that all agree on as from labels, and refuses broken ones", async () => {
    const data = clouds();
    const hard = matrix(90, 4);
    data.targets.labels.forEach((label, i) => {
      hard.data[4 * i + label] = 3;
    });
    const learnt = (votes: Matrix) =>
      learn({ ...data, targets: { ...data.targets, votes } }, { learnFrom: "votes", classWeight: "none" });
    const agreed = await learnt(hard);
    expect(agreed.toOnnx()).toEqual((await learn(data, { classWeight: "none" })).toOnnx());
    // Every second row of class 0 was heard as class 1 by most.
    const split = matrix(90, 4, hard.data.slice());
    data.targets.labels.forEach((label, i) => {
      if (label === 0) split.data.set([1, 3, 0, 0], 4 * i);
    });
    const torn = await learnt(split);
    const share = async (model: Model) => {
      const [scores] = numbersOf(await model.predict(data.table));
      const own = data.targets.labels.reduce(
        (sum, label, i) => sum + (label === 0 ? scores!.data[4 * i]! : 0),
        0,
      );
      return own / data.targets.labels.filter((label) => label === 0).length;
    };
    expect(await share(torn)).toBeLessThan((await share(agreed)) - 0.1);
    await expectSameInGraph(torn, data.table);
    hard.data[7] = -1;
    await expect(learnt(hard)).rejects.toMatchObject({ code: "learn/not-finite" });
  });

  for (const set of ["iris", "iris-two", "wine", "digits"])
    it(`exports a graph that agrees with predict on ${set}`, async () => {
      const data = golden(set);
      for (const params of [{}, { standardize: false, classWeight: "none" }])
        await expectSameInGraph(await learn(data, params), data.table);
    });
});

describe("the list of estimators", () => {
  vitestIt("refuses a kind that it does not have, or that learns something else", () => {
    const unknown = expect.objectContaining({ code: "learn/unknown-model" });
    for (const learns of ["classes", "values", "both"] as const)
      expect(() => estimator("oracle", {}, learns)).toThrow(unknown);
    expect(() => estimator("ridge-regression")).toThrow(unknown);
    expect(() => estimator("ridge-classifier", {}, "values")).toThrow(unknown);
  });

  vitestIt("names each kind once for each sort of targets, and says what it is", () => {
    for (const learns of ["classes", "values", "both"] as const) {
      const able = estimatorsOf(learns);
      expect(new Set(able.map(({ kind }) => kind)).size).toBe(able.length);
    }
    for (const { kind, summary } of estimators) {
      expect(kind).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(summary.length).toBeGreaterThan(10);
    }
  });

  vitestIt("has exceptions for checks and estimators that there are", () => {
    for (const name of Object.keys(exceptions))
      expect(cases.map(([kind, learns]) => `${kind}/${learns}`)).toContain(name);
  });
});
