/** Agreement with scikit-learn's classifiers on iris, wine and digits (test/golden/scripts/sklearn_models.py). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type FeatureTable, functionalsTable, takeUtterances } from "../data/feature-table.js";
import { matrixFromRows } from "../math/matrix.js";
import { random } from "../math/random.js";
import { float32Values, type OnnxTensor } from "../onnx/onnx-model.js";
import { readModel } from "../onnx/read-model.js";
import type { DecisionModel } from "./compose-model.js";
import type { ClassTargets, Model } from "./estimator.js";
import { estimator } from "./estimators.js";

interface Golden {
  x: number[][];
  y: number[];
  tolerance: { coefficients: number; probabilities: number; decisions: number };
  logistic: {
    C: number;
    classWeight: string;
    coef: number[][];
    intercept: number[];
    probabilities: number[][];
    accuracy: number;
  }[];
  linear: {
    C: number;
    classWeight: string;
    coef: number[][];
    intercept: number[];
    decisions: number[][];
    labels: number[];
  }[];
  rbf: {
    C: number;
    gamma: number | "scale";
    classWeight: string;
    decisions: number[][];
    labels: number[];
    objective: number;
  }[];
  forest: { trees: number; accuracies: number[] };
}

function golden(name: string): Golden {
  return JSON.parse(
    readFileSync(new URL(`../../../../test/golden/sklearn-models-${name}.json`, import.meta.url), "utf8"),
  );
}

interface Parts {
  train: FeatureTable;
  test: FeatureTable;
  targets: ClassTargets;
  truth: number[];
  shown: FeatureTable;
}

function parts({ x, y }: Golden): Parts {
  const ids = x.map((_, i) => `row-${i}`);
  const table = functionalsTable(
    ids,
    x[0].map((_, j) => `column-${j}`),
    matrixFromRows(x),
  );
  const rows = ids.map((_, i) => i);
  const [train, test] = [rows.filter((i) => i % 3 !== 0), rows.filter((i) => i % 3 === 0)];
  const classes = [...new Set(y)].sort((a, b) => a - b).map(String);
  return {
    train: takeUtterances(table, train),
    test: takeUtterances(table, test),
    targets: { classes, labels: Int32Array.from(train, (i) => y[i]) },
    truth: test.map((i) => y[i]),
    shown: takeUtterances(table, test.slice(0, 40)),
  };
}

const learn = (
  kind: string,
  params: Record<string, unknown>,
  { train, targets }: Parts,
  seed = 1,
): Promise<Model> => estimator(kind, params).fit(train, targets, { random: random(seed) });

async function predicted(model: Model, table: FeatureTable): Promise<number[]> {
  const { data, rows, cols } = (await model.predict(table)).scores!;
  return Array.from({ length: rows }, (_, i) => {
    const scores = Array.from(data.subarray(i * cols, (i + 1) * cols));
    return scores.indexOf(Math.max(...scores));
  });
}

function accuracy(labels: readonly number[], truth: readonly number[]): number {
  return labels.filter((label, i) => label === truth[i]).length / truth.length;
}

/** The model's weights (outputs × features, as scikit-learn has them) and intercepts, out of its graph. */
function linearParts(model: Model): { coef: number[][]; intercept: number[] } {
  const { initializers } = readModel(model.toOnnx()).graph;
  const named = (name: string): OnnxTensor => initializers.find((tensor) => tensor.name === name)!;
  const { dims } = named("weights");
  const values = float32Values(named("weights"));
  const coef = Array.from({ length: dims[1] }, (_, k) =>
    Array.from({ length: dims[0] }, (_, j) => values[j * dims[1] + k]),
  );
  return { coef, intercept: [...float32Values(named("bias"))] };
}

