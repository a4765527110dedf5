/** How far a map can be trusted: whether rows that are near in it are near in truth. */
import type { Matrix } from "../math/matrix.js";
import { expectOptions } from "./check-options.js";
import { expectRows, expectWhole } from "./check-rows.js";
import { squaredDistances } from "./distances.js";
import { nearestNeighbours } from "./neighbours.js";

/**
 * Returns the trustworthiness of a map, 0..1 (Venna and Kaski 2001, as scikit-learn): 1 when the `neighbours` nearest points of each point are
 * among its nearest rows; each that is not costs by its rank there.
 * @throws UndertoneError `learn/too-few-rows`, `learn/not-finite`, `learn/bad-parameter` when `neighbours` is not below half the rows.
 */
export function trustworthiness(
  data: Matrix,
  points: Matrix,
  options: { readonly neighbours?: number } = {},
): number {
  const { neighbours = 5 } = options;
  expectOptions("trustworthiness", options, { neighbours: null });
  expectRows("trustworthiness", data, 4);
  expectRows("trustworthiness", points, data.rows);
  const n = data.rows;
  expectWhole("trustworthiness", "neighbours", neighbours, { low: 1, high: Math.ceil(n / 2) - 1 });
  const distances = squaredDistances(data);
  const { indices } = nearestNeighbours(points, neighbours);
  let penalty = 0;
  for (let i = 0; i < n; i++) {
    const own = distances.subarray(i * n, (i + 1) * n);
    for (let k = i * neighbours; k < (i + 1) * neighbours; k++) {
      const j = indices[k];
      let rank = 1;
      for (let m = 0; m < n; m++) if (m !== i && (own[m] < own[j] || (own[m] === own[j] && m < j))) rank++;
      penalty += Math.max(0, rank - neighbours);
    }
  }
  return 1 - (2 * penalty) / (n * neighbours * (2 * n - 3 * neighbours - 1));
}
