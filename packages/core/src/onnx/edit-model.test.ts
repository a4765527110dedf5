/** Tests of editing models: what is cut away, and what must stay. */
import { describe, expect, it } from "vitest";
import { cutToOutputs, foldScales, mapNodes, reshapeInput } from "./edit-model.js";
import { type GraphBuilder, graphBuilder } from "./graph-builder.js";
import { float32Values, type OnnxModel } from "./onnx-model.js";
import { readModel } from "./read-model.js";
import { writeModel } from "./write-model.js";

/** x → Relu → inner → MatMul(w) → y, and z → Neg → other. */
function sample(): OnnxModel {
  const builder = graphBuilder();
  const x = builder.input("x", [1, 2]);
  const z = builder.input("z", [1]);
  const inner = builder.node("Relu", [x]);
  const w = builder.constant("w", [2, 1], [1, 2]);
  builder.output("y", builder.node("MatMul", [inner, w]), [1, 1]);
  builder.output("other", builder.node("Neg", [z]), [1]);
  return readModel(builder.toBytes());
}

describe("cutToOutputs", () => {
  it("keeps what the outputs need and nothing else, and the rest is a model", () => {
    const cut = readModel(
      writeModel(cutToOutputs(sample(), [{ name: "relu", type: "float32", dims: [1, 2] }])),
    );
    expect(cut.graph.nodes.map(({ op }) => op)).toEqual(["Relu"]);
    expect(cut.graph.inputs.map(({ name }) => name)).toEqual(["x"]);
    expect(cut.graph.initializers).toEqual([]);
    expect(cut.graph.outputs.map(({ name }) => name)).toEqual(["relu"]);
  });

  it("keeps a model whose outputs stay", () => {
    const model = sample();
    expect(cutToOutputs(model, model.graph.outputs)).toEqual(model);
  });

  it("refuses a value that nothing makes", () => {
    expect(() => cutToOutputs(sample(), [{ name: "nothing", type: "float32" }])).toThrow(/'nothing'/);
  });
});

describe("mapNodes and reshapeInput", () => {
  it("change the node and the input that they are told to", () => {
    const model = sample();
    const edited = reshapeInput(
      mapNodes(model, (node) => (node.op === "Relu" ? { ...node, op: "Sigmoid" } : node)),
      "x",
      ["N", 2],
    );
    expect(edited.graph.nodes.map(({ op }) => op)).toEqual(
      model.graph.nodes.map(({ op }) => (op === "Relu" ? "Sigmoid" : op)),
    );
    expect(edited.graph.inputs[0]).toEqual({ name: "x", type: "float32", dims: ["N", 2] });
    expect(edited.graph.inputs[1]).toEqual(model.graph.inputs[1]);
  });

  it("refuse an input that is not there", () => {
    expect(() => reshapeInput(sample(), "nothing", [1])).toThrow(/'nothing'/);
  });
});

/** x → Sub(m) → Mul(c) → MatMul(W) → y, with `more` beside. */
function scaled(more: (builder: GraphBuilder, product: string) => void = () => undefined): OnnxModel {
  const builder = graphBuilder();
  const x = builder.input("x", ["N", 2]);
  const centred = builder.node("Sub", [x, builder.constant("m", [2], [1, 2])]);
  const product = builder.node("Mul", [centred, builder.constant("c", [2], [0.5, 3])]);
  const weights = builder.constant("W", [2, 3], [1, 2, 3, 4, 5, 6]);
  builder.output("y", builder.node("MatMul", [product, weights]), ["N", 3]);
  more(builder, product);
  return readModel(builder.toBytes());
}

describe("foldScales", () => {
  it("puts the constants of a product into the weights that follow it", () => {
    const { graph } = readModel(writeModel(foldScales(scaled())));
    expect(graph.nodes.map(({ op }) => op)).toEqual(["Sub", "MatMul", "Identity"]);
    expect(graph.initializers.map(({ name }) => name)).toEqual(["m", "W"]);
    expect([...float32Values(graph.initializers[1])]).toEqual([0.5, 1, 1.5, 12, 15, 18]);
  });

  it("leaves a product that something else takes, too, and a model without one", () => {
    const taken = scaled((builder, product) => builder.output("z", product, ["N", 2]));
    expect(foldScales(taken)).toBe(taken);
    const shared = scaled((builder) => builder.output("z", builder.node("Neg", ["W"]), [2, 3]));
    expect(foldScales(shared)).toBe(shared);
    const none = sample();
    expect(foldScales(none)).toBe(none);
  });
});
