/** Checks that a graph is one: every value is made once, before it is used. */
import type { OnnxGraph } from "./onnx-model.js";
import { invalidOnnx } from "./protobuf-reader.js";

/**
 * Returns when every value of the graph, and of the graphs inside it, is made once and before its use.
 * @throws UndertoneError `onnx/invalid`, naming the value.
 */
export function checkGraph(graph: OnnxGraph, isOutside: (name: string) => boolean = () => false): void {
  if (graph.outputs.length === 0) throw invalidOnnx(`the graph '${graph.name}' has no output`);
  const made = new Set<string>();
  // Asked, not copied: many graphs may lie inside one of many values.
  const isKnown = (name: string): boolean => made.has(name) || isOutside(name);
  const make = (name: string): void => {
    if (made.has(name)) throw invalidOnnx(`the value '${name}' is made twice`);
    made.add(name);
  };
  for (const input of graph.inputs) {
    if (input.name === "") throw invalidOnnx("an input has no name");
    make(input.name);
  }
  for (const tensor of graph.initializers) {
    // An initializer with the name of an input is that input's default value.
    if (!made.has(tensor.name)) make(tensor.name);
  }
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      if (input !== "" && !isKnown(input))
        throw invalidOnnx(`${node.op} takes '${input}', which nothing before it makes`);
    }
    for (const attribute of Object.values(node.attributes)) {
      if (attribute.type === "graph") checkGraph(attribute.value, isKnown);
    }
    for (const output of node.outputs) if (output !== "") make(output);
  }
  for (const output of graph.outputs) {
    if (!isKnown(output.name)) throw invalidOnnx(`nothing makes the output '${output.name}'`);
  }
}
