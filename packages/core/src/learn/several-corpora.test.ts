/** What is learnt from rows of several corpora: classes that a corpus lacks, and how much each corpus weighs. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type FeatureTable, functionalsTable, stackTables, takeUtterances } from "../data/feature-table.js";
import { block } from "../math/linear-algebra.js";
import { matrix, matrixFromRows, takeRows } from "../math/matrix.js";
import { random } from "../math/random.js";
import type { DecisionModel } from "./compose-model.js";
import type { ClassTargets } from "./estimator.js";
import { logisticRegression } from "./logistic-regression.js";
import { classParts } from "./ridge/class-parts.js";
import { dualRidge } from "./ridge/dual-ridge.js";
import { primalRidge } from "./ridge/primal-ridge.js";
import { ridgeClassifier } from "./ridge-classifier.js";
import { fitSlope } from "./softmax-slope.js";
import { fitStandardizer } from "./standardizer.js";

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../test/golden/${name}.json`, import.meta.url), "utf8"));
const golden = read("sklearn-ridge") as {
  tolerance: { decisions: number };
  masked: Record<string, { alpha: number; decisions: number[][] }>;
};

type Problem = { train: FeatureTable; test: FeatureTable; targets: ClassTargets & { domains: Int32Array } };

/** Three corpora, of which the second lacks the first class, and the third the last. */
function threeCorpora(name: string): Problem {
  const { x, y } = read(`sklearn-models-${name}`) as { x: number[][]; y: number[] };
  const rows = [...x.keys()];
  const table = functionalsTable(
    rows.map((i) => `row-${i}`),
    x[0].map((_, j) => `column-${j}`),
    matrixFromRows(x),
  );
  const train = rows.filter((i) => i % 3 !== 0);
  const last = Math.max(...y);
  const kept = [...train.keys()].filter(
    (r) => !(r % 3 === 1 && y[train[r]] === 0) && !(r % 3 === 2 && y[train[r]] === last),
  );
  return {
    train: takeUtterances(
      table,
      kept.map((r) => train[r]),
    ),
    test: takeUtterances(
      table,
      rows.filter((i) => i % 3 === 0),
    ),
    targets: {
      classes: [...new Set(y)].sort((a, b) => a - b).map(String),
      labels: Int32Array.from(kept, (r) => y[train[r]]),
      domains: Int32Array.from(kept, (r) => r % 3),
    },
  };
}

async function fit({ train, targets }: Problem, params: Record<string, unknown>): Promise<DecisionModel> {
  const estimator = ridgeClassifier.create({ blockWeights: "none", ...params });
  return (await estimator.fit(train, targets, { random: random(1) })) as DecisionModel;
}

/** Weights by which each corpus counts alike, and inside it each of its classes. */
function alike(labels: Int32Array, domains: Int32Array): Float64Array {
  const count = (has: (i: number) => boolean): number => [...labels.keys()].filter(has).length;
  return Float64Array.from(labels, (label, i) => {
    const classes = new Set(labels.filter((_, j) => domains[j] === domains[i])).size;
    const cell = count((j) => domains[j] === domains[i] && labels[j] === label);
    return labels.length / new Set(domains).size / classes / cell;
  });
}

/** Returns the values of a ridge on the given rows, from its normal equations by Gauss' elimination. */
function leastSquares(
  rows: readonly number[],
  { x, y, weights, alpha }: { x: number[][]; y: (i: number) => number; weights: Float64Array; alpha: number },
): (i: number) => number {
  const wide = (i: number): number[] => [...x[i], 1];
  const size = x[0].length + 1;
  const system = Array.from({ length: size }, (_, a) =>
    Array.from({ length: size + 1 }, (_, b) => {
      const sum = rows.reduce((s, i) => s + weights[i] * wide(i)[a] * (b === size ? y(i) : wide(i)[b]), 0);
      return sum + (a === b && a < size - 1 ? alpha : 0);
    }),
  );
  for (let a = 0; a < size; a++)
    for (let r = 0; r < size; r++) {
      if (r === a) continue;
      const factor = system[r][a] / system[a][a];
      for (let b = a; b <= size; b++) system[r][b] -= factor * system[a][b];
    }
  return (i) => wide(i).reduce((sum, value, a) => sum + (value * system[a][size]) / system[a][a], 0);
}

