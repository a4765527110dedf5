/** Fits a regressor on the training part of every split and compares its values of the test part with the raters'. */
import { type FeatureTable, takeUtterances } from "../data/feature-table.js";
import type { Split } from "../data/split.js";
import type { Dataset, DimensionName, Utterance } from "../data/utterance.js";
import { UndertoneError } from "../errors.js";
import type { FitContext } from "../learn/estimator.js";
import { groupIndices } from "../learn/group-indices.js";
import type { Regressor } from "../learn/regressor.js";
import { matrixFromRows } from "../math/matrix.js";
import { random } from "../math/random.js";
import { describeBootstrap, percentileInterval } from "./bootstrap.js";
import { count, describeFolds, describeModel, independent } from "./describe-protocol.js";
import type { Interval, Leak } from "./evaluation-result.js";
import { ccc } from "./metrics/values/ccc.js";
import { computeValueScores } from "./metrics/values/index.js";

export interface ValueValidation {
  readonly dataset: Dataset;
  /** One row for each utterance that the splits name and that has every value asked for; others are ignored. */
  readonly table: FeatureTable;
  /** What is predicted. */
  readonly names: readonly DimensionName[];
  readonly splits: readonly Split[];
  readonly regressor: Regressor;
  /** What the leak gate found in these splits; it is reported, not judged, here. */
  readonly leaks: readonly Leak[];
  readonly seed: number;
  readonly foldsName: string;
  readonly featureSet: string;
  /** Bootstrap samples. */
  readonly samples?: number;
  readonly onProgress?: (part: number, fold: string) => void;
  readonly signal?: NonNullable<FitContext["signal"]>;
  readonly pause?: NonNullable<FitContext["pause"]>;
}

/** Measures by their id: ccc, mae, rmse, r2; null where one is not defined. */
export type ValueScores = Readonly<Record<string, number | null>>;

/** Predicted and rated values of one test utterance, in the order of the names. */
export interface ValuedUtterance {
  readonly id: string;
  readonly speaker: string;
  readonly fold: string;
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
}

/** Everything that an evaluation of values found. */
export interface ValueEvaluation {
  readonly names: readonly DimensionName[];
  readonly protocol: {
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
  };
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
    readonly trainCount: number;
    readonly testCount: number;
    readonly scores: Readonly<Record<string, ValueScores>>;
  }[];
  readonly predictions: readonly ValuedUtterance[];
}

/** Returns the values of an utterance, or undefined when one is missing. */
export function valuesOf(
  { dimensions }: Pick<Utterance, "dimensions">,
  names: readonly DimensionName[],
): number[] | undefined {
  const values = names.map((name) => dimensions?.[name]);
  return values.every((value) => value !== undefined) ? values : undefined;
}

/**
 * Returns the result pooled over the test parts of all splits; the regressor sees `split.train` only.
 * @throws UndertoneError `split/invalid`, `features/mismatch`, `cancelled`, and what the regressor throws.
 */
export async function crossValidateValues(input: ValueValidation): Promise<ValueEvaluation> {
  const { dataset, table, names, splits, regressor, seed, onProgress, signal, pause, samples = 1000 } = input;
  const utterances = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const rowOf = new Map(table.ids.map((id, i) => [id, i]));
  const part = (split: Split, ids: readonly string[]): { utterance: Utterance; values: number[] }[] =>
    ids.flatMap((id) => {
      const utterance = utterances.get(id);
      if (!utterance)
        throw new UndertoneError(
          "split/invalid",
          `Split '${split.name}' names '${id}', expected an utterance of '${dataset.name}'`,
        );
      const values = valuesOf(utterance, names);
      return values ? [{ utterance, values }] : [];
    });
  const rowsOf = (list: readonly { utterance: Utterance }[]): FeatureTable =>
    takeUtterances(
      table,
      list.map(({ utterance: { id } }) => {
        const row = rowOf.get(id);
        if (row !== undefined) return row;
        throw new UndertoneError(
          "features/mismatch",
          `The feature table has no row for '${id}', expected one`,
        );
      }),
    );

  const predictions: ValuedUtterance[] = [];
  const folds: ValueEvaluation["folds"][number][] = [];
  for (const [f, split] of splits.entries()) {
    if (signal?.aborted)
      throw new UndertoneError(
        "cancelled",
        `Evaluation stopped on request after ${f} of ${splits.length} folds`,
      );
    onProgress?.(f / splits.length, split.name);
    const [train, test] = [part(split, split.train), part(split, split.test)];
    if (train.length === 0 || test.length === 0)
      throw new UndertoneError(
        "split/invalid",
        `Split '${split.name}' has ${train.length} training and ${test.length} test utterances with ${names.join(", ")}, expected at least 1 of each`,
      );
    const targets = {
      names,
      values: matrixFromRows(train.map(({ values }) => values)),
      groups: groupIndices(train.map(({ utterance }) => utterance.speaker)),
    };
    const model = await regressor.fit(rowsOf(train), targets, {
      random: random(seed).fork(split.name),
      ...(signal && { signal }),
      ...(pause && { pause }),
      onProgress: (done) => onProgress?.((f + done) / splits.length, split.name),
    });
    const { data } = await model.predict(rowsOf(test));
    const found = test.map(({ utterance, values }, i) => ({
      id: utterance.id,
      speaker: utterance.speaker,
      fold: split.name,
      truth: values,
      predicted: Array.from(data.subarray(i * names.length, (i + 1) * names.length)),
    }));
    predictions.push(...found);
    folds.push({
      name: split.name,
      trainCount: train.length,
      testCount: test.length,
      scores: scoresByName(found, names),
    });
  }
  if (predictions.length === 0)
    throw new UndertoneError("split/invalid", "Got no split, expected at least 1");
  onProgress?.(1, splits.at(-1)!.name);
  return {
    names,
    protocol: describe(input, predictions),
    leaks: input.leaks,
    scores: scoresByName(predictions, names),
    ci: intervals(predictions, names, { samples, seed }),
    folds,
    predictions,
  };
}

function pairsOf(list: readonly ValuedUtterance[], k: number) {
  return { truth: list.map(({ truth }) => truth[k]!), predicted: list.map(({ predicted }) => predicted[k]!) };
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
    const drawn = clusters.flatMap(() => clusters[stream.integer(clusters.length)]!);
    names.forEach((_, k) => {
      draws[k]!.push(ccc.value(pairsOf(drawn, k)) ?? 0);
    });
  }
  return {
    method: describeBootstrap(speakers, predictions.length),
    samples,
    ccc: Object.fromEntries(names.map((name, k) => [name, percentileInterval(draws[k]!)])),
  };
}

function describe(
  input: ValueValidation,
  predictions: readonly ValuedUtterance[],
): ValueEvaluation["protocol"] {
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
