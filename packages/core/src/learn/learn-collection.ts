/** What a model's own scores of a collection's unlabelled recordings teach about the collection. */
import { type CollectionModel, collectionLogits } from "./collection-model.js";
import { logitsOf, type ScoredRecording, softmax } from "./learn-speaker.js";

/** What is known of a collection. */
export interface KnownCollection {
  /** How far it is to be believed, 0..1. */
  readonly trust: number;
  /** Returns the scores of a recording without the collection's offset. */
  scoresOf(recording: Pick<ScoredRecording, "scores">): number[];
}

/** Recordings of a collection that tell something of it: what varies among fewer, none can say. */
export const fewestOfCollection = 3;

/** Recordings that are unknown count as so many: n of a collection are believed n / (n + 4). */
const shrinkage = 4;
/** Part of the variance of equal parts of all classes below which a collection may be of one class, and above which it is of several. */
const spreads = [0.3, 0.9] as const;
/** How far a collection's mix has come from equal parts (0) to one class alone (1), beyond which it is not believed, and up to where it is wholly. */
const onesided = [0.55, 0.2] as const;
/** More recordings than these tell of the offset no more: they are not independent. */
const mostIndependent = 100;
/** Of the Dirichlet prior of the mix of classes. */
const concentration = 1.5;
const rounds = 40;

/**
 * Returns what is known of a collection by its recordings' scores. Its offset and its mix of classes are found together, by expectation
 * maximization from several starts: a normal prior holds the offset to what collections differ by, a Dirichlet one the mix to no class
 * alone (as Saerens et al. 2002 find the mix alone, "Adjusting the outputs of a classifier to new a priori probabilities"). Where the recordings vary
 * as little as those of one class do, or one class is most of the mix, an offset cannot be told from that class: then nothing is believed, and as
 * much more as they vary more.
 */
export function learnCollection(
  heard: readonly Pick<ScoredRecording, "scores">[],
  model: CollectionModel,
): KnownCollection {
  const n = heard.length;
  const unknown: KnownCollection = { trust: 0, scoresOf: ({ scores }) => Array.from(scores) };
  if (n < fewestOfCollection) return unknown;
  const placed = heard.map(({ scores }) => {
    const logits = collectionLogits(scores);
    return model.axes.map((axis) => axis.reduce((sum, weight, j) => sum + weight * logits[j], 0));
  });
  const wide = partOf(varianceAlong(placed, model.spread), spreads);
  if (wide === 0) return unknown;
  const { offset, mix } = likeliest(placed, model);
  const leaning = partOf(Math.max(...mix), [1 / mix.length, 1]);
  const trust = (wide * partOf(leaning, onesided) * n) / (n + shrinkage);
  const own = model.back.map((row) => row.reduce((sum, part, a) => sum + part * offset[a], 0));
  return {
    trust,
    scoresOf: ({ scores }) => Array.from(softmax(logitsOf(scores).map((value, k) => value - own[k]))),
  };
}

/** Returns probabilities between two, by the logarithm: those of `a` at 0, those of `b` at 1. */
export function between(a: ArrayLike<number>, b: ArrayLike<number>, part: number): number[] {
  const [from, to] = [logitsOf(a), logitsOf(b)];
  return Array.from(softmax(from.map((value, k) => (1 - part) * value + part * to[k])));
}

/** Returns how far a value has come from one to another, 0..1. */
function partOf(value: number, [from, to]: readonly [number, number]): number {
  return Math.max(0, Math.min(1, (value - from) / (to - from)));
}

function varianceAlong(placed: readonly (readonly number[])[], direction: readonly number[]): number {
  const along = placed.map((one) => one.reduce((sum, value, a) => sum + value * direction[a], 0));
  const mean = along.reduce((sum, value) => sum + value, 0) / along.length;
  return along.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (along.length - 1);
}

/** What expectation maximization comes to: the offset along the axes, the parts of the classes, and how likely they make the recordings. */
interface Found {
  readonly offset: number[];
  readonly mix: number[];
  readonly likelihood: number;
}

/** Returns the likeliest offset and mix of classes. */
function likeliest(placed: readonly (readonly number[])[], model: CollectionModel): Found {
  const { means, offsets } = model;
  const classes = means.length;
  const mean = (rows: readonly (readonly number[])[]): number[] =>
    offsets.map((_, a) => rows.reduce((sum, row) => sum + row[a] / rows.length, 0));
  const even = means.map(() => 1 / classes);
  const middle = mean(means);
  const none = offsets.map(() => 0);
  const starts = [
    { offset: none, mix: even },
    { offset: mean(placed).map((value, a) => value - middle[a]), mix: even },
    ...means.map((_, k) => ({ offset: none, mix: even.map((part, j) => 0.2 * part + (j === k ? 0.8 : 0)) })),
  ];
  return starts
    .map((start) => maximize(placed, start, model))
    .reduce((best, found) => (found.likelihood > best.likelihood ? found : best));
}

/** Returns the offset that expectation maximization comes to from a start, and how likely it makes the recordings. */
function maximize(
  placed: readonly (readonly number[])[],
  start: { readonly offset: readonly number[]; readonly mix: readonly number[] },
  { means, offsets }: CollectionModel,
): Found {
  const part = Math.min(1, mostIndependent / placed.length);
  let offset = [...start.offset];
  let mix = [...start.mix];
  const own = new Float64Array(means.length);
  /** Fills a recording's shares of the classes; returns its log density. */
  const share = (one: readonly number[]): number => {
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < means.length; k++) {
      let distance = 0;
      for (let a = 0; a < offset.length; a++) distance += (one[a] - offset[a] - means[k][a]) ** 2;
      own[k] = Math.log(mix[k]) - 0.5 * distance;
      top = Math.max(top, own[k]);
    }
    let sum = 0;
    for (let k = 0; k < means.length; k++) sum += own[k] = Math.exp(own[k] - top);
    for (let k = 0; k < means.length; k++) own[k] /= sum;
    return top + Math.log(sum);
  };
  for (let round = 0; round < rounds; round++) {
    const counts = new Float64Array(means.length);
    const moved = new Float64Array(offset.length);
    for (const one of placed) {
      share(one);
      for (let k = 0; k < means.length; k++) counts[k] += part * own[k];
      for (let a = 0; a < moved.length; a++) {
        let expected = 0;
        for (let k = 0; k < means.length; k++) expected += own[k] * means[k][a];
        moved[a] += part * (one[a] - expected);
      }
    }
    const weights = Array.from(counts, (count) => count + concentration - 1);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    mix = weights.map((weight) => weight / sum);
    offset = Array.from(moved, (value, a) => value / (part * placed.length + 1 / offsets[a]));
  }
  const likelihood =
    part * placed.reduce((sum, one) => sum + share(one), 0) -
    0.5 * offset.reduce((sum, value, a) => sum + value ** 2 / offsets[a], 0) +
    (concentration - 1) * mix.reduce((sum, value) => sum + Math.log(value), 0);
  return { offset, mix, likelihood };
}
