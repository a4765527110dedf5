/** Writes an ONNX model as protocol buffers; field numbers are those of onnx.proto. */

import {
  dataTypes,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from "./onnx-model.js";
import { type ProtoWriter, protoWriter } from "./protobuf-writer.js";

/** Numbers of `AttributeProto.AttributeType`. */
export const attributeTypes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
} as const satisfies Record<OnnxAttribute["type"], number>;

/** Returns the bytes of the model. */
export function writeModel(model: OnnxModel): Uint8Array {
  const out = protoWriter();
  out.varint(1, model.irVersion);
  out.string(2, model.producer);
  out.message(7, (graph) => fillGraph(graph, model.graph));
  for (const [domain, version] of Object.entries(model.opsets)) {
    out.message(8, (opset) => {
      opset.string(1, domain);
      opset.varint(2, version);
    });
  }
  for (const [key, value] of Object.entries(model.metadata)) writeMetadata(out, key, value);
  return out.finish();
}

/** Writes one entry of a model's `metadata_props`. */
export function writeMetadata(out: ProtoWriter, key: string, value: string): void {
  out.message(14, (entry) => {
    entry.string(1, key);
    entry.string(2, value);
  });
}

function fillGraph(out: ProtoWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) out.message(1, (child) => fillNode(child, node));
  out.string(2, graph.name);
  for (const tensor of graph.initializers) out.message(5, (child) => fillTensor(child, tensor));
  for (const value of graph.inputs) out.message(11, (child) => fillValue(child, value));
  for (const value of graph.outputs) out.message(12, (child) => fillValue(child, value));
}

function fillNode(out: ProtoWriter, node: OnnxNode): void {
  for (const input of node.inputs) out.string(1, input);
  for (const output of node.outputs) out.string(2, output);
  if (node.name !== "") out.string(3, node.name);
  out.string(4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    out.message(5, (child) => fillAttribute(child, name, attribute));
  }
  if (node.domain !== "") out.string(7, node.domain);
}

function fillAttribute(out: ProtoWriter, name: string, attribute: OnnxAttribute): void {
  out.string(1, name);
  if (attribute.type === "float") out.float(2, attribute.value);
  else if (attribute.type === "int") out.varint(3, attribute.value);
  else if (attribute.type === "string") out.string(4, attribute.value);
  else if (attribute.type === "tensor") out.message(5, (child) => fillTensor(child, attribute.value));
  else if (attribute.type === "graph") out.message(6, (child) => fillGraph(child, attribute.value));
  else if (attribute.type === "floats") out.packedFloats(7, attribute.value);
  else if (attribute.type === "ints") out.packedVarints(8, attribute.value);
  else for (const text of attribute.value) out.string(9, text);
  out.varint(20, attributeTypes[attribute.type]);
}

function fillTensor(out: ProtoWriter, tensor: OnnxTensor): void {
  out.packedVarints(1, tensor.dims);
  out.varint(2, dataTypes[tensor.type].code);
  out.string(8, tensor.name);
  out.bytes(9, tensor.data);
}

function fillValue(out: ProtoWriter, value: OnnxValue): void {
  out.string(1, value.name);
  out.message(2, (type) => {
    type.message(1, (tensor) => {
      tensor.varint(1, dataTypes[value.type].code);
      const { dims } = value;
      if (dims === undefined) return;
      tensor.message(2, (shape) => {
        for (const dim of dims) {
          shape.message(1, (child) => {
            if (typeof dim === "number") child.varint(1, dim);
            else if (dim !== null) child.string(2, dim);
          });
        }
      });
    });
  });
}
