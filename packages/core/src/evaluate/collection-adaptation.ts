/** How a model's calibrated scores are adapted to a collection: what left-out collections tell, and what becomes of a recording's scores. */

import { type CollectionModel, fitCollections } from "../learn/collection-model.js";
import { between, learnCollection } from "../learn/learn-collection.js";
import type { ScoredRecording } from "../learn/learn-speaker.js";
import { applyCalibration, type Calibration, fitCalibration } from "./calibration/index.js";
import type { ScoredUtterance } from "./evaluation-result.js";
import { groupBy } from "./group-tables.js";
import { calibrationRows } from "./score-table.js";

/** What adapts to collections. */
export interface CollectionAdaptation extends CollectionModel {
  /** How scores without the collection's offset become probabilities; absent where scores are as they are. */
  readonly calibration?: Calibration | undefined;
}

type Scores = Pick<ScoredRecording, "scores">;

/**
 * Returns what adapts to collections, by scores for such as no model had heard: corpora, or speakers where there is one corpus. Undefined where
 * they are too few to tell.
 * @param calibrated scores as they are for strangers.
 */
export function fitCollectionAdaptation(
  calibrated: readonly ScoredUtterance[],
  { classes, calibrates }: { readonly classes: readonly string[]; readonly calibrates: boolean },
): CollectionAdaptation | undefined {
  const several = new Set(calibrated.map(({ corpus }) => corpus)).size > 1;
  const rows = calibrated.map(({ scores, truth, speaker, corpus }) => ({
    ...{ scores, speaker, label: classes.indexOf(truth) },
    collection: several ? (corpus ?? "") : speaker,
  }));
  const model = fitCollections(rows, classes.length);
  if (!model || !calibrates) return model;
  const known = calibrated.map((one, at) => ({ ...one, collection: one.corpus ?? one.fold, at }));
  const scores: number[][] = [];
  for (const own of groupBy(known, ({ collection }) => collection).values()) {
    const { scoresOf } = learnCollection(own, model);
    for (const one of own) scores[one.at] = scoresOf(one);
  }
  const adapted = calibrated.map((one, i) => ({ ...one, scores: scores[i] }));
  return { ...model, calibration: fitCalibration("temperature", calibrationRows(adapted, classes)) };
}

/**
 * Returns what turns a recording's scores into those for a collection of which these are known, all of them calibrated for strangers: between those
 * and the ones without the collection's offset, as far as it is to be believed.
 */
export function collectionScores(
  heard: readonly Scores[],
  adaptation: CollectionAdaptation,
): (recording: Scores) => number[] {
  const { trust, scoresOf } = learnCollection(heard, adaptation);
  return (recording) =>
    trust === 0
      ? Array.from(recording.scores)
      : between(
          recording.scores,
          applyCalibration(scoresOf(recording), adaptation.calibration ?? { kind: "none" }),
          trust,
        );
}
