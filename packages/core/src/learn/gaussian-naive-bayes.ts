/** Naive Bayes with a normal density of each feature in each class. */
import { type Matrix, matrix } from "../math/matrix.js";
import { int } from "../onnx/graph-builder.js";
import { defineClassifier } from "./define-estimator.js";
import { positive } from "./parameters.js";

/**
 * Gaussian naive Bayes as scikit-learn's GaussianNB has it: variances are raised by `smoothing` × the largest variance of a
 * feature. Densities are summed in float64 in the graph too, since narrow ones are steep.
 */
export const gaussianNaiveBayes = defineClassifier({
  kind: "gaussian-naive-bayes",
  summary:
    "Gaussian naive Bayes: fitted at once from few rows, too sure of itself where features are correlated",
  parameters: { smoothing: positive(1e-9) },
  standardize: true,
  async fitCore({ x, labels, classes, weights, params }) {
    const { rows, cols, data } = x;
    const totals = new Float64Array(classes);
    const means = new Float64Array(classes * cols);
    const variances = new Float64Array(classes * cols);
    for (let i = 0; i < rows; i++) {
      const from = labels[i] * cols;
      totals[labels[i]] += weights[i];
      for (let j = 0; j < cols; j++) means[from + j] += weights[i] * data[i * cols + j];
    }
    for (let at = 0; at < means.length; at++) means[at] /= totals[Math.floor(at / cols)];
    for (let i = 0; i < rows; i++) {
      const from = labels[i] * cols;
      for (let j = 0; j < cols; j++)
        variances[from + j] += weights[i] * (data[i * cols + j] - means[from + j]) ** 2;
    }
    const smallest = params.smoothing * (largestVariance(x) || 1);
    const sum = totals.reduce((a, b) => a + b, 0);
    // log prior − ½ Σ log 2πσ², and 1 / √2σ, so that a density is offset − Σ ((x − mean) · scale)².
    const offsets = totals.map((total) => Math.log(total / sum));
    const scales = variances.map((square, at) => {
      const k = Math.floor(at / cols);
      const variance = square / totals[k] + smallest;
      offsets[k] -= Math.log(2 * Math.PI * variance) / 2;
      return 1 / Math.sqrt(2 * variance);
    });
    return {
      apply(asked) {
        const out = matrix(asked.rows, classes);
        const logs = new Float64Array(classes);
        for (let i = 0; i < asked.rows; i++) {
          for (let k = 0; k < classes; k++) {
            let log = offsets[k];
            for (let j = 0; j < cols; j++)
              log -= ((asked.data[i * cols + j] - means[k * cols + j]) * scales[k * cols + j]) ** 2;
            logs[k] = log;
          }
          const top = Math.max(...logs);
          let total = 0;
          for (let k = 0; k < classes; k++) total += Math.exp(logs[k] - top);
          for (let k = 0; k < classes; k++) out.data[i * classes + k] = Math.exp(logs[k] - top) / total;
        }
        return out;
      },
      emit(graph, input) {
        const wide = graph.node("Unsqueeze", [graph.cast(input, "float64"), graph.integers("middle", [1])]);
        const apart = graph.node("Mul", [
          graph.node("Sub", [wide, graph.doubles("means", [classes, cols], means)]),
          graph.doubles("scales", [classes, cols], scales),
        ]);
        const squares = graph.node(
          "ReduceSum",
          [graph.node("Mul", [apart, apart]), graph.integers("last", [2])],
          {
            attributes: { keepdims: int(0) },
          },
        );
        const logs = graph.node("Sub", [graph.doubles("offsets", [classes], offsets), squares]);
        const top = graph.node("ReduceMax", [logs], {
          attributes: { axes: { type: "ints", value: BigInt64Array.of(1n) }, keepdims: int(1) },
        });
        const below = graph.cast(graph.node("Sub", [logs, top]), "float32");
        return graph.node("Softmax", [below], { attributes: { axis: int(-1) } });
      },
    };
  },
});

function largestVariance({ data, rows, cols }: Matrix): number {
  const sums = new Float64Array(cols);
  const squares = new Float64Array(cols);
  data.forEach((value, at) => {
    sums[at % cols] += value / rows;
  });
  data.forEach((value, at) => {
    squares[at % cols] += (value - sums[at % cols]) ** 2 / rows;
  });
  return Math.max(...squares);
}
