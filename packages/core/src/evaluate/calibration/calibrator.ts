/** What a calibrator is: it learns from scores for unseen speakers how far to believe a model. */
import { type GraphBuilder, int } from "../../onnx/graph-builder.js";
import type { Scored } from "../metrics/scored.js";

/** What a calibrator is fitted on: scores of utterances whose speakers the model had not heard. */
export interface CalibrationRows extends Pick<Scored, "classCount" | "truth" | "scores"> {
  /** Domain of each row (its corpus) by index, where they are of several, each scored by a model of the others. */
  readonly domains?: Int32Array | undefined;
}

/** One way to calibrate; adding one is one file and one line in `calibration/index.ts`. */
export interface Calibrator<C extends { readonly kind: string }> {
  readonly kind: C["kind"];
  /** One sentence for people. */
  readonly summary: string;
  /** Returns the calibration of the rows; every number in it has seven digits, so that it is the same after JSON. */
  fit(rows: CalibrationRows): C;
  /** Returns the calibrated probabilities of one utterance's scores: not negative, sum 1. */
  apply(scores: readonly number[], calibration: C): number[];
  /** Adds nodes that do to the scores, [1, classes], what `apply` does, and returns the name of the probabilities. */
  emit(graph: GraphBuilder, scores: string, calibration: C): string;
  /** Returns a calibration found in a file, or undefined when it is none. */
  parse(value: Readonly<Record<string, unknown>>, classCount: number): C | undefined;
}

/** Returns a number with the seven digits that files keep. */
export function sevenDigits(value: number): number {
  return Number(value.toPrecision(7));
}

/** Returns the scores divided by their sum; equal parts when all are 0. */
export function normalized(scores: readonly number[]): number[] {
  const sum = scores.reduce((total, score) => total + score, 0);
  return scores.map((score) => (sum > 0 ? score / sum : 1 / scores.length));
}

/** Adds nodes that do what `normalized` does to [1, classes], in float32. */
export function normalizedGraph(graph: GraphBuilder, scores: string, classCount: number): string {
  const keep = { attributes: { keepdims: int(1) } };
  const sum = graph.node("ReduceSum", [scores, graph.integers("class_axis", [1])], keep);
  const isSome = graph.node("Greater", [sum, graph.constant("nothing", [], [0])]);
  const even = graph.constant("even", [], [1 / classCount]);
  return graph.node("Where", [isSome, graph.node("Div", [scores, sum]), even]);
}

/** Whether a value is a list of finite numbers, `length` of them when that is given. */
export function isNumbers(value: unknown, length?: number): value is number[] {
  return (
    Array.isArray(value) &&
    (length === undefined || value.length === length) &&
    value.every((entry) => typeof entry === "number" && Number.isFinite(entry))
  );
}
