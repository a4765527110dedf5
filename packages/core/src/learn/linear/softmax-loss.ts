/** Cross-entropy of the softmax of the scores. */
import type { Block } from "../../math/linear-algebra.js";
import { block } from "../../math/linear-algebra.js";
import type { LinearLoss } from "./minimize.js";

/** Returns Σᵢ weightᵢ · −log softmax(zᵢ)[labelᵢ]. */
export function softmaxLoss(labels: Int32Array, weights: Float64Array, classes: number): LinearLoss {
  const rows = labels.length;
  const { data: p } = block(classes, rows);
  return {
    coupled: true,
    evaluateInto(values: Float64Array, slope: Block, z: Block) {
      let total = 0;
      for (let i = 0; i < rows; i++) {
        let top = Number.NEGATIVE_INFINITY;
        for (let k = 0; k < classes; k++) top = Math.max(top, z.data[k * rows + i]);
        let sum = 0;
        for (let k = 0; k < classes; k++) {
          const e = Math.exp(z.data[k * rows + i] - top);
          p[k * rows + i] = e;
          sum += e;
        }
        const label = labels[i];
        const weight = weights[i];
        total += weight * (Math.log(sum) + top - z.data[label * rows + i]);
        for (let k = 0; k < classes; k++) {
          const at = k * rows + i;
          p[at] /= sum;
          slope.data[at] = weight * (p[at] - (k === label ? 1 : 0));
        }
      }
      values[0] = total;
    },
    curveInto(out, direction) {
      for (let i = 0; i < rows; i++) {
        let mean = 0;
        for (let k = 0; k < classes; k++) mean += p[k * rows + i] * direction.data[k * rows + i];
        const weight = weights[i];
        for (let k = 0; k < classes; k++) {
          const at = k * rows + i;
          out.data[at] = weight * p[at] * (direction.data[at] - mean);
        }
      }
    },
    rowCurvatureInto(out) {
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        for (let k = 0; k < classes; k++) sum += p[k * rows + i] ** 2;
        out[i] = (weights[i] * (1 - sum)) / (classes - 1);
      }
    },
  };
}
