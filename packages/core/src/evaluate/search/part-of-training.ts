/** Splits with a part of their training utterances. */
import type { Split } from "../../data/split.js";
import type { Dataset } from "../../data/utterance.js";
import { random } from "../../math/random.js";

/**
 * Returns the split with a share (0..1) of its training part, drawn by the seed: of the utterances of each class (at least two, where there are
 * two), or of the speakers (at least one) with all that they say. A smaller share is a part of a larger one.
 */
export function partOfTraining(
  split: Split,
  dataset: Dataset,
  { share, by, seed }: { share: number; by: "utterance" | "speaker"; seed: number },
): Split {
  if (share >= 1) return split;
  const train = new Set(split.train);
  const groups = new Map<string, string[]>();
  for (const { id, speaker, label = "" } of dataset.utterances) {
    if (!train.has(id)) continue;
    const name = by === "speaker" ? speaker : label;
    const own = groups.get(name);
    if (own) own.push(id);
    else groups.set(name, [id]);
  }
  const stream = random(seed).fork(`part of ${split.name}`);
  const some = <T>(all: T[], name: string, least: number): T[] =>
    stream
      .fork(name)
      .shuffle(all)
      .slice(0, Math.max(least, Math.ceil(share * all.length)));
  const kept = new Set(
    by === "speaker"
      ? some([...groups.keys()].sort(), "speakers", 1).flatMap((name) => groups.get(name)!)
      : [...groups].flatMap(([name, ids]) => some(ids, name, 2)),
  );
  return { ...split, train: split.train.filter((id) => kept.has(id)) };
}
