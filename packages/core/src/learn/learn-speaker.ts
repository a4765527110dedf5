/** What a model's own scores of a speaker's unlabelled recordings teach about the speaker. */
import { block, choleskyInPlace, solveCholeskyInto } from "../math/linear-algebra.js";
import type { MarkVariances } from "./recording-marks.js";

/** A recording of the speaker as the model heard it, knowing nothing of the speaker. */
export interface ScoredRecording {
  /** Probability of each class. */
  readonly scores: ArrayLike<number>;
  /** As `marksOf` gives them; none where the model has no axes. */
  readonly marks: ArrayLike<number>;
}

/** Options of `learnSpeaker`. */
export interface LearnSpeakerOptions {
  /** Recordings that the speaker's mean counts as heard of the average voice. */
  readonly shrinkage: number;
  /** The scores of the average voice. */
  readonly centre: ArrayLike<number>;
  /** What speakers and classes do to marks, where it is known. */
  readonly variances?: MarkVariances | undefined;
}

/** Recordings that the speaker's mean counts as heard of the average voice. */
export const defaultShrinkage = 4;

/** What a nat of the marks' evidence counts beside one of the model's scores, which know the marks already. */
const markWeight = 0.08;
/** Without variances, a class that the model is sure of is this far above the mean of all in log probability. */
const sureLogit = 8;
/** Without variances, the ridge on the marks' weights, in units of the variance of a mark times the number of marks. */
const stiffness = 2;
/** How often what was learnt is taught again. */
const rounds = 3;
/** The smallest normal float32: scores below it have been rounded to nothing. */
const leastScore = 1.2e-38;

/** Returns log probabilities about their mean over the classes. */
export function logitsOf(scores: ArrayLike<number>): Float64Array {
  const logs = Float64Array.from(scores, (score) => Math.log(Math.max(leastScore, score)));
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  return logs.map((value) => value - mean);
}

