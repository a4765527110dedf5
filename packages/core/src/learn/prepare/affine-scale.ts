/** Scaling of each column by a place and a width of the training part: standard, robust, min-max. Missing values stay missing. */
import { mean, percentiles, standardDeviation } from "../../math/statistics.js";
import { standardizer } from "../standardizer.js";
import { presentValues } from "./present-values.js";
import { type AnyStep, columnStep } from "./step.js";

/** Where a column is and how wide it is; a width of 0 turns the column into zeros. */
type Place = (values: Float64Array) => readonly [centre: number, width: number];

function scaleStep(kind: string, summary: string, place: Place): AnyStep {
  return columnStep({
    kind,
    summary,
    parameters: {},
    takesMissing: true,
    fit({ x, names }) {
      const centres = new Float32Array(x.cols);
      const scales = new Float32Array(x.cols);
      for (let j = 0; j < x.cols; j++) {
        const values = presentValues(x, j);
        const [centre, width] = values.length > 0 ? place(values) : [0, 0];
        // Rounding alone leaves a width of this size where all values are equal.
        const noise = 10 * Number.EPSILON * values.length * Math.abs(centre);
        const scale = width > noise ? Math.fround(1 / width) : 0;
        centres[j] = centre;
        scales[j] = Number.isFinite(scale) ? scale : 0;
      }
      return { transformer: { ...standardizer(centres, scales), kind }, names };
    },
  });
}

/** Mean 0 and deviation 1 (scikit-learn's StandardScaler, but a constant column becomes 0). */
export const standardScale = scaleStep(
  "standard-scale",
  "Each column to mean 0 and deviation 1",
  (values) => [mean(values), standardDeviation(values)],
);

/** Median 0 and interquartile range 1 (scikit-learn's RobustScaler, but a column without a range becomes 0). */
export const robustScale = scaleStep(
  "robust-scale",
  "Each column to median 0 and interquartile range 1, which outliers do not move",
  (values) => {
    const [low, middle, high] = percentiles(values, [25, 50, 75]);
    return [middle!, high! - low!];
  },
);

/** From 0 to 1 over the training part (scikit-learn's MinMaxScaler, but a constant column becomes 0). */
export const minMaxScale = scaleStep(
  "min-max-scale",
  "Each column to 0 to 1 over the training part",
  (values) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return [low, high - low];
  },
);
