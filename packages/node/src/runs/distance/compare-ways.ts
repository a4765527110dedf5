/** Three ways to use a model on a corpus, measured on its labelled clips: as it is, adapted to the collection, and a model of the corpus' own. */
import type { ArtifactManifest, Prediction } from "@undertone/core/artifact";
import {
  type Dataset,
  type FeatureView,
  isUnknownSpeaker,
  type LabelMap,
  presentClasses,
  speakersUnknownNote,
  takeUtterances,
} from "@undertone/core/data";
import { isUndertoneError } from "@undertone/core/errors";
import {
  computeScores,
  crossValidate,
  estimatorOf,
  percentileInterval,
  type ScoredUtterance,
  scoredUtterances,
  scoreTable,
  type TaughtRow,
  taughtRows,
  uarDraws,
} from "@undertone/core/evaluate";
import { random } from "@undertone/core/math";
import { findDuplicates, type RunHooks } from "../load-data.js";
import { pauseForEvents } from "../pause-for-events.js";
import { classifierFor } from "../plan/defaults.js";
import { count } from "../report/words.js";
import { splitData } from "../split-run.js";
import type { ScoredClips } from "./hear-clips.js";
import type { WayResult, WayResults } from "./model-distance.js";

/** Fewer labelled clips tell nothing of a model. */
const fewestClips = 20;
/** With fewer speakers, what is drawn for intervals is clips: they then tell of these speakers only. */
const fewestSpeakers = 6;
/** Folds of speakers that a model of the corpus' own is tested by. */
const mostFolds = 6;

/** What is compared. */
export interface ComparedClips {
  /** The clips that were scored, with their labels. */
  readonly dataset: Dataset;
  readonly manifest: ArtifactManifest;
  /** From the labels to the model's classes. */
  readonly labelMap: LabelMap;
  readonly scored: ScoredClips;
  /** The clips' features as the model hears them; absent where no model of the corpus' own is asked for. */
  readonly own?: readonly FeatureView[] | undefined;
  readonly seed: number;
}

/** Returns the results of each way with what is more than chance between them, or why there are none. @throws UndertoneError `cancelled`. */
export async function compareWays(
  compared: ComparedClips,
  hooks: RunHooks,
): Promise<WayResults | { readonly skipped: string }> {
  const { manifest, scored, seed } = compared;
  const { classes } = manifest;
  // Votes may hold words that no clip is labelled with.
  const utterances = compared.dataset.utterances.map(({ votes: _, ...utterance }) => utterance);
  const labelMap = presentClasses(compared.labelMap, utterances);
  const rows = taughtRows(utterances, { labelMap });
  const present = [...new Set(rows.map(({ label }) => labelMap.classes[label]!))];
  if (rows.length < fewestClips || present.length < 2)
    return { skipped: tooFew(rows.length, present, classes) };
  const indexOf = new Map(scored.table.ids.map((id, i) => [id, i]));
  const places = rows.map(({ utterance: { id } }) => indexOf.get(id)!);
  const all = { ...compared.labelMap, classes };
  const taught = rows.map(
    (row): TaughtRow => ({ ...row, label: classes.indexOf(labelMap.classes[row.label]!) }),
  );
  const asScored = (scores: readonly (readonly number[])[]): ScoredUtterance[] =>
    scoredUtterances(taught, scores, { labelMap: all, fold: "all" });
  const saidOf = (predictions: readonly Prediction[]): ScoredUtterance[] =>
    asScored(places.map((i) => classes.map((name) => predictions[i]!.scores[name]!)));
  const ways: [WayResult["way"], readonly ScoredUtterance[]][] = [["as-it-is", saidOf(scored.predictions)]];
  if (scored.adapted) ways.push(["adapted", saidOf(scored.adapted)]);
  const dataset = { ...compared.dataset, utterances: rows.map(({ utterance }) => utterance) };
  const own = compared.own && (await ownModel({ ...compared, own: compared.own, dataset, labelMap }, hooks));
  if (own && "predictions" in own) ways.push(["own", own.predictions]);
  const names = [...new Set(rows.map(({ utterance: { speaker } }) => speaker))];
  const bySpeaker = names.length >= fewestSpeakers && !names.some(isUnknownSpeaker);
  const measured = ways.map(([way, predictions]) => {
    const byId = new Map(predictions.map((one) => [one.id, one]));
    const table = scoreTable(
      taught.map((row) => byId.get(row.utterance.id) ?? wrong(row, classes)),
      classes,
    );
    const speakers = rows.map(({ utterance: { speaker } }) => (bySpeaker ? speaker : ""));
    // The same draws for each way, so that differences are of the same clips.
    const draws = uarDraws(table, speakers, { random: random(seed).fork("ways") });
    return { way, uar: computeScores(table).uar, draws };
  });
  return {
    clips: rows.length,
    speakers: names.some(isUnknownSpeaker) ? null : names.length,
    classes: present,
    chance: 1 / present.length,
    drawn: bySpeaker ? "speakers" : "clips",
    ways: withGains(measured),
    ownSkipped: own && "skipped" in own ? own.skipped : null,
  };
}

