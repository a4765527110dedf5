/** The evaluation of an artifact as it is, on labelled recordings that it was not trained on. */

import {
  type ArtifactManifest,
  closestToAsItIs,
  openLearntClips,
  playingSpeeds,
  readArtifact,
  type StretchScores,
  scoreRows,
} from "@undertone/core/artifact";
import {
  corpora,
  type FeatureTable,
  type FeatureView,
  isUnknownSpeaker,
  type LabelMap,
  type Leak,
  labelMap,
  speakersInWords,
} from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import {
  applyCalibration,
  type Evaluation,
  type EvaluationResult,
  evaluatePredictions,
  evaluateValuePredictions,
  type RobustnessResult,
  scoredUtterances,
  taughtRows,
  valuedUtterances,
} from "@undertone/core/evaluate";
import { keepEncodersBeside } from "../encoders/encoder-files.js";
import { nodeRuntime } from "../runtime/node-runtime.js";
import { type DataSource, type LoadedData, loadData, type RunHooks } from "./load-data.js";
import { readModelFile } from "./open-model.js";

/** What to score an artifact on. */
export interface ArtifactPlan extends DataSource {
  readonly seed: number;
  readonly allowLeak?: readonly string[] | undefined;
  /** What to measure beside of how the model hears worse audio: clips to draw, folders of recorded noise. */
  readonly robustness?: { readonly clips: number; readonly noise: readonly string[] } | undefined;
}

/** Returns what the artifact's graph gives for each utterance, averaged over the tables of its playing speeds. */
async function scoreTables(
  bytes: Uint8Array,
  manifest: ArtifactManifest,
  tables: readonly FeatureTable[],
): Promise<StretchScores[]> {
  const session = await nodeRuntime().load(bytes);
  try {
    const { rows, cols } = tables[0].frames;
    const utterances = Array.from({ length: rows }, (_, i) =>
      tables.map(({ frames }) => frames.data.subarray(i * cols, (i + 1) * cols)),
    );
    return await scoreRows(utterances, { session, manifest });
  } finally {
    await session.close();
  }
}

/** What an artifact that keeps no marks of its clips leaves open. */
export const clipsNotTold =
  "The model does not tell which clips it learnt from: if these are among them, under whatever names, the figures say nothing of strangers (a model that is trained today tells)";

/** Clips of which it is known whether the artifact learnt from them. */
interface HeardClips {
  /** How many were heard. */
  readonly heard: number;
  /** The ids of those that it learnt from; undefined where it does not tell. */
  readonly learnt: readonly string[] | undefined;
}

/**
 * Returns the leak of an artifact that has learnt from these very clips, whatever they are called, or else from the corpus of that name, or one of
 * several. A folder's name says nothing where the clips do.
 */
export function trainingLeak(
  manifest: ArtifactManifest,
  dataset: LoadedData["dataset"],
  { heard, learnt }: HeardClips,
): Leak[] {
  if (learnt && learnt.length > 0)
    return [
      {
        kind: "utterance",
        splits: ["all"],
        examples: learnt.slice(0, 10),
        count: learnt.length,
        message: `${learnt.length} of ${heard === 1 ? "1 clip is" : `${heard} clips are`} among those that the model '${manifest.name}' learnt from, whatever they are called, which says nothing of strangers`,
      },
    ];
  const known = manifest.training.dataset.split(" + ");
  const same = dataset.name
    .split(" + ")
    .some((name) => known.includes(name) && (!learnt || corpora.some(({ id }) => id === name)));
  if (!same) return [];
  const speakers = [...new Set(dataset.utterances.map(({ speaker }) => speaker))];
  return [
    {
      kind: "speaker",
      splits: ["all"],
      examples: speakers.slice(0, 10),
      count: speakers.length,
      message: `The artifact '${manifest.name}' was trained on '${manifest.training.dataset}' itself: these scores are of speakers that it knows`,
    },
  ];
}

/** Returns the ids of the clips that the artifact learnt from, undefined where it does not tell. */
function learntIds(manifest: ArtifactManifest, views: readonly FeatureView[]): string[] | undefined {
  const isLearnt = openLearntClips(manifest);
  if (!isLearnt) return undefined;
  const { ids, frames } = views[closestToAsItIs(views.map(({ speed }) => speed))].table;
  const { data, cols } = frames;
  return ids.filter((_, i) => isLearnt(data.subarray(i * cols, (i + 1) * cols)));
}

/** Returns the map from the corpus' words to the artifact's classes. */
function chooseMap(id: string | undefined, manifest: ArtifactManifest): LabelMap {
  if (id === undefined) return { ...manifest.labelMap, classes: manifest.classes };
  const map = labelMap(id);
  const missing = map.classes.find((name) => !manifest.classes.includes(name));
  if (missing) {
    throw new UndertoneError(
      "label-map/unmapped",
      `Label map '${id}' has the class '${missing}', which the artifact lacks; expected classes among ${manifest.classes.join(", ")}`,
    );
  }
  return { ...map, classes: manifest.classes };
}

/** What an artifact is worth on a corpus; without classes or values where the artifact or the corpus has none. */
export interface ArtifactRun extends Evaluation {
  readonly data: LoadedData;
}

/**
 * Returns the scores of an artifact on a corpus, of its classes and of its values.
 * @throws UndertoneError as `loadData` and `readArtifact`; `split/leak` when the artifact was trained on the corpus and that is not allowed.
 */
