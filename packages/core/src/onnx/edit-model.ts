/** Changes a model that was read: other nodes, other outputs; what nothing needs any more is left out. */
import {
  float32Tensor,
  float32Values,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from "./onnx-model.js";

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

const hasGraphInside = (node: OnnxNode): boolean =>
  Object.values(node.attributes).some(({ type }) => type === "graph");

/**
 * Returns the model without products by a constant row that only a product of matrices takes, x · c · W: the constants are part of the weights
 * then, one rounding to float32 instead of two. A model in which there are none, or graphs inside of nodes, is returned as it is.
 */
export function foldScales(model: OnnxModel): OnnxModel {
  const { nodes, initializers, inputs, outputs } = model.graph;
  if (nodes.some(hasGraphInside)) return model;
  const uses = (name: string): number =>
    nodes.flatMap((node) => node.inputs).filter((input) => input === name).length +
    [...inputs, ...outputs].filter((port) => port.name === name).length;
  const ownConstant = (name: string): OnnxTensor | undefined =>
    uses(name) === 1 ? initializers.find((one) => one.name === name && one.type === "float32") : undefined;
  for (const product of nodes) {
    const { op, domain, inputs: factors, outputs: made } = product;
    if (op !== "Mul" || domain !== "" || uses(made[0]) !== 1) continue;
    const next = nodes.find(
      (node) => node.op === "MatMul" && node.domain === "" && node.inputs[0] === made[0],
    );
    const scale = ownConstant(factors[1]);
    const weights = next && ownConstant(next.inputs[1]);
    if (!scale || !weights || scale.dims.length !== 1 || weights.dims.length !== 2) continue;
    const [rows, cols] = weights.dims;
    if (scale.dims[0] !== rows) continue;
    const by = float32Values(scale);
    const folded = float32Values(weights).map((value, i) => value * by[Math.floor(i / cols)]);
    const graph = {
      ...model.graph,
      nodes: nodes
        .filter((node) => node !== product)
        .map((node) => (node === next ? { ...node, inputs: [factors[0], weights.name] } : node)),
      initializers: initializers
        .filter((one) => one !== scale)
        .map((one) => (one === weights ? float32Tensor(weights.name, weights.dims, folded) : one)),
    };
    return foldScales({ ...model, graph });
  }
  return model;
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
  const nested = graph.nodes.some(hasGraphInside);
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
