/** What a measure of predicted values is: arousal, valence, dominance. */

/** n true values and the n values predicted for them, in one unit. */
export interface ValuePairs {
  readonly truth: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
}

/** One measure of values; adding one is one file and one line in `metrics/values/index.ts`. */
export interface ValueMetric {
  readonly id: string;
  /** Its name for people. */
  readonly title: string;
  /** One sentence for people who never met it. */
  readonly summary: string;
  readonly better: "higher" | "lower";
  /** Returns the measure; null where it is not defined, always without values. */
  value(pairs: ValuePairs): number | null;
}