export async function evaluateArtifact(
  artifact: string,
  plan: ArtifactPlan,
  hooks: RunHooks = {},
): Promise<ArtifactRun> {
  const { path, bytes, manifest } = await readModelFile(artifact, (bytes, path) => ({
    ...{ path, bytes },
    manifest: readArtifact(bytes).manifest,
  }));
  await keepEncodersBeside(path, manifest);
  const { classes, dimensions, output, features } = manifest;
  if (plan.robustness && output === undefined)
    throw new UndertoneError(
      "usage/bad-value",
      `Got --robustness with the artifact '${manifest.name}', which gives values alone; expected one of classes`,
    );
  const map = chooseMap(plan.labelMap, manifest);
  const test = playingSpeeds(manifest);
  const source = {
    ...plan,
    map,
    mapFrom: plan.labelMap === undefined ? path : undefined,
    speeds: { train: [1], test },
    ...(dimensions && {
      values: {
        names: dimensions.values.map(({ name }) => name),
        besideClasses: classes.length > 0,
        either: true,
      },
    }),
  };
  const data = await loadData(source, features.id, hooks);
  const learnt = learntIds(manifest, data.test);
  const leaks = trainingLeak(manifest, data.dataset, { heard: data.table.ids.length, learnt });
  if (leaks.length > 0 && !plan.allowLeak?.includes(leaks[0].kind)) {
    throw new UndertoneError(
      "split/leak",
      `${leaks[0].message}; --allow-leak ${leaks[0].kind} scores it nevertheless`,
      { details: { leaks } },
    );
  }
  const found = await scoreTables(
    bytes,
    manifest,
    data.test.map(({ table }) => table),
  );
  const { classes: result, values } = evaluateFound(found, { manifest, data, map, leaks, seed: plan.seed });
  const robustness =
    result && plan.robustness && (await hearWorse(bytes, { manifest, data, map }, { result, plan, hooks }));
  return {
    classes: result && { ...result, robustness },
    values,
    data,
  };
}

/** Returns what the artifact still hears of the classes when the audio gets worse. */
async function hearWorse(
  bytes: Uint8Array,
  { manifest, data, map }: Pick<About, "manifest" | "data" | "map">,
  { result, plan, hooks }: { result: EvaluationResult; plan: ArtifactPlan; hooks: RunHooks },
): Promise<RobustnessResult> {
  const scoreViews = async (views: readonly FeatureTable[]): Promise<number[][]> =>
    (await scoreTables(bytes, manifest, views)).map(({ scores }) =>
      applyCalibration(scores, manifest.calibration),
    );
  const { minConfidence, outOfDistribution, reference } = manifest;
  const { measureRobustness } = await import("./robustness.js");
  return measureRobustness(
    { ...data, labelMap: map },
    [
      {
        fold: { scoreViews },
        predictions: result.predictions,
        trust: { minConfidence, outOfDistribution, reference },
      },
    ],
    { ...plan.robustness!, seed: plan.seed, speeds: playingSpeeds(manifest) },
    hooks,
  );
}

interface About {
  readonly manifest: ArtifactManifest;
  readonly data: LoadedData;
  readonly map: LabelMap;
  readonly leaks: readonly Leak[];
  readonly seed: number;
}

/** Returns the evaluation of what the artifact gave for the utterances of the table, of each head that it has and the corpus labels. */
function evaluateFound(found: readonly StretchScores[], about: About): Evaluation {
  const { manifest, data, map, leaks } = about;
  const { classes, output, dimensions } = manifest;
  const { dataset, table } = data;
  const names = dimensions?.values.map(({ name }) => name);
  const byId = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const foundOf = new Map(table.ids.map((id, i) => [id, found[i]]));
  const rows = taughtRows(
    table.ids.map((id) => byId.get(id)!),
    { labelMap: output === undefined ? undefined : map, values: names },
  );
  const labelled = rows.filter(({ label }) => label >= 0);
  const scored = scoredUtterances(
    labelled,
    labelled.map(({ utterance: { id } }) => applyCalibration(foundOf.get(id)!.scores, manifest.calibration)),
    { labelMap: map, fold: "all" },
  );
  const valued = rows.filter(({ values }) => values !== undefined);
  const predicted = valuedUtterances(
    valued,
    valued.map(({ utterance: { id } }) => foundOf.get(id)!.values),
    "all",
  );
  return {
    classes:
      scored.length === 0
        ? undefined
        : evaluatePredictions(scored, {
            classes,
            leaks,
            dataset,
            protocol: {
              ...protocolOf(about, scored),
              labelMap: map.id,
              features: manifest.features.count,
              model: { kind: manifest.model.kind, ...manifest.model.params },
              calibration: manifest.calibration.kind,
            },
          }),
    values:
      predicted.length === 0
        ? undefined
        : evaluateValuePredictions(predicted, {
            names: names!,
            leaks,
            protocol: {
              ...protocolOf(about, predicted),
              model: { kind: dimensions!.model.kind, ...dimensions!.model.params },
            },
          }),
  };
}

/** Returns what both protocols say. */
function protocolOf({ manifest, data, leaks, seed }: About, tested: readonly { speaker: string }[]) {
  const utterances = tested.length;
  const speakers = new Set(tested.map(({ speaker }) => speaker)).size;
  const leftOut = data.dataset.utterances.length - utterances;
  return {
    summary: `Artifact '${manifest.name}' as it is on ${data.dataset.name}, ${utterances} utterances (${leftOut} left out), ${speakersInWords(tested)}, trained on ${manifest.training.dataset}, seed ${seed}`,
    dataset: data.dataset.name,
    utterances,
    speakers,
    leftOut,
    featureSet: manifest.features.id,
    folds: "none: trained elsewhere",
    ...(leaks.length === 0 && !manifest.learntClips && { warnings: [clipsNotTold] }),
    speakerIndependent: leaks.length === 0 && !tested.some(({ speaker }) => isUnknownSpeaker(speaker)),
    sentenceIndependent: false,
    seed,
  };
}
