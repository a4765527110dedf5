/** One split a speaker: train on all others. */
import type { Split } from "../split.js";
import type { Dataset } from "../utterance.js";
import { checkFoldCount, groupsOf, splitsByGroup } from "./groups.js";
import type { SplitMaker } from "./split-maker.js";

/**
 * Returns one split a speaker, named `speaker-NAME`, in order of names.
 * @throws UndertoneError `split/too-few-speakers` for fewer than two speakers.
 */
export function leaveOneSpeakerOut(dataset: Dataset): Split[] {
  const speakers = groupsOf(dataset, "speaker");
  checkFoldCount(speakers.length, speakers.length, "speaker");
  return splitsByGroup(
    dataset,
    "speaker",
    speakers.map((speaker) => [speaker]),
    speakers.map((speaker) => `speaker-${speaker}`),
  );
}

export const loso: SplitMaker = {
  id: "loso",
  group: "speaker",
  folds: "none",
  make: leaveOneSpeakerOut,
};
