/** What a model teaches itself on a collection's unlabelled recordings. */
import { addGram, block, choleskyInPlace, solveCholeskyInto, solveLower } from "../math/linear-algebra.js";
import { mean } from "../math/statistics.js";
import { type CollectionModel, collectionLogits } from "./collection-model.js";
import { logitsOf, meanOfRows, type ScoredRecording, softmax } from "./learn-speaker.js";

/** What is known of a collection. */
export interface KnownCollection {
  /** How far it is to be believed, 0..1. */
  readonly trust: number;
  /**
   * Returns the scores of a recording with the collection known, as far as it is believed. One of those that were heard (the very object) is not
   * told its own scores.
   */
  scoresOf(recording: ScoredRecording): number[];
}

/** Recordings of a collection that tell something of it: what varies among fewer, none can say. */
export const fewestOfCollection = 3;

/** Recordings that are unknown count as so many: what n of a collection share is believed n / (n + 4). */
const shrinkage = 4;
/** What recordings teach of each other takes more of them: of n it counts n / (n + 60). */
const company = 60;
/** Whose recordings are known together: one speaker's, or all of a folder, list, corpus or stream, whoever speaks. */
export type CollectionKind = "speaker" | "collection";

/**
 * Part of the variance of equal parts of all classes below which recordings may be of one class, and above which they are of several; and the part of
 * their mean log scores that is taken for what they share. Recordings of one speaker differ by less, and share a voice.
 */
const kinds: Readonly<
  Record<CollectionKind, { readonly spreads: readonly [number, number]; readonly shared: number }>
> = {
  collection: { spreads: [0.8, 1.2], shared: 0 },
  speaker: { spreads: [0.6, 1.1], shared: 1 },
};
/** The ridge on what marks say, in units of the mean squared length of the marks. */
const stiffness = 0.5;
/** What the marks say, as a part of a class, counts so many nats. */
const gain = 10;
/** How often what was learnt is taught again. */
const rounds = 5;
/** Of a recording that alone has what it has, nothing is known once it is left out. */
const mostLeverage = 0.999;
/** Between which slopes scores are as sure as they were, and how often that stretch is halved. */
const slopes = { least: 1e-3, most: 1e3 };
const slopeSteps = 40;

/**
 * Returns what is known of a collection by its recordings. The model is its own teacher (Scudder 1965, "Probability of error of some adaptive
 * pattern-recognition machines"): a ridge regression of what it holds each recording for on the recordings' marks, about their means, says of
 * each recording what the others of its kind are held for (each left out of its own answer, in closed form); that is added to the log scores, and taught again. Where
 * the recordings vary as little as those of one class do, they would be told apart by what is no emotion: then nothing is believed, and as much more
 * as they vary more along the two directions in which classes differ most. Scores stay as sure as they were on average: what is said changes, and
 * nothing tells how much more often it is right.
 * @param heard scores calibrated for strangers.
 */
export function learnCollection(
  heard: readonly ScoredRecording[],
  model: CollectionModel,
  kind: CollectionKind,
): KnownCollection {
  const n = heard.length;
  const width = heard[0]?.marks.length ?? 0;
  const { spreads, shared } = kinds[kind];
  const believed = n < fewestOfCollection || width === 0 ? 0 : partOf(spreadOf(heard, model), spreads);
  const trust = (believed * n) / (n + shrinkage);
  const nats = (believed * gain * n) / (n + company);
  if (trust === 0) return { trust, scoresOf: ({ scores }) => Array.from(scores) };
  const middle = meanOfRows(
    heard.map(({ marks }) => marks),
    width,
  );
  const centred = ({ marks }: Pick<ScoredRecording, "marks">): Float64Array =>
    middle.map((value, j) => marks[j] - value);
  const marks = heard.map(centred);
  const alone = heard.map(({ scores }) => logitsOf(scores));
  const classes = alone[0].length;
  const offset = meanOfRows(alone, classes).map((value) => trust * shared * value);
  const apart = (own: Float64Array): Float64Array => own.map((value, k) => value - offset[k]);
  const logits = alone.map(apart);
  const factor = factorOf(marks);
  const leverage = marks.map((own) => {
    const turned = own.slice();
    solveLower(factor, turned, 0);
    return Math.min(
      turned.reduce((sum, value) => sum + value * value, 0),
      mostLeverage,
    );
  });
  const weights = block(classes, width);
  const says = (own: Float64Array, k: number): number =>
    own.reduce((sum, value, j) => sum + value * weights.data[k * width + j], 0);
  let told = logits;
  for (let round = 0; round < rounds; round++) {
    const held = told.map(softmax);
    const average = meanOfRows(held, classes);
    weights.data.fill(0);
    held.forEach((share, i) => {
      for (let k = 0; k < classes; k++)
        for (let j = 0; j < width; j++) weights.data[k * width + j] += (share[k] - average[k]) * marks[i][j];
    });
    solveCholeskyInto(factor, weights);
    told = logits.map((own, i) =>
      own.map(
        (value, k) =>
          value + (nats * (says(marks[i], k) - leverage[i] * (held[i][k] - average[k]))) / (1 - leverage[i]),
      ),
    );
  }
  const known = new Map(heard.map((one, i) => [one, told[i]]));
  const slope = slopeAsSure(told, meanTop(alone, 1));
  return {
    trust,
    scoresOf(recording) {
      const own = centred(recording);
      const values =
        known.get(recording) ??
        apart(logitsOf(recording.scores)).map((value, k) => value + nats * says(own, k));
      return Array.from(softmax(values.map((value) => slope * value)));
    },
  };
}

/** Returns the factor of log scores with which their largest probability is `sure` on average. */
function slopeAsSure(logits: readonly Float64Array[], sure: number): number {
  let { least: low, most: high } = slopes;
  for (let step = 0; step < slopeSteps; step++) {
    const middle = Math.sqrt(low * high);
    if (meanTop(logits, middle) < sure) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}

function meanTop(logits: readonly Float64Array[], slope: number): number {
  return mean(
    logits.map((own) => softmax(own.map((value) => slope * value)).reduce((a, b) => Math.max(a, b))),
  );
}

/** Returns the lower Cholesky factor of the marks' products with the ridge. */
function factorOf(marks: readonly Float64Array[]): ReturnType<typeof block> {
  const [n, width] = [marks.length, marks[0].length];
  const turned = block(width, n);
  marks.forEach((own, i) => {
    own.forEach((value, j) => {
      turned.data[j * n + i] = value;
    });
  });
  const products = block(width, width);
  addGram(products, turned);
  let squares = 0;
  for (let j = 0; j < width; j++) squares += products.data[j * width + j];
  for (let j = 0; j < width; j++) products.data[j * width + j] += (stiffness * squares) / n || 1;
  choleskyInPlace(products);
  return products;
}

/** Returns how far a value has come from one to another, 0..1. */
function partOf(value: number, [from, to]: readonly [number, number]): number {
  return Math.max(0, Math.min(1, (value - from) / (to - from)));
}

/** Returns the geometric mean of the recordings' variances along the model's directions: 1 for equal parts of all classes. */
function spreadOf(heard: readonly Pick<ScoredRecording, "scores">[], { spread }: CollectionModel): number {
  const logits = heard.map(({ scores }) => collectionLogits(scores));
  const product = spread
    .map((direction) => {
      const along = logits.map((own) => own.reduce((sum, value, k) => sum + value * direction[k], 0));
      const middle = mean(along);
      return along.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (along.length - 1);
    })
    .reduce((product, variance) => product * variance, 1);
  return product ** (1 / spread.length);
}
