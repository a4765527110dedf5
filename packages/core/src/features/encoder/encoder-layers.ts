/** Finds the layers of an encoder's graph, and cuts the graph to those that are wanted. */
import { isUndertoneError, listChoices, UndertoneError } from "../../errors.js";
import { cutToOutputs } from "../../onnx/edit-model.js";
import { int } from "../../onnx/graph-builder.js";
import type { OnnxGraph, OnnxModel, OnnxNode } from "../../onnx/onnx-model.js";
import { readModel, standardDomains } from "../../onnx/read-model.js";
import { isOrtModel, readOrtModel } from "../../onnx/read-ort-model.js";
import { writeModel } from "../../onnx/write-model.js";

/** A layer: what ids and column names call it, and the value of the graph that holds it. */
export interface EncoderLayer {
  readonly label: string;
  readonly value: string;
}

/** The size of a protocol buffer, since encoders are far larger than models of ours; and the domains that exporters and optimizers of ONNX Runtime name. */
const limits = {
  maxBytes: 2 ** 31 - 1,
  maxNodes: 200_000,
  domains: [
    ...standardDomains,
    "ai.onnx.training",
    "ai.onnx.preview.training",
    "com.microsoft",
    "com.microsoft.experimental",
    "com.microsoft.nchwc",
    "org.pytorch.aten",
  ],
};
const float32 = 1;

/** Returns the encoder's graph, or undefined for a file that only the runtime can read, such as one with functions of its own. */
export function readEncoder(bytes: Uint8Array): OnnxModel | undefined {
  try {
    return isOrtModel(bytes) ? readOrtModel(bytes) : readModel(bytes, limits);
  } catch (error) {
    if (isUndertoneError(error, "onnx/unsupported")) return undefined;
    throw error;
  }
}

/**
 * Returns the encoder's numbered layers: `hidden_states` outputs where it has them, otherwise what the blocks of its graph hand on. The uppermost is then
 * `last_hidden_state`, as it is among hidden states, even where a norm stands between.
 */
export function numberedLayers(
  outputs: readonly string[],
  graph: OnnxGraph | undefined,
): ReadonlyMap<number, string> {
  const states = new Map<number, string>();
  for (const name of outputs) {
    const found = /(?:^|[./_])hidden_?states?[._]?(\d+)$/.exec(name);
    if (found) states.set(Number(found[1]), name);
  }
  if (states.size > 0 || !graph) return states;
  const blocks = new Map(blockOutputs(graph));
  const last = outputs.find((name) => /(?:^|[./_])last_hidden_state$/.test(name));
  if (last !== undefined && blocks.size > 0) blocks.set(Math.max(...blocks.keys()), last);
  return blocks;
}

/** `/encoder/layers.3/attention/MatMul` -> ["/encoder/layers", 3]; `conv_layers` are no blocks of the encoder. */
function blockIn(name: string): readonly [string, number] | undefined {
  const found = /^(.*?(?<![A-Za-z_])(?:layers?|blocks?))[._/](\d+)(?=[._/])/.exec(name);
  return found ? [found[1], Number(found[2])] : undefined;
}

/** Optimizers rename nodes that they fuse, but the values between them keep their names. */
function blockOf(node: OnnxNode): readonly [string, number] | undefined {
  return blockIn(node.outputs[0]) ?? blockIn(node.name);
}

/** Block k's value, counted from 1 as `hidden_states` are, is the last one made inside it that is used outside. */
function blockOutputs(graph: OnnxGraph): ReadonlyMap<number, string> {
  const stacks = new Map<string, Set<number>>();
  const blocks = graph.nodes.map(blockOf);
  for (const block of blocks)
    if (block) stacks.set(block[0], (stacks.get(block[0]) ?? new Set<number>()).add(block[1]));
  const [deepest] = [...stacks].sort((a, b) => b[1].size - a[1].size);
  if (!deepest || deepest[1].size < 2) return new Map();
  const maker = new Map<string, number>();
  const order = new Map<string, number>();
  graph.nodes.forEach(({ outputs }, i) => {
    for (const name of outputs) {
      const block = blockIn(name) ?? blocks[i];
      if (block?.[0] !== deepest[0]) continue;
      maker.set(name, block[1]);
      order.set(name, i);
    }
  });
  const found = new Map<number, string>();
  const offer = (value: string, user: number | undefined): void => {
    const block = maker.get(value);
    if (block === undefined || block === user) return;
    const held = found.get(block + 1);
    if (held === undefined || order.get(value)! > order.get(held)!) found.set(block + 1, value);
  };
  graph.nodes.forEach(({ inputs }, i) => {
    const block = blocks[i];
    for (const value of inputs) offer(value, block?.[0] === deepest[0] ? block[1] : undefined);
  });
  for (const { name } of graph.outputs) offer(name, undefined);
  return new Map([...found].sort((a, b) => a[0] - b[0]));
}

