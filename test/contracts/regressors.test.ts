/** What every regressor in the list keeps to. */
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import {
  type FeatureTable,
  functionalsTable,
  takeUtterances,
} from "../../packages/core/src/data/feature-table.js";
import type { FitContext } from "../../packages/core/src/learn/estimator.js";
import { regressor, regressors } from "../../packages/core/src/learn/regression/index.js";
import type { ValueModel, ValueTargets } from "../../packages/core/src/learn/regressor.js";
import { matrix, takeRows } from "../../packages/core/src/math/matrix.js";
import { random } from "../../packages/core/src/math/random.js";
import { readModel } from "../../packages/core/src/onnx/read-model.js";

/** Settings that keep the contract quick; they change none of what it checks. */
const quick: Record<string, Record<string, unknown>> = {
  "random-forest": { trees: 10 },
  "extra-trees": { trees: 10 },
  "hist-gradient-boosting": { rounds: 20, minLeaf: 5 },
};

interface Data {
  readonly table: FeatureTable;
  readonly targets: ValueTargets;
}

/** Values that depend on the first columns; the last column is constant, scales go from 0.1 to 100. */
function slopes(rows = 90, cols = 6, seed = 1): Data {
  const stream = random(seed);
  const frames = matrix(rows, cols);
  const values = matrix(rows, 2);
  for (let i = 0; i < rows; i++) {
    const own = Array.from({ length: cols }, () => stream.normal());
    own.forEach((value, j) => {
      frames.data[i * cols + j] = j === cols - 1 ? 0.1 : 10 ** ((j % 4) - 1) * (value + 2);
    });
    values.data[2 * i] = 3 + own[0] + 0.5 * own[1] + 0.2 * stream.normal();
    values.data[2 * i + 1] = 4 * own[1] - own[2] + 0.2 * stream.normal();
  }
  const table = functionalsTable(
    Array.from({ length: rows }, (_, i) => `row-${i}`),
    Array.from({ length: cols }, (_, j) => `column-${j}`),
    frames,
  );
  return { table, targets: { names: ["valence", "arousal"], values } };
}

const rowsOf = ({ table, targets }: Data, rows: readonly number[]): Data => ({
  table: takeUtterances(table, rows),
  targets: { names: targets.names, values: takeRows(targets.values, rows) },
});

const context = (seed = 1): FitContext => ({ random: random(seed) });

async function expectSameInGraph(model: ValueModel, table: FeatureTable): Promise<void> {
  const session = await InferenceSession.create(model.toOnnx(), { intraOpNumThreads: 1 });
  const { data, rows, cols } = table.frames;
  const { values } = await session.run({ features: new Tensor("float32", data, [rows, cols]) });
  expect(values!.dims).toEqual([rows, model.names.length]);
  await session.release();
  expect(values!.data as Float32Array).toBeAllClose((await model.predict(table)).data, {
    atol: 1e-5,
    rtol: 1e-5,
  });
}

