/** The list of measures of values. */
import { ccc } from "./ccc.js";
import { mae } from "./mae.js";
import { r2 } from "./r2.js";
import { rmse } from "./rmse.js";
import type { ValueMetric, ValuePairs } from "./value-metric.js";

/** Every measure of values, in the order of reports; the first is the headline. */
export const valueMetrics: readonly ValueMetric[] = [ccc, mae, rmse, r2];

/**
 * Returns every measure of the values by its id.
 * @throws RangeError when the lists differ in length.
 */
export function computeValueScores(pairs: ValuePairs): Readonly<Record<string, number | null>> {
  if (pairs.truth.length !== pairs.predicted.length) {
    throw new RangeError(
      `computeValueScores: got ${pairs.predicted.length} predictions for ${pairs.truth.length} values`,
    );
  }
  return Object.fromEntries(valueMetrics.map((metric) => [metric.id, metric.value(pairs)]));
}
