/** Keeps the columns that vary. */
import { mean } from "../../math/statistics.js";
import { nonNegative } from "../parameters.js";
import { keepColumns } from "./keep-columns.js";
import { ofColumns } from "./present-values.js";
import { columnStep } from "./step.js";

/** Keeps columns whose population variance is above `threshold` (scikit-learn's VarianceThreshold). Missing values stay missing. */
export const selectVariance = columnStep({
  kind: "select-variance",
  summary: "Keeps the columns whose variance is above a threshold",
  parameters: { threshold: nonNegative(0) },
  takesMissing: true,
  fit(rows, { threshold }) {
    const variances = ofColumns(rows.x, (values) => {
      // Equal values have no variance, whatever rounding says.
      if (values.every((value) => value === values[0])) return 0;
      const centre = mean(values);
      return mean(values.map((value) => (value - centre) ** 2));
    });
    return keepColumns(
      "select-variance",
      rows,
      Array.from(variances.keys()).filter((j) => variances[j] > threshold),
    );
  },
});