describe("the ridge classifier", () => {
  it.each(Object.entries(golden.masked))(
    "learns each class of %s from the corpora that have it, as scikit-learn does from their rows alone",
    async (name, { alpha, decisions }) => {
      const problem = threeCorpora(name);
      const { data } = (await fit(problem, { alpha })).decisions(problem.test)!;
      expect(data.subarray(0, decisions.flat().length)).toBeAllClose(decisions.flat(), {
        atol: golden.tolerance.decisions,
        rtol: 1e-5,
      });
      const { data: negative } = (await fit(problem, { alpha, absentClasses: "negative" })).decisions(
        problem.test,
      )!;
      expect(negative).not.toBeAllClose(data, { atol: 0.05 });
    },
  );

  it("takes the slope from corpora that were left out, without the classes that they lack", async () => {
    const problem = threeCorpora("iris");
    const { labels, domains, classes } = problem.targets;
    const prepared = fitStandardizer(problem.train.frames).transform(problem.train.frames);
    const x = Array.from(labels, (_, i) => [
      ...prepared.data.subarray(i * prepared.cols, (i + 1) * prepared.cols),
    ]);
    const weights = alike(labels, domains);
    const unseen = block(classes.length, labels.length);
    unseen.data.fill(Number.NEGATIVE_INFINITY);
    const indices = [...labels.keys()];
    for (const held of [0, 1, 2])
      for (const k of classes.keys()) {
        const having = new Set(domains.filter((_, i) => labels[i] === k));
        if (!having.has(held)) continue;
        const known = indices.filter((i) => having.has(domains[i]) && domains[i] !== held);
        const value = leastSquares(known, { x, y: (i) => (labels[i] === k ? 1 : -1), weights, alpha: 2 });
        for (const i of indices) if (domains[i] === held) unseen.data[k * labels.length + i] = value(i);
      }
    const model = await fit(problem, { alpha: 2 });
    const [scores, values] = [(await model.predict(problem.test)).scores!, model.decisions(problem.test)!];
    const slope = Math.log(scores.data[0] / scores.data[1]) / (values.data[0] - values.data[1]);
    expect(slope).toBeAllClose(fitSlope(unseen, labels, weights).slope, { rtol: 0.01 });
  });

  it("is the same for one corpus as for none", async () => {
    const problem = threeCorpora("wine");
    const one = {
      ...problem,
      targets: { ...problem.targets, domains: new Int32Array(problem.targets.labels.length) },
    };
    const none = { ...problem, targets: { ...problem.targets, domains: undefined as never } };
    const scores = async (given: Problem) =>
      (await (await fit(given, {})).predict(problem.test)).scores!.data;
    expect(await scores(one)).toEqual(await scores(none));
  });

  it("knows a class of one corpus whose other rows are of no class else by telling it from all", async () => {
    const { train, test, targets } = threeCorpora("iris");
    // The third corpus is nothing but a class of its own.
    const labels = targets.labels.map((label, i) => (targets.domains[i] === 2 ? 2 : Math.min(label, 1)));
    const model = await fit({ train, test, targets: { ...targets, labels } }, { alpha: 1 });
    const third = Array.from(model.decisions(test)!.data).filter((_, at) => at % 3 === 2);
    expect(Math.min(...third)).toBeLessThan(0);
    expect(Math.max(...third)).toBeLessThan(1);
  });
});

