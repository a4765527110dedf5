/** What a model still hears when the audio gets worse: every test clip through noise, lines and rooms, scored by the model of its fold as it would ship. */
import { basename } from "node:path";
import { outOfDistribution } from "@undertone/core/artifact";
import { type Degradation, degradations, recordedDegradations } from "@undertone/core/audio";
import { type FeatureTable, takeUtterances, type Utterance } from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import {
  answersOf,
  applyCalibration,
  computeScores,
  type HeardClips,
  percentileInterval,
  type RobustnessResult,
  type ScoredUtterance,
  scoreTable,
  type TestedFold,
  uarDraws,
} from "@undertone/core/evaluate";
import { random } from "@undertone/core/math";
import type { fitTrust } from "@undertone/core/train";
import { findAudio } from "../io/find-audio.js";
import { openAudioPool } from "../workers/audio-pool.js";
import { extractTable } from "./extract-table.js";
import type { LoadedData, RunHooks } from "./load-data.js";

/** A model and what it said of recordings that it was not trained on. */
export interface CleanPredictions {
  readonly fold: Pick<TestedFold["fold"], "scoreViews">;
  readonly predictions: readonly ScoredUtterance[];
  /** What makes its scores answers, or silence; the scores are calibrated already where there is no calibration. */
  readonly trust: Partial<Omit<ReturnType<typeof fitTrust>, "abstention" | "conformal">>;
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

/** Clips that are the babble's voices: so few that each thread may keep them. */
const voices = 24;

/**
 * Returns what the model says in every condition.
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
  const first = [...drawn].flatMap((id) => utterances.filter((one) => one.id === id));
  const sources = { noise, seed, voices: first.filter(({ start }) => start === undefined).slice(0, voices) };
  const about = {
    speeds,
    classes: data.labelMap.classes,
    seed,
    tested: tested.map((one) => ({ ...one, predictions: one.predictions.filter(({ id }) => drawn.has(id)) })),
  };
  const pool = openAudioPool();
  const clean = await judge(
    "as they are",
    data.test.map(({ table }) => table),
    about,
  );
  const before = new Map(clean.after.map(({ id, predicted }) => [id, predicted]));
  const results: RobustnessResult["conditions"][number][] = [];
  let done = 0;
  const total = conditions.length * speeds.length * utterances.length;
  try {
    for (const condition of conditions) {
      const tables: FeatureTable[] = [];
      for (const speed of speeds) {
        const earlier = done;
        const { table } = await extractTable(
          { name: data.dataset.name, utterances },
          {
            featureSetId: data.featureSet,
            speed,
            skipBroken: true,
            augment: (utterance) => stepsFor(condition, utterance, sources),
            pool,
            ...(signal ? { signal } : {}),
            onProgress: (part) => onProgress?.("robustness", earlier + part, total),
          },
        );
        done += utterances.length;
        tables.push(table);
      }
      const { heard, after } = await judge(condition.name, tables, about);
      const changed = after.filter(({ id, predicted }) => before.get(id) !== predicted).length;
      results.push({
        ...{ name: condition.name, ...heard, ofClean: heard.uar / clean.heard.uar },
        changed: after.length > 0 ? changed / after.length : 1,
        unheard: drawn.size - after.length,
      });
    }
  } finally {
    await pool.close();
  }
  return { clips: drawn.size, clean: clean.heard.uar, asTheyAre: clean.heard, conditions: results };
}

/** What conditions take from outside. */
interface Sources {
  readonly noise: ReadonlyMap<string, readonly string[]>;
  readonly voices: readonly Utterance[];
  readonly seed: number;
}

/** Returns a condition's steps for an utterance; a folder of noise becomes one of its recordings, by chance, babble six other speakers'. */
function stepsFor(
  { name, steps }: Degradation,
  { id, speaker }: Utterance,
  { noise, voices, seed }: Sources,
): { steps: Degradation["steps"]; seed: string } {
  const own = `${seed}/${name}/${id}`;
  const others = voices.filter((one) => one.speaker !== speaker).map(({ file }) => file);
  const chosen = steps.map((step) => {
    if (step.kind === "babble")
      return { ...step, recordings: random(own).shuffle(others).slice(0, 6).join("\n") };
    const files = noise.get(String(step.recording));
    return files ? { ...step, recording: files[random(own).integer(files.length)] } : step;
  });
  return { steps: chosen, seed: own };
}

/** Returns what the models say of the clips that all tables hold. */
async function judge(
  name: string,
  tables: readonly FeatureTable[],
  about: {
    speeds: readonly number[];
    tested: readonly CleanPredictions[];
    classes: readonly string[];
    seed: number;
  },
): Promise<{ heard: HeardClips; after: readonly ScoredUtterance[] }> {
  const { speeds, tested, classes, seed } = about;
  const far = speeds.map((speed) => Math.abs(speed - 1));
  const asItIs = far.indexOf(Math.min(...far));
  const rows = tables.map((table) => new Map(table.ids.map((id, i) => [id, i])));
  const after: ScoredUtterance[] = [];
  const given: boolean[] = [];
  for (const { fold, predictions, trust } of tested) {
    const own = predictions.filter(({ id }) => rows.every((row) => row.has(id)));
    if (own.length === 0) continue;
    const views = tables.map((table, v) =>
      takeUtterances(
        table,
        own.map(({ id }) => rows[v].get(id)!),
      ),
    );
    const { calibration, minConfidence = 0, outOfDistribution: profile, reference } = trust;
    const raw = await fold.scoreViews(views);
    own.forEach((one, i) => {
      const scores = calibration ? applyCalibration(raw[i], calibration) : raw[i];
      const confidence = Math.max(...scores);
      const { data, cols } = views[asItIs].frames;
      const row = data.subarray(i * cols, (i + 1) * cols);
      const strange =
        profile !== undefined && outOfDistribution(row, profile, reference!) > profile.abstainAbove;
      after.push({ ...one, scores, predicted: classes[scores.indexOf(confidence)] });
      given.push(confidence >= minConfidence && !strange);
    });
  }
  const clips = tested.reduce((sum, { predictions }) => sum + predictions.length, 0);
  if (after.length === 0) {
    const none = { answered: 0, accuracyAnswered: null, ece: 0, confidence: 0 };
    return { heard: { uar: 0, ci: { low: 0, high: 0 }, ...none }, after };
  }
  const scored = scoreTable(after, classes);
  const draws = uarDraws(
    scored,
    after.map(({ speaker }) => speaker),
    { random: random(seed).fork(`robustness-${name}`) },
  );
  const answers = answersOf(after);
  const answered = answers.filter((_, i) => given[i]);
  const { uar, ece } = computeScores(scored);
  const heard = {
    ...{ uar, ece: ece!, ci: percentileInterval(draws) },
    answered: answered.length / clips,
    accuracyAnswered:
      answered.length > 0 ? answered.filter(({ right }) => right).length / answered.length : null,
    confidence: answers.reduce((sum, { confidence }) => sum + confidence, 0) / answers.length,
  };
  return { heard, after };
}
