/** What every step of preparation in the list keeps to. */
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import {
  type FeatureTable,
  functionalsTable,
  takeUtterances,
} from "../../packages/core/src/data/feature-table.js";
import { centreGroups } from "../../packages/core/src/learn/centre-groups.js";
import type { ClassTargets, Estimator, ValueTargets } from "../../packages/core/src/learn/estimator.js";
import { estimator } from "../../packages/core/src/learn/estimators.js";
import {
  parsePreparation,
  preparationSpecs,
  preparationSteps,
} from "../../packages/core/src/learn/prepare/index.js";
import { prepared } from "../../packages/core/src/learn/prepare/prepared.js";
import { type Matrix, matrix, matrixFromRows, takeRows } from "../../packages/core/src/math/matrix.js";
import { random } from "../../packages/core/src/math/random.js";
import { graphBuilder } from "../../packages/core/src/onnx/graph-builder.js";
import { readModel } from "../../packages/core/src/onnx/read-model.js";

interface Data {
  readonly table: FeatureTable;
  readonly targets: ClassTargets;
}

const classes = ["ape", "bee", "cow"];

/** Three unequal clouds in seven dimensions, the last column constant, scales from 0.01 to 1000, every ninth value missing when asked. */
function clouds({ rows = 80, missing = false, seed = 1 } = {}): Data {
  const stream = random(seed);
  const cols = 7;
  const labels = Int32Array.from({ length: rows }, (_, i) => (i % 8 < 5 ? 0 : i % 8 < 7 ? 1 : 2));
  const frames = matrix(rows, cols);
  for (let at = 0; at < frames.data.length; at++) {
    const [i, j] = [Math.floor(at / cols), at % cols];
    const value = 10 ** (j - 2) * (stream.normal() + (j % 3 === labels[i] ? 2 : 0) + 3);
    frames.data[at] = j === cols - 1 ? 0.1 : missing && at % 9 === 4 ? Number.NaN : value;
  }
  return {
    table: functionalsTable(
      Array.from({ length: rows }, (_, i) => `row-${i}`),
      Array.from({ length: cols }, (_, j) => `column-${j}`),
      frames,
    ),
    targets: { classes, labels, groups: Int32Array.from({ length: rows }, (_, i) => Math.floor(i / 20)) },
  };
}

/** The data that a step is made for; some need what stands before them in a real list. */
const before = (kind: string): string[] => (kind === "smote" ? ["standard-scale"] : []);
const context = (seed = 1) => ({ random: random(seed) });
const pipeline = (kind: string): Estimator =>
  prepared([...before(kind), kind, "median-impute"], estimator("gaussian-naive-bayes"));

const forClasses = preparationSteps.filter(({ learnsFrom }) => learnsFrom !== "values");
const forValues = preparationSteps.filter(({ learnsFrom }) => learnsFrom !== "classes");