describe("parts of a ridge problem", () => {
  it.each(["dual", "primal"] as const)("are problems of their own rows, in the %s form", async (form) => {
    const stream = random(7);
    const [n, cols] = [16, form === "dual" ? 20 : 4];
    const values = (count: number) => Float64Array.from({ length: count }, () => stream.normal());
    const whole = {
      x: matrix(n, cols, Float32Array.from(values(n * cols))),
      targets: block(3, n, values(3 * n)),
      weights: values(n).map(Math.exp),
      folds: Int32Array.from({ length: n }, (_, i) => (5 * i) % 4),
    };
    const make = form === "dual" ? dualRidge : primalRidge;
    const take = (rows: readonly number[]) => ({
      x: takeRows(whole.x, rows),
      targets: block(
        2,
        rows.length,
        Float64Array.from([2, 0].flatMap((k) => rows.map((i) => whole.targets.data[k * n + i]))),
      ),
      weights: Float64Array.from(rows, (i) => whole.weights[i]),
      folds: Int32Array.from(rows, (i) => whole.folds[i]),
    });
    const system = await make(whole);
    for (const folds of [undefined, [0, 1, 3], [1, 2]]) {
      const rows = [...whole.folds.keys()].filter((i) => folds?.includes(whole.folds[i]) ?? true);
      const [found, expected] = [system.part([2, 0], folds && new Set(folds)), await make(take(rows))];
      const [a, b] = [found.solve(0.4), expected.solve(0.4)];
      expect(a.weights.data).toBeAllClose(b.weights.data, { atol: 1e-9 });
      expect(a.bias).toBeAllClose(b.bias, { atol: 1e-9 });
      // What a machine of the other folds' rows says of the fold's.
      const others = await make(take(rows.filter((i) => whole.folds[i] !== 1)));
      const { weights, bias } = others.solve(3);
      const unseen = [0, 1].flatMap((k) =>
        rows
          .filter((i) => whole.folds[i] === 1)
          .map((i) => {
            let value = bias[k];
            for (let j = 0; j < cols; j++) value += weights.data[k * cols + j] * whole.x.data[i * cols + j];
            return value;
          }),
      );
      expect(found.valuesWithout(1, [0.4, 3])[1].data).toBeAllClose(unseen, { atol: 1e-3 });
    }
  });

  it("keep classes together that the same corpora have", () => {
    const labels = Int32Array.of(0, 1, 2, 0, 1, 3, 0, 3);
    const domains = Int32Array.of(0, 0, 0, 1, 1, 1, 2, 2);
    expect(classParts(labels, 4, domains)).toEqual([
      { outputs: [0] },
      { outputs: [1], rows: Int32Array.of(0, 1, 2, 3, 4, 5) },
      { outputs: [2], rows: Int32Array.of(0, 1, 2) },
      { outputs: [3], rows: Int32Array.of(3, 4, 5, 6, 7) },
    ]);
    expect(classParts(labels, 4, undefined)).toEqual([{ outputs: [0, 1, 2, 3] }]);
  });
});

describe("domainWeight", () => {
  it.each([ridgeClassifier, logisticRegression])(
    "$kind: a corpus that is there twice weighs no more",
    async (kind) => {
      const { train, test, targets } = threeCorpora("wine");
      const second = [...targets.domains.keys()].filter((i) => targets.domains[i] === 1);
      const more = stackTables([train, takeUtterances(train, second)]);
      const again = (values: Int32Array): Int32Array =>
        Int32Array.from([...values, ...second.map((i) => values[i])]);
      const [labels, domains] = [again(targets.labels), again(targets.domains)];
      const scores = async (params: object, table: FeatureTable, own: ClassTargets) => {
        // Strengths are counted against the sum of the weights, which is the number of rows.
        const size = own.labels.length / targets.labels.length;
        const strength = kind === ridgeClassifier ? { alpha: 3 * size } : { C: 0.1 / size };
        const model = await kind
          .create({ standardize: false, ...strength, ...params })
          .fit(table, own, { random: random(1) });
        return (model as DecisionModel).decisions(test)!.data;
      };
      const once = await scores({}, train, targets);
      const twice = { ...targets, labels, domains };
      expect(await scores({}, more, twice)).toBeAllClose(once, { atol: 1e-3, rtol: 1e-3 });
      expect(await scores({ domainWeight: "none" }, more, twice)).not.toBeAllClose(once, {
        atol: 1e-2,
        rtol: 1e-2,
      });
      // A corpus whose rows weigh next to nothing is as one that is not there.
      const rest = [...targets.domains.keys()].filter((i) => targets.domains[i] !== 1);
      const some = (values: Int32Array): Int32Array => Int32Array.from(rest, (i) => values[i]);
      const without = { ...targets, labels: some(targets.labels), domains: some(targets.domains) };
      const weights = Float32Array.from(targets.domains, (domain) => (domain === 1 ? 1e-6 : 1));
      const size = rest.length / targets.labels.length;
      const light = {
        ...(kind === ridgeClassifier ? { alpha: 3 * size } : { C: 0.1 / size }),
        ...(kind === ridgeClassifier && { absentClasses: "negative" }),
      };
      const gone = await scores(light, takeUtterances(train, rest), without);
      expect(await scores(light, train, { ...targets, weights })).toBeAllClose(gone, {
        atol: 1e-3,
        rtol: 1e-3,
      });
    },
  );
});
