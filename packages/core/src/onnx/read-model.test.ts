/** Reading what was written, and refusing what was not. */
import fc from "fast-check";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { isUndertoneError } from "../errors.js";
import { float, floats, graphBuilder, int, ints, text, texts } from "./graph-builder.js";
import { float32Tensor, float32Values, int64Tensor, int64Values, type OnnxModel } from "./onnx-model.js";
import { protoWriter } from "./protobuf-writer.js";
import { readModel } from "./read-model.js";
import { withMetadata } from "./with-metadata.js";
import { writeModel } from "./write-model.js";

/** y = softmax(x · W + b), by hand. */
function smallModel(metadata: Record<string, string> = {}): Uint8Array {
  const graph = graphBuilder("small");
  const x = graph.input("x", ["N", 2]);
  const product = graph.node("MatMul", [x, graph.constant("w", [2, 2], [1, 2, 3, 4])]);
  const sum = graph.node("Add", [product, graph.constant("b", [2], [0.5, -0.5])]);
  graph.output("y", graph.node("Softmax", [sum], { attributes: { axis: int(-1) } }), ["N", 2]);
  return graph.toBytes(metadata);
}

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

function model(
  changes: Partial<OnnxModel["graph"]> = {},
  opsets: Record<string, number> = { "": 17 },
): Uint8Array {
  return writeModel({
    irVersion: 8,
    producer: "test",
    opsets,
    metadata: {},
    graph: {
      name: "g",
      nodes: [{ name: "", op: "Identity", domain: "", inputs: ["x"], outputs: ["y"], attributes: {} }],
      initializers: [],
      inputs: [{ name: "x", type: "float32", dims: [1] }],
      outputs: [{ name: "y", type: "float32", dims: [1] }],
      ...changes,
    },
  });
}

describe("graphBuilder and ONNX Runtime", () => {
  it("computes what the graph says", async () => {
    const session = await InferenceSession.create(smallModel({ note: "Grüße" }));
    expect(session.inputNames).toEqual(["x"]);
    const { y } = await session.run({ x: new Tensor("float32", Float32Array.of(1, 0, 0, 1), [2, 2]) });
    const first = 1 / (1 + Math.exp(1.5 - 1.5));
    expect(y!.data as Float32Array).toBeAllClose([first, 1 - first, first, 1 - first], { atol: 1e-6 });
    await session.release();
  });

  it("makes names unique", () => {
    const graph = graphBuilder();
    const x = graph.input("x", [1]);
    expect([graph.constant("x", [1], [1]), graph.constant("x", [1], [1])]).toEqual(["x_1", "x_2"]);
    expect(graph.node("Relu", [x])).not.toBe(graph.node("Relu", [x]));
    expect(() => graph.input("x", [1])).toThrow(RangeError);
    expect(() => graph.toBytes()).toThrow("no output");
  });
});

