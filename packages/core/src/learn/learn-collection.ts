/** What a model's own scores of a collection's unlabelled recordings teach about the collection. */
import { logitsOf, meanOfRows, type ScoredRecording, softmax } from "./learn-speaker.js";

/** How a model takes what is known of a collection. */
export interface CollectionLearning {
  /** Recordings that the collection's mean counts as heard of the average voice. */
  readonly shrinkage: number;
  /** The scores of the average voice. */
  readonly centre: ArrayLike<number>;
}

/** Recordings of a collection that tell something of it: what one says cannot be told from what it says itself. */
export const fewestOfCollection = 2;

/**
 * Returns what turns the scores of a recording of the collection into those for one whose collection is known: its mean log probabilities,
 * shrunk towards the average voice's, are taken off. With fewer than two heard, scores stay as they are, and of n the n − 1 others count.
 */
export function learnCollection(
  heard: readonly Pick<ScoredRecording, "scores">[],
  { shrinkage, centre }: CollectionLearning,
): (recording: Pick<ScoredRecording, "scores">) => number[] {
  if (heard.length < fewestOfCollection) return ({ scores }) => Array.from(scores);
  const others = heard.length - 1;
  const trust = others / (others + shrinkage);
  const average = logitsOf(centre);
  const offset = meanOfRows(
    heard.map(({ scores }) => logitsOf(scores)),
    average.length,
  ).map((mean, k) => trust * (mean - average[k]));
  return ({ scores }) => Array.from(softmax(logitsOf(scores).map((value, k) => value - offset[k])));
}
