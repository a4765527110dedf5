/** From decision values to probabilities with one number: softmax(slope · values). */
import type { Block } from "../math/linear-algebra.js";

/** The slopes among which the best is sought: from all classes alike to all but certain, for decision values about −1..1. */
const [flattest, steepest] = [0.01, 100];

/**
 * Returns the slope of largest likelihood for outputs × rows values, and the mean log loss in nats at it: golden-section search over its
 * logarithm, in which the loss has one minimum (Guo et al. 2017, temperature scaling). A value of −∞ leaves the class out of the softmax of its
 * row, and the row out where it is the label's or leaves one class only; the loss is NaN where no row is left.
 */
export function fitSlope(
  values: Block,
  labels: Int32Array,
  weights: Float64Array,
): { slope: number; loss: number } {
  const lossAt = (slope: number): number => meanLoss(values, slope, { labels, weights });
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(flattest);
  let high = Math.log(steepest);
  while (high - low > 1e-3) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (lossAt(Math.exp(left)) < lossAt(Math.exp(right))) high = right;
    else low = left;
  }
  const slope = Math.exp((low + high) / 2);
  return { slope, loss: lossAt(slope) };
}

function meanLoss(
  { data, rows, cols }: Block,
  slope: number,
  { labels, weights }: { labels: Int32Array; weights: Float64Array },
): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < cols; i++) {
    let top = Number.NEGATIVE_INFINITY;
    let finite = 0;
    for (let k = 0; k < rows; k++) {
      top = Math.max(top, data[k * cols + i]);
      if (data[k * cols + i] > Number.NEGATIVE_INFINITY) finite++;
    }
    if (finite < 2 || data[labels[i] * cols + i] === Number.NEGATIVE_INFINITY) continue;
    let powers = 0;
    for (let k = 0; k < rows; k++) powers += Math.exp(slope * (data[k * cols + i] - top));
    sum += weights[i] * (Math.log(powers) - slope * (data[labels[i] * cols + i] - top));
    total += weights[i];
  }
  return sum / total;
}
