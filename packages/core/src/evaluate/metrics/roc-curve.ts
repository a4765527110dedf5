/** The receiver operating characteristic of one class against the rest. */

/** A point of the curve: [false positive rate, true positive rate]. */
export type RocPoint = readonly [number, number];

/** Returns the indices of `scores` from the highest score to the lowest. */
export function descendingOrder(scores: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => scores[b] - scores[a] || a - b,
  );
}

/**
 * Returns the curve from (0, 0) to (1, 1) with one point for each different score, so that ties make a slope instead of
 * steps in an arbitrary order, as scikit-learn's `roc_curve`; every point inside a straight stretch is left out. Empty where there is no positive or no negative. Beyond `maxPoints` (default: no limit)
 * it keeps points at nearly equal distances along the curve.
 */
export function rocCurve(
  positive: ArrayLike<boolean | number>,
  scores: ArrayLike<number>,
  { maxPoints = Number.POSITIVE_INFINITY }: { maxPoints?: number } = {},
): RocPoint[] {
  const order = descendingOrder(scores);
  const hits: number[] = [0];
  const alarms: number[] = [0];
  let hit = 0;
  let alarm = 0;
  for (let i = 0; i < order.length; i++) {
    if (positive[order[i]]) hit++;
    else alarm++;
    if (i + 1 < order.length && scores[order[i + 1]] === scores[order[i]]) continue;
    hits.push(hit);
    alarms.push(alarm);
  }
  if (hit === 0 || alarm === 0) return [];
  const points: RocPoint[] = [];
  for (let i = 0; i < hits.length; i++) {
    const inside =
      i > 0 &&
      i + 1 < hits.length &&
      (hits[i] - hits[i - 1]) * (alarms[i + 1] - alarms[i]) ===
        (hits[i + 1] - hits[i]) * (alarms[i] - alarms[i - 1]);
    if (!inside) points.push([alarms[i] / alarm, hits[i] / hit]);
  }
  return points.length > maxPoints ? thin(points, maxPoints) : points;
}

/** Returns `count` of the points, the first and the last among them, at nearly equal distances along the curve. */
function thin(points: readonly RocPoint[], count: number): RocPoint[] {
  // The curve rises from (0, 0) to (1, 1), so x + y is its length in the city-block sense: 0..2.
  const kept: RocPoint[] = [];
  let i = 0;
  for (let k = 0; k < count - 1; k++) {
    const target = (2 * k) / (count - 1);
    while (points[i][0] + points[i][1] < target - 1e-12) i++;
    if (kept.at(-1) !== points[i]) kept.push(points[i]);
  }
  if (kept.at(-1) !== points.at(-1)) kept.push(points.at(-1)!);
  return kept;
}