/**
 * Returns the layers that a choice names, in its order.
 * @throws UndertoneError `features/unknown` naming what there is.
 */
export function chosenLayers(
  layer: string,
  outputs: readonly string[],
  graph: OnnxGraph | undefined,
): readonly EncoderLayer[] {
  const numbered = numberedLayers(outputs, graph);
  const refuse = (word: string): never => {
    const numbers = [...numbered.keys()];
    const known = [
      "last",
      ...(numbers.length > 0 ? ["all", "average", `${numbers[0]} to ${numbers.at(-1)}`] : []),
      ...outputs,
    ];
    const inner = graph ? "the name of an inner value of its graph" : undefined;
    throw new UndertoneError(
      "features/unknown",
      `The encoder has no layer '${word}', expected ${listChoices([...known, ...(inner ? [inner] : [])])}`,
      { details: { layer: word, outputs, numbered: numbers } },
    );
  };
  if (layer === "all" || layer === "average") {
    const all = [...numbered].filter(([number]) => number > 0);
    if (all.length === 0) refuse(layer);
    return all.map(([number, value]) => ({ label: `l${number}`, value }));
  }
  const inner = new Set(graph?.nodes.flatMap((node) => node.outputs) ?? []);
  return layer.split(",").map((word) => {
    if (word === "last") return { label: "last", value: outputs[0] };
    const number = /^\d+$/.test(word) ? numbered.get(Number(word)) : undefined;
    if (number !== undefined) return { label: `l${word}`, value: number };
    const value = decodeURIComponent(word);
    if (!outputs.includes(value) && !inner.has(value)) refuse(value);
    return { label: value, value };
  });
}

/**
 * Returns the model with the layers as its only outputs, in float32, and without what they do not need; the outputs are called `layer0`,
 * `layer1` …
 */
export function cutToLayers(model: OnnxModel, layers: readonly EncoderLayer[]): OnnxModel {
  const outputs = layers.map((_, i) => ({ name: `undertone_layer${i}`, type: "float32" as const }));
  const casts: OnnxNode[] = layers.map(({ value }, i) => ({
    name: "",
    op: "Cast",
    domain: "",
    inputs: [value],
    outputs: [outputs[i].name],
    attributes: { to: int(float32) },
  }));
  const { graph } = model;
  return cutToOutputs({ ...model, graph: { ...graph, nodes: [...graph.nodes, ...casts] } }, outputs);
}

/** What a runtime loads to get the layers, and how it calls them. */
export interface CutEncoder {
  readonly bytes: Uint8Array;
  readonly layers: readonly EncoderLayer[];
}

/**
 * Returns the encoder cut to a choice of layers; one that only the runtime can read stays whole.
 * @param outputNames the outputs of the file, where the runtime alone knows them.
 * @throws UndertoneError `features/unknown`
 */
export function cutEncoder(
  bytes: Uint8Array,
  layer: string,
  outputNames: readonly string[] | undefined,
): CutEncoder {
  const model = readEncoder(bytes);
  if (!model) return { bytes, layers: chosenLayers(layer, outputNames ?? [], undefined) };
  const outputs = model.graph.outputs.map(({ name }) => name);
  const layers = chosenLayers(layer, outputs, model.graph);
  const cut = cutToLayers(model, layers);
  return {
    bytes: writeModel(cut),
    layers: layers.map(({ label }, i) => ({ label, value: cut.graph.outputs[i].name })),
  };
}
