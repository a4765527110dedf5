/** Tests of ONNX Runtime's own format: the runtime reads the file itself, and must give the same as for what we make of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { root } from "../../../../test/corpora.js";
import { nodeRuntime } from "../../../node/src/runtime/node-runtime.js";
import { UndertoneError } from "../errors.js";
import { numberedLayers } from "../features/encoder/encoder-layers.js";
import { cutToOutputs } from "./edit-model.js";
import { flatRoot } from "./flat-buffer.js";
import { isOrtModel, readOrtModel } from "./read-ort-model.js";
import { writeModel } from "./write-model.js";

const bytes = Uint8Array.from(readFileSync(join(root, "test/golden/tiny-encoder.ort")));
const runtime = nodeRuntime();

describe("readOrtModel", () => {
  it("gives the graph that the runtime runs, the graphs inside it included", async () => {
    expect(isOrtModel(bytes)).toBe(true);
    const model = readOrtModel(bytes);
    expect(model.opsets[""]).toBe(17);
    expect(model.graph.inputs).toEqual([
      { name: "input_values", type: "float32", dims: ["batch", "samples"] },
    ]);
    const [theirs, ours] = [await runtime.load(bytes), await runtime.load(writeModel(model))];
    for (const sign of [1, -1]) {
      const data = Float32Array.from({ length: 500 }, (_, i) => sign * Math.sin(i * i));
      const inputs = { input_values: { dims: [1, 500], data } };
      const [expected, found] = [await theirs.run(inputs), await ours.run(inputs)];
      expect(found.last_hidden_state!.dims).toEqual([1, 14, 4]);
      expect(found.last_hidden_state!.data as Float32Array).toBeAllClose(
        expected.last_hidden_state!.data as Float32Array,
        { rtol: 1e-6, atol: 1e-6 },
      );
    }
    await Promise.all([theirs.close(), ours.close()]);
  });

  it("knows the layers, and is cut to them", async () => {
    const { graph, ...rest } = readOrtModel(bytes);
    const layers = numberedLayers(["last_hidden_state"], graph);
    expect([...layers]).toEqual([
      [1, "/layers.0/Add_output_0"],
      [2, "last_hidden_state"],
    ]);
    const cut = cutToOutputs({ graph, ...rest }, [{ name: layers.get(1)!, type: "float32" }]);
    const session = await runtime.load(writeModel(cut));
    expect(session.outputNames).toEqual(["/layers.0/Add_output_0"]);
    await session.close();
  });

  it("bounds how often tables are shared", () => {
    // A table with one field, a vector of 1000 offsets that all lead to the table at the end.
    const buffer = new DataView(new ArrayBuffer(4028));
    buffer.setUint32(0, 12, true);
    buffer.setUint16(4, 6, true); // the layout: its length, the table's, and where the field lies
    buffer.setUint16(8, 4, true);
    buffer.setInt32(12, 8, true);
    buffer.setUint32(16, 4, true);
    buffer.setUint32(20, 1000, true);
    for (let i = 0; i < 1000; i++) buffer.setUint32(24 + 4 * i, 4024 - (24 + 4 * i), true);
    buffer.setInt32(4024, 4020, true);
    const root = flatRoot(new Uint8Array(buffer.buffer));
    const visit = (): void => {
      for (let i = 0; i < 20; i++) root.tables(0);
    };
    expect(root.tables(0)).toHaveLength(1000);
    expect(visit).toThrow(/shared too often/);
  });

  it("answers damaged files with a code", () => {
    const readDamaged = (damaged: Uint8Array): void => {
      try {
        readOrtModel(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(UndertoneError);
        expect((error as UndertoneError).code).toMatch(/^onnx\//);
      }
    };
    for (let length = 0; length < bytes.length; length += 97) readDamaged(bytes.slice(0, length));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length - 1), (at, value, other) => {
        const damaged = bytes.slice();
        damaged[at] = value;
        damaged[other] = 255;
        readDamaged(damaged);
      }),
      { seed: 3, numRuns: 400 },
    );
  });
});
