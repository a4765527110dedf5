/** From predicted and rated values to everything that a report shows. */
import type { DimensionName } from "../data/utterance.js";
import { random } from "../math/random.js";
import { describeBootstrap, percentileInterval } from "./bootstrap.js";
import type { ValuedUtterance, ValueEvaluation, ValueScores } from "./evaluation-result.js";
import { ccc } from "./metrics/ccc.js";
import { computeValueScores } from "./metrics/index.js";

/** Returns the measures of values that were predicted, whoever did; pooled over all, and fold by fold. */
export function evaluateValuePredictions(
  predictions: readonly ValuedUtterance[],
  about: Pick<ValueEvaluation, "names" | "leaks" | "protocol"> & {
    /** Fold name -> utterances that it was trained on; absent for a model trained elsewhere (0). */
    readonly trainCounts?: Readonly<Record<string, number>>;
    readonly samples?: number | undefined;
  },
): ValueEvaluation {
  const { names, leaks, protocol, trainCounts = {}, samples = 1000 } = about;
  const folds = [...new Set(predictions.map(({ fold }) => fold))];
  return {
    names,
    protocol,
    leaks,
    scores: scoresByName(predictions, names),
    ci: intervals(predictions, names, { samples, seed: protocol.seed }),
    folds: folds.map((name) => {
      const own = predictions.filter(({ fold }) => fold === name);
      return {
        name,
        trainCount: trainCounts[name] ?? 0,
        testCount: own.length,
        scores: scoresByName(own, names),
      };
    }),
    predictions,
  };
}

function pairsOf(list: readonly ValuedUtterance[], k: number) {
  return { truth: list.map(({ truth }) => truth[k]), predicted: list.map(({ predicted }) => predicted[k]) };
}

function scoresByName(
  list: readonly ValuedUtterance[],
  names: readonly DimensionName[],
): Readonly<Record<string, ValueScores>> {
  return Object.fromEntries(names.map((name, k) => [name, computeValueScores(pairsOf(list, k))]));
}

/** Draws speakers with replacement, each with all its utterances; utterances where there is one speaker. */
function intervals(
  predictions: readonly ValuedUtterance[],
  names: readonly DimensionName[],
  { samples, seed }: { samples: number; seed: number },
): ValueEvaluation["ci"] {
  const speakers = [...new Set(predictions.map(({ speaker }) => speaker))];
  const clusters =
    speakers.length > 1
      ? speakers.map((name) => predictions.filter(({ speaker }) => speaker === name))
      : predictions.map((prediction) => [prediction]);
  const stream = random(seed).fork("value-intervals");
  const draws = names.map((): number[] => []);
  for (let sample = 0; sample < samples; sample++) {
    const drawn = clusters.flatMap(() => clusters[stream.integer(clusters.length)]);
    names.forEach((_, k) => {
      draws[k].push(ccc.value(pairsOf(drawn, k)) ?? 0);
    });
  }
  return {
    method: describeBootstrap(speakers, predictions.length),
    samples,
    ccc: Object.fromEntries(names.map((name, k) => [name, percentileInterval(draws[k])])),
  };
}
