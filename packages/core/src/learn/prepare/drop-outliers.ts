/** Leaves training rows out that lie far from all others. */
import { percentiles } from "../../math/statistics.js";
import { positive } from "../parameters.js";
import { presentValues } from "./present-values.js";
import { rowsByClass, sampleRows } from "./sample-rows.js";
import { rowStep, type TrainingRows } from "./step.js";

/** Makes the median absolute deviation of normal values their standard deviation. */
const normalMad = 1.4826;

/**
 * Leaves out the training rows whose distance, the root mean square over columns of (value − median) / deviation, is more than `threshold` robust
 * deviations above the median distance: the modified z-score of Iglewicz and Hoaglin (1993), who take 3.5. Deviations are median absolute
 * deviations × 1.4826. A class keeps its rows when all of them would go.
 */
export const dropOutliers = rowStep({
  kind: "drop-outliers",
  summary: "Leaves training rows out that lie far from all others (modified z-score)",
  parameters: { threshold: positive(3.5) },
  takesMissing: true,
  change(rows, { threshold }) {
    const distances = rowDistances(rows);
    const { middle, width } = spreadOf(distances);
    const far = (i: number): boolean => distances[i] > middle + threshold * width;
    const kept = rowsByClass(rows).flatMap((own) => {
      const near = own.filter((i) => !far(i));
      return near.length > 0 ? near : own;
    });
    return sampleRows(
      rows,
      kept.sort((a, b) => a - b),
    );
  },
});

function spreadOf(values: Float64Array): { middle: number; width: number } {
  const [middle = 0] = percentiles(values, [50]);
  const [mad = 0] = percentiles(
    values.map((value) => Math.abs(value - middle)),
    [50],
  );
  return { middle, width: normalMad * mad };
}

/** Returns each row's root mean square of robust z-scores over the columns that have a deviation and a value there. */
function rowDistances({ x }: TrainingRows): Float64Array {
  const sums = new Float64Array(x.rows);
  const counts = new Float64Array(x.rows);
  for (let j = 0; j < x.cols; j++) {
    const { middle, width } = spreadOf(presentValues(x, j));
    if (!(width > 0)) continue;
    for (let i = 0; i < x.rows; i++) {
      const value = x.data[i * x.cols + j];
      if (Number.isNaN(value)) continue;
      sums[i] += ((value - middle) / width) ** 2;
      counts[i]++;
    }
  }
  return sums.map((sum, i) => Math.sqrt(sum / Math.max(1, counts[i])));
}
