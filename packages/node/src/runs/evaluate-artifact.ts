/** The evaluation of an artifact as it is, on labelled recordings that it was not trained on. */
import {
  type ArtifactManifest,
  applyCalibration,
  type EvaluationResult,
  evaluatePredictions,
  type FeatureTable,
  type LabelMap,
  type Leak,
  labelMap,
  mapLabel,
  ratedDistribution,
  readArtifact,
  type ScoredUtterance,
  UndertoneError,
} from "@undertone/core";
import { readInput } from "../io/read-input.js";
import { keepEncodersBeside } from "../runtime/encoder-files.js";
import { nodeRuntime } from "../runtime/node-runtime.js";
import type { BrokenFile } from "./extract-table.js";
import { type DataSource, heardAt, type LoadedData, loadData, type RunHooks } from "./load-data.js";

/** What to score an artifact on. */
export interface ArtifactPlan extends DataSource {
  readonly seed: number;
  readonly allowLeak?: readonly string[];
}

const batch = 256;

/** Returns utterances × classes scores of the artifact's graph, averaged over the tables. */
async function scoreAll(
  bytes: Uint8Array,
  { input, output, classes }: ArtifactManifest,
  tables: readonly FeatureTable[],
): Promise<Float32Array> {
  const session = await nodeRuntime().load(bytes);
  const scores = new Float32Array(tables[0]!.frames.rows * classes.length);
  try {
    for (const { frames } of tables) {
      for (let from = 0; from < frames.rows; from += batch) {
        const rows = Math.min(batch, frames.rows - from);
        const data = frames.data.slice(from * frames.cols, (from + rows) * frames.cols);
        const outputs = await session.run({ [input]: { dims: [rows, frames.cols], data } });
        (outputs[output]!.data as Float32Array).forEach((score, i) => {
          scores[from * classes.length + i]! += score / tables.length;
        });
      }
    }
  } finally {
    await session.close();
  }
  return scores;
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

/**
 * Returns the scores of an artifact on a corpus.
 * @throws UndertoneError as `loadData` and `readArtifact`; `split/leak` when the artifact was trained on the corpus and that is not allowed.
 */
export async function evaluateArtifact(
  path: string,
  plan: ArtifactPlan,
  hooks: RunHooks = {},
): Promise<{ readonly result: EvaluationResult; readonly broken: readonly BrokenFile[] }> {
  const bytes = await readInput(path);
  const { manifest } = readArtifact(bytes);
  await keepEncodersBeside(path, manifest);
  const map = chooseMap(plan.labelMap, manifest);
  const test = manifest.features.speeds ?? [1];
  const data = await loadData({ ...plan, map, speeds: { train: [1], test } }, manifest.features.id, hooks);
  const leaks = trainingLeak(manifest, data);
  if (leaks.length > 0 && !plan.allowLeak?.includes("speaker")) {
    throw new UndertoneError(
      "split/leak",
      `${leaks[0]!.message}; --allow-leak speaker scores it nevertheless`,
      { details: { leaks } },
    );
  }
  const { classes } = manifest;
  const scores = await scoreAll(
    bytes,
    manifest,
    heardAt(data, test).map(({ table }) => table),
  );
  const byId = new Map(data.dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const predictions = data.table.ids.map((id, i): ScoredUtterance => {
    const utterance = byId.get(id)!;
    const rated = ratedDistribution(utterance, map);
    const raw = Array.from(scores.subarray(i * classes.length, (i + 1) * classes.length));
    const row = applyCalibration(raw, manifest.calibration);
    return {
      id,
      speaker: utterance.speaker,
      fold: "all",
      truth: mapLabel(map, utterance.label!)!,
      predicted: classes[row.indexOf(Math.max(...row))]!,
      scores: row,
      ...(rated && { rated }),
    };
  });
  const speakers = new Set(predictions.map(({ speaker }) => speaker)).size;
  const leftOut = data.dataset.utterances.length - predictions.length;
  const result = evaluatePredictions(predictions, {
    classes,
    leaks,
    dataset: data.dataset,
    protocol: {
      summary: `Artifact '${manifest.name}' as it is on ${data.dataset.name}, ${predictions.length} utterances of ${speakers} speakers (${leftOut} left out), trained on ${manifest.training.dataset}, seed ${plan.seed}`,
      dataset: data.dataset.name,
      utterances: predictions.length,
      speakers,
      leftOut,
      labelMap: map.id,
      featureSet: manifest.features.id,
      features: manifest.features.count,
      model: { kind: manifest.model.kind, ...manifest.model.params },
      folds: "none: trained elsewhere",
      calibration: manifest.calibration.kind,
      speakerIndependent: leaks.length === 0,
      sentenceIndependent: false,
      seed: plan.seed,
    },
  });
  return { result, broken: data.broken };
}
