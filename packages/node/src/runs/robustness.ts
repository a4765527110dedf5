/** What a model still hears when the audio gets worse: every test clip through noise, telephone and rooms, scored by the model of its fold. */
import { basename } from "node:path";
import { type Degradation, degradations, recordedDegradations } from "@undertone/core/audio";
import { type FeatureTable, takeUtterances, type Utterance } from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import {
  computeScores,
  percentileInterval,
  type RobustnessResult,
  type ScoredUtterance,
  scoreTable,
  type TestedFold,
  uarDraws,
} from "@undertone/core/evaluate";
import { random } from "@undertone/core/math";
import { findAudio } from "../io/find-audio.js";
import { openAudioPool } from "../workers/audio-pool.js";
import { extractTable } from "./extract-table.js";
import type { LoadedData, RunHooks } from "./load-data.js";

/** A model and what it said of recordings that it was not trained on. */
export interface CleanPredictions {
  readonly fold: Pick<TestedFold["fold"], "scoreViews">;
  readonly predictions: readonly ScoredUtterance[];
}

/** How a model is put to the test. */
export interface RobustnessPlan {
  /** Test clips that are drawn, evenly over speakers. */
  readonly clips: number;
  /** Folders of recorded noise; each clip gets a recording of it by chance. */
  readonly noise: readonly string[];
  readonly seed: number;
  /** How the test part is heard; default as it is. */
  readonly speeds?: readonly number[] | undefined;
}

/** Returns ids of `count` predictions, speakers taking turns, each speaker's in random order. */
function drawClips(predictions: readonly ScoredUtterance[], count: number, seed: number): Set<string> {
  const stream = random(seed).fork("robustness-clips");
  const bySpeaker = new Map<string, string[]>();
  for (const { id, speaker } of predictions) bySpeaker.set(speaker, [...(bySpeaker.get(speaker) ?? []), id]);
  const queues = [...bySpeaker.values()].map((ids) => stream.shuffle([...ids]));
  const drawn = new Set<string>();
  for (let turn = 0; drawn.size < Math.min(count, predictions.length); turn++)
    for (const queue of queues) if (turn < queue.length && drawn.size < count) drawn.add(queue[turn]);
  return drawn;
}

/** Returns the noise recordings of each folder. @throws UndertoneError `usage/bad-value` for a folder without any. */
async function findNoise(folders: readonly string[]): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const folder of folders) {
    const files = (await findAudio(folder)).flatMap(({ path, container }) => (container ? [path] : []));
    if (files.length === 0)
      throw new UndertoneError(
        "usage/bad-value",
        `'${folder}' has no recordings, expected a folder of noise`,
      );
    found.set(folder, files);
  }
  return found;
}

/**
 * Returns the model's UAR and changed answers in every condition.
 * @throws UndertoneError `usage/bad-value` for data without recordings or noise without any, `cancelled`, and as `extractTable`.
 */
export async function measureRobustness(
  data: LoadedData,
  tested: readonly CleanPredictions[],
  plan: RobustnessPlan,
  { signal, onProgress }: RunHooks = {},
): Promise<RobustnessResult> {
  const { seed, speeds = [1] } = plan;
  const predictions = tested.flatMap((one) => one.predictions);
  const drawn = drawClips(predictions, plan.clips, seed);
  const utterances = data.dataset.utterances.filter(({ id }) => drawn.has(id));
  const noise = await findNoise(plan.noise);
  const named = Object.fromEntries([...noise.keys()].map((folder) => [basename(folder), folder]));
  const conditions = [...degradations, ...recordedDegradations(named)];
  const clean = predictions.filter(({ id }) => drawn.has(id));
  const pool = openAudioPool();
  const results: RobustnessResult["conditions"][number][] = [];
  let done = 0;
  const total = conditions.length * speeds.length * utterances.length;
  try {
    for (const condition of conditions) {
      const tables: FeatureTable[] = [];
      for (const speed of speeds) {
        const before = done;
        const { table } = await extractTable(
          { name: data.dataset.name, utterances },
          {
            featureSetId: data.featureSet,
            speed,
            skipBroken: true,
            augment: (utterance) => stepsFor(condition, utterance, { noise, seed }),
            pool,
            ...(signal ? { signal } : {}),
            onProgress: (part) => onProgress?.("robustness", before + part, total),
          },
        );
        done += utterances.length;
        tables.push(table);
      }
      results.push(await judge(condition.name, { tables, tested, clean, data, seed }));
    }
  } finally {
    await pool.close();
  }
  const { uar } = computeScores(scoreTable(clean, data.labelMap.classes));
  return { clips: clean.length, clean: uar, conditions: results };
}

/** Returns a condition's steps for an utterance; a folder of noise becomes one of its recordings, by chance. */
function stepsFor(
  { name, steps }: Degradation,
  { id }: Utterance,
  { noise, seed }: { noise: ReadonlyMap<string, readonly string[]>; seed: number },
): { steps: Degradation["steps"]; seed: string } {
  const own = `${seed}/${name}/${id}`;
  const chosen = steps.map((step) => {
    const files = noise.get(String(step.recording));
    return files ? { ...step, recording: files[random(own).integer(files.length)] } : step;
  });
  return { steps: chosen, seed: own };
}

async function judge(
  name: string,
  about: {
    tables: readonly FeatureTable[];
    tested: readonly CleanPredictions[];
    clean: readonly ScoredUtterance[];
    data: LoadedData;
    seed: number;
  },
): Promise<RobustnessResult["conditions"][number]> {
  const { tables, tested, clean, data, seed } = about;
  const { classes } = data.labelMap;
  const cleanById = new Map(clean.map((one) => [one.id, one]));
  const rows = tables.map((table) => new Map(table.ids.map((id, i) => [id, i])));
  const after: ScoredUtterance[] = [];
  for (const { fold, predictions } of tested) {
    const own = predictions.filter(({ id }) => cleanById.has(id) && rows.every((row) => row.has(id)));
    if (own.length === 0) continue;
    const views = tables.map((table, v) =>
      takeUtterances(
        table,
        own.map(({ id }) => rows[v].get(id)!),
      ),
    );
    const scores = await fold.scoreViews(views);
    own.forEach((one, i) => {
      const best = scores[i].indexOf(Math.max(...scores[i]));
      after.push({ ...one, scores: scores[i], predicted: classes[best] });
    });
  }
  const unheard = clean.length - after.length;
  if (after.length === 0) return { name, uar: 0, ci: { low: 0, high: 0 }, changed: 1, unheard };
  const scored = scoreTable(after, classes);
  const draws = uarDraws(
    scored,
    after.map(({ speaker }) => speaker),
    { random: random(seed).fork(`robustness-${name}`) },
  );
  return {
    name,
    uar: computeScores(scored).uar,
    ci: percentileInterval(draws),
    changed:
      after.filter(({ id, predicted }) => cleanById.get(id)!.predicted !== predicted).length / after.length,
    unheard,
  };
}
