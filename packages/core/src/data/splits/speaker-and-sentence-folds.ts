/** Unseen speakers who say unseen sentences. */
import type { Split } from "../split.js";
import type { Dataset } from "../utterance.js";
import { balancedGroups, checkFoldCount, groupOf, groupsOf } from "./groups.js";
import type { SplitMaker } from "./split-maker.js";

/**
 * Returns one split for each pair of a fold of speakers and a fold of sentences. It tests on that fold's speakers saying that fold's
 * sentences and trains on the other speakers saying the other sentences; what shares only one of the two is in neither part. Each
 * utterance is tested once. Sentences are put into as many folds as speakers, or one each where there are fewer.
 * @throws UndertoneError `split/too-few-speakers` or `split/invalid` when there are too few speakers or sentences.
 */
export function speakerAndSentenceFolds(dataset: Dataset, folds: number, seed: number): Split[] {
  checkFoldCount(folds, groupsOf(dataset, "speaker").length, "speaker");
  return crossWithSentences(dataset, balancedGroups(dataset, "speaker", folds, seed), seed);
}

/** Returns the splits of `speakerAndSentenceFolds` for folds of speakers that are given. */
export function crossWithSentences(
  dataset: Dataset,
  speakerGroups: readonly (readonly string[])[],
  seed: number,
): Split[] {
  const sentences = groupsOf(dataset, "sentence").length;
  const sentenceCount = Math.min(Math.max(2, speakerGroups.length), sentences);
  checkFoldCount(sentenceCount, sentences, "sentence");
  const sentenceGroups = balancedGroups(dataset, "sentence", sentenceCount, seed);
  return speakerGroups.flatMap((speakers, f) =>
    sentenceGroups.flatMap((group, s) => {
      const train: string[] = [];
      const test: string[] = [];
      for (const utterance of dataset.utterances) {
        const speaker = speakers.includes(utterance.speaker);
        const sentence = group.includes(groupOf(utterance, "sentence"));
        if (speaker && sentence) test.push(utterance.id);
        else if (!speaker && !sentence) train.push(utterance.id);
      }
      // A fold's speakers need not have said every sentence.
      return test.length === 0 ? [] : [{ name: `fold-${f + 1}.${s + 1}`, train, dev: [], test }];
    }),
  );
}

export const bySpeakerAndSentence: SplitMaker = {
  id: "both",
  group: "both",
  folds: "optional",
  make: (dataset, { folds, seed }) =>
    speakerAndSentenceFolds(
      dataset,
      folds ?? Math.min(6, Math.max(2, groupsOf(dataset, "speaker").length)),
      seed,
    ),
};
