/** Turns columns into the directions in which the training rows differ most. */
import { pca as principalComponents } from "../../cluster/pca.js";
import { applyLinear, emitLinear, type LinearMap } from "../linear/linear-core.js";
import { flag, integerFrom } from "../parameters.js";
import { fitStandardizer, standardizer } from "../standardizer.js";
import { columnStep } from "./step.js";

/**
 * The coordinates of rows along the `components` directions of largest variance (scikit-learn's PCA; as many as there are rows or columns, where
 * those are fewer), each divided by its deviation with `whiten`. Scale the columns first.
 */
export const pca = columnStep({
  kind: "pca",
  summary: "Principal components: the directions in which training rows differ most",
  parameters: { components: integerFrom(1, 50), whiten: flag(false) },
  takesMissing: false,
  fit({ x }, { components, whiten }) {
    const count = Math.min(components, x.rows, x.cols);
    const found = principalComponents(x, { components: count });
    const weights = Float32Array.from(found.components.data, (value, at) => {
      const variance = found.variance[Math.floor(at / x.cols)];
      return whiten ? (variance > 0 ? value / Math.sqrt(variance) : 0) : value;
    });
    const centre = standardizer(fitStandardizer(x).mean, new Float32Array(x.cols).fill(1));
    const map: LinearMap = { outputs: count, features: x.cols, weights, bias: new Float32Array(count) };
    return {
      names: Array.from({ length: count }, (_, r) => `component ${r + 1}`),
      transformer: {
        kind: "pca",
        inputs: x.cols,
        outputs: count,
        transform: (given) => applyLinear(map, centre.transform(given)),
        emit: (graph, input) => emitLinear(map, graph, centre.emit(graph, input)),
      },
    };
  },
});
