/** What a metric is computed from, and what a metric is. */
import type { Scores } from "../evaluation-result.js";

/** n utterances with their class, the class chosen for them and the score of every class; weights none. */
export interface Scored {
  /** How many classes there are, whether they occur or not. */
  readonly classCount: number;
  /** Index of the true class, n of them. */
  readonly truth: Int32Array;
  /** Index of the chosen class, n of them. */
  readonly predicted: Int32Array;
  /** n × classCount scores in 0..1, row-major, float64. */
  readonly scores: Float64Array;
  /** `confusionMatrix` of the above. */
  readonly confusion: readonly (readonly number[])[];
}

/** n true values and the n values predicted for them, in one unit. */
export interface ValuePairs {
  readonly truth: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
}

/** What every measure tells of itself. */
interface MetricFacts {
  /** Its name for people. */
  readonly title: string;
  /** One sentence for people who never met it. */
  readonly summary: string;
  readonly better: "higher" | "lower";
}

/** One measure of classes; adding one is one file, one line in `metrics/index.ts` and its name in `Scores`. */
export interface Metric extends MetricFacts {
  /** Its name in `Scores`. */
  readonly id: keyof Scores;
  /** `part` is 0..1 and is shown as a percentage; `nats` has no upper limit; `number` has the range that its summary tells. */
  readonly unit: "part" | "nats" | "number";
  /** What it looks at: the confusion matrix alone, or the scores. */
  readonly from: "choices" | "scores";
  /** Returns the measure; null where it is not defined. */
  value(scored: Scored): number | null;
}

/** One measure of values; adding one is one file and one line in `metrics/index.ts`. */
export interface ValueMetric extends MetricFacts {
  readonly id: string;
  /** Returns the measure; null where it is not defined, always without values. */
  value(pairs: ValuePairs): number | null;
}