describe.each(forClasses.map((step) => [step.kind, step] as const))("step %s", (kind, step) => {
  const data = clouds({ missing: step.takesMissing });

  it("has a summary, and parameters that survive JSON and the spec", () => {
    expect(step.summary).toMatch(/^[A-Z].{10,}[^.]$/);
    const own = pipeline(kind);
    expect(Object.isFrozen(own.params)).toBe(true);
    const { prepare, ...params } = JSON.parse(JSON.stringify(own.params)) as { prepare: string };
    const again = prepared(prepare.split(","), estimator(own.kind, params));
    expect(again.params).toEqual(own.params);
    const [chosen] = parsePreparation([kind]);
    expect(preparationSpecs([chosen!])).toEqual([kind]);
    for (const [name, { default: value }] of Object.entries(step.parameters)) {
      expect(parsePreparation([`${kind}:${name}=${value}`])[0].params).toEqual(chosen!.params);
    }
  });

  it("refuses an unknown parameter and values of the wrong kind", () => {
    const refused = expect.objectContaining({ code: "learn/bad-parameter" });
    expect(() => parsePreparation([`${kind}:nonsense=1`])).toThrow(refused);
    expect(() => parsePreparation([`${kind}:5`])).toThrow(refused);
    for (const name of Object.keys(step.parameters))
      expect(() => parsePreparation([`${kind}:${name}=nonsense`])).toThrow(refused);
  });

  it("gives the same model for the same seed and changes no input", async () => {
    const frames = data.table.frames.data.slice();
    const labels = data.targets.labels.slice();
    const first = await pipeline(kind).fit(data.table, data.targets, context());
    const again = await pipeline(kind).fit(data.table, data.targets, context());
    expect(again.toOnnx()).toEqual(first.toOnnx());
    expect(data.table.frames.data).toEqual(frames);
    expect(data.targets.labels).toEqual(labels);
  });

  it("learns from the training part only: what it does to a row does not depend on the rows beside it", async () => {
    const model = await pipeline(kind).fit(data.table, data.targets, context());
    const other = clouds({ missing: step.takesMissing, seed: 2 }).table;
    const { data: together, cols } = (await model.predict(other)).scores!;
    for (const i of [0, 7, 79]) {
      const { data: alone } = (await model.predict(takeUtterances(other, [i]))).scores!;
      expect(alone).toBeAllClose(together.subarray(i * cols, (i + 1) * cols), { atol: 1e-6 });
    }
    // Rows of weight 0 are no training rows.
    const weights = Float32Array.from({ length: 80 }, (_, i) => (i < 60 ? 1 : 0));
    const weighed = await pipeline(kind).fit(data.table, { ...data.targets, weights }, context());
    const rows = Array.from({ length: 60 }, (_, i) => i);
    const kept = await pipeline(kind).fit(
      takeUtterances(data.table, rows),
      {
        classes,
        labels: data.targets.labels.slice(0, 60),
        weights: weights.slice(0, 60),
        groups: data.targets.groups!.slice(0, 60),
      },
      context(),
    );
    expect(await weighed.predict(other)).toEqual(await kept.predict(other));
  });

  it("exports a graph that agrees with the model, missing and far values included", async () => {
    const model = await pipeline(kind).fit(data.table, data.targets, context());
    const { graph } = readModel(model.toOnnx());
    expect(graph.inputs).toEqual([{ name: "features", type: "float32", dims: ["N", 7] }]);
    const session = await InferenceSession.create(model.toOnnx(), { intraOpNumThreads: 1 });
    for (const far of [1, 50]) {
      const { table } = clouds({ missing: step.takesMissing, seed: 3 });
      table.frames.data.forEach((value, at) => {
        if (at % 5 === 0) table.frames.data[at] = value * far;
      });
      const { scores } = await session.run({ features: new Tensor("float32", table.frames.data, [80, 7]) });
      const { data: own } = (await model.predict(table)).scores!;
      expect(own.every(Number.isFinite)).toBe(true);
      expect(scores!.data as Float32Array).toBeAllClose(own, { atol: 1e-5, rtol: 0 });
    }
    await session.release();
  });

  if (step.changes === "columns") {
    it("gives the values of its graph", async () => {
      const rows = {
        x: data.table.frames,
        names: data.table.names,
        labels: data.targets.labels,
        classes: 3,
      };
      const { transformer, names } = await step.fit(rows, parsePreparation([kind])[0].params, context());
      expect(names.length).toBe(transformer.outputs);
      const graph = graphBuilder();
      graph.output("y", transformer.emit(graph, graph.input("x", ["N", 7])), ["N", transformer.outputs]);
      const session = await InferenceSession.create(graph.toBytes(), { intraOpNumThreads: 1 });
      const { frames } = clouds({ missing: step.takesMissing, seed: 4 }).table;
      const { y } = await session.run({ x: new Tensor("float32", frames.data, [80, 7]) });
      const own = transformer.transform(frames);
      expect([own.rows, own.cols]).toEqual(y!.dims);
      const theirs = y!.data as Float32Array;
      expect(theirs.map((value) => Number(Number.isNaN(value)))).toEqual(
        own.data.map((value) => Number(Number.isNaN(value))),
      );
      const there = (values: Float32Array) => values.filter((value) => !Number.isNaN(value));
      expect(there(theirs)).toBeAllClose(there(own.data), { atol: 1e-5, rtol: 1e-5 });
      await session.release();
    });

    it("lets a speaker's mean be taken off before it, unless it says that it bends", async () => {
      const { table, targets } = clouds();
      const rows = { x: table.frames, names: table.names, labels: targets.labels, classes: 3 };
      const { transformer } = await step.fit(rows, parsePreparation([kind])[0].params, context());
      const centred = (x: Matrix) => centreGroups(x, targets.groups!, 1);
      const before = transformer.transform(centred(table.frames));
      const after = centred(transformer.transform(table.frames));
      const apart = before.data.some((value, at) => {
        const other = after.data[at];
        return Math.abs(value - other) > 1e-3 * (1 + Math.abs(other));
      });
      expect(apart).toBe(step.bends === true);
    });
  } else {
    it("leaves nothing of itself in the graph", async () => {
      const model = await prepared([kind], estimator("gaussian-naive-bayes")).fit(
        clouds().table,
        clouds().targets,
        context(),
      );
      const plain = await estimator("gaussian-naive-bayes").fit(clouds().table, clouds().targets, context());
      const shape = (bytes: Uint8Array) => readModel(bytes).graph.nodes.map(({ op }) => op);
      expect(shape(model.toOnnx())).toEqual(shape(plain.toOnnx()));
    });
  }

  it("refuses missing values where it cannot take them, and infinite ones always", async () => {
    const broken = clouds({ missing: true });
    const alone = prepared([kind], estimator("gaussian-naive-bayes"));
    // With no step that fills them, they reach this step or the estimator.
    if (!kind.endsWith("impute")) {
      await expect(alone.fit(broken.table, broken.targets, context())).rejects.toMatchObject({
        code: "learn/not-finite",
      });
    }
    broken.table.frames.data[3] = Number.POSITIVE_INFINITY;
    await expect(pipeline(kind).fit(broken.table, broken.targets, context())).rejects.toMatchObject({
      code: "learn/not-finite",
    });
  });

  it("refuses single classes, single rows and none", async () => {
    const part = (rows: readonly number[]): Data => ({
      table: takeUtterances(data.table, rows),
      targets: { classes, labels: Int32Array.from(rows, (i) => data.targets.labels[i]) },
    });
    for (const [rows, code] of [
      [[0, 1, 2, 3], "learn/single-class"],
      [[0], "learn/too-few-rows"],
      [[], "learn/too-few-rows"],
    ] as const) {
      const { table, targets } = part(rows);
      await expect(pipeline(kind).fit(table, targets, context()), code).rejects.toMatchObject({ code });
    }
  });
});

