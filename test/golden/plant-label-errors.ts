/** Wrong labels put into a data set by a seed, to see whether they are found. */
import type { Dataset } from "@undertone/core/data";
import { random } from "@undertone/core/math";

/** Returns the data set with `part` of its labels exchanged for another one, and the ids of these utterances. */
export function plantLabelErrors(
  dataset: Dataset,
  { part, seed }: { part: number; seed: number },
): { dataset: Dataset; planted: ReadonlySet<string> } {
  const stream = random(`planted-${seed}`);
  const words = [...new Set(dataset.utterances.map(({ label }) => label!))].sort();
  const chosen = stream.shuffle(dataset.utterances.map(({ id }) => id));
  const planted = new Set(chosen.slice(0, Math.round(part * chosen.length)));
  const utterances = dataset.utterances.map((utterance) => {
    if (!planted.has(utterance.id)) return utterance;
    const others = words.filter((word) => word !== utterance.label);
    return { ...utterance, label: others[stream.integer(others.length)] };
  });
  return { dataset: { ...dataset, utterances }, planted };
}

/** Returns the part of the first `planted.size` ids that were planted. */
export function precisionAtPlanted(ids: readonly string[], planted: ReadonlySet<string>): number {
  return ids.slice(0, planted.size).filter((id) => planted.has(id)).length / planted.size;
}
