/** Reads an ONNX model from bytes that nobody vouches for: single file, standard operators, bounded size. */
import { listChoices, UndertoneError } from "../errors.js";
import { checkGraph } from "./check-graph.js";
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./onnx-model.js";
import {
  appendBigints,
  appendFloats,
  fieldBigint,
  fieldBytes,
  fieldFloat,
  fieldInteger,
  fieldString,
  forEachField,
  invalidOnnx,
} from "./protobuf-reader.js";
import { readTensor, typeOfCode } from "./read-tensor.js";
import { attributeTypes } from "./write-model.js";

/** Bounds on what `readModel` takes in. */
export interface ModelLimits {
  /** Size of the whole file. */
  readonly maxBytes: number;
  /** Nodes, those of subgraphs included. */
  readonly maxNodes: number;
  /** How deep graphs may be nested in attributes (If, Loop, Scan). */
  readonly maxDepth: number;
  /** Domains whose operators may be used. */
  readonly domains: readonly string[];
}

/** The domains of operators that every ONNX Runtime has. */
export const standardDomains: readonly string[] = ["", "ai.onnx", "ai.onnx.ml"];

export const defaultModelLimits: ModelLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxNodes: 50_000,
  maxDepth: 4,
  domains: standardDomains,
};

interface Reading {
  readonly limits: ModelLimits;
  nodes: number;
  /** Everything that takes hundreds of bytes of memory for a few of the file. */
  parts: number;
  texts: number;
}

/** The most nodes, attributes, tensors, values and entries together. */
const mostParts = 2 ** 20;
/** The most texts in lists: forests have one a node, so that this is more nodes than fit the largest file. */
const mostTexts = 2 ** 21;

function countPart(reading: Reading): void {
  if (++reading.parts > mostParts)
    throw unsupported(`The model has more than ${mostParts} nodes, attributes, tensors and values`);
}

/**
 * Returns the model in `bytes`; its tensors are views on them. What Undertone has no use for (documentation, shapes of
 * inner values) is left out.
 * @throws UndertoneError `onnx/invalid` when the bytes are not an ONNX model: truncated, lengths that lie, values that
 * no node makes; `onnx/unsupported` for external data, custom operators, model-local functions, sparse or string tensors,
 * and for models beyond the limits.
 */
export function readModel(bytes: Uint8Array, limits: Partial<ModelLimits> = {}): OnnxModel {
  const reading: Reading = { limits: { ...defaultModelLimits, ...limits }, nodes: 0, parts: 0, texts: 0 };
  if (bytes.length > reading.limits.maxBytes) {
    throw unsupported(`The model has ${bytes.length} bytes, expected at most ${reading.limits.maxBytes}`);
  }
  if (bytes.length === 0) throw invalidOnnx("there are no bytes");
  let irVersion = 0;
  let producer = "";
  let graph: OnnxGraph | undefined;
  const opsets: [string, number][] = [];
  const metadata: [string, string][] = [];
  forEachField(bytes, (field) => {
    countPart(reading);
    if (field.number === 1) irVersion = fieldInteger(field);
    else if (field.number === 2) producer = fieldString(field);
    else if (field.number === 7) {
      if (graph) throw invalidOnnx("it has two graphs");
      graph = readGraph(fieldBytes(field), reading, 0);
    } else if (field.number === 8) opsets.push(readOpset(fieldBytes(field), reading));
    else if (field.number === 14) metadata.push(readEntry(fieldBytes(field)));
    else if (field.number === 20)
      throw unsupported("The model carries training information, expected inference only");
    else if (field.number === 25)
      throw unsupported("The model defines functions of its own, expected standard operators");
  });
  if (irVersion < 1) throw invalidOnnx("it names no IR version");
  if (!graph) throw invalidOnnx("it has no graph");
  if (opsets.length === 0) throw invalidOnnx("it imports no operator set");
  checkGraph(graph);
  return {
    irVersion,
    producer,
    opsets: Object.fromEntries(opsets),
    graph,
    metadata: Object.fromEntries(metadata),
  };
}

function unsupported(message: string): UndertoneError {
  return new UndertoneError("onnx/unsupported", message);
}

function expectKnownDomain(domain: string, { limits: { domains } }: Reading): void {
  if (domains.includes(domain)) return;
  const choices = listChoices(domains.map((name) => `'${name}'`));
  throw unsupported(`The model uses operators of the domain '${domain}', expected ${choices}`);
}

function readOpset(bytes: Uint8Array, reading: Reading): [string, number] {
  let domain = "";
  let version = 0;
  forEachField(bytes, (field) => {
    if (field.number === 1) domain = fieldString(field);
    else if (field.number === 2) version = fieldInteger(field);
  });
  expectKnownDomain(domain, reading);
  if (version < 1) throw invalidOnnx(`it imports version ${version} of the operator set '${domain}'`);
  return [domain, version];
}

function readEntry(bytes: Uint8Array): [string, string] {
  let key = "";
  let value = "";
  forEachField(bytes, (field) => {
    if (field.number === 1) key = fieldString(field);
    else if (field.number === 2) value = fieldString(field);
  });
  return [key, value];
}