/** Values that go with the clouds: the first column's and one that depends on the second. */
function rated(options: Parameters<typeof clouds>[0]): { table: FeatureTable; targets: ValueTargets } {
  const { table, targets } = clouds(options);
  const values = matrixFromRows(
    Array.from(targets.labels, (label, i) => [label + 0.1 * Math.sin(i), 3 * label - Math.cos(i)]),
  );
  return { table, targets: { names: ["arousal", "valence"], values } };
}

describe.each(forValues.map((step) => [step.kind, step] as const))("step %s before values", (kind, step) => {
  const data = rated({ missing: step.takesMissing });
  const own = prepared([kind, "median-impute"], estimator("ridge-regression", {}, "values"));

  it("gives one model for one seed, learns from rows that weigh something, changes no input", async () => {
    const [frames, values] = [data.table.frames.data.slice(), data.targets.values.data.slice()];
    const first = await own.fit(data.table, data.targets, context());
    expect((await own.fit(data.table, data.targets, context())).toOnnx()).toEqual(first.toOnnx());
    expect(data.table.frames.data).toEqual(frames);
    expect(data.targets.values.data).toEqual(values);
    const weights = Float32Array.from({ length: 80 }, (_, i) => (i < 60 ? 1 : 0));
    const weighed = await own.fit(data.table, { ...data.targets, weights }, context());
    const rows = Array.from({ length: 60 }, (_, i) => i);
    const kept = await own.fit(
      takeUtterances(data.table, rows),
      { ...data.targets, values: takeRows(data.targets.values, rows) },
      context(),
    );
    expect(weighed.toOnnx()).toEqual(kept.toOnnx());
  });

  it("exports a graph that agrees with the model, missing values included", async () => {
    const model = await own.fit(data.table, data.targets, context());
    expect(model).toMatchObject({ heads: { dimensions: { names: ["arousal", "valence"] } }, features: 7 });
    const session = await InferenceSession.create(model.toOnnx(), { intraOpNumThreads: 1 });
    const { data: shown, rows, cols } = data.table.frames;
    const { values } = await session.run({ features: new Tensor("float32", shown, [rows, cols]) });
    await session.release();
    const found = (await model.predict(data.table)).dimensions!.data;
    expect(values!.data as Float32Array).toBeAllClose(found, { atol: 1e-5, rtol: 1e-5 });
  });

  it("refuses a single row and infinite features", async () => {
    const one = { ...data.targets, values: takeRows(data.targets.values, [0]) };
    await expect(own.fit(takeUtterances(data.table, [0]), one, context())).rejects.toMatchObject({
      code: "learn/too-few-rows",
    });
    const broken = rated({});
    broken.table.frames.data[3] = Number.NEGATIVE_INFINITY;
    await expect(own.fit(broken.table, broken.targets, context())).rejects.toMatchObject({
      code: "learn/not-finite",
    });
  });
});

it.each(preparationSteps.filter(({ learnsFrom }) => learnsFrom))(
  "step $kind is refused before a model that learns otherwise",
  ({ kind, learnsFrom }) => {
    const wrong = (): unknown =>
      learnsFrom === "classes"
        ? prepared([kind], estimator("ridge-regression", {}, "values"))
        : prepared([kind], estimator("gaussian-naive-bayes"));
    expect(wrong).toThrow(expect.objectContaining({ code: "learn/bad-parameter" }));
    expect(wrong).toThrow(`the step '${kind}', which learns from ${learnsFrom}`);
  },
);

describe("a list of steps", () => {
  it("names the step that was meant", () => {
    expect(() => parsePreparation(["median-imput"])).toThrow(/did you mean 'median-impute'\?/);
    expect(() => parsePreparation(["select-anova:K=3"])).toThrow(
      /'select-anova' has no parameter 'K', did you mean 'k'\?/,
    );
  });

  it("refuses to centre speakers after a step that bends", () => {
    const centring = estimator("logistic-regression", { speakerCentring: 1 });
    expect(() => prepared(["robust-scale", "clip"], centring)).toThrow(
      expect.objectContaining({ code: "learn/bad-parameter" }),
    );
    expect(prepared(["robust-scale"], centring).params).toMatchObject({ speakerCentring: 1 });
  });

  it("is no list at all when it is empty", () => {
    const own = estimator("gaussian-naive-bayes");
    expect(prepared([], own)).toBe(own);
  });
});