/** Returns the probabilities of log probabilities, whatever constant these are beside. */
export function softmax(logits: Float64Array): Float64Array {
  const top = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const powers = logits.map((value) => Math.exp(value - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** Returns the mean of rows of `width` values. */
export function meanOfRows(rows: readonly ArrayLike<number>[], width: number): Float64Array {
  const mean = new Float64Array(width);
  for (const row of rows) for (let j = 0; j < width; j++) mean[j] += row[j] / rows.length;
  return mean;
}

/** Returns the log density of independent normal marks, less a constant. */
function logDensityOf(mean: Float64Array, variance: Float64Array): (marks: ArrayLike<number>) => number {
  const logs = variance.reduce((sum, value) => sum + Math.log(value), 0);
  return (marks) => {
    let sum = logs;
    for (let j = 0; j < mean.length; j++) sum += (marks[j] - mean[j]) ** 2 / variance[j];
    return -0.5 * sum;
  };
}

/**
 * Returns what marks say for each class once the speaker's manners are known: the log density under the speaker's own marks of the class
 * less that under those of somebody with the speaker's voice and unknown manners. For each mark alone, in closed form: the voice is the posterior
 * mean given the classes' means, each worth its recordings n / (1 + n · manner), a manner then the posterior mean given the voice.
 * @param shares recordings × classes: how far each recording is taken for each class.
 */
function knowManners(
  marks: readonly ArrayLike<number>[],
  shares: readonly ArrayLike<number>[],
  { means, voice, manner }: MarkVariances,
): (own: ArrayLike<number>) => number[] {
  const counts = means.map((_, k) => shares.reduce((sum, share) => sum + share[k], 0));
  const distances = means.map((mean, k) =>
    Float64Array.from(mean, (value, j) => {
      const sum = marks.reduce((total, own, i) => total + shares[i][k] * (own[j] - value), 0);
      return counts[k] > 0 ? sum / counts[k] : 0;
    }),
  );
  const worth = (k: number, j: number): number => counts[k] / (1 + counts[k] * manner[j]);
  const voiceVariance = Float64Array.from(
    voice,
    (variance, j) => 1 / (1 / variance + means.reduce((sum, _, k) => sum + worth(k, j), 0)),
  );
  const ownVoice = voiceVariance.map(
    (variance, j) => variance * means.reduce((sum, _, k) => sum + worth(k, j) * distances[k][j], 0),
  );
  const known = means.map((mean, k) => {
    const trust = manner.map((variance, j) => worth(k, j) * variance);
    const otherMean = ownVoice.map((value, j) => mean[j] + value);
    const ownMean = otherMean.map((value, j) => value + trust[j] * (distances[k][j] - ownVoice[j]));
    const ownVariance = voiceVariance.map(
      (variance, j) => 1 + manner[j] / (1 + counts[k] * manner[j]) + (1 - trust[j]) ** 2 * variance,
    );
    return {
      own: logDensityOf(ownMean, ownVariance),
      other: logDensityOf(
        otherMean,
        voiceVariance.map((variance, j) => 1 + manner[j] + variance),
      ),
    };
  });
  return (given) => known.map(({ own, other }) => markWeight * (own(given) - other(given)));
}

/**
 * Returns a ridge regression on the marks about `middle` that is taught what the model thinks of the recordings, beyond `starts`.
 * @param shares recordings × classes: how far each recording is taken for each class.
 */
function knowLikeness(
  marks: readonly ArrayLike<number>[],
  shares: readonly Float64Array[],
  { starts, middle }: { starts: readonly Float64Array[]; middle: Float64Array },
): (own: ArrayLike<number>) => number[] {
  const width = middle.length;
  const about = (own: ArrayLike<number>): Float64Array => middle.map((value, j) => own[j] - value);
  const rows = marks.map(about);
  const gram = block(width, width);
  for (const own of rows)
    for (let a = 0; a < width; a++) for (let b = 0; b <= a; b++) gram.data[a * width + b] += own[a] * own[b];
  for (let a = 0; a < width; a++) gram.data[a * width + a] += stiffness * width;
  choleskyInPlace(gram);
  const classes = starts[0].length;
  const weights = block(classes, width);
  rows.forEach((own, i) => {
    for (let k = 0; k < classes; k++) {
      const missing = sureLogit * (shares[i][k] - 1 / classes) - starts[i][k];
      for (let j = 0; j < width; j++) weights.data[k * width + j] += missing * own[j];
    }
  });
  solveCholeskyInto(gram, weights);
  return (given) => {
    const own = about(given);
    return Array.from({ length: classes }, (_, k) =>
      own.reduce((sum, value, j) => sum + value * weights.data[k * width + j], 0),
    );
  };
}

/**
 * Returns what turns the scores of a recording of the speaker into those for one who is known, in two steps. First the speaker's mean log
 * probabilities, shrunk towards the average voice's, are taken off: for a linear model that is to take the mean of the features off. Then
 * the speaker's manner of each class is learnt from the marks of the recordings, as far as each is taken for the class, and what the manners
 * say of a recording is added, over and over (expectation maximization in a model of voices and manners; Kenny et al. 2007, "Joint factor
 * analysis versus eigenchannels in speaker recognition", and Scudder 1965 for a model as its own teacher). Where too few
 * speakers were heard in training to know how they vary, a ridge regression on the marks takes the manners' place. With nothing heard, scores
 * stay as they are.
 */
export function learnSpeaker(
  heard: readonly ScoredRecording[],
  { shrinkage, centre, variances }: LearnSpeakerOptions,
): (recording: ScoredRecording) => number[] {
  const [first] = heard;
  if (!first) return ({ scores }) => Array.from(scores);
  const trust = heard.length / (heard.length + shrinkage);
  const logits = heard.map(({ scores }) => logitsOf(scores));
  const average = logitsOf(centre);
  const offset = meanOfRows(logits, first.scores.length).map((mean, k) => trust * (mean - average[k]));
  const centred = (values: Float64Array): Float64Array => values.map((value, k) => value - offset[k]);
  const starts = logits.map(centred);
  let say: ((marks: ArrayLike<number>) => number[]) | undefined;
  const moved = (start: Float64Array, marks: ArrayLike<number>): Float64Array => {
    const said = say?.(marks);
    return said ? start.map((value, k) => value + said[k]) : start;
  };
  if (first.marks.length > 0) {
    const marks = heard.map((one) => one.marks);
    const middle = meanOfRows(marks, first.marks.length).map((mean) => trust * mean);
    for (let round = 0; round < rounds; round++) {
      const shares = starts.map((start, i) => softmax(moved(start, marks[i])));
      say = variances
        ? knowManners(marks, shares, variances)
        : knowLikeness(marks, shares, { starts, middle });
    }
  }
  return ({ scores, marks }) => Array.from(softmax(moved(centred(logitsOf(scores)), marks)));
}
