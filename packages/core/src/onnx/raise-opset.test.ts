/** Tests of rewriting operators for a newer operator set: both graphs run, and give the same. */
import { describe, expect, it } from "vitest";
import { nodeRuntime } from "../../../node/src/runtime/node-runtime.js";
import { graphBuilder, int, ints } from "./graph-builder.js";
import type { OnnxAttribute, OnnxModel } from "./onnx-model.js";
import { writeModel } from "./write-model.js";

const runtime = nodeRuntime();
const data = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i));

/** A model of one operator over [2, 1, 12]. */
function model(
  opset: number,
  op: string,
  attributes: Record<string, OnnxAttribute>,
  outputs: readonly string[] = ["y"],
): OnnxModel {
  return {
    irVersion: 8,
    producer: "test",
    opsets: { "": opset },
    metadata: {},
    graph: {
      name: "one",
      nodes: [{ name: "n", op, domain: "", inputs: ["x"], outputs, attributes }],
      initializers: [],
      inputs: [{ name: "x", type: "float32", dims: [2, 1, 12] }],
      outputs: outputs.map((name) => ({ name, type: "float32" as const })),
    },
  };
}

/** The same model as a part of a graph of ours that is at `opset` or newer. */
function spliced(part: OnnxModel, opset: number): Uint8Array {
  const graph = graphBuilder();
  const x = graph.input("x", [2, 1, 12]);
  if (opset > 17) graph.splice(model(opset, "Relu", {}), { x });
  const outputs = graph.splice(part, { x });
  for (const { name } of part.graph.outputs) graph.output(name, outputs[name], [null]);
  return graph.toBytes();
}

describe("raiseNode", () => {
  it.each([
    ["Squeeze", 11, 17, { axes: ints([1]) }],
    ["Unsqueeze", 11, 17, { axes: ints([0]) }],
    ["ReduceSum", 11, 17, { axes: ints([0, 2]), keepdims: int(0) }],
    ["Softmax", 11, 17, { axis: int(-1) }],
    ["ReduceMax", 13, 18, { axes: ints([2]) }],
    ["ReduceMean", 17, 18, { axes: ints([0]), keepdims: int(1) }],
    ["ReduceMin", 13, 17, { axes: ints([2]) }],
  ])("%s of operator set %i means the same in %i", async (op, from, to, attributes) => {
    const before = await runtime.load(writeModel(model(from, op, attributes)));
    const after = await runtime.load(spliced(model(from, op, attributes), to));
    const inputs = { x: { dims: [2, 1, 12], data } };
    const [expected, found] = [await before.run(inputs), await after.run(inputs)];
    expect(found.y!.dims).toEqual(expected.y!.dims);
    expect(found.y!.data).toEqual(expected.y!.data);
    await Promise.all([before.close(), after.close()]);
  });

  it.each([
    [11, 17, { axis: int(2), split: ints([4, 8]) }],
    [17, 18, { axis: int(2) }],
  ])("Split of operator set %i means the same in %i", async (from, to, attributes) => {
    const part = model(from, "Split", attributes, ["y", "z"]);
    const [before, after] = [await runtime.load(writeModel(part)), await runtime.load(spliced(part, to))];
    const inputs = { x: { dims: [2, 1, 12], data } };
    const [expected, found] = [await before.run(inputs), await after.run(inputs)];
    for (const name of ["y", "z"]) expect(found[name].data).toEqual(expected[name].data);
    await Promise.all([before.close(), after.close()]);
  });

  it.each([
    [11, "Softmax", { axis: int(1) }],
    [11, "Softmax", {}],
    [9, "Relu", {}],
  ])("refuses what means something else: %i %s", (from, op, attributes) => {
    expect(() => spliced(model(from, op, attributes as Record<string, OnnxAttribute>), 17)).toThrow(
      expect.objectContaining({ code: "onnx/unsupported", message: expect.stringContaining(op) }),
    );
  });
});