describe.each(regressors.map((factory) => factory.kind))("regressor %s", (kind) => {
  const make = (params: Record<string, unknown> = {}) => regressor(kind, { ...quick[kind], ...params });
  const learn = ({ table, targets }: Data, params: Record<string, unknown> = {}) =>
    make(params).fit(table, targets, context());

  it("learns every value, better than its mean, on rows that it has not seen", async () => {
    const model = await learn(slopes());
    expect(model).toMatchObject({ kind, names: ["valence", "arousal"], features: 6 });
    const { table, targets } = slopes(60, 6, 2);
    const { data } = await model.predict(table);
    for (const column of [0, 1]) {
      const own = (values: Float32Array) => values.filter((_, at) => at % 2 === column);
      const [truth, found] = [own(targets.values.data), own(data)];
      const mean = truth.reduce((a, b) => a + b, 0) / truth.length;
      const rest = truth.reduce((sum, y, i) => sum + (y - found[i]) ** 2, 0);
      expect(1 - rest / truth.reduce((sum, y) => sum + (y - mean) ** 2, 0)).toBeGreaterThan(0.4);
    }
  });

  it("gives the same model for the same seed and parameters through JSON, and changes no input", async () => {
    const data = slopes();
    const [frames, values] = [data.table.frames.data.slice(), data.targets.values.data.slice()];
    const one = make();
    const first = await one.fit(data.table, data.targets, context());
    const copy = regressor(kind, JSON.parse(JSON.stringify(one.params)));
    expect(copy.params).toEqual(one.params);
    expect((await copy.fit(data.table, data.targets, context())).toOnnx()).toEqual(first.toOnnx());
    expect(data.table.frames.data).toEqual(frames);
    expect(data.targets.values.data).toEqual(values);
  });

  it("refuses unknown parameters and values of the wrong kind", () => {
    const { parameters } = regressors.find((candidate) => candidate.kind === kind)!;
    expect(() => make({ nonsense: 1 })).toThrow(expect.objectContaining({ code: "learn/bad-parameter" }));
    for (const [name, { expected }] of Object.entries(parameters)) {
      for (const wrong of [-1, 0, Number.NaN, null, "nonsense", {}]) {
        if (wrong === 0 && expected.includes("from 0")) continue;
        expect(() => make({ [name]: wrong }), `${name} = ${String(wrong)}`).toThrow(
          expect.objectContaining({ code: "learn/bad-parameter" }),
        );
      }
    }
  });

  it("refuses a single row, no row, and features, values and weights that are not finite", async () => {
    const data = slopes();
    await expect(learn(rowsOf(data, [3]))).rejects.toMatchObject({ code: "learn/too-few-rows" });
    await expect(learn(rowsOf(data, []))).rejects.toMatchObject({ code: "learn/too-few-rows" });
    const broken = slopes();
    broken.table.frames.data[10] = Number.NaN;
    await expect(learn(broken)).rejects.toMatchObject({ code: "learn/not-finite" });
    await expect((await learn(data)).predict(broken.table)).rejects.toMatchObject({
      code: "learn/not-finite",
    });
    const values = slopes();
    values.targets.values.data[7] = Number.POSITIVE_INFINITY;
    await expect(learn(values)).rejects.toMatchObject({ code: "learn/not-finite" });
    const weights = new Float32Array(90).fill(-1);
    await expect(learn({ ...data, targets: { ...data.targets, weights } })).rejects.toMatchObject({
      code: "learn/not-finite",
    });
    await expect((await learn(data)).predict(slopes(5, 4).table)).rejects.toMatchObject({
      code: "features/mismatch",
    });
  });

  it("leaves out rows of weight 0", async () => {
    const data = slopes();
    const weights = Float32Array.from({ length: 90 }, (_, i) => (i < 60 ? 1 : 0));
    const weighed = await learn({ ...data, targets: { ...data.targets, weights } });
    const kept = await learn(
      rowsOf(
        data,
        Array.from({ length: 60 }, (_, i) => i),
      ),
    );
    expect(weighed.toOnnx()).toEqual(kept.toOnnx());
  });

  it("takes constant columns, constant values and two rows", async () => {
    const constant = functionalsTable(["a", "b", "c"], ["x"], matrix(3, 1, Float32Array.of(2, 2, 2)));
    const model = await make().fit(
      constant,
      { names: ["valence"], values: matrix(3, 1, Float32Array.of(5, 5, 5)) },
      context(),
    );
    expect((await model.predict(constant)).data).toBeAllClose([5, 5, 5], { atol: 0.11 });
    expect(
      (await (await learn(rowsOf(slopes(), [0, 1]))).predict(slopes(3).table)).data.every(Number.isFinite),
    ).toBe(true);
  });

  it("stops when the signal says so", async () => {
    const { table, targets } = slopes();
    const stop = new AbortController();
    const running = make().fit(table, targets, {
      ...context(),
      signal: stop.signal,
      pause: async () => stop.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
  });

  it("exports a graph that agrees with predict, on rows far away and with more features than rows too", async () => {
    const data = slopes();
    for (const params of [{}, { standardize: false }]) {
      const model = await learn(data, params);
      await expectSameInGraph(model, data.table);
      const { graph } = readModel(model.toOnnx());
      expect(graph.outputs).toEqual([{ name: "values", type: "float32", dims: ["N", 2] }]);
    }
    const far = {
      ...data.table.frames,
      data: data.table.frames.data.map((value, i) => value * (i % 3 ? 50 : -300)),
    };
    await expectSameInGraph(await learn(data), { ...data.table, frames: far });
    const wide = slopes(30, 80);
    await expectSameInGraph(await learn(wide), wide.table);
  });
});

describe("the list of regressors", () => {
  it("refuses a kind that it does not have, and names each once", () => {
    expect(() => regressor("oracle")).toThrow(expect.objectContaining({ code: "learn/unknown-model" }));
    expect(new Set(regressors.map((factory) => factory.kind)).size).toBe(regressors.length);
  });
});
