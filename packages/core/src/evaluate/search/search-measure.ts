/** What settings may be chosen by: every measure of classes and of values that a report has. */
import { expectedOneOf, UndertoneError } from "../../errors.js";
import { mean } from "../../math/statistics.js";
import { confusionMatrix } from "../metrics/confusion-matrix.js";
import { metrics, valueMetrics } from "../metrics/index.js";
import type { Metric, Scored, ValueMetric } from "../metrics/scored.js";

/** What a trial found in a part of a split, as far as measures need it; survives JSON. */
export type Findings =
  | {
      /** confusion[truth][predicted], counts in the order of the classes. */
      readonly confusion: readonly (readonly number[])[];
      /** Class of each utterance and scores, row by row; absent unless the trial was to keep them. */
      readonly truth?: readonly number[];
      readonly scores?: readonly number[];
    }
  | {
      /** Rated and predicted values, one list a name. */
      readonly rated: readonly (readonly number[])[];
      readonly predicted: readonly (readonly number[])[];
    };

/** One measure that a search may choose by. */
export interface SearchMeasure extends Pick<Metric, "title" | "better" | "unit"> {
  readonly id: string;
  readonly learns: "classes" | "values";
  /** Whether trials have to keep the scores. */
  readonly needsScores: boolean;
  /** Returns the measure pooled over the parts; null where it is not defined. */
  of(parts: readonly Findings[]): number | null;
}

/** All of them, in the order of reports. */
export const searchMeasures: readonly SearchMeasure[] = [
  ...metrics.map(ofClasses),
  ...valueMetrics.map(ofValues),
];

/** Returns the measure of that id. @throws UndertoneError `usage/bad-value`. */
export function searchMeasure(id: string): SearchMeasure {
  const found = searchMeasures.find((measure) => measure.id === id);
  if (found) return found;
  throw new UndertoneError(
    "usage/bad-value",
    `Unknown measure '${id}', ${expectedOneOf(
      id,
      searchMeasures.map((measure) => measure.id),
    )}`,
  );
}

function ofClasses({ id, title, better, unit, from, value }: Metric): SearchMeasure {
  return {
    id,
    title,
    better,
    unit,
    learns: "classes",
    needsScores: from === "scores",
    of: (parts) => value(pooled(parts)),
  };
}

/** Several values count alike: the measure is the mean over the names. */
function ofValues({ id, title, better, value }: ValueMetric): SearchMeasure {
  return {
    id,
    title,
    better,
    unit: "number",
    learns: "values",
    needsScores: false,
    of(parts) {
      const all = parts.flatMap((part) => ("rated" in part ? [part] : []));
      const found = all[0].rated.map((_, k) =>
        value({
          truth: all.flatMap(({ rated }) => rated[k]),
          predicted: all.flatMap(({ predicted }) => predicted[k]),
        }),
      );
      return found.every((one) => one !== null) ? mean(found) : null;
    },
  };
}

/** Returns the parts as one; where scores were not kept, there is the confusion matrix alone. */
function pooled(parts: readonly Findings[]): Scored {
  const all = parts.flatMap((part) => ("confusion" in part ? [part] : []));
  const classCount = all[0].confusion.length;
  const truth = Int32Array.from(all.flatMap((part) => part.truth ?? []));
  const scores = Float64Array.from(all.flatMap((part) => part.scores ?? []));
  const predicted = truth.map((_, i) => {
    const own = scores.subarray(i * classCount, (i + 1) * classCount);
    return own.indexOf(Math.max(...own));
  });
  return {
    classCount,
    truth,
    predicted,
    scores,
    confusion: addCounts(all.map(({ confusion }) => confusion)),
  };
}

/** Returns the sum of confusion matrices. */
export function addCounts(matrices: readonly (readonly (readonly number[])[])[]): number[][] {
  return matrices[0].map((row, i) =>
    row.map((_, j) => matrices.reduce((sum, counts) => sum + counts[i][j], 0)),
  );
}

/** Digits of a score that are kept. */
const keptDigits = 7;

/** Returns the findings of scored utterances; `keepScores` where the measure needs them. */
export function classFindings(
  truth: readonly number[],
  scores: readonly (readonly number[])[],
  { classCount, keepScores }: { classCount: number; keepScores: boolean },
): Findings {
  const predicted = scores.map((row) => Math.max(0, row.indexOf(Math.max(...row))));
  return {
    confusion: confusionMatrix(Int32Array.from(truth), Int32Array.from(predicted), classCount),
    ...(keepScores && {
      truth,
      scores: scores.flatMap((row) => row.map((value) => Number(value.toPrecision(keptDigits)))),
    }),
  };
}