/** Returns why so many labelled clips are too few. */
function tooFew(clips: number, present: readonly string[], classes: readonly string[]): string {
  const expected = `expected ${fewestClips} clips of two classes or more`;
  if (clips === 0)
    return `no clip with speech has a label that the model has a class for (${classes.join(", ")}); ${expected}`;
  const all = present.length === 1 ? `, all of the class '${present[0]}'` : "";
  return `${count(clips, "clip")} with speech ${clips === 1 ? "has" : "have"} a label that the model has a class for${all}; ${expected}`;
}

/** Returns each way with what it is better by than the best before it; one that is better by no more than chance leaves the other the best. */
function withGains(
  measured: readonly (Pick<WayResult, "way" | "uar"> & { readonly draws: readonly number[] })[],
): WayResult[] {
  let best = measured[0]!;
  return measured.map((one): WayResult => {
    const { way, uar, draws } = one;
    const over = best;
    const gain = one === over ? null : percentileInterval(draws.map((draw, i) => draw - over.draws[i]!));
    if (gain && gain.low > 0) best = one;
    return {
      ...{ way, uar, interval: percentileInterval(draws) },
      gain: gain && { over: over.way, by: uar - over.uar, interval: gain },
    };
  });
}

/** A clip of a class that no training part of the other speakers has. */
function wrong(
  { utterance: { id, speaker }, label }: TaughtRow,
  classes: readonly string[],
): ScoredUtterance {
  const truth = classes[label]!;
  const predicted = classes.find((name) => name !== truth)!;
  return {
    ...{ id, speaker, fold: "none", truth, predicted },
    scores: classes.map(() => 1 / classes.length),
  };
}

/** Returns what models of the corpus' own say of clips of speakers whom they have not heard, in the model's classes, or why there are none. */
async function ownModel(
  {
    dataset,
    labelMap,
    own,
    scored,
    manifest,
    seed,
  }: ComparedClips & { readonly own: readonly FeatureView[] },
  hooks: RunHooks,
): Promise<{ readonly predictions: ScoredUtterance[] } | { readonly skipped: string }> {
  const speakers = new Set(dataset.utterances.map(({ speaker }) => speaker));
  if ([...speakers].some(isUnknownSpeaker)) return { skipped: speakersUnknownNote };
  if (speakers.size < 2) return { skipped: "with one speaker there is no unseen one to test it on" };
  const ids = new Set(dataset.utterances.map(({ id }) => id));
  const views = own.map(({ speed, table }) => {
    const kept = table.ids.flatMap((id, i) => (ids.has(id) ? [i] : []));
    return { speed, table: takeUtterances(table, kept) };
  });
  const { table } = views.find(({ speed }) => speed === 1)!;
  const data = { dataset, table, corpus: dataset.name, duplicates: findDuplicates(scored.table) };
  try {
    const folds = `speaker:${Math.min(mostFolds, speakers.size)}`;
    const { classes: found } = await crossValidate({
      ...data,
      ...(await splitData(data, { folds, seed, allowLeak: ["duplicate"] })),
      ...{ labelMap, seed, samples: 10, train: views, test: views, featureSet: manifest.features.id },
      estimator: estimatorOf(classifierFor(speakers.size), "classes"),
      pause: pauseForEvents,
      onProgress: (part) => hooks.onProgress?.("a model of your own", Math.round(100 * part), 100),
      ...(hooks.signal ? { signal: hooks.signal } : {}),
    });
    const { classes } = manifest;
    const predictions = found!.predictions.map((one) => ({
      ...one,
      scores: classes.map((name) => one.scores[labelMap.classes.indexOf(name)] ?? 0),
    }));
    return { predictions };
  } catch (error) {
    if (!isUndertoneError(error) || error.code === "cancelled") throw error;
    return { skipped: error.message };
  }
}
