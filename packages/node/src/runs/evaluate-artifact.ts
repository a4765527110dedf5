/** The evaluation of an artifact as it is, on labelled recordings that it was not trained on. */
import {
  type ArtifactManifest,
  applyCalibration,
  type DimensionHead,
  type Evaluation,
  type EvaluationResult,
  evaluatePredictions,
  evaluateValuePredictions,
  type FeatureTable,
  type LabelMap,
  type Leak,
  labelMap,
  mapLabel,
  playingSpeeds,
  type RobustnessResult,
  ratedDistribution,
  readArtifact,
  type ScoredUtterance,
  type StretchScores,
  scoreRows,
  UndertoneError,
  type ValuedUtterance,
  type ValueEvaluation,
  valuesOf,
} from "@undertone/core";
import { keepEncodersBeside } from "../encoders/encoder-files.js";
import { readInput } from "../io/read-input.js";
import { nodeRuntime } from "../runtime/node-runtime.js";
import type { BrokenFile } from "./extract-table.js";
import { type DataSource, type LoadedData, loadData, type RunHooks } from "./load-data.js";

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

/** Returns the leak of an artifact that has been trained on the very corpus. */
function trainingLeak(manifest: ArtifactManifest, data: LoadedData): Leak[] {
  if (manifest.training.dataset !== data.dataset.name) return [];
  const speakers = [...new Set(data.dataset.utterances.map(({ speaker }) => speaker))];
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
  readonly broken: readonly BrokenFile[];
}

/**
 * Returns the scores of an artifact on a corpus, of its classes and of its values.
 * @throws UndertoneError as `loadData` and `readArtifact`; `split/leak` when the artifact was trained on the corpus and that is not allowed.
 */
export async function evaluateArtifact(
  path: string,
  plan: ArtifactPlan,
  hooks: RunHooks = {},
): Promise<ArtifactRun> {
  const bytes = await readInput(path);
  const { manifest } = readArtifact(bytes);
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
  const leaks = trainingLeak(manifest, data);
  if (leaks.length > 0 && !plan.allowLeak?.includes("speaker")) {
    throw new UndertoneError(
      "split/leak",
      `${leaks[0].message}; --allow-leak speaker scores it nevertheless`,
      { details: { leaks } },
    );
  }
  const found = await scoreTables(
    bytes,
    manifest,
    data.test.map(({ table }) => table),
  );
  const about = { manifest, data, leaks, seed: plan.seed };
  const result = output === undefined ? undefined : scoreClasses(found, map, about);
  const values = dimensions && scoreValues(found, dimensions, about);
  const robustness =
    result && plan.robustness && (await hearWorse(bytes, { ...about, map }, { result, plan, hooks }));
  return {
    classes: result && { ...result, robustness },
    values,
    broken: data.broken,
  };
}

/** Returns what the artifact still hears of the classes when the audio gets worse. */
async function hearWorse(
  bytes: Uint8Array,
  { manifest, data, map }: About & { readonly map: LabelMap },
  { result, plan, hooks }: { result: EvaluationResult; plan: ArtifactPlan; hooks: RunHooks },
): Promise<RobustnessResult> {
  const scoreViews = async (views: readonly FeatureTable[]): Promise<number[][]> =>
    (await scoreTables(bytes, manifest, views)).map(({ scores }) =>
      applyCalibration(scores, manifest.calibration),
    );
  const { measureRobustness } = await import("./robustness.js");
  return measureRobustness(
    { ...data, labelMap: map },
    [{ fold: { scoreViews }, predictions: result.predictions }],
    { ...plan.robustness!, seed: plan.seed, speeds: playingSpeeds(manifest) },
    hooks,
  );
}

interface About {
  readonly manifest: ArtifactManifest;
  readonly data: LoadedData;
  readonly leaks: readonly Leak[];
  readonly seed: number;
}

/** Returns what both protocols say. */
function protocolOf({ manifest, data, leaks, seed }: About, speakersOf: readonly { speaker: string }[]) {
  const utterances = speakersOf.length;
  const speakers = new Set(speakersOf.map(({ speaker }) => speaker)).size;
  const leftOut = data.dataset.utterances.length - utterances;
  return {
    summary: `Artifact '${manifest.name}' as it is on ${data.dataset.name}, ${utterances} utterances of ${speakers} speakers (${leftOut} left out), trained on ${manifest.training.dataset}, seed ${seed}`,
    dataset: data.dataset.name,
    utterances,
    speakers,
    leftOut,
    featureSet: manifest.features.id,
    folds: "none: trained elsewhere",
    speakerIndependent: leaks.length === 0,
    sentenceIndependent: false,
    seed,
  };
}

/** Returns the evaluation of the classes, undefined where no utterance has one. */
function scoreClasses(
  found: readonly StretchScores[],
  map: LabelMap,
  about: About,
): EvaluationResult | undefined {
  const { manifest, data, leaks } = about;
  const { classes } = manifest;
  const byId = new Map(data.dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const predictions = data.table.ids.flatMap((id, i): ScoredUtterance[] => {
    const utterance = byId.get(id)!;
    const truth = utterance.label === undefined ? null : mapLabel(map, utterance.label);
    if (truth === null) return [];
    const rated = ratedDistribution(utterance, map);
    const row = applyCalibration(found[i].scores, manifest.calibration);
    return [
      {
        id,
        speaker: utterance.speaker,
        fold: "all",
        truth,
        predicted: classes[row.indexOf(Math.max(...row))],
        scores: row,
        rated,
      },
    ];
  });
  if (predictions.length === 0) return undefined;
  return evaluatePredictions(predictions, {
    classes,
    leaks,
    dataset: data.dataset,
    protocol: {
      ...protocolOf(about, predictions),
      labelMap: map.id,
      features: manifest.features.count,
      model: { kind: manifest.model.kind, ...manifest.model.params },
      calibration: manifest.calibration.kind,
    },
  });
}

/** Returns the evaluation of the values, undefined where no utterance has all of them. */
function scoreValues(
  found: readonly StretchScores[],
  { values, model }: DimensionHead,
  about: About,
): ValueEvaluation | undefined {
  const { data, leaks } = about;
  const names = values.map(({ name }) => name);
  const byId = new Map(data.dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const predictions = data.table.ids.flatMap((id, i): ValuedUtterance[] => {
    const utterance = byId.get(id)!;
    const truth = valuesOf(utterance, names);
    return truth ? [{ id, speaker: utterance.speaker, fold: "all", truth, predicted: found[i].values }] : [];
  });
  if (predictions.length === 0) return undefined;
  const protocol = { ...protocolOf(about, predictions), model: { kind: model.kind, ...model.params } };
  return evaluateValuePredictions(predictions, { names, leaks, protocol });
}
