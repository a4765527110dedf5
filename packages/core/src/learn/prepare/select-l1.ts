/** Keeps the columns that a sparse logistic regression uses. */
import { block } from "../../math/linear-algebra.js";
import { minimizeSparseSoftmax } from "../linear/sparse-softmax.js";
import { positive } from "../parameters.js";
import { fitStandardizer } from "../standardizer.js";
import { keepColumns } from "./keep-columns.js";
import { columnStep } from "./step.js";

/**
 * Keeps the columns to which a multinomial logistic regression with L1 penalty of strength 1 / C gives some weight in some class, on
 * standardized columns with balanced classes (scikit-learn's SelectFromModel over LogisticRegression(penalty="l1")). The columns go on as they came.
 */
export const selectL1 = columnStep({
  kind: "select-l1",
  summary: "Keeps the columns that a sparse (L1) logistic regression uses",
  parameters: { C: positive(0.1) },
  learnsFrom: "classes",
  takesMissing: false,
  async fit(rows, { C }, context) {
    const { labels, classes } = rows;
    const x = fitStandardizer(rows.x).transform(rows.x);
    const counts = new Float64Array(classes);
    for (const label of labels) counts[label]++;
    const present = counts.filter((count) => count > 0).length;
    const { weights } = await minimizeSparseSoftmax({
      x: block(x.rows, x.cols, Float64Array.from(x.data)),
      labels,
      classes,
      weights: Float64Array.from(labels, (label) => (C * x.rows) / (present * counts[label])),
      l1: 1,
      l2: 0,
      maxIterations: 10_000,
      context: { ...context, onProgress: () => {} },
    });
    const used = Array.from({ length: x.cols }, (_, j) => j).filter((j) => {
      for (let k = 0; k < classes; k++)
        if (Math.abs(weights.data[k * weights.stride + j]) > 1e-5) return true;
      return false;
    });
    return keepColumns("select-l1", rows, used);
  },
});
