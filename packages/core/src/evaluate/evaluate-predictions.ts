/** From scored utterances to everything that a report shows. */
import type { LabelMap } from "../data/label-map.js";
import type { Dataset } from "../data/utterance.js";
import { UndertoneError } from "../errors.js";
import { random } from "../math/random.js";
import { mean } from "../math/statistics.js";
import { bootstrapIntervals } from "./bootstrap.js";
import type { ClassResult, EvaluationResult, Leak, Protocol, ScoredUtterance } from "./evaluation-result.js";
import { groupBy, groupTables } from "./group-tables.js";
import { leftOutCorpora, viewedAs } from "./left-out-corpora.js";
import { reliabilityBins } from "./metrics/calibration.js";
import { classScores } from "./metrics/class-scores.js";
import { computeScores } from "./metrics/index.js";
import { jensenShannon } from "./metrics/jensen-shannon.js";
import { oneAgainstRest, rocAuc } from "./metrics/roc-auc.js";
import { rocCurve } from "./metrics/roc-curve.js";
import type { Scored } from "./metrics/scored.js";
import { scoreTable } from "./score-table.js";
import { judged, type TrustBasis, trustResult } from "./trust/trust-result.js";

/** Points of a ROC curve that a result keeps. */
const rocPoints = 200;

export interface EvaluationOptions {
  /** In the order of the scores. */
  readonly classes: readonly string[];
  readonly protocol: Protocol;
  /** What the leak gate found; empty for an honest evaluation. */
  readonly leaks: readonly Leak[];
  /** Where the sex and other attributes of the speakers come from; without it there is no table by sex. */
  readonly dataset?: Dataset;
  /** Fold name -> utterances that it was trained on; absent for a model trained elsewhere (0). */
  readonly trainCounts?: Readonly<Record<string, number>>;
  /** What abstention and prediction sets are judged with; default temperature, fitted across folds. */
  readonly trust?: TrustBasis;
  /** Where each fold is a corpus that its model has not heard: the label maps that are to be looked at too. */
  readonly leftOut?: { readonly views: readonly Pick<LabelMap, "id" | "classes">[] } | undefined;
  /** Bootstrap samples. */
  readonly samples?: number | undefined;
}

/**
 * Returns the result of the predictions. Every measure at the top is pooled: computed once over all predictions together.
 * `folds` holds the same measures fold by fold, for protocols that average over folds (`meanOverFolds`).
 * @throws UndertoneError `split/invalid` when there is no prediction or an utterance comes twice, `label-map/unmapped`,
 * `learn/not-finite`.
 */
export function evaluatePredictions(
  predictions: readonly ScoredUtterance[],
  options: EvaluationOptions,
): EvaluationResult {
  const { classes, protocol, leaks, dataset, trainCounts = {}, samples = 1000 } = options;
  const ids = new Set<string>();
  for (const { id } of predictions) {
    if (ids.has(id)) {
      throw new UndertoneError(
        "split/invalid",
        `Utterance '${id}' was tested twice, expected every utterance in one test part`,
      );
    }
    ids.add(id);
  }
  const scored = scoreTable(predictions, classes);
  const speakers = predictions.map(({ speaker }) => speaker);
  return {
    protocol,
    leaks,
    classes,
    ...computeScores(scored),
    ci: bootstrapIntervals(scored, speakers, { random: random(protocol.seed).fork("bootstrap"), samples }),
    confusion: scored.confusion,
    perClass: classResults(scored, classes),
    folds: [...groupBy(predictions, ({ fold }) => fold)].map(([name, group]) => ({
      name,
      train: trainCounts[name] ?? 0,
      test: group.length,
      testSpeakers: [...new Set(group.map(({ speaker }) => speaker))].sort(),
      ...computeScores(scoreTable(group, classes)),
    })),
    ...groupTables(predictions, { classes, dataset, seed: protocol.seed, samples }),
    reliability: reliabilityBins(scored),
    ...leftOutResult(predictions, options),
    trust: trustResult(predictions, classes, options.trust ?? { calibration: "temperature" }),
    ...ratedResult(predictions),
    predictions,
  };
}

/** Returns the mean and the standard deviation (n − 1; 0 for one fold) over folds of a measure that every fold has. */
export function meanOverFolds(
  result: Pick<EvaluationResult, "folds">,
  measure: "uar" | "accuracy" | "f1Macro",
): { mean: number; deviation: number } {
  const values = result.folds.map((fold) => fold[measure]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

/** Returns the tables of left-out corpora; what was not calibrated inside the training parts is judged as it is. */
function leftOutResult(
  predictions: readonly ScoredUtterance[],
  { classes, leftOut, trust, protocol: { seed }, samples = 1000 }: EvaluationOptions,
): Pick<EvaluationResult, "corpora" | "views"> {
  if (!leftOut) return {};
  const all = trust?.heldOut ? judged(predictions, classes, trust) : { predictions };
  const views = leftOut.views.flatMap(({ id, classes: view }) => {
    const own = viewedAs(all, { classes, view });
    const some = own.predictions.length > 0;
    return some ? [{ labelMap: id, ...leftOutCorpora(own, { classes: view, seed, samples }) }] : [];
  });
  return {
    corpora: leftOutCorpora(all, { classes, seed, samples }),
    ...(views.length > 0 && { views }),
  };
}

function ratedResult(predictions: readonly ScoredUtterance[]): Pick<EvaluationResult, "rated"> {
  const distances = predictions.flatMap(({ rated, scores }) => (rated ? [jensenShannon(scores, rated)] : []));
  if (distances.length === 0) return {};
  return { rated: { utterances: distances.length, jensenShannon: mean(distances) } };
}

function classResults(scored: Scored, classes: readonly string[]): ClassResult[] {
  return classScores(scored.confusion).map(({ support, precision, recall, f1 }, k) => {
    const { positive, scores } = oneAgainstRest(scored, k);
    return {
      class: classes[k],
      support,
      precision,
      recall,
      f1,
      rocAuc: rocAuc(positive, scores),
      roc: rocCurve(positive, scores, { maxPoints: rocPoints }),
    };
  });
}
