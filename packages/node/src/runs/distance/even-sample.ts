/** A part of a corpus that speaks for all of it. */
import type { Utterance } from "@undertone/core/data";
import type { Random } from "@undertone/core/math";
import { groupBy } from "../group-by.js";

/** Returns at most `count` utterances in their order, drawn as evenly over speakers and labels as these have utterances. */
export function evenSample(
  utterances: readonly Utterance[],
  { count, random }: { readonly count: number; readonly random: Random },
): Utterance[] {
  if (utterances.length <= count) return [...utterances];
  const cells = [...groupBy(utterances, ({ speaker, label }) => `${speaker}\0${label}`).values()];
  const waiting = random.shuffle(cells).map((cell) => random.shuffle(cell));
  const drawn = new Set<Utterance>();
  for (let round = 0; drawn.size < count; round++)
    for (const cell of waiting) if (drawn.size < count && round < cell.length) drawn.add(cell[round]!);
  return utterances.filter((utterance) => drawn.has(utterance));
}
