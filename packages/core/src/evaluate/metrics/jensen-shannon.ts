/** Jensen-Shannon distance between what a model says and what the raters said. */

/**
 * Returns the Jensen-Shannon distance of two distributions, √ of the divergence in bits, 0 (equal)..1 (disjoint), as
 * `scipy.spatial.distance.jensenshannon(p, q, base=2)`; each is divided by its sum first.
 * @throws RangeError when the lengths differ, a value is negative or not finite, or a sum is 0.
 */
export function jensenShannon(p: ArrayLike<number>, q: ArrayLike<number>): number {
  if (p.length !== q.length)
    throw new RangeError(`jensenShannon: got distributions over ${p.length} and ${q.length} classes`);
  const totalP = total(p);
  const totalQ = total(q);
  let divergence = 0;
  for (let k = 0; k < p.length; k++) {
    const a = p[k] / totalP;
    const b = q[k] / totalQ;
    const middle = (a + b) / 2;
    if (a > 0) divergence += a * Math.log2(a / middle);
    if (b > 0) divergence += b * Math.log2(b / middle);
  }
  return Math.sqrt(Math.max(0, divergence / 2));
}

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    if (!(values[k] >= 0)) throw new RangeError(`jensenShannon: got ${values[k]}, expected no negative part`);
    sum += values[k];
  }
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY))
    throw new RangeError(`jensenShannon: got a sum of ${sum}, expected a positive number`);
  return sum;
}
