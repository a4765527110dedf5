/** From targets to the rows that a classifier learns from: one an utterance, or one for each class that raters heard in it. */
import { UndertoneError } from "../errors.js";
import type { ClassTargets } from "./estimator.js";

/** Rows to learn from. */
export interface LearntRows {
  /** Index into the utterances that were kept. */
  readonly origins: Int32Array;
  /** Class of each row, by index. */
  readonly labels: Int32Array;
  readonly weights: Float64Array;
}

/**
 * Returns the rows of the kept utterances that have a class. A row of votes becomes one for each class with its share as weight, which any estimator
 * of weighted rows learns from: the log loss of the copies is the cross-entropy of the distribution.
 * @throws UndertoneError `learn/not-finite` for a vote that is negative or not finite.
 */
export function learntRows(
  kind: string,
  targets: ClassTargets,
  { kept, from, ids }: { kept: readonly number[]; from: "labels" | "votes"; ids: readonly string[] },
): LearntRows {
  const { classes, labels, votes, weights } = targets;
  if (from === "labels" || !votes) {
    const labelled = [...kept.keys()].filter((origin) => labels[kept[origin]] >= 0);
    return {
      origins: Int32Array.from(labelled),
      labels: Int32Array.from(labelled, (origin) => labels[kept[origin]]),
      weights: Float64Array.from(labelled, (origin) => weights?.[kept[origin]] ?? 1),
    };
  }
  if (votes.rows !== labels.length || votes.cols !== classes.length) {
    throw new RangeError(
      `'${kind}' got ${votes.rows} × ${votes.cols} votes for ${labels.length} utterances and ${classes.length} classes`,
    );
  }
  const origins: number[] = [];
  const heard: number[] = [];
  const shares: number[] = [];
  kept.forEach((i, origin) => {
    const own = votes.data.subarray(i * votes.cols, (i + 1) * votes.cols);
    const bad = own.find((vote) => !(vote >= 0 && vote < Number.POSITIVE_INFINITY));
    if (bad !== undefined) {
      throw new UndertoneError(
        "learn/not-finite",
        `'${kind}' got the vote ${bad} for '${ids[i]}', expected finite numbers from 0 on`,
      );
    }
    const weight = weights?.[i] ?? 1;
    const total = own.reduce((a, b) => a + b, 0);
    const push = (label: number, share: number): void => {
      origins.push(origin);
      heard.push(label);
      shares.push(weight * share);
    };
    if (total === 0 && labels[i] >= 0) push(labels[i], 1);
    own.forEach((vote, k) => {
      if (vote > 0) push(k, vote / total);
    });
  });
  return {
    origins: Int32Array.from(origins),
    labels: Int32Array.from(heard),
    weights: Float64Array.from(shares),
  };
}
