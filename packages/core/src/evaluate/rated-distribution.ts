/** What the raters of an utterance said, as parts over the classes. */
import type { LabelMap } from "../data/label-map.js";
import { mapLabel } from "../data/label-map.js";
import type { Utterance } from "../data/utterance.js";
import { type Matrix, matrixFromRows } from "../math/matrix.js";

/**
 * Returns the part of the raters that chose each class, in the order of the classes; undefined when the utterance has no votes for a class
 * that the map keeps.
 * @throws UndertoneError `label-map/unmapped` when raters used a word that the map does not know.
 */
export function ratedDistribution({ votes }: Pick<Utterance, "votes">, map: LabelMap): number[] | undefined {
  if (!votes) return undefined;
  const parts = new Array<number>(map.classes.length).fill(0);
  let total = 0;
  for (const [word, count] of Object.entries(votes)) {
    const name = mapLabel(map, word);
    if (name === null) continue;
    parts[map.classes.indexOf(name)] += count;
    total += count;
  }
  return total > 0 ? parts.map((part) => part / total) : undefined;
}

/**
 * Returns utterances × classes shares of the raters, as `ClassTargets.votes` takes them, rows of zeros where an utterance has no votes;
 * undefined when none has.
 */
export function ratedVotes(
  utterances: readonly Pick<Utterance, "votes">[],
  map: LabelMap,
): Matrix | undefined {
  const rated = utterances.map((utterance) => ratedDistribution(utterance, map));
  if (rated.every((shares) => shares === undefined)) return undefined;
  return matrixFromRows(rated.map((shares) => shares ?? map.classes.map(() => 0)));
}
