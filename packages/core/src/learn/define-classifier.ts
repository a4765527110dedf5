/** Makes an estimator of classes from its core: the checks, the weights, standardization, absent classes and export. */

import type { FeatureTable } from "../data/feature-table.js";
import { UndertoneError } from "../errors.js";
import { type Matrix, takeRows } from "../math/matrix.js";
import { centreGroups } from "./centre-groups.js";
import { checkpoint } from "./checkpoint.js";
import type { ClassifierCore } from "./classifier-core.js";
import { composeModel } from "./compose-model.js";
import type { ClassTargets, Estimator, EstimatorFactory, FitContext, Model } from "./estimator.js";
import { learntRows } from "./learnt-rows.js";
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
  /** Which utterance a row is of, where one that several classes were heard in is a row for each of them. */
  readonly origins?: Int32Array;
  /** Positive weight of each row, class weights included. */
  readonly weights: Float64Array;
  /** Group of each row, when groups were given. */
  readonly groups?: Int32Array | undefined;
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
 * each class weighs rows / (classes × its rows), as in scikit-learn; "none"), `learnFrom` (the raters' votes, where the targets have them), `standardize` and `speakerCentring` (the part of each
 * group's distance from the mean of all that is taken off its rows before anything else; a model that learnt so hears unknown speakers
 * no worse, and known ones better once what is known of them has been taken off, see `learnSpeaker`).
 * A class that no row has gets the score 0.
 */
export function defineClassifier<const Specs extends ParameterSpecs>(
  definition: ClassifierDefinition<Specs>,
): EstimatorFactory {
  const parameters = {
    ...definition.parameters,
    classWeight: choice(["balanced", "none"]),
    learnFrom: choice(["labels", "votes"]),
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
  readonly learnFrom: "labels" | "votes";
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
  const learnt = learntRows(definition.kind, targets, { kept, from: params.learnFrom, ids: table.ids });
  const seen = new Set(learnt.labels);
  const present = targets.classes.map((_, index) => index).filter((index) => seen.has(index));
  if (present.length < 2) {
    const only = targets.classes[present[0]];
    throw new UndertoneError(
      "learn/single-class",
      `'${definition.kind}' got rows of the class '${only}' only, expected at least 2 classes`,
    );
  }
  const labels = learnt.labels.map((label) => present.indexOf(label));
  const weights = rowWeights(params.classWeight, labels, present.length, learnt.weights);
  const speakers = targets.groups && Int32Array.from(kept, (i) => targets.groups![i]);
  const centred =
    speakers && params.speakerCentring !== "none"
      ? centreGroups(features, speakers, params.speakerCentring)
      : features;
  const transformers = params.standardize ? [fitStandardizer(centred)] : [];
  const x = transformers.reduce<Matrix>((held, step) => step.transform(held), centred);
  const { origins } = learnt;
  const copied = origins.length > kept.length;
  // Copies of a row stay in one fold.
  const groups = speakers ? origins.map((origin) => speakers[origin]) : copied ? origins : undefined;
  const core = await definition.fitCore({
    x: copied ? takeRows(x, origins) : x,
    names: table.names,
    labels,
    classes: present.length,
    weights,
    groups,
    ...(copied && { origins }),
    params,
    context,
  });
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

function rowWeights(
  classWeight: "balanced" | "none",
  labels: Int32Array,
  classes: number,
  own: Float64Array,
): Float64Array {
  if (classWeight === "none") return own;
  const totals = new Float64Array(classes);
  labels.forEach((label, i) => {
    totals[label] += own[i];
  });
  const sum = totals.reduce((a, b) => a + b, 0);
  return own.map((weight, i) => (weight * sum) / (classes * totals[labels[i]]));
}
