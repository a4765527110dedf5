/** Squared hinge loss, one output a class against the rest. */
import type { LinearLoss } from "./minimize.js";

/**
 * Returns Σᵢ weightᵢ · max(0, 1 − y·z)² for each output, y being 1 for the rows of its class and −1 for the others. With
 * two classes there is one output, that of class 1.
 */
export function squaredHingeLoss(labels: Int32Array, weights: Float64Array, classes: number): LinearLoss {
  const rows = labels.length;
  const outputs = classes === 2 ? 1 : classes;
  const active = new Float64Array(outputs * rows);
  return {
    coupled: false,
    evaluateInto(values, slope, z) {
      for (let k = 0; k < outputs; k++) {
        const own = classes === 2 ? 1 : k;
        let total = 0;
        for (let i = 0; i < rows; i++) {
          const at = k * rows + i;
          const y = labels[i] === own ? 1 : -1;
          const short = 1 - y * z.data[at];
          const weight = short > 0 ? weights[i] : 0;
          active[at] = 2 * weight;
          slope.data[at] = -2 * weight * y * short;
          total += weight * short * short;
        }
        values[k] = total;
      }
    },
    curveInto(out, direction) {
      for (let i = 0; i < active.length; i++) out.data[i] = active[i] * direction.data[i];
    },
    rowCurvatureInto(out) {
      out.fill(0);
      for (let k = 0; k < outputs; k++)
        for (let i = 0; i < rows; i++) out[i] += active[k * rows + i] / outputs;
    },
  };
}
