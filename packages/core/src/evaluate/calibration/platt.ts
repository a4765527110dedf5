/** Platt scaling, one class against the rest: a logistic curve over the log-odds of each class's score. */
import { fitPlatt } from "../../learn/platt.js";
import { type Calibrator, isNumbers, normalized, normalizedGraph, sevenDigits } from "./calibrator.js";

/** P(class k) ∝ 1 / (1 + exp(slopes[k] · logit(score) + offsets[k])). */
export interface PlattCalibration {
  readonly kind: "platt";
  readonly slopes: readonly number[];
  readonly offsets: readonly number[];
}

/** Scores nearer to 0 or 1 than this count as this near. */
const edge = 1e-6;

function logit(score: number): number {
  const p = Math.min(1 - edge, Math.max(edge, score));
  return Math.log(p / (1 - p));
}

/** As scikit-learn's sigmoid calibration of the log-odds, one against the rest, divided by the sum. */
export const platt: Calibrator<PlattCalibration> = {
  kind: "platt",
  summary: "A logistic curve for each class against the rest (Platt 1999).",
  fit({ classCount, truth, scores }) {
    const weights = new Float64Array(truth.length).fill(1);
    const curves = Array.from({ length: classCount }, (_, k) =>
      fitPlatt(
        Float64Array.from(truth, (__, i) => logit(scores[i * classCount + k])),
        (i) => truth[i] === k,
        weights,
      ),
    );
    return {
      kind: "platt",
      slopes: curves.map(({ slope }) => sevenDigits(slope)),
      offsets: curves.map(({ offset }) => sevenDigits(offset)),
    };
  },
  apply(scores, { slopes, offsets }) {
    return normalized(scores.map((score, k) => 1 / (1 + Math.exp(slopes[k] * logit(score) + offsets[k]))));
  },
  emit(graph, scores, { slopes, offsets }) {
    const at = (hint: string, values: readonly number[]): string =>
      graph.doubles(hint, [1, values.length], values);
    const scalar = (value: number): string => graph.doubles("platt", [], [value]);
    const raised = graph.node("Max", [graph.cast(scores, "float64"), scalar(edge)]);
    const kept = graph.node("Min", [raised, scalar(1 - edge)]);
    const odds = graph.node("Div", [kept, graph.node("Sub", [scalar(1), kept])]);
    const weighted = graph.node("Mul", [graph.node("Log", [odds]), at("slopes", slopes)]);
    const curve = graph.node("Exp", [graph.node("Add", [weighted, at("offsets", offsets)])]);
    const chances = graph.node("Div", [scalar(1), graph.node("Add", [curve, scalar(1)])]);
    return normalizedGraph(graph, graph.cast(chances, "float32"), slopes.length);
  },
  parse({ slopes, offsets }, classCount) {
    return isNumbers(slopes, classCount) && isNumbers(offsets, classCount)
      ? { kind: "platt", slopes, offsets }
      : undefined;
  },
};
