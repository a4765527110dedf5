/** Reads a model in ONNX Runtime's own format (`.ort`, FlatBuffers, format versions 4 to 6) as the ONNX model that it was made from. */
import { UndertoneError } from "../errors.js";
import { checkGraph } from "./check-graph.js";
import { type FlatTable, flatRoot } from "./flat-buffer.js";
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./onnx-model.js";
import { invalidOnnx } from "./protobuf-reader.js";
import { typeOfCode } from "./read-tensor.js";

/** Numbers of `AttributeType`, those of ONNX. */
const attributeTypes = [
  undefined,
  "float",
  "int",
  "string",
  "tensor",
  "graph",
  "floats",
  "ints",
  "strings",
] as const;
const deepest = 4;

/** Returns whether the bytes are in ONNX Runtime's own format. */
export function isOrtModel(bytes: Uint8Array): boolean {
  return bytes.length > 8 && String.fromCharCode(...bytes.subarray(4, 8)) === "ORTM";
}

/**
 * Returns the model in `bytes`; its tensors are views on them. Operators that the runtime has fused stay fused (`com.microsoft`).
 * @throws UndertoneError `onnx/invalid` for what is truncated or lies; `onnx/unsupported` for weights in another file, sparse and text tensors.
 */
export function readOrtModel(bytes: Uint8Array): OnnxModel {
  try {
    const model = flatRoot(bytes).table(1);
    const graph = model?.table(7);
    if (!model || !graph) throw invalidOnnx("it has no graph");
    const opsets = model.tables(1).map((opset) => [opset.text(0), Number(opset.long(1))] as const);
    const read = readGraph(graph, 0);
    checkGraph(read);
    return {
      irVersion: Number(model.long(0)),
      producer: model.text(2),
      opsets: Object.fromEntries(opsets),
      graph: read,
      metadata: {},
    };
  } catch (error) {
    if (error instanceof RangeError) throw invalidOnnx("an offset in it leads nowhere");
    throw error;
  }
}

function unsupported(message: string): UndertoneError {
  return new UndertoneError("onnx/unsupported", message);
}

function readGraph(graph: FlatTable, depth: number): OnnxGraph {
  if (depth > deepest) throw unsupported(`The model nests graphs ${depth} deep, expected at most ${deepest}`);
  if (graph.tables(7).length > 0) throw unsupported("The model has sparse initializers, expected dense ones");
  const values = new Map(graph.tables(1).map((info) => [info.text(0), info] as const));
  const value = (name: string): OnnxValue => {
    const info = values.get(name);
    if (!info) throw invalidOnnx(`it does not describe '${name}'`);
    return readValue(info);
  };
  const initializers = graph.tables(0).map(readTensor);
  const given = new Set(initializers.map(({ name }) => name));
  return {
    name: "ort",
    nodes: inOrder(graph.tables(2).map((node) => readNode(node, depth))),
    initializers,
    // A constant that may be replaced is listed among the inputs too.
    inputs: graph
      .texts(5)
      .filter((name) => !given.has(name))
      .map(value),
    outputs: graph.texts(6).map(value),
  };
}

/** The runtime keeps nodes by index; each must come after those that make what it takes. */
function inOrder(nodes: readonly OnnxNode[]): OnnxNode[] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const sorted = new Set<OnnxNode>();
  const entered = new Set<OnnxNode>();
  for (const start of nodes) {
    const open = [start];
    while (open.length > 0) {
      const node = open.at(-1)!;
      const missing = sorted.has(node)
        ? []
        : takenBy(node)
            .map((name) => makers.get(name))
            .filter((maker) => maker !== undefined && maker !== node && !sorted.has(maker));
      if (missing.length === 0) {
        sorted.add(node);
        open.pop();
      } else if (entered.has(node)) throw invalidOnnx(`the node '${node.name}' takes what it makes itself`);
      else {
        entered.add(node);
        open.push(...(missing as OnnxNode[]));
      }
    }
  }
  return [...sorted];
}

/** What a node takes, graphs inside it included. */
function takenBy(node: OnnxNode): string[] {
  const inner = Object.values(node.attributes).flatMap((attribute) =>
    attribute.type === "graph" ? attribute.value.nodes.flatMap(takenBy) : [],
  );
  return [...node.inputs, ...inner];
}

function readNode(node: FlatTable, depth: number): OnnxNode {
  const op = node.text(5);
  if (op === "") throw invalidOnnx("a node names no operator");
  return {
    name: node.text(0),
    op,
    domain: node.text(2),
    inputs: node.texts(8),
    outputs: node.texts(9),
    attributes: Object.fromEntries(node.tables(10).map((attribute) => readAttribute(attribute, depth))),
  };
}

function readAttribute(attribute: FlatTable, depth: number): [string, OnnxAttribute] {
  const name = attribute.text(0);
  const type = attributeTypes[attribute.integer(2)];
  const table = (field: number): FlatTable => {
    const found = attribute.table(field);
    if (found) return found;
    throw invalidOnnx(`the attribute '${name}' holds no ${type}`);
  };
  switch (type) {
    case "float":
      return [name, { type, value: attribute.float(3) }];
    case "int":
      return [name, { type, value: attribute.long(4) }];
    case "string":
      return [name, { type, value: attribute.text(5) }];
    case "tensor":
      return [name, { type, value: readTensor(table(6)) }];
    case "graph":
      return [name, { type, value: readGraph(table(7), depth + 1) }];
    case "floats":
      return [name, { type, value: attribute.floats(8) }];
    case "ints":
      return [name, { type, value: attribute.longs(9) }];
    case "strings":
      return [name, { type, value: attribute.texts(10) }];
    default:
      throw unsupported(`The attribute '${name}' has type ${attribute.integer(2)}, expected one of 1 to 8`);
  }
}

function readTensor(tensor: FlatTable): OnnxTensor {
  const name = tensor.text(0);
  if (tensor.long(6, -1n) >= 0n)
    throw unsupported(`The tensor '${name}' lies in another file, expected one file`);
  const type = typeOfCode(tensor.integer(3), name);
  return { name, type, dims: Array.from(tensor.longs(2), Number), data: tensor.bytes(4) };
}

function readValue(info: FlatTable): OnnxValue {
  const name = info.text(0);
  const type = info.table(2);
  const isTensor = type?.byte(1) === 1;
  const tensor = isTensor ? type.table(2) : undefined;
  if (!tensor) throw unsupported(`The value '${name}' is not a tensor, expected tensors only`);
  const shape = tensor.table(1);
  const element = typeOfCode(tensor.integer(0), name);
  if (!shape) return { name, type: element };
  const dims = shape.tables(0).map((dim) => {
    const value = dim.table(0);
    const kind = value?.byte(0) ?? 0;
    return kind === 1 ? Number(value!.long(1)) : kind === 2 ? value!.text(2) : null;
  });
  return { name, type: element, dims };
}
