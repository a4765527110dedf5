/** From rows of features to predictions: graph, mean over playing speeds, speaker, calibration, abstention, for many stretches at once. */
import { UndertoneError } from "../errors.js";
import { applyCalibration } from "../evaluate/calibration/index.js";
import { predictionSet } from "../evaluate/trust/conformal.js";
import type { OnnxSession } from "../onnx/runtime.js";
import { closestToAsItIs, type FeatureRows, type Hearing, playingSpeeds } from "./hear.js";
import { openLearntClips } from "./learnt-clips.js";
import type { ArtifactManifest } from "./manifest.js";
import { outOfDistribution } from "./out-of-distribution.js";
import type { Adapted, Prediction } from "./prediction.js";
import {
  addRecording,
  type CollectionProfile,
  checkProfile,
  heardRecording,
  knownScores,
  type SpeakerProfile,
} from "./profiles.js";

/** A model ready to score: its graph, and what the artifact says of it. */
export interface ScoringModel {
  readonly session: OnnxSession;
  readonly manifest: ArtifactManifest;
}

/** What the graph says of one stretch, the mean of its rows: a probability a class before any calibration, a number a value. */
export interface StretchScores {
  readonly scores: readonly number[];
  readonly values: readonly number[];
}

/** A stretch to be scored. */
export interface ScoreRequest {
  readonly hearing: Hearing;
  /** A window of a recording is less steady than one: it adds nothing to a speaker's profile and is never held to be unfamiliar. */
  readonly part: "recording" | "window";
  /** What is known of the speaker. */
  readonly speaker?: SpeakerProfile | undefined;
  /** What is known of the collection; of both, the speaker's tells more. */
  readonly collection?: CollectionProfile | undefined;
}

/** Most rows of one run of the graph. */
const mostRows = 768;

/**
 * Returns what the graph says of stretches, each given as one row a playing speed, in as few runs as there are 768 rows.
 * @throws UndertoneError `artifact/invalid` when the graph does not give what the manifest says.
 */
export async function scoreRows(
  stretches: readonly (readonly Float32Array[])[],
  { session, manifest }: ScoringModel,
): Promise<StretchScores[]> {
  const { input, output, classes, features, dimensions } = manifest;
  const scored: StretchScores[] = [];
  for (let from = 0; from < stretches.length; ) {
    const batch: (readonly Float32Array[])[] = [];
    for (let count = 0; from < stretches.length; from++) {
      count += stretches[from].length;
      if (batch.length > 0 && count > mostRows) break;
      batch.push(stretches[from]);
    }
    const rows = batch.flat();
    const data = new Float32Array(rows.length * features.count);
    rows.forEach((row, i) => {
      data.set(row, i * features.count);
    });
    const outputs = await session.run({ [input]: { dims: [rows.length, features.count], data } });
    const counts = batch.map(({ length }) => length);
    const scores = output === undefined ? undefined : meanRows(outputs[output]?.data, classes.length, counts);
    const values = dimensions && meanRows(outputs[dimensions.output]?.data, dimensions.values.length, counts);
    batch.forEach((_, i) => {
      scored.push({ scores: scores?.[i] ?? [], values: values?.[i] ?? [] });
    });
  }
  return scored;
}

/** Returns the mean of each stretch's rows of an output; `counts` says how many each has. @throws UndertoneError `artifact/invalid`. */
function meanRows(data: unknown, columns: number, counts: readonly number[]): number[][] {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  if (!(data instanceof Float32Array) || data.length !== rows * columns) {
    throw new UndertoneError(
      "artifact/invalid",
      `The model gave ${data instanceof Float32Array ? data.length : 0} numbers, expected ${rows} × ${columns} float32`,
    );
  }
  let next = 0;
  return counts.map((count) => {
    const from = next;
    next += count;
    return Array.from({ length: columns }, (_, k) => {
      let sum = 0;
      for (let row = from; row < next; row++) sum += data[row * columns + k] / count;
      return sum;
    });
  });
}

/** Returns the row at which a speaker is known, strangeness judged and a clip known again: that of the speed closest to 1. */
function rowAsItIs({ rows }: FeatureRows, manifest: ArtifactManifest): Float32Array {
  return rows[closestToAsItIs(playingSpeeds(manifest))];
}

/**
 * Returns one prediction a request, in their order; all stretches that have features are scored together.
 * @throws UndertoneError `artifact/invalid`; with a speaker or a collection, `artifact/not-adaptable` and `features/mismatch`.
 */
