/** Scores of a linear model, in TypeScript and as a graph. */
import { addProduct, block } from "../../math/linear-algebra.js";
import { type Matrix, matrix } from "../../math/matrix.js";
import { type GraphBuilder, int } from "../../onnx/graph-builder.js";
import type { Core } from "../define-estimator.js";
import type { LinearSolution } from "./minimize.js";

/** A linear map rounded to float32, as the graph has it. */
export interface LinearMap {
  readonly outputs: number;
  readonly features: number;
  /** Outputs × features. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** Returns the solution rounded to float32. */
export function linearMap({ weights, bias }: LinearSolution): LinearMap {
  return {
    outputs: weights.rows,
    features: weights.cols,
    weights: Float32Array.from(weights.data),
    bias: Float32Array.from(bias),
  };
}

/** Returns the map times a slope: the logits of the classes; those of a single output are for the second class and against the first. */
export function logitMap(map: LinearMap, slope: number): LinearMap {
  const signs = map.outputs === 1 ? [-slope, slope] : [slope];
  return {
    outputs: map.outputs * signs.length,
    features: map.features,
    weights: Float32Array.from(signs.flatMap((sign) => Array.from(map.weights, (value) => sign * value))),
    bias: Float32Array.from(signs.flatMap((sign) => Array.from(map.bias, (value) => sign * value))),
  };
}

/** Returns rows × outputs values of the map. */
export function applyLinear(map: LinearMap, x: Matrix): Matrix {
  const z = block(x.rows, map.outputs);
  for (let i = 0; i < x.rows; i++) z.data.set(map.bias, i * map.outputs);
  addProduct(
    z,
    block(x.rows, x.cols, Float64Array.from(x.data)),
    block(map.outputs, map.features, Float64Array.from(map.weights)),
  );
  return matrix(x.rows, map.outputs, Float32Array.from(z.data));
}

/** Adds the map's nodes to a graph; returns the name of the values. */
export function emitLinear(map: LinearMap, graph: GraphBuilder, input: string): string {
  const turned = new Float32Array(map.weights.length);
  for (let k = 0; k < map.outputs; k++) {
    for (let j = 0; j < map.features; j++) turned[j * map.outputs + k] = map.weights[k * map.features + j];
  }
  const product = graph.node("MatMul", [
    input,
    graph.constant("weights", [map.features, map.outputs], turned),
  ]);
  return graph.node("Add", [product, graph.constant("bias", [map.outputs], map.bias)]);
}

/** Returns the core whose values are a solution's. */
export function linearValues(solution: LinearSolution): Core {
  const map = linearMap(solution);
  return { apply: (x) => applyLinear(map, x), emit: (graph, input) => emitLinear(map, graph, input) };
}

/** Returns the core whose scores are the softmax of a map's values; its decision values are those of `decisions`. */
export function softmaxCore(map: LinearMap, decisions = map): Core {
  return {
    decisions: (x) => applyLinear(decisions, x),
    apply: (x) => softmaxRows(applyLinear(map, x)),
    emit: (graph, input) =>
      graph.node("Softmax", [emitLinear(map, graph, input)], { attributes: { axis: int(-1) } }),
  };
}

/** Returns the softmax of every row. */
export function softmaxRows(z: Matrix): Matrix {
  const out = matrix(z.rows, z.cols);
  for (let i = 0; i < z.rows; i++) {
    const from = i * z.cols;
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < z.cols; k++) top = Math.max(top, z.data[from + k]);
    let sum = 0;
    for (let k = 0; k < z.cols; k++) sum += Math.exp(z.data[from + k] - top);
    for (let k = 0; k < z.cols; k++) out.data[from + k] = Math.exp(z.data[from + k] - top) / sum;
  }
  return out;
}
