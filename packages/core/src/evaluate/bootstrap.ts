/** Confidence intervals by resampling speakers. */
import { isUnknownSpeaker, speakersUnknownNote } from "../data/utterance.js";
import type { Random } from "../math/random.js";
import type { EvaluationResult, Interval } from "./evaluation-result.js";
import { accuracyOf } from "./metrics/accuracy.js";
import { classScores, macroMean } from "./metrics/class-scores.js";
import { oneAgainstRest, rocAuc } from "./metrics/roc-auc.js";
import { descendingOrder } from "./metrics/roc-curve.js";
import type { Scored } from "./metrics/scored.js";
import { unweightedAverageRecall } from "./metrics/uar.js";

/** Fewer speakers than this make an interval that the method text calls rough. */
const fewSpeakers = 6;

/**
 * Returns 95 % intervals by the percentile method of the cluster bootstrap: speakers are drawn with replacement, each with
 * all its utterances, as often as there are speakers (Efron and Tibshirani 1993, chapter 13; Field and Welsh 2007). The
 * utterances of one speaker resemble each other, so drawing utterances would make the intervals too narrow. With one
 * speaker there is nothing else to draw: utterances are drawn then, and `method` says so. The area under the ROC curve is
 * computed exactly in every draw; draws in which a class has no positive or no negative have none and are left out, and
 * the interval is null when that happens in more than half of them.
 */
export function bootstrapIntervals(
  scored: Scored,
  speakers: readonly string[],
  { random, samples = 1000 }: { random: Random; samples?: number | undefined },
): EvaluationResult["ci"] {
  const names = [...new Set(speakers)];
  const bySpeaker = names.length > 1;
  const clusterOf = new Map(names.map((name, c) => [name, c]));
  const cluster = Uint32Array.from(speakers, (name, i) => (bySpeaker ? clusterOf.get(name)! : i));
  const clusters = bySpeaker ? names.length : speakers.length;

  const { classCount, truth, predicted } = scored;
  const classes = Array.from({ length: classCount }, (_, k) => {
    const one = oneAgainstRest(scored, k);
    return { ...one, order: descendingOrder(one.scores) };
  });
  const weights = new Float64Array(truth.length);
  const drawn = new Float64Array(clusters);
  const confusion = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  const draws = {
    uar: [] as number[],
    accuracy: [] as number[],
    f1Macro: [] as number[],
    rocAuc: [] as number[],
  };
  for (let sample = 0; sample < samples; sample++) {
    drawn.fill(0);
    for (let c = 0; c < clusters; c++) drawn[random.integer(clusters)]++;
    for (const counts of confusion) counts.fill(0);
    for (let i = 0; i < truth.length; i++) {
      weights[i] = drawn[cluster[i]];
      confusion[truth[i]][predicted[i]] += weights[i];
    }
    draws.uar.push(unweightedAverageRecall(confusion));
    draws.accuracy.push(accuracyOf(confusion));
    draws.f1Macro.push(macroMean(classScores(confusion), "f1"));
    const area = meanAuc(classes, weights);
    if (area !== null) draws.rocAuc.push(area);
  }
  return {
    level: 0.95,
    method: describeBootstrap(names, speakers.length),
    samples,
    uar: percentileInterval(draws.uar),
    accuracy: percentileInterval(draws.accuracy),
    f1Macro: percentileInterval(draws.f1Macro),
    rocAuc: draws.rocAuc.length * 2 > samples ? percentileInterval(draws.rocAuc) : null,
  };
}

/** Returns what was drawn, and how far to trust it. */
export function describeBootstrap(names: readonly string[], utterances: number): string {
  if (names.length > 1) {
    const rough = names.length < fewSpeakers ? ": so few that the interval is rough" : "";
    return `percentile bootstrap over ${names.length} speakers${rough}`;
  }
  return isUnknownSpeaker(names[0])
    ? `percentile bootstrap over ${utterances} utterances, too narrow where one speaker has several; ${speakersUnknownNote}`
    : `percentile bootstrap over ${utterances} utterances of one speaker: it says nothing of other speakers`;
}

function meanAuc(
  classes: readonly { positive: Uint8Array; scores: Float64Array; order: Uint32Array }[],
  weights: Float64Array,
): number | null {
  let sum = 0;
  for (const { positive, scores, order } of classes) {
    const area = rocAuc(positive, scores, { weights, order });
    if (area === null) return null;
    sum += area;
  }
  return sum / classes.length;
}

/**
 * Returns draws of the UAR of a group: speakers with replacement, each with all its utterances; utterances where there is one speaker.
 * Cheaper than `bootstrapIntervals`, for groups are many.
 */
export function uarDraws(
  { classCount, truth, predicted }: Pick<Scored, "classCount" | "truth" | "predicted">,
  speakers: readonly string[],
  { random, samples = 1000 }: { random: Random; samples?: number | undefined },
): number[] {
  const names = [...new Set(speakers)];
  const cells = classCount * classCount;
  const clusters = Array.from(
    { length: names.length > 1 ? names.length : speakers.length },
    () => new Float64Array(cells),
  );
  const clusterOf = new Map(names.map((name, c) => [name, c]));
  speakers.forEach((name, i) => {
    clusters[names.length > 1 ? clusterOf.get(name)! : i][truth[i] * classCount + predicted[i]]++;
  });
  const sum = new Float64Array(cells);
  const rows = Array.from({ length: classCount }, (_, k) =>
    sum.subarray(k * classCount, (k + 1) * classCount),
  );
  return Array.from({ length: samples }, () => {
    sum.fill(0);
    for (let c = 0; c < clusters.length; c++) {
      const drawn = clusters[random.integer(clusters.length)];
      for (let j = 0; j < cells; j++) sum[j] += drawn[j];
    }
    return unweightedAverageRecall(rows);
  });
}

/** Returns the 2.5th and 97.5th percentile of `values`, interpolated linearly as NumPy's `percentile`. */
export function percentileInterval(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number => {
    const position = part * (sorted.length - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  };
  return { low: at(0.025), high: at(0.975) };
}
