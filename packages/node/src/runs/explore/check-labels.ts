/** Probably wrong labels of a corpus: each utterance scored by models of other speakers, and what its neighbours are. */
import {
  crossValidate,
  defaultShrinkage,
  estimator,
  isUndertoneError,
  type LabelErrors,
  labelErrors,
  type Matrix,
  nearestNeighbours,
} from "@undertone/core";
import type { LoadedData, RunHooks } from "../load-data.js";
import { pauseForEvents } from "../pause-for-events.js";
import { splitData } from "../split-run.js";
import type { LabelCheck } from "./exploration.js";

/** Doubts that are explained. */
const shown = 50;

/** Speaker folds where the table or the caller names none. */
const mostFolds = 6;

/** Neighbours that are asked for their label. */
const asked = 10;

/** Features up to which logistic regression takes seconds; the closed form beyond is a little less exact about probabilities. */
const mostForLogistic = 1000;

/** How labels are checked. */
export interface LabelCheckPlan {
  /** As `--folds`; default the table's own, else folds of speakers. */
  readonly folds?: string;
  readonly seed: number;
}

/**
 * Returns the doubts about all labels, from logistic regression with strong regularization, or the ridge classifier for many features, adapted to the speakers by their means: no label
 * of a speaker is used for the speaker's own scores.
 * @throws UndertoneError `split/*`, `learn/*`, `cancelled`.
 */
export async function findLabelErrors(
  data: LoadedData,
  plan: LabelCheckPlan,
  hooks: RunHooks = {},
): Promise<{ errors: LabelErrors; uar: number; protocol: string }> {
  const speakers = new Set(data.dataset.utterances.map(({ speaker }) => speaker)).size;
  const folds =
    plan.folds ?? (data.folds ? "table" : `speaker:${Math.min(mostFolds, Math.max(2, speakers))}`);
  const { splits, leaks, foldsName } = await splitData(data, {
    folds,
    seed: plan.seed,
    // One recording under two names helps to find a label, and no score is claimed here.
    allowLeak: ["duplicate"],
  });
  const judge =
    data.table.frames.cols > mostForLogistic
      ? estimator("ridge-classifier", { alpha: "auto" })
      : estimator("logistic-regression", { C: 0.01 });
  const result = await crossValidate({
    dataset: data.dataset,
    table: data.table,
    labelMap: data.labelMap,
    splits,
    estimator: judge,
    leaks,
    seed: plan.seed,
    foldsName,
    featureSet: data.featureSet,
    adapt: { utterances: "all", shrinkage: defaultShrinkage },
    samples: 10,
    pause: pauseForEvents,
    onProgress: (part) => hooks.onProgress?.("labels", Math.round(100 * part), 100),
    ...(hooks.signal ? { signal: hooks.signal } : {}),
  });
  const protocol = `Scores by ${judge.kind} on ${data.featureSet}, folds: ${foldsName}, adapted to each speaker by the mean of the speaker's clips`;
  return { errors: labelErrors(result.predictions, data.labelMap.classes), uar: result.uar, protocol };
}

/**
 * Returns the check of the labels with reasons, or why there is none: one speaker only, a class with too few utterances, models that only guess.
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
  const chance = 1 / new Set(errors.doubts.map(({ label }) => label)).size;
  if (uar <= chance) {
    const skipped = `models of other speakers are right ${percent(uar)} of the time, no better than guessing (${percent(chance)})`;
    return { skipped };
  }
  const utterances = new Map(data.dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const truth = new Map(errors.doubts.map(({ id, label }) => [id, label]));
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
      .flatMap((j) => truth.get(data.table.ids[j]!) ?? []);
  };
  return {
    protocol,
    uar,
    noiseRate: errors.noiseRate,
    confident: errors.doubts.filter(({ confident }) => confident).length,
    doubts: errors.doubts.slice(0, shown).map((doubt) => {
      const around = neighbourLabels(doubt.id);
      const of = (label: string): number => around.filter((other) => other === label).length;
      const { suggested, label } = doubt;
      const scores = `scores: ${suggested} ${percent(doubt.suggestedScore)}, ${label} ${percent(doubt.labelScore)}`;
      const neighbours = `${around.length} nearest clips of others: ${of(suggested)} ${suggested}, ${of(label)} ${label}`;
      return { ...doubt, reason: around.length > 0 ? `${scores}; ${neighbours}` : scores };
    }),
  };
}

function percent(part: number): string {
  return `${Math.round(100 * part)} %`;
}
