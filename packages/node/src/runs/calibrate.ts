/** Finds the temperature that makes a model's scores honest, on predictions for speakers it had not heard. */
import type { Calibration, EvaluationResult } from "@undertone/core";

const smallest = 1e-7;

/** Returns the mean log loss in nats of softmax(log p / temperature). */
function lossAt(temperature: number, logs: readonly Float64Array[], truths: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < logs.length; i++) {
    const row = logs[i]!;
    let total = 0;
    for (const value of row) total += Math.exp(value / temperature);
    sum += Math.log(total) - row[truths[i]!]! / temperature;
  }
  return sum / logs.length;
}

/**
 * Returns the temperature between 0.2 and 5 with the least log loss over the out-of-fold predictions (Guo et al. 2017, section 4.2),
 * found by golden-section search over its logarithm; the loss is unimodal in it.
 */
export function calibrate({
  predictions,
  classes,
}: Pick<EvaluationResult, "predictions" | "classes">): Calibration {
  const logs = predictions.map(({ scores }) =>
    Float64Array.from(scores, (score) => Math.log(Math.max(score, smallest))),
  );
  const truths = predictions.map(({ truth }) => classes.indexOf(truth));
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(0.2);
  let high = Math.log(5);
  while (high - low > 1e-3) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (lossAt(Math.exp(left), logs, truths) < lossAt(Math.exp(right), logs, truths)) high = right;
    else low = left;
  }
  return { kind: "temperature", temperature: Number(Math.exp((low + high) / 2).toPrecision(4)) };
}
