/** Probably wrong labels of a corpus: each utterance scored by models of other utterances, and what its neighbours are. */
import { nearestNeighbours } from "@undertone/core/cluster";
import { mapLabel } from "@undertone/core/data";
import { isUndertoneError } from "@undertone/core/errors";
import {
  computeScores,
  crossValidate,
  type LabelErrors,
  labelErrors,
  type ScoredUtterance,
  scoreTable,
} from "@undertone/core/evaluate";
import { estimator } from "@undertone/core/learn";
import type { Matrix } from "@undertone/core/math";
import type { ListedData, LoadedData, RunHooks } from "../load-data.js";
import { pauseForEvents } from "../pause-for-events.js";
import { wholePercent } from "../report/words.js";
import { splitData } from "../split-run.js";
import type { LabelCheck } from "./exploration.js";
import { centreSpeakers } from "./prepare-rows.js";

/** Doubts that are explained. */
const shown = 50;

/** Folds of utterances where the caller names none. */
const mostFolds = 6;

/** Neighbours that are asked for their label. */
const asked = 10;

/** Features up to which logistic regression takes seconds; the closed form beyond is a little less exact about probabilities. */
const mostForLogistic = 1000;

/** How labels are checked. */
export interface LabelCheckPlan {
  /** As `--folds`; default folds of utterances drawn at random. */
  readonly folds?: string | undefined;
  readonly seed: number;
}

/** Returns the folds that labels are judged by: who or what is heard twice helps to find a label. @throws as `splitData`. */
export function splitLabels(
  data: ListedData,
  { folds, seed }: { readonly folds: string; readonly seed: number },
): ReturnType<typeof splitData> {
  return splitData(data, { folds, seed, allowLeak: ["duplicate", "speaker"] });
}

/**
 * Returns the doubts about all labels, from the mean scores of two judges that err in different ways: logistic regression with strong regularization and
 * linear discriminant analysis; the ridge classifier alone for many features. No judge has learnt from the utterance that it scores, but others of the
 * same speaker it may have heard: a label is doubted best by who knows the voice, and no score for strangers is claimed here. Each speaker's mean is
 * taken off first.
 * @throws UndertoneError `split/*`, `learn/*`, `cancelled`.
 */
export async function findLabelErrors(
  data: LoadedData,
  plan: LabelCheckPlan,
  hooks: RunHooks = {},
): Promise<{ errors: LabelErrors; uar: number; protocol: string }> {
  const { table, dataset, labelMap, featureSet } = data;
  const folds = plan.folds ?? `random:${Math.min(mostFolds, table.ids.length)}`;
  const { splits, leaks, foldsName } = await splitLabels(data, { folds, seed: plan.seed });
  const speakerOf = new Map(dataset.utterances.map(({ id, speaker }) => [id, speaker]));
  const centred = {
    ...table,
    frames: centreSpeakers(
      table.frames,
      table.ids.map((id) => speakerOf.get(id)!),
    ),
  };
  const judges =
    table.frames.cols > mostForLogistic
      ? [estimator("ridge-classifier", { alpha: "auto" })]
      : [estimator("logistic-regression", { C: 0.01 }), estimator("linear-discriminant-analysis")];
  const heard: (readonly ScoredUtterance[])[] = [];
  for (const [j, judge] of judges.entries()) {
    const { classes: found } = await crossValidate({
      dataset,
      table: centred,
      labelMap,
      splits,
      estimator: judge,
      leaks,
      seed: plan.seed,
      foldsName,
      featureSet,
      samples: 10,
      pause: pauseForEvents,
      onProgress: (part) => hooks.onProgress?.("labels", Math.round((100 * (j + part)) / judges.length), 100),
      ...(hooks.signal ? { signal: hooks.signal } : {}),
    });
    heard.push(found!.predictions);
  }
  const { classes } = labelMap;
  const predictions = meanPredictions(heard, classes);
  const { uar } = computeScores(scoreTable(predictions, classes));
  const protocol = `Scores by ${judges.map(({ kind }) => kind).join(" and ")} on ${featureSet}, folds: ${foldsName}, each speaker's mean taken off`;
  return { errors: labelErrors(predictions, classes), uar, protocol };
}

/** Returns the utterances with the mean of the judges' scores, which come in one order. */
function meanPredictions(
  judges: readonly (readonly ScoredUtterance[])[],
  classes: readonly string[],
): ScoredUtterance[] {
  return judges[0].map((one, i) => {
    const scores = classes.map(
      (_, k) => judges.reduce((sum, own) => sum + own[i].scores[k], 0) / judges.length,
    );
    return { ...one, scores, predicted: classes[scores.indexOf(Math.max(...scores))] };
  });
}

/**
 * Returns the check of the labels with reasons, or why there is none: a class with too few utterances, models that only guess.
 * @throws UndertoneError `cancelled`, and what is wrong with folds that were asked for by name.
 */
export async function checkLabels(
  data: LoadedData,
  rows: Matrix,
  plan: LabelCheckPlan,
  hooks: RunHooks = {},
): Promise<LabelCheck | { readonly skipped: string }> {
  let found: Awaited<ReturnType<typeof findLabelErrors>>;
  try {
    found = await findLabelErrors(data, plan, hooks);
  } catch (error) {
    const skippable = plan.folds === undefined && isUndertoneError(error) && error.code !== "cancelled";
    if (!skippable) throw error;
    return { skipped: error.message };
  }
  const { errors, uar, protocol } = found;
  const judged = errors.thresholds.filter((threshold) => threshold !== null).length;
  if (judged < 2)
    return { skipped: "fewer than 2 labels have enough clips to learn them from some and judge the others" };
  const chance = 1 / judged;
  if (uar <= chance) {
    const skipped = `models of the other clips are right ${wholePercent(uar)} of the time, no better than guessing (${wholePercent(chance)})`;
    return { skipped };
  }
  const utterances = new Map(data.dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const indexOf = new Map(data.table.ids.map((id, i) => [id, i]));
  const speakerOf = data.table.ids.map((id) => utterances.get(id)!.speaker);
  const count = Math.min(rows.rows - 1, 200);
  const near = nearestNeighbours(rows, count);
  /** The labels of the nearest utterances of other speakers. */
  const neighbourLabels = (id: string): string[] => {
    const i = indexOf.get(id)!;
    return Array.from(near.indices.subarray(i * count, (i + 1) * count))
      .filter((j) => speakerOf[j] !== speakerOf[i])
      .slice(0, asked)
      .flatMap((j) => mapLabel(data.labelMap, utterances.get(data.table.ids[j])!.label!) ?? []);
  };
  const confident = errors.doubts.filter((doubt) => doubt.confident);
  return {
    protocol,
    uar,
    noiseRate: errors.noiseRate,
    confident: confident.length,
    doubts: confident.slice(0, shown).map((doubt) => {
      const around = neighbourLabels(doubt.id);
      const of = (label: string): number => around.filter((other) => other === label).length;
      const { suggested, label } = doubt;
      const scores = `scores: ${suggested} ${wholePercent(doubt.suggestedScore)}, ${label} ${wholePercent(doubt.labelScore)}`;
      const neighbours = `${around.length} nearest clips of others: ${of(suggested)} ${suggested}, ${of(label)} ${label}`;
      return { ...doubt, reason: around.length > 0 ? `${scores}; ${neighbours}` : scores };
    }),
  };
}