describe.each(["iris", "iris-two", "wine", "digits"])("scikit-learn's models of %s", (name) => {
  const wanted = golden(name);
  const data = parts(wanted);

  it.each(wanted.logistic)("logistic regression, C $C, class weight $classWeight", async (expected) => {
    const { C, classWeight } = expected;
    const model = await learn("logistic-regression", { C, classWeight }, data);
    const { coef, intercept } = linearParts(model);
    const two = coef.length === 2;
    const found = two ? [coef[1].map((value, j) => value - coef[0][j])] : coef;
    const atol = wanted.tolerance.coefficients;
    expect(found.flat()).toBeAllClose(expected.coef.flat(), { atol, rtol: 0 });
    expect(two ? [intercept[1] - intercept[0]] : intercept).toBeAllClose(expected.intercept, {
      atol,
      rtol: 0,
    });
    const scores = (await model.predict(data.shown)).scores!;
    expect(scores.data).toBeAllClose(expected.probabilities.flat(), {
      atol: wanted.tolerance.probabilities,
      rtol: 0,
    });
    expect(accuracy(await predicted(model, data.test), data.truth)).toBeCloseTo(expected.accuracy, 10);
  });

  it.each(wanted.linear)("linear SVM, C $C, class weight $classWeight", async (expected) => {
    const { C, classWeight } = expected;
    const model = (await learn("linear-svm", { C, classWeight }, data)) as DecisionModel;
    const atol = wanted.tolerance.decisions;
    expect(model.decisions(data.shown)!.data).toBeAllClose(expected.decisions.flat(), { atol, rtol: 1e-4 });
    const { data: decisions, cols } = model.decisions(data.test)!;
    const labels = data.truth.map((_, i) => {
      const own = Array.from(decisions.subarray(i * cols, (i + 1) * cols));
      return cols === 1 ? Number(own[0] > 0) : own.indexOf(Math.max(...own));
    });
    expect(labels).toEqual(expected.labels);
    expect(await predicted(model, data.test)).toEqual(expected.labels);
  });

  it.each(wanted.rbf)("RBF SVM, C $C, gamma $gamma, class weight $classWeight", async (expected) => {
    const { C, gamma, classWeight } = expected;
    const model = (await learn("rbf-svm", { C, gamma, classWeight, tolerance: 1e-7 }, data)) as DecisionModel;
    // scikit-learn turns the sign of the one machine of two classes.
    const sign = data.targets.classes.length === 2 ? -1 : 1;
    const atol = wanted.tolerance.decisions;
    expect(model.decisions(data.shown)!.data.map((value) => sign * value)).toBeAllClose(
      expected.decisions.flat(),
      { atol, rtol: 1e-4 },
    );
    const { data: decisions, cols } = model.decisions(data.test)!;
    const labels = data.truth.map((_, i) =>
      votedClass(decisions.subarray(i * cols, (i + 1) * cols), data.targets.classes.length),
    );
    expect(labels).toEqual(expected.labels);
    // Coupled probabilities may differ from votes where votes tie, seldom elsewhere.
    expect(accuracy(await predicted(model, data.test), expected.labels)).toBeGreaterThan(0.95);
  });

  it("random forest, mean accuracy over ten seeds", async () => {
    const { trees, accuracies } = wanted.forest;
    const ours: number[] = [];
    for (const seed of accuracies.keys()) {
      const model = await learn("random-forest", { trees, classWeight: "none" }, data, seed);
      ours.push(accuracy(await predicted(model, data.test), data.truth));
    }
    const [theirs, own] = [meanAndError(accuracies), meanAndError(ours)];
    // Where hardly any seed differs, a test row more or less is what there is to see.
    const error = Math.max(Math.hypot(theirs.error, own.error), 0.5 / data.truth.length);
    expect(Math.abs(theirs.mean - own.mean)).toBeLessThanOrEqual(2 * error);
  });
});

function votedClass(decisions: ArrayLike<number>, classes: number): number {
  const votes = new Array<number>(classes).fill(0);
  let pair = 0;
  for (let i = 0; i < classes; i++)
    for (let j = i + 1; j < classes; j++) votes[decisions[pair++] > 0 ? i : j]++;
  return votes.indexOf(Math.max(...votes));
}

function meanAndError(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}
