/** Makes an estimator of classes from its core: the checks, the weights, standardization, absent classes and export. */

import type { FeatureTable } from "../data/feature-table.js";
import { UndertoneError } from "../errors.js";
import type { Matrix } from "../math/matrix.js";
import { expectFinite, expectOneRowEach } from "./check-table.js";
import { checkpoint } from "./checkpoint.js";
import type { ClassifierCore } from "./classifier-core.js";
import { composeModel } from "./compose-model.js";
import type { ClassTargets, Estimator, EstimatorFactory, FitContext, Model } from "./estimator.js";
import { choice, flag, type ParameterSpecs, type ParameterValues, readParameters } from "./parameters.js";
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
 * each class weighs rows / (classes × its rows), as in scikit-learn; "none") and `standardize`.
 * A class that no row has gets the score 0.
 */
export function defineClassifier<const Specs extends ParameterSpecs>(
  definition: ClassifierDefinition<Specs>,
): EstimatorFactory {
  const parameters = {
    ...definition.parameters,
    classWeight: choice(["balanced", "none"]),
    standardize: flag(definition.standardize),
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
}

async function fitClassifier<Specs extends ParameterSpecs>(
  definition: ClassifierDefinition<Specs>,
  params: ParameterValues<Specs> & SharedParams,
  { table, targets, context }: { table: FeatureTable; targets: ClassTargets; context: FitContext },
): Promise<Model> {
  await checkpoint(context, 0);
  const { features, kept } = readRows(definition.kind, table, targets);
  const present = presentClasses(targets, kept);
  if (kept.length < 2) {
    throw new UndertoneError(
      "learn/too-few-rows",
      `'${definition.kind}' got ${kept.length} rows to learn from, expected at least 2`,
    );
  }
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
  const transformers = params.standardize ? [fitStandardizer(features)] : [];
  const x = transformers.reduce<Matrix>((held, step) => step.transform(held), features);
  const rows = { x, names: table.names, labels, classes: present.length, weights, params, context };
  const { groups } = targets;
  const core = await definition.fitCore(
    groups ? { ...rows, groups: Int32Array.from(kept, (i) => groups[i]!) } : rows,
  );
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

/** Returns the features of the rows that weigh something, after every check that does not need the labels' spread. */
function readRows(
  kind: string,
  table: FeatureTable,
  targets: ClassTargets,
): { features: Matrix; kept: readonly number[] } {
  const { frames, offsets, ids } = table;
  const rows = ids.length;
  if (
    targets.labels.length !== rows ||
    (targets.weights?.length ?? rows) !== rows ||
    (targets.groups?.length ?? rows) !== rows
  ) {
    throw new RangeError(`'${kind}' got ${targets.labels.length} labels for ${rows} utterances`);
  }
  expectOneRowEach(kind, table);
  if (frames.rows !== offsets[rows]! || frames.cols === 0)
    throw new RangeError(`'${kind}' got a table without features`);
  for (let i = 0; i < rows; i++) {
    const label = targets.labels[i]!;
    if (!(label >= 0 && label < targets.classes.length)) {
      throw new RangeError(
        `'${kind}' got the label ${label} for '${ids[i]}', expected 0 to ${targets.classes.length - 1}`,
      );
    }
    const weight = targets.weights?.[i] ?? 1;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new UndertoneError(
        "learn/not-finite",
        `'${kind}' got the weight ${weight} for '${ids[i]}', expected a finite number from 0 on`,
      );
    }
  }
  expectFinite(kind, table);
  const kept = Array.from({ length: rows }, (_, i) => i).filter((i) => targets.weights?.[i] !== 0);
  if (kept.length === rows) return { features: frames, kept };
  const { cols } = frames;
  const data = new Float32Array(kept.length * cols);
  kept.forEach((from, to) => {
    data.set(frames.data.subarray(from * cols, (from + 1) * cols), to * cols);
  });
  return { features: { data, rows: kept.length, cols }, kept };
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
