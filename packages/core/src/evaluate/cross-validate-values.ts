/** Fits a regressor on the training part of every split and compares its values of the test part with the raters'. */
import type { DimensionName } from "../data/utterance.js";
import { UndertoneError } from "../errors.js";
import { random } from "../math/random.js";
import { describeBootstrap, percentileInterval } from "./bootstrap.js";
import { count, describeFolds, describeModel, describeSpeeds, independent } from "./describe-protocol.js";
import type { Interval, Leak } from "./evaluation-result.js";
import { fitValueFolds, type ValuedUtterance, type ValueFits, valuesOf } from "./fit-value-folds.js";
import { ccc } from "./metrics/values/ccc.js";
import { computeValueScores } from "./metrics/values/index.js";

export interface ValueValidation extends ValueFits {
  /** What the leak gate found in these splits; it is reported, not judged, here. */
  readonly leaks: readonly Leak[];
  readonly foldsName: string;
  readonly featureSet: string;
  /** Bootstrap samples. */
  readonly samples?: number | undefined;
}

/** Measures by their id: ccc, mae, rmse, r2; null where one is not defined. */
export type ValueScores = Readonly<Record<string, number | null>>;

/** How an evaluation of values came about. */
export interface ValueProtocol {
  /** One sentence. */
  readonly summary: string;
  readonly dataset: string;
  readonly utterances: number;
  readonly speakers: number;
  /** Utterances without every value. */
  readonly leftOut: number;
  readonly featureSet: string;
  readonly model: Readonly<Record<string, unknown>>;
  readonly folds: string;
  readonly speakerIndependent: boolean;
  readonly sentenceIndependent: boolean;
  readonly seed: number;
}

/** Everything that an evaluation of values found. */
export interface ValueEvaluation {
  readonly names: readonly DimensionName[];
  readonly protocol: ValueProtocol;
  readonly leaks: readonly Leak[];
  /** By name, pooled over the test utterances of all folds. */
  readonly scores: Readonly<Record<string, ValueScores>>;
  /** 95 % intervals of the CCC, by name. */
  readonly ci: {
    readonly method: string;
    readonly samples: number;
    readonly ccc: Readonly<Record<string, Interval>>;
  };
  readonly folds: readonly {
    readonly name: string;
    /** 0 for a model trained elsewhere. */
    readonly trainCount: number;
    readonly testCount: number;
    readonly scores: Readonly<Record<string, ValueScores>>;
  }[];
  readonly predictions: readonly ValuedUtterance[];
}

/**
 * Returns the result pooled over the test parts of all splits.
 * @throws UndertoneError `split/invalid`, and as `fitValueFolds`.
 */
export async function crossValidateValues(input: ValueValidation): Promise<ValueEvaluation> {
  const { names, leaks, samples } = input;
  const predictions: ValuedUtterance[] = [];
  const trainCounts: Record<string, number> = {};
  for await (const fold of fitValueFolds(input)) {
    trainCounts[fold.name] = fold.trainCount;
    predictions.push(...fold.predictions);
  }
  if (predictions.length === 0)
    throw new UndertoneError("split/invalid", "Got no split, expected at least 1");
  return evaluateValuePredictions(predictions, {
    names,
    leaks,
    trainCounts,
    protocol: describeValueProtocol(input, predictions),
    samples,
  });
}

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

/** Returns the protocol of an evaluation of values, as `describeProtocol` does of classes. */
export function describeValueProtocol(
  input: Pick<
    ValueValidation,
    | "dataset"
    | "table"
    | "names"
    | "splits"
    | "foldsName"
    | "featureSet"
    | "seed"
    | "trainHeard"
    | "testHeard"
  > & { readonly regressor: Pick<ValueValidation["regressor"], "kind" | "params"> },
  predictions: readonly ValuedUtterance[],
): ValueProtocol {
  const { dataset, table, names, splits, regressor, foldsName, featureSet, seed } = input;
  const byId = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const speakers = new Set(predictions.map(({ speaker }) => speaker)).size;
  const speakerIndependent = independent(splits, (id) => byId.get(id)?.speaker);
  const sentenceIndependent = independent(splits, (id) => byId.get(id)?.attributes.sentence);
  const leftOut = dataset.utterances.filter((utterance) => !valuesOf(utterance, names)).length;
  const summary = [
    dataset.name,
    count(predictions.length, "utterance") + (leftOut > 0 ? ` (${leftOut} more without every value)` : ""),
    count(speakers, "speaker"),
    `values ${names.join(" and ")}`,
    describeFolds(splits, { speakerIndependent, sentenceIndependent, name: foldsName, byId }),
    `features ${featureSet} (${table.frames.cols})`,
    describeModel(regressor),
    ...describeSpeeds("training copies at speed", input.trainHeard),
    ...describeSpeeds("values averaged over speed", input.testHeard),
    "no speaker statistics",
    `seed ${seed}`,
    "measures pooled over all test utterances",
  ].join(", ");
  return {
    summary,
    dataset: dataset.name,
    utterances: predictions.length,
    speakers,
    leftOut,
    featureSet,
    model: { kind: regressor.kind, ...regressor.params },
    folds: foldsName,
    speakerIndependent,
    sentenceIndependent,
    seed,
  };
}
