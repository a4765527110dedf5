/** Changes a model that was read: other nodes, other outputs; what nothing needs any more is left out. */
import type { OnnxModel, OnnxNode, OnnxValue } from "./onnx-model.js";

/**
 * Returns the model with each node replaced by what `replace` makes of it (the node itself leaves it as it is).
 * Inputs and outputs of the replacement must exist; `readModel(writeModel(…))` checks that.
 */
export function mapNodes(model: OnnxModel, replace: (node: OnnxNode) => OnnxNode): OnnxModel {
  return { ...model, graph: { ...model.graph, nodes: model.graph.nodes.map(replace) } };
}

/** Returns the model with the input of that name having another shape. @throws RangeError when there is no such input. */
export function reshapeInput(
  model: OnnxModel,
  name: string,
  dims: readonly (number | string | null)[],
): OnnxModel {
  if (!model.graph.inputs.some((input) => input.name === name))
    throw new RangeError(`reshapeInput: the model has no input '${name}'`);
  const inputs = model.graph.inputs.map((input) =>
    input.name === name ? { ...input, dims: [...dims] } : input,
  );
  return { ...model, graph: { ...model.graph, inputs } };
}

/**
 * Returns the model whose outputs are the given values of the graph, inner ones included, and which has only the nodes, initializers
 * and inputs that those need. Nodes with graphs inside (If, Loop, Scan) keep everything, for what they read is not told by their inputs.
 * @throws RangeError when nothing makes one of the values.
 */
export function cutToOutputs(model: OnnxModel, outputs: readonly OnnxValue[]): OnnxModel {
  const { graph } = model;
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const given = new Set([...graph.inputs, ...graph.initializers].map(({ name }) => name));
  const nested = graph.nodes.some((node) =>
    Object.values(node.attributes).some((attribute) => attribute.type === "graph"),
  );
  const needed = new Set<string>();
  const kept = new Set<OnnxNode>(nested ? graph.nodes : []);
  const open = [...outputs.map(({ name }) => name), ...[...kept].flatMap(({ inputs }) => inputs)];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === "" || needed.has(name)) continue;
    needed.add(name);
    const maker = makers.get(name);
    if (!maker) {
      if (given.has(name)) continue;
      throw new RangeError(`cutToOutputs: nothing makes the value '${name}'`);
    }
    kept.add(maker);
    open.push(...maker.inputs);
  }
  const isNeeded = ({ name }: { readonly name: string }): boolean => nested || needed.has(name);
  return {
    ...model,
    graph: {
      ...graph,
      nodes: graph.nodes.filter((node) => kept.has(node)),
      initializers: graph.initializers.filter(isNeeded),
      inputs: graph.inputs.filter(isNeeded),
      outputs: [...outputs],
    },
  };
}
