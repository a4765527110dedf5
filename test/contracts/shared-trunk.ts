/** A small network that learns classes, values, or both in one fit: a trunk of random features that all heads share, as a network of many layers has it. */
import { defineEstimator } from "../../packages/core/src/learn/define-estimator.js";
import {
  applyLinear,
  emitLinear,
  type LinearMap,
  linearMap,
  softmaxCore,
} from "../../packages/core/src/learn/linear/linear-core.js";
import { integerFrom } from "../../packages/core/src/learn/parameters.js";
import { fitRidge } from "../../packages/core/src/learn/ridge/fit-ridge.js";
import { block } from "../../packages/core/src/math/linear-algebra.js";
import { type Matrix, takeRows } from "../../packages/core/src/math/matrix.js";

/** Hidden units of random weights, squashed; each head is a ridge regression on them, of ±1 for each class and of the values. */
export const sharedTrunk = defineEstimator({
  kind: "shared-trunk",
  summary: "Random hidden units that the heads of classes and values share",
  learns: ["classes", "values", "both"],
  parameters: { units: integerFrom(1, 60) },
  standardize: true,
  async fitCore({ x, classes, values, params, context }) {
    const stream = context.random.fork("trunk");
    const drawn = (length: number): Float64Array =>
      Float64Array.from({ length }, () => stream.normal() / Math.sqrt(x.cols));
    const weights = block(params.units, x.cols, drawn(params.units * x.cols));
    const trunk = linearMap({ weights, bias: drawn(params.units) });
    const hidden = unitsOf(trunk, x);
    const fitHead = async (origins: Int32Array, targets: Float64Array, own: Float64Array) => {
      const rows = { x: takeRows(hidden, origins), targets, outputs: targets.length / origins.length };
      return linearMap(await fitRidge({ ...rows, weights: own, params, context }, () => 1));
    };
    const signs = (labels: Int32Array, count: number): Float64Array =>
      Float64Array.from({ length: labels.length * count }, (_, at) =>
        labels[Math.floor(at / count)] === at % count ? 1 : -1,
      );
    const scores =
      classes &&
      softmaxCore(await fitHead(classes.origins, signs(classes.labels, classes.classes), classes.weights));
    const head = values && (await fitHead(values.origins, values.targets, values.weights));
    return {
      async apply(rows) {
        const units = unitsOf(trunk, rows);
        return { scores: await scores?.apply(units), dimensions: head && applyLinear(head, units) };
      },
      emit(graph, input) {
        const units = graph.node("Tanh", [emitLinear(trunk, graph, input)]);
        return { scores: scores?.emit(graph, units), dimensions: head && emitLinear(head, graph, units) };
      },
    };
  },
});

function unitsOf(trunk: LinearMap, x: Matrix): Matrix {
  const { data, ...size } = applyLinear(trunk, x);
  return { ...size, data: data.map(Math.tanh) };
}
