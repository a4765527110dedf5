/** What a model's own scores of a speaker's unlabelled recordings teach about the speaker. */
import { block, choleskyInPlace, solveCholeskyInto } from "../math/linear-algebra.js";

/** A recording of the speaker as the model heard it, knowing nothing of the speaker. */
export interface HeardRecording {
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
}

/** Recordings that the speaker's mean counts as heard of the average voice. */
export const defaultShrinkage = 4;

/** A class that the model is sure of is this far above the mean of all in log probability. */
const sureLogit = 8;
/** The ridge on the marks' weights, in units of the variance of a mark times the number of marks. */
const stiffness = 2;
/** How often what was learnt is taught again. */
const rounds = 3;
/** The smallest normal float32: scores below it have been rounded to nothing. */
const leastScore = 1.2e-38;

/** Returns log probabilities about their mean over the classes. */
function logitsOf(scores: ArrayLike<number>): Float64Array {
  const logs = Float64Array.from(scores, (score) => Math.log(Math.max(leastScore, score)));
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  return logs.map((value) => value - mean);
}

function softmax(logits: Float64Array): Float64Array {
  const top = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const powers = logits.map((value) => Math.exp(value - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

function meanOfRows(rows: readonly ArrayLike<number>[], width: number): Float64Array {
  const mean = new Float64Array(width);
  for (const row of rows) for (let j = 0; j < width; j++) mean[j]! += row[j]! / rows.length;
  return mean;
}

/**
 * Returns what turns the scores of a recording of the speaker into those for one who is known, in two steps. First the speaker's mean log
 * probabilities, shrunk towards the average voice's, are taken off: for a linear model that is to take the mean of the features off. Then a
 * ridge regression on the marks is taught what the model thinks of the heard recordings, with itself as the teacher, so that recordings
 * which are alike are heard alike (self-training; Scudder 1965, "Probability of error of some adaptive pattern-recognition machines").
 * With nothing heard, scores stay as they are.
 */
export function learnSpeaker(
  heard: readonly HeardRecording[],
  { shrinkage, centre }: LearnSpeakerOptions,
): (recording: HeardRecording) => number[] {
  const [first] = heard;
  if (!first) return ({ scores }) => Array.from(scores);
  const [classes, width] = [first.scores.length, first.marks.length];
  const trust = heard.length / (heard.length + shrinkage);
  const logits = heard.map(({ scores }) => logitsOf(scores));
  const average = logitsOf(centre);
  const offset = meanOfRows(logits, classes).map((mean, k) => trust * (mean - average[k]!));
  const markOffset = meanOfRows(
    heard.map(({ marks }) => marks),
    width,
  ).map((mean) => trust * mean);
  const without = (values: Float64Array, off: Float64Array): Float64Array =>
    values.map((value, j) => value - off[j]!);
  const ownLogits = logits.map((row) => without(row, offset));
  const ownMarks = heard.map(({ marks }) => without(Float64Array.from(marks), markOffset));
  const weights = block(classes, width);
  const moved = (start: Float64Array, marks: Float64Array): Float64Array =>
    start.map((value, k) => {
      let sum = value;
      for (let j = 0; j < width; j++) sum += weights.data[k * width + j]! * marks[j]!;
      return sum;
    });
  if (width > 0) {
    const gram = block(width, width);
    for (const marks of ownMarks)
      for (let a = 0; a < width; a++)
        for (let b = 0; b <= a; b++) gram.data[a * width + b]! += marks[a]! * marks[b]!;
    for (let a = 0; a < width; a++) gram.data[a * width + a]! += stiffness * width;
    choleskyInPlace(gram);
    for (let round = 0; round < rounds; round++) {
      const taught = ownLogits.map((start, i) => softmax(moved(start, ownMarks[i]!)));
      weights.data.fill(0);
      taught.forEach((share, i) => {
        for (let k = 0; k < classes; k++) {
          const missing = sureLogit * (share[k]! - 1 / classes) - ownLogits[i]![k]!;
          for (let j = 0; j < width; j++) weights.data[k * width + j]! += missing * ownMarks[i]![j]!;
        }
      });
      solveCholeskyInto(gram, weights);
    }
  }
  return ({ scores, marks }) =>
    Array.from(
      softmax(moved(without(logitsOf(scores), offset), without(Float64Array.from(marks), markOffset))),
    );
}
