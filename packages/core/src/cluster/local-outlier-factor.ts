/** Local outlier factor: how much sparser the place of a row is than those of its neighbours. */
import type { Matrix } from "../math/matrix.js";
import { expectRows, expectWhole } from "./check-rows.js";
import type { OutlierDetector } from "./clusterer.js";
import { nearestNeighbours } from "./neighbours.js";

/**
 * Returns the factor of each row, about 1 inside a cluster and above for outliers (Breunig et al. 2000; as scikit-learn, whose
 * `negative_outlier_factor_` is its negative). `neighbours` is at most rows − 1.
 * @throws UndertoneError `learn/too-few-rows` below 2 rows, `learn/not-finite`, `learn/bad-parameter`.
 */
export function localOutlierFactor(data: Matrix, { neighbours = 20 } = {}): Float64Array {
  expectRows("local-outlier-factor", data, 2);
  expectWhole("local-outlier-factor", "neighbours", neighbours, { low: 1, high: Number.MAX_SAFE_INTEGER });
  const count = Math.min(neighbours, data.rows - 1);
  const { indices, distances } = nearestNeighbours(data, count);
  const density = new Float64Array(data.rows);
  for (let i = 0; i < data.rows; i++) {
    let sum = 0;
    for (let k = i * count; k < (i + 1) * count; k++)
      sum += Math.max(distances[k], distances[(indices[k] + 1) * count - 1]);
    density[i] = 1 / (sum / count + 1e-10);
  }
  return Float64Array.from({ length: data.rows }, (_, i) => {
    let sum = 0;
    for (let k = i * count; k < (i + 1) * count; k++) sum += density[indices[k]];
    return sum / count / density[i];
  });
}

/** Local outlier factor as one of the list; a single row is no outlier. */
export const localOutlierDetector: OutlierDetector = {
  kind: "local-outlier-factor",
  score(data) {
    expectRows("local-outlier-factor", data);
    return data.rows === 1 ? Float64Array.of(1) : localOutlierFactor(data);
  },
};
