/** Standardization: every column minus its mean, divided by its deviation. */
import { type Matrix, matrix } from "../math/matrix.js";
import type { Transformer } from "./transformer.js";

/** A fitted standardizer; `mean` and `scale` (1 / deviation) are those of the rows it was fitted on. */
export interface Standardizer extends Transformer {
  readonly mean: Float32Array;
  /** 0 for a column that was constant, which therefore says nothing whatever it holds later. */
  readonly scale: Float32Array;
}

/**
 * Returns the standardizer of the given rows: population deviation, as scikit-learn's StandardScaler has it, weighted when
 * weights are given. One deviation: a constant column becomes 0 instead of passing through with its mean removed.
 */
export function fitStandardizer(x: Matrix, weights?: ArrayLike<number>): Standardizer {
  const { rows, cols, data } = x;
  const mean = new Float64Array(cols);
  const square = new Float64Array(cols);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const w = weights ? weights[i] : 1;
    total += w;
    for (let j = 0; j < cols; j++) mean[j] += w * data[i * cols + j];
  }
  for (let j = 0; j < cols; j++) mean[j] /= total;
  for (let i = 0; i < rows; i++) {
    const w = weights ? weights[i] : 1;
    for (let j = 0; j < cols; j++) {
      const d = data[i * cols + j] - mean[j];
      square[j] += w * d * d;
    }
  }
  const scale = Float32Array.from(square, (sum, j) => {
    const variance = sum / total;
    // Rounding alone leaves this much: scikit-learn's _is_constant_feature, Chan, Golub, LeVeque (1983).
    const noise = rows * Number.EPSILON * variance + (rows * mean[j] * Number.EPSILON) ** 2;
    const inverse = Math.fround(1 / Math.sqrt(variance));
    return variance <= noise || inverse === Number.POSITIVE_INFINITY ? 0 : inverse;
  });
  return standardizer(Float32Array.from(mean), scale);
}

/** Returns the standardizer with these means and scales. */
export function standardizer(mean: Float32Array, scale: Float32Array): Standardizer {
  const cols = mean.length;
  return {
    kind: "standardize",
    inputs: cols,
    outputs: cols,
    mean,
    scale,
    transform(x) {
      const out = matrix(x.rows, cols);
      for (let i = 0, at = 0; i < x.rows; i++) {
        for (let j = 0; j < cols; j++, at++) out.data[at] = Math.fround(x.data[at] - mean[j]) * scale[j];
      }
      return out;
    },
    emit(graph, input) {
      const centred = graph.node("Sub", [input, graph.constant("mean", [cols], mean)]);
      return graph.node("Mul", [centred, graph.constant("scale", [cols], scale)]);
    },
  };
}