export async function score(requests: readonly ScoreRequest[], model: ScoringModel): Promise<Prediction[]> {
  const { manifest } = model;
  for (const speaker of new Set(requests.map((request) => request.speaker)))
    if (speaker) checkProfile(speaker, manifest, "speaker");
  for (const collection of new Set(requests.map((request) => request.collection)))
    if (collection) checkProfile(collection, manifest, "collection");
  const withRows = requests.flatMap(({ hearing, speaker }) =>
    "rows" in hearing ? [{ hearing, speaker }] : [],
  );
  const stretches = withRows.map(({ hearing }) => hearing.rows);
  // What the model says of the average voice, from which a speaker's is told.
  if (withRows.some(({ speaker }) => speaker)) stretches.push([Float32Array.from(manifest.reference.mean)]);
  const scored = stretches.length > 0 ? await scoreRows(stretches, model) : [];
  const centre = scored.at(-1)?.scores ?? [];
  const to = {
    speaker: onceEach((profile: SpeakerProfile) =>
      knownScores(profile, manifest, { kind: "speaker", centre }),
    ),
    collection: onceEach((profile: CollectionProfile) =>
      knownScores(profile, manifest, { kind: "collection", centre }),
    ),
  };
  const isLearnt = requests.some(({ part }) => part === "recording") ? openLearntClips(manifest) : undefined;
  let next = 0;
  return requests.map(({ hearing, part, speaker, collection }) => {
    const { start, end } = hearing;
    const whole = part === "recording";
    if (!("rows" in hearing)) {
      const { reason } = hearing;
      return {
        ...{ label: null, scores: {}, confidence: 0, reason, start, end },
        ...(whole && { speaker, collection }),
      };
    }
    const found = scored[next++];
    const row = rowAsItIs(hearing, manifest);
    const strangeness = whole ? strangenessOf(row, manifest) : undefined;
    const recording =
      speaker || collection ? heardRecording(manifest, row, found.scores) : { ...found, marks: [] };
    const known = {
      speaker: speaker && (whole ? addRecording(speaker, recording) : speaker),
      collection: collection && (whole ? addRecording(collection, recording) : collection),
    };
    // Of both that are believed, the speaker tells more.
    const believed = (["speaker", "collection"] as const).flatMap((kind) => {
      const profile = known[kind];
      const learnt = profile && to[kind](profile);
      return learnt && learnt.trust > 0 ? { kind, profile, learnt } : [];
    })[0];
    const adapted = believed && { to: believed.kind, by: believed.profile.heard.length };
    const scores = believed
      ? believed.learnt.scoresOf(
          whole && !(believed.kind === "speaker" && manifest.speakers)
            ? believed.profile.heard.at(-1)!
            : recording,
        )
      : probabilities(found.scores, manifest);
    return {
      ...predictionOf({ scores, values: found.values }, { manifest, strangeness, adapted }),
      ...{ start, end },
      ...(collection && { heard: recording }),
      ...(whole && { ...known, bandHz: hearing.bandHz }),
      ...(whole && isLearnt?.(row) && { learnt: true as const }),
    };
  });
}

/** Returns the function with its answers remembered. */
function onceEach<Key, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const found = known.get(key) ?? work(key);
    known.set(key, found);
    return found;
  };
}

/** Returns how unlike training a whole recording is; the profile is one of whole recordings, so that it says nothing of windows. */
function strangenessOf(
  row: Float32Array,
  { outOfDistribution: profile, reference }: ArtifactManifest,
): number | undefined {
  return profile && outOfDistribution(row, profile, reference);
}

/** Returns calibrated scores; none for a model without classes. */
function probabilities(
  scores: readonly number[],
  { classes, calibration }: ArtifactManifest,
): readonly number[] {
  return classes.length > 0 ? applyCalibration(scores, calibration) : scores;
}

/** Returns what is said of a stretch by its calibrated scores: with its set of classes, or silent where there is a reason. */
export function predictionOf(
  { scores, values }: StretchScores,
  {
    manifest,
    strangeness,
    adapted,
  }: {
    readonly manifest: ArtifactManifest;
    readonly strangeness: number | undefined;
    readonly adapted: Adapted | undefined;
  },
): Omit<Prediction, "start" | "end"> {
  const { classes, minConfidence, conformal, outOfDistribution: profile, dimensions } = manifest;
  const confidence = Math.max(0, ...scores);
  const reason =
    strangeness !== undefined && strangeness > profile!.abstainAbove
      ? "unfamiliar"
      : classes.length > 0 && confidence < minConfidence
        ? "uncertain"
        : undefined;
  return {
    label: reason ? null : (classes[scores.indexOf(confidence)] ?? null),
    scores: Object.fromEntries(classes.map((name, i) => [name, scores[i]])),
    confidence,
    ...(dimensions && {
      dimensions: Object.fromEntries(dimensions.values.map(({ name }, k) => [name, values[k]])),
    }),
    ...(conformal && { set: predictionSet(scores, conformal).map((k) => classes[k]) }),
    outOfDistribution: strangeness,
    ...(reason && { reason }),
    ...(adapted && { adapted }),
  };
}
