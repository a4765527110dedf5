/** Makes an estimator of classes from its core: the checks, the weights, standardization, absent classes and export. */

import type { FeatureTable } from "../data/feature-table.js";
import { UndertoneError } from "../errors.js";
import type { Matrix } from "../math/matrix.js";
import { centreGroups } from "./centre-groups.js";
import { checkpoint } from "./checkpoint.js";
import type { ClassifierCore } from "./classifier-core.js";
import { composeModel } from "./compose-model.js";
import type { ClassTargets, Estimator, EstimatorFactory, FitContext, Model } from "./estimator.js";
import {
  choice,
  flag,
  type ParameterSpecs,
  type ParameterValues,
  positiveShare,
  readParameters,
  wordOr,
} from "./parameters.js";
import { readRows } from "./read-rows.js";
import { fitStandardizer } from "./standardizer.js";

/** What a core is fitted on; every class that it knows of is present. */
export interface ClassRows<Params> {
  /** Prepared features, one row an utterance. */
  readonly x: Matrix;
  /** The columns' names. */
  readonly names: readonly string[];
  /** Class of each row, 0..classes − 1. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Positive weight of each row, class weights included. */
  readonly weights: Float64Array;
  /** Group of each row, when groups were given. */
  readonly groups?: Int32Array;
  readonly params: Params;
  readonly context: FitContext;
}

/** What an estimator's file declares. */
export interface ClassifierDefinition<Specs extends ParameterSpecs> {
  readonly kind: string;
  readonly summary: string;
  readonly parameters: Specs;
  /** Whether features are standardized unless told otherwise. */
  readonly standardize: boolean;
  fitCore(rows: ClassRows<ParameterValues<Specs>>): Promise<ClassifierCore>;
}

/**
 * Returns the list entry of an estimator of classes. Beside its own hyper-parameters it has `classWeight` ("balanced":
 * each class weighs rows / (classes × its rows), as in scikit-learn; "none"), `standardize` and `speakerCentring` (the part of each
 * group's distance from the mean of all that is taken off its rows before anything else; a model that learnt so hears unknown speakers
 * no worse, and known ones better once what is known of them has been taken off, see `speakerOffset`).
 * A class that no row has gets the score 0.
 */
export function defineClassifier<const Specs extends ParameterSpecs>(
  definition: ClassifierDefinition<Specs>,
): EstimatorFactory {
  const parameters = {
    ...definition.parameters,
    classWeight: choice(["balanced", "none"]),
    standardize: flag(definition.standardize),
    speakerCentring: wordOr(["none"], positiveShare),
  };
  return {
    kind: definition.kind,
    summary: definition.summary,
    parameters,
    create(given = {}): Estimator {
      const params = readParameters(definition.kind, parameters, given);
      return {
        kind: definition.kind,
        params,
        fit: (table, targets, context) =>
          fitClassifier(definition, params as unknown as ParameterValues<Specs> & SharedParams, {
            table,
            targets,
            context,
          }),
      };
    },
  };
}

interface SharedParams {
  readonly classWeight: "balanced" | "none";
  readonly standardize: boolean;
  readonly speakerCentring: "none" | number;
}

async function fitClassifier<Specs extends ParameterSpecs>(
  definition: ClassifierDefinition<Specs>,
  params: ParameterValues<Specs> & SharedParams,
  { table, targets, context }: { table: FeatureTable; targets: ClassTargets; context: FitContext },
): Promise<Model> {
  await checkpoint(context, 0);
  const { features, kept } = readRows(definition.kind, table, {
    ...targets,
    count: targets.labels.length,
  });
  expectLabels(definition.kind, table, targets);
  const present = presentClasses(targets, kept);
  if (present.length < 2) {
    const only = targets.classes[present[0]!];
    throw new UndertoneError(
      "learn/single-class",
      `'${definition.kind}' got rows of the class '${only}' only, expected at least 2 classes`,
    );
  }
  const rank = new Int32Array(targets.classes.length).fill(-1);
  present.forEach((index, i) => {
    rank[index] = i;
  });
  const labels = Int32Array.from(kept, (i) => rank[targets.labels[i]!]!);
  const weights = rowWeights(
    params.classWeight,
    labels,
    present.length,
    Float64Array.from(kept, (i) => targets.weights?.[i] ?? 1),
  );
  const groups = targets.groups && Int32Array.from(kept, (i) => targets.groups![i]!);
  const centred =
    groups && params.speakerCentring !== "none"
      ? centreGroups(features, groups, params.speakerCentring)
      : features;
  const transformers = params.standardize ? [fitStandardizer(centred)] : [];
  const x = transformers.reduce<Matrix>((held, step) => step.transform(held), centred);
  const rows = { x, names: table.names, labels, classes: present.length, weights, params, context };
  const core = await definition.fitCore(groups ? { ...rows, groups } : rows);
  await checkpoint(context, 1);
  return composeModel({
    kind: definition.kind,
    classes: targets.classes,
    present,
    features: features.cols,
    transformers,
    core,
  });
}

function expectLabels(kind: string, { ids }: FeatureTable, { labels, classes }: ClassTargets): void {
  labels.forEach((label, i) => {
    if (!(label >= 0 && label < classes.length)) {
      throw new RangeError(
        `'${kind}' got the label ${label} for '${ids[i]}', expected 0 to ${classes.length - 1}`,
      );
    }
  });
}

function presentClasses(targets: ClassTargets, kept: readonly number[]): number[] {
  const seen = new Set(kept.map((i) => targets.labels[i]!));
  return targets.classes.map((_, index) => index).filter((index) => seen.has(index));
}

function rowWeights(
  classWeight: "balanced" | "none",
  labels: Int32Array,
  classes: number,
  own: Float64Array,
): Float64Array {
  if (classWeight === "none") return own;
  const totals = new Float64Array(classes);
  labels.forEach((label, i) => {
    totals[label]! += own[i]!;
  });
  const sum = totals.reduce((a, b) => a + b, 0);
  return own.map((weight, i) => (weight * sum) / (classes * totals[labels[i]!]!));
}
