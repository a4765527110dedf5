/** Temperature scaling: one number that makes all scores bolder or more modest and keeps their order. */
import { softmax } from "../../learn/learn-speaker.js";
import { int } from "../../onnx/graph-builder.js";
import { type CalibrationRows, type Calibrator, sevenDigits } from "./calibrator.js";
import { type RowWeights, rowWeights } from "./row-weights.js";

/** softmax(log score / temperature); above 1 it is more modest. */
export interface TemperatureCalibration {
  readonly kind: "temperature";
  readonly temperature: number;
}

const smallest = 1e-12;
/** The range that is searched. */
const lowest = 0.2;
const highest = 5;

/** Returns the mean log loss in nats of softmax(log p / temperature). */
function lossAt(
  temperature: number,
  logs: Float64Array,
  { truth, classCount, weights, isAnswer }: CalibrationRows & RowWeights,
): number {
  let loss = 0;
  for (let i = 0; i < truth.length; i++) {
    const at = i * classCount;
    let total = 0;
    for (let k = 0; k < classCount; k++) if (isAnswer(i, k)) total += Math.exp(logs[at + k] / temperature);
    loss += weights[i] * (Math.log(total) - logs[at + truth[i]] / temperature);
  }
  return loss;
}

/**
 * The temperature between 0.2 and 5 with the least log loss (Guo et al. 2017, section 4.2), by golden-section search over its
 * logarithm; the loss is unimodal in it. Scores below 1e-7 count as 1e-7 in the fit, so that one certain mistake does not decide. Rows weigh as
 * `rowWeights` has it.
 */
export const temperature: Calibrator<TemperatureCalibration> = {
  kind: "temperature",
  summary: "One number for all scores; their order stays (Guo et al. 2017).",
  fit(given) {
    const rows = { ...given, ...rowWeights(given) };
    const logs = Float64Array.from(rows.scores, (score) => Math.log(Math.max(score, 1e-7)));
    const ratio = (Math.sqrt(5) - 1) / 2;
    let low = Math.log(lowest);
    let high = Math.log(highest);
    while (high - low > 1e-4) {
      const left = high - ratio * (high - low);
      const right = low + ratio * (high - low);
      if (lossAt(Math.exp(left), logs, rows) < lossAt(Math.exp(right), logs, rows)) high = right;
      else low = left;
    }
    return { kind: "temperature", temperature: sevenDigits(Math.exp((low + high) / 2)) };
  },
  apply(scores, { temperature: t }) {
    return Array.from(softmax(Float64Array.from(scores, (p) => Math.log(Math.max(p, smallest)) / t)));
  },
  emit(graph, scores, { temperature: t }) {
    const kept = graph.node("Max", [scores, graph.constant("smallest", [], [smallest])]);
    const logits = graph.node("Div", [graph.node("Log", [kept]), graph.constant("temperature", [], [t])]);
    return graph.node("Softmax", [logits], { attributes: { axis: int(-1) } });
  },
  parse({ temperature: t }) {
    return typeof t === "number" && t >= 1e-3 && t <= 1e3
      ? { kind: "temperature", temperature: t }
      : undefined;
  },
};