describe("readModel", () => {
  it("reads back what graphBuilder wrote", () => {
    const read = readModel(smallModel({ a: "1", __proto__x: "2" }));
    expect(read.opsets).toEqual({ "": 17, "ai.onnx.ml": 3 });
    expect(read.metadata).toEqual({ a: "1", __proto__x: "2" });
    expect(read.graph.nodes.map((node) => node.op)).toEqual(["MatMul", "Add", "Softmax", "Identity"]);
    expect(read.graph.inputs).toEqual([{ name: "x", type: "float32", dims: ["N", 2] }]);
    expect(float32Values(read.graph.initializers[0])).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  it("round-trips every kind of attribute and tensor", () => {
    const name = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" });
    fc.assert(
      fc.property(
        fc.record({
          float: fc.float({ noNaN: true }),
          int: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
          string: fc.string({ unit: "grapheme" }),
          floats: fc.array(fc.float({ noNaN: true })),
          ints: fc.array(fc.maxSafeInteger()),
          strings: fc.array(fc.string()),
          tensor: fc.array(fc.float({ noNaN: true })),
          shape: fc.array(fc.maxSafeInteger()),
          metadata: fc.dictionary(name, fc.string({ unit: "grapheme" })),
          opset: fc.integer({ min: 1, max: 2 ** 31 }),
        }),
        (made) => {
          const written: OnnxModel = {
            irVersion: 8,
            producer: made.string,
            opsets: { "": made.opset },
            metadata: { ...made.metadata },
            graph: {
              name: made.string,
              inputs: [{ name: "x", type: "int64" }],
              outputs: [{ name: "y", type: "float64", dims: [1, "N", null] }],
              initializers: [
                float32Tensor("t", [made.tensor.length], made.tensor),
                int64Tensor("s", [1, made.shape.length], made.shape),
              ],
              nodes: [
                {
                  name: "n",
                  op: "Op",
                  domain: "ai.onnx.ml",
                  inputs: ["x", "", "t"],
                  outputs: ["y"],
                  attributes: {
                    a: float(made.float),
                    b: int(made.int),
                    c: text(made.string),
                    d: floats(made.floats),
                    e: ints(made.ints),
                    f: texts(made.strings),
                    g: { type: "tensor", value: float32Tensor("inner", [], [made.float]) },
                  },
                },
              ],
            },
          };
          const read = readModel(writeModel(written));
          expect(read).toEqual(written);
          expect(Array.from(int64Values(read.graph.initializers[1]), Number)).toEqual(made.shape);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("reads tensors whose values are in the typed fields", () => {
    const out = protoWriter();
    out.varint(1, 8);
    out.message(8, (opset) => opset.varint(2, 17));
    out.message(7, (graph) => {
      graph.message(5, (tensor) => {
        tensor.packedVarints(1, [2]);
        tensor.varint(2, 1);
        tensor.float(4, 1.5);
        tensor.float(4, -2);
        tensor.string(8, "f");
      });
      graph.message(5, (tensor) => {
        tensor.varint(1, 3);
        tensor.varint(2, 7);
        tensor.packedVarints(7, [1, -1, 2 ** 40]);
        tensor.string(8, "i");
      });
      graph.message(12, (value) => {
        value.string(1, "f");
        value.message(2, (type) => type.message(1, (tensor) => tensor.varint(1, 1)));
      });
    });
    const { initializers } = readModel(out.finish()).graph;
    expect(float32Values(initializers[0])).toEqual(Float32Array.of(1.5, -2));
    expect(int64Values(initializers[1])).toEqual(BigInt64Array.of(1n, -1n, 2n ** 40n));
  });

  it.each<[string, Uint8Array]>([
    ["no bytes", new Uint8Array(0)],
    ["text", new TextEncoder().encode("not a model at all, but words")],
    ["zeros", new Uint8Array(100)],
    ["ones", new Uint8Array(100).fill(255)],
    ["a length beyond the end", Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f)],
    ["a length beyond a double", Uint8Array.of(0x3a, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1)],
    [
      "a value that nothing makes",
      model({
        nodes: [{ name: "", op: "Identity", domain: "", inputs: ["z"], outputs: ["y"], attributes: {} }],
      }),
    ],
    ["an output that nothing makes", model({ nodes: [] })],
    ["no output", model({ outputs: [] })],
    [
      "a tensor of another size",
      model({ initializers: [{ name: "t", type: "float32", dims: [2 ** 40], data: new Uint8Array(4) }] }),
    ],
    [
      "a tensor of no size",
      model({ initializers: [{ name: "t", type: "float32", dims: [-1], data: new Uint8Array(4) }] }),
    ],
    ["no operator set", model({}, {})],
  ])("refuses %s as invalid", (_, bytes) => {
    expect(errorOf(() => readModel(bytes))).toMatchObject({ code: "onnx/invalid" });
  });

  it("refuses what it does not support", () => {
    const node = {
      name: "",
      op: "Evil",
      domain: "com.example",
      inputs: ["x"],
      outputs: ["y"],
      attributes: {},
    };
    expect(errorOf(() => readModel(model({ nodes: [node] })))).toMatchObject({ code: "onnx/unsupported" });
    expect(errorOf(() => readModel(model({}, { "": 17, "com.microsoft": 1 })))).toMatchObject({
      code: "onnx/unsupported",
    });
    const external = protoWriter();
    external.raw(model());
    external.message(7, () => {});
    expect(errorOf(() => readModel(external.finish()))).toMatchObject({ code: "onnx/invalid" });
    const bytes = smallModel();
    expect(errorOf(() => readModel(bytes, { maxBytes: bytes.length - 1 }))).toMatchObject({
      code: "onnx/unsupported",
    });
    expect(errorOf(() => readModel(bytes, { maxNodes: 3 }))).toMatchObject({ code: "onnx/unsupported" });
  });

  it("bounds what a few bytes become in memory", () => {
    const inTensor = (field: number, content: Uint8Array): Uint8Array => {
      const writer = protoWriter();
      writer.varint(1, 8);
      writer.message(7, (graph) => graph.message(5, (tensor) => tensor.bytes(field, content)));
      return writer.finish();
    };
    const integers = inTensor(1, new Uint8Array(2 ** 21 + 1).fill(1));
    expect(errorOf(() => readModel(integers))).toMatchObject({
      code: "onnx/invalid",
      message: expect.stringMatching(/more than 2097152 integers/),
    });
  });

  it("reads a forest of more than a million nodes", () => {
    const modes = new Array<string>(1_100_000).fill("LEAF");
    const graph = graphBuilder("forest");
    const attributes = { nodes_modes: texts(modes) };
    const y = graph.node("TreeEnsembleRegressor", [graph.input("x", [1, 2])], {
      ...{ domain: "ai.onnx.ml", attributes },
    });
    graph.output("y", y, [1, 1]);
    const read = readModel(graph.toBytes());
    expect(read.graph.nodes[0].attributes.nodes_modes.value).toHaveLength(modes.length);
  });

  it("refuses external data and functions", () => {
    const external = protoWriter();
    external.varint(1, 8);
    external.message(7, (graph) =>
      graph.message(5, (tensor) => {
        tensor.packedVarints(1, [1]);
        tensor.varint(2, 1);
        tensor.message(13, (entry) => {
          entry.string(1, "location");
          entry.string(2, "/etc/passwd");
        });
        tensor.varint(14, 1);
      }),
    );
    expect(errorOf(() => readModel(external.finish()))).toMatchObject({ code: "onnx/unsupported" });
    const functions = protoWriter();
    functions.raw(model());
    functions.message(25, (f) => f.string(1, "f"));
    expect(errorOf(() => readModel(functions.finish()))).toMatchObject({ code: "onnx/unsupported" });
  });

  it("refuses graphs nested without end", () => {
    let graph: OnnxModel["graph"] = readModel(model()).graph;
    for (let i = 0; i < 6; i++) {
      graph = {
        ...graph,
        inputs: [],
        nodes: [
          {
            name: "",
            op: "If",
            domain: "",
            inputs: [],
            outputs: ["y"],
            attributes: { then_branch: { type: "graph", value: graph } },
          },
        ],
      };
    }
    expect(errorOf(() => readModel(model(graph)))).toMatchObject({ code: "onnx/unsupported" });
  });

  it("answers every prefix and every flipped byte with a model or a typed error", () => {
    const bytes = smallModel({ key: "value" });
    for (let length = 0; length < bytes.length; length++) {
      const error = errorOf(() => readModel(bytes.subarray(0, length)));
      expect(error === undefined || isUndertoneError(error)).toBe(true);
    }
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (changes) => {
          const broken = bytes.slice();
          for (const [at, value] of changes) broken[at] = value;
          const error = errorOf(() => readModel(broken));
          return error === undefined || isUndertoneError(error);
        },
      ),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) =>
        isUndertoneError(errorOf(() => readModel(garbage))),
      ),
      { numRuns: 1000 },
    );
  });
});

describe("withMetadata", () => {
  it("adds and replaces entries and keeps the rest", async () => {
    const bytes = withMetadata(smallModel({ kept: "1", changed: "2" }), { changed: "3", added: "ünicode" });
    const read = readModel(bytes);
    expect(read.metadata).toEqual({ kept: "1", changed: "3", added: "ünicode" });
    expect(read.graph).toEqual(readModel(smallModel()).graph);
    await (await InferenceSession.create(bytes)).release();
  });

  it("refuses what is not protocol buffers", () => {
    expect(errorOf(() => withMetadata(Uint8Array.of(7, 7, 7), {}))).toMatchObject({ code: "onnx/invalid" });
  });
});
