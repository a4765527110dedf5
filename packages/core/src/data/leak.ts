/** What a leak between the parts of a split is. */

/** The kinds of leaks, as `--allow-leak` takes them. */
export const leakKinds = [
  "speaker",
  "sentence",
  "duplicate",
  "utterance",
  "preprocessing",
  "tuning",
] as const;

export type LeakKind = (typeof leakKinds)[number];

/** A leak that the gate found between the parts of a split. */
export interface Leak {
  readonly kind: LeakKind;
  /** The splits where it was found. */
  readonly splits: readonly string[];
  /** What is on both sides: speakers, sentences or pairs of ids; at most ten are named. */
  readonly examples: readonly string[];
  readonly count: number;
  /** One sentence for the first line of the report. */
  readonly message: string;
}
