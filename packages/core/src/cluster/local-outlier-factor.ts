/** Local outlier factor: how much sparser the place of a row is than those of its neighbours. */
import type { Matrix } from "../math/matrix.js";
import { expectOptions, fromOne } from "./check-options.js";
import { expectRows } from "./check-rows.js";
import type { OutlierDetector } from "./clusterer.js";
import { type Contamination, contaminationCheck, lessThreshold } from "./contamination.js";
import { nearestNeighbours } from "./neighbours.js";

/** Settings of the local outlier factor. */
export interface LocalOutlierOptions {
  /** Default 20, at most rows − 1. */
  readonly neighbours?: number;
  /** Default: factors without a threshold; `auto` is 1.5. */
  readonly contamination?: Contamination;
}

/**
 * Returns the factor of each row, about 1 inside a cluster and above for outliers (Breunig et al. 2000; as scikit-learn, whose
 * `negative_outlier_factor_` is its negative); with `contamination` less the threshold, above 0 for outliers.
 * @throws UndertoneError `learn/too-few-rows` below 2 rows, `learn/not-finite`, `learn/bad-parameter`.
 */
export function localOutlierFactor(data: Matrix, options: LocalOutlierOptions = {}): Float64Array {
  const { neighbours = 20, contamination } = options;
  expectOptions("local-outlier-factor", options, {
    neighbours: fromOne,
    contamination: contaminationCheck,
  });
  expectRows("local-outlier-factor", data, 2);
  const count = Math.min(neighbours, data.rows - 1);
  const { indices, distances } = nearestNeighbours(data, count);
  const density = new Float64Array(data.rows);
  for (let i = 0; i < data.rows; i++) {
    let sum = 0;
    for (let k = i * count; k < (i + 1) * count; k++)
      sum += Math.max(distances[k], distances[(indices[k] + 1) * count - 1]);
    density[i] = 1 / (sum / count + 1e-10);
  }
  const factors = Float64Array.from({ length: data.rows }, (_, i) => {
    let sum = 0;
    for (let k = i * count; k < (i + 1) * count; k++) sum += density[indices[k]];
    return sum / count / density[i];
  });
  return lessThreshold(factors, { contamination, auto: 1.5 });
}

/** Local outlier factor as one of the list; a single row is as its neighbours, of which it has none. */
export const localOutlierDetector: OutlierDetector = {
  kind: "local-outlier-factor",
  score(data, { contamination }) {
    expectRows("local-outlier-factor", data);
    if (data.rows === 1) return lessThreshold(Float64Array.of(1), { contamination, auto: 1.5 });
    return localOutlierFactor(data, contamination === undefined ? {} : { contamination });
  },
};