function readGraph(bytes: Uint8Array, reading: Reading, depth: number): OnnxGraph {
  if (depth > reading.limits.maxDepth) {
    throw unsupported(`The model nests graphs ${depth} deep, expected at most ${reading.limits.maxDepth}`);
  }
  let name = "";
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  forEachField(bytes, (field) => {
    countPart(reading);
    if (field.number === 1) nodes.push(readNode(fieldBytes(field), reading, depth));
    else if (field.number === 2) name = fieldString(field);
    else if (field.number === 5) initializers.push(readTensor(fieldBytes(field)));
    else if (field.number === 11) inputs.push(readValue(fieldBytes(field)));
    else if (field.number === 12) outputs.push(readValue(fieldBytes(field)));
    else if (field.number === 15) throw unsupported("The model has sparse initializers, expected dense ones");
  });
  return { name, nodes, initializers, inputs, outputs };
}

function readNode(bytes: Uint8Array, reading: Reading, depth: number): OnnxNode {
  if (++reading.nodes > reading.limits.maxNodes) {
    throw unsupported(`The model has more than ${reading.limits.maxNodes} nodes`);
  }
  let name = "";
  let op = "";
  let domain = "";
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: [string, OnnxAttribute][] = [];
  forEachField(bytes, (field) => {
    countPart(reading);
    if (field.number === 1) inputs.push(fieldString(field));
    else if (field.number === 2) outputs.push(fieldString(field));
    else if (field.number === 3) name = fieldString(field);
    else if (field.number === 4) op = fieldString(field);
    else if (field.number === 5) attributes.push(readAttribute(fieldBytes(field), reading, depth));
    else if (field.number === 7) domain = fieldString(field);
  });
  if (op === "") throw invalidOnnx("a node names no operator");
  expectKnownDomain(domain, reading);
  return { name, op, domain, inputs, outputs, attributes: Object.fromEntries(attributes) };
}

const attributeTypeOfCode = new Map<number, OnnxAttribute["type"]>(
  Object.entries(attributeTypes).map(([type, code]) => [code, type as OnnxAttribute["type"]]),
);

function readAttribute(bytes: Uint8Array, reading: Reading, depth: number): [string, OnnxAttribute] {
  let name = "";
  let code = 0;
  let single: OnnxAttribute | undefined;
  const floats: number[] = [];
  const ints: bigint[] = [];
  const strings: string[] = [];
  forEachField(bytes, (field) => {
    if (field.number === 1) name = fieldString(field);
    else if (field.number === 2) single = { type: "float", value: fieldFloat(field) };
    else if (field.number === 3) single = { type: "int", value: fieldBigint(field) };
    else if (field.number === 4) single = { type: "string", value: fieldString(field) };
    else if (field.number === 5) single = { type: "tensor", value: readTensor(fieldBytes(field)) };
    else if (field.number === 6)
      single = { type: "graph", value: readGraph(fieldBytes(field), reading, depth + 1) };
    else if (field.number === 7) appendFloats(floats, field);
    else if (field.number === 8) appendBigints(ints, field);
    else if (field.number === 9) {
      if (++reading.texts > mostTexts) throw unsupported(`The model lists more than ${mostTexts} texts`);
      strings.push(fieldString(field));
    } else if (field.number === 20) code = fieldInteger(field);
  });
  if (name === "") throw invalidOnnx("an attribute has no name");
  const type = attributeTypeOfCode.get(code);
  if (type === undefined)
    throw unsupported(`The attribute '${name}' has type ${code}, expected one of 1 to 8`);
  if (type === "floats") return [name, { type, value: Float32Array.from(floats) }];
  if (type === "ints") return [name, { type, value: BigInt64Array.from(ints) }];
  if (type === "strings") return [name, { type, value: strings }];
  if (single === undefined) single = defaultAttribute(type);
  if (single?.type !== type) throw invalidOnnx(`the attribute '${name}' holds no ${type}`);
  return [name, single];
}

/** A writer of proto3 leaves out a value that is zero or empty. */
function defaultAttribute(type: OnnxAttribute["type"]): OnnxAttribute | undefined {
  if (type === "float") return { type, value: 0 };
  if (type === "int") return { type, value: 0n };
  if (type === "string") return { type, value: "" };
  return undefined;
}

function readValue(bytes: Uint8Array): OnnxValue {
  let name = "";
  let code = 0;
  let dims: (number | string | null)[] | undefined;
  forEachField(bytes, (field) => {
    if (field.number === 1) name = fieldString(field);
    else if (field.number === 2) {
      forEachField(fieldBytes(field), (type) => {
        if (type.number === 6) return;
        if (type.number !== 1)
          throw unsupported(`The value '${name}' is not a tensor, expected tensors only`);
        forEachField(fieldBytes(type), (tensor) => {
          if (tensor.number === 1) code = fieldInteger(tensor);
          else if (tensor.number === 2) dims = readShape(fieldBytes(tensor));
        });
      });
    }
  });
  const type = typeOfCode(code, name);
  return dims === undefined ? { name, type } : { name, type, dims };
}

function readShape(bytes: Uint8Array): (number | string | null)[] {
  const dims: (number | string | null)[] = [];
  forEachField(bytes, (field) => {
    if (field.number !== 1) return;
    let dim: number | string | null = null;
    forEachField(fieldBytes(field), (part) => {
      if (part.number === 1) dim = fieldInteger(part);
      else if (part.number === 2) dim = fieldString(part);
    });
    dims.push(dim);
  });
  return dims;
}
