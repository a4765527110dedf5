/** Every estimator's graph in ONNX Runtime for the web, on WebAssembly: the scores of `predict` within 1e-5. */
import type { FeatureTable } from "@undertone/core/data";
import { estimatorsOf } from "@undertone/core/learn";
import { matrix, random } from "@undertone/core/math";
import * as ort from "onnxruntime-web";
import { beforeAll, describe, expect, it } from "vitest";

const [rows, cols] = [60, 5];
const stream = random(1);
const x = matrix(rows, cols);
for (let at = 0; at < x.data.length; at++)
  x.data[at] = stream.normal() + (at % cols === Math.floor(at / cols) % 3 ? 1 : 0);
const table: FeatureTable = {
  ids: Array.from({ length: rows }, (_, i) => `row-${i}`),
  names: ["a", "b", "c", "d", "e"],
  frames: x,
  offsets: Uint32Array.from({ length: rows + 1 }, (_, i) => i),
};
const few = (parameters: Readonly<Record<string, unknown>>) => ({
  ...("trees" in parameters && { trees: 10 }),
  ...("rounds" in parameters && { rounds: 10 }),
  ...("members" in parameters && { members: ["logistic-regression", "gaussian-naive-bayes"] }),
});

async function onTheWeb(bytes: Uint8Array, output: string): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  const results = await session.run({ features: new ort.Tensor("float32", x.data, [rows, cols]) });
  await session.release();
  return results[output].data as Float32Array;
}

describe("graphs in ONNX Runtime for the web", () => {
  beforeAll(() => {
    ort.env.wasm.numThreads = 1;
  });

  it.each(estimatorsOf("classes").map((factory) => [factory.kind, factory] as const))(
    "%s",
    async (_, factory) => {
      const labels = Int32Array.from({ length: rows }, (_, i) => i % 3);
      const model = await factory
        .create(few(factory.parameters))
        .fit(table, { classes: ["x", "y", "z"], labels }, { random: random(1) });
      expect(await onTheWeb(model.toOnnx(), "scores")).toBeAllClose(
        (await model.predict(table)).scores!.data,
        {
          atol: 1e-5,
          rtol: 0,
        },
      );
    },
  );

  it.each(estimatorsOf("values").map((factory) => [factory.kind, factory] as const))(
    "values: %s",
    async (_, factory) => {
      const values = matrix(rows, 2);
      for (let at = 0; at < values.data.length; at++)
        values.data[at] = stream.normal() + x.data[(at >> 1) * cols + (at & 1)];
      const model = await factory
        .create(few(factory.parameters))
        .fit(table, { names: ["arousal", "valence"], values }, { random: random(1) });
      expect(await onTheWeb(model.toOnnx(), "values")).toBeAllClose(
        (await model.predict(table)).dimensions!.data,
        {
          atol: 1e-5,
          rtol: 1e-5,
        },
      );
    },
  );
});
