/** What the reader of a dataset finds wrong with it, one sentence each. */
import { isUnknownSpeaker } from "@undertone/core/data";

/** Something about a dataset that its user should know; nothing is left out without one. */
export interface DatasetProblem {
  readonly kind: "unrecognized-name" | "not-audio" | "missing-file" | "unknown-speaker" | "no-label";
  readonly count: number;
  /** At most ten. */
  readonly examples: readonly string[];
  readonly message: string;
}

const shown = 10;

/** Returns the problem, or nothing where there is none. */
export function problem(
  kind: DatasetProblem["kind"],
  names: readonly string[],
  message: (count: number) => string,
): DatasetProblem[] {
  return names.length === 0
    ? []
    : [{ kind, count: names.length, examples: names.slice(0, shown), message: message(names.length) }];
}

/** Returns the problem of utterances whose speaker nobody knows. */
export function speakersNotKnown(
  utterances: readonly { readonly id: string; readonly speaker: string }[],
): DatasetProblem[] {
  return problem(
    "unknown-speaker",
    utterances.filter(({ speaker }) => isUnknownSpeaker(speaker)).map(({ id }) => id),
    (n) =>
      `${n} ${n === 1 ? "utterance has" : "utterances have"} no known speaker, so that no split of them can claim unseen speakers (--speaker-from names a rule)`,
  );
}
