/** Makes an estimator from its core: the checks, the weights, standardization, absent classes and export. */

import type { FeatureTable } from "../data/feature-table.js";
import { UndertoneError } from "../errors.js";
import { type Matrix, takeRows } from "../math/matrix.js";
import type { GraphBuilder } from "../onnx/graph-builder.js";
import { centreGroups } from "./centre-groups.js";
import { checkpoint } from "./checkpoint.js";
import { composeModel, type ModelCore } from "./compose-model.js";
import {
  type ClassTargets,
  type Estimator,
  type EstimatorFactory,
  type FitContext,
  type Model,
  type TargetKind,
  type Targets,
  targetKind,
  type ValueTargets,
} from "./estimator.js";
import { groupIndices } from "./group-indices.js";
import { type LearntRows, learntRows } from "./learnt-rows.js";
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
import type { Transformer } from "./transformer.js";

/** The classes that a core learns; every one that it knows of is present. */
export interface ClassPart extends LearntRows {
  /** How many classes there are; labels are 0..classes − 1, weights have those of classes and domains in them. */
  readonly classes: number;
  /** Domain of each row (its corpus), by index, where there are several. */
  readonly domains?: Int32Array | undefined;
}

/** The values that a core learns. */
export interface ValuePart {
  /** Which row of the features each is of. */
  readonly origins: Int32Array;
  /** Origins × outputs, row-major. */
  readonly targets: Float64Array;
  readonly outputs: number;
  /** Positive weight of each. */
  readonly weights: Float64Array;
}

/** What a core is fitted on: the parts that its targets have. */
export interface Rows<Params> {
  /** Prepared features, one row an utterance. */
  readonly x: Matrix;
  /** The columns' names. */
  readonly names: readonly string[];
  readonly classes?: ClassPart | undefined;
  readonly values?: ValuePart | undefined;
  /** What inner folds keep together: speakers, or copies of a recording; absent where every row is on its own. */
  readonly groups?: Int32Array | undefined;
  readonly params: Params;
  readonly context: FitContext;
}

/** What every estimator's file declares. */
interface Declared<Specs extends ParameterSpecs> {
  readonly kind: string;
  readonly summary: string;
  readonly parameters: Specs;
  /** Whether features are standardized unless told otherwise. */
  readonly standardize: boolean;
  /** What else stands before the core, behind the standardization; default nothing. */
  readonly transformers?: (
    names: readonly string[],
    params: ParameterValues<Specs>,
  ) => readonly Transformer[];
}

/** What an estimator's file declares. */
export interface EstimatorDefinition<Specs extends ParameterSpecs> extends Declared<Specs> {
  readonly learns: readonly TargetKind[];
  /** Fits a core that has a head for each part that the rows have. */
  fitCore(rows: Rows<ParameterValues<Specs>>): Promise<ModelCore>;
}

interface SharedParams {
  readonly classWeight?: "balanced" | "none";
  readonly domainWeight?: "balanced" | "none";
  readonly learnFrom?: "labels" | "votes";
  readonly standardize: boolean;
  readonly speakerCentring?: "none" | number;
}

/**
 * Returns the list entry of an estimator. Beside its own hyper-parameters it has `standardize`, and where it learns classes
 * `classWeight` ("balanced": each class weighs rows / (classes × its rows), as in scikit-learn; "none"), `domainWeight` ("balanced": where the
 * rows are of several corpora each of them weighs alike, or by the mean of its rows' weights, and inside it each of its classes by `classWeight`; "none"), `learnFrom` (the raters' votes,
 * where the targets have them) and `speakerCentring` (the part of each group's distance from the mean of all that is taken off its rows
 * before anything else; a model that learnt so hears unknown speakers no worse, and known ones better once what is known of them has been
 * taken off, see `learnSpeaker`). A class that no row has gets the score 0.
 */
export function defineEstimator<const Specs extends ParameterSpecs>(
  definition: EstimatorDefinition<Specs>,
): EstimatorFactory {
  const { kind, summary, learns, standardize } = definition;
  const parameters = learns.some((targets) => targets !== "values")
    ? {
        ...definition.parameters,
        classWeight: choice(["balanced", "none"]),
        domainWeight: choice(["balanced", "none"]),
        learnFrom: choice(["labels", "votes"]),
        standardize: flag(standardize),
        speakerCentring: wordOr(["none"], positiveShare),
      }
    : { ...definition.parameters, standardize: flag(standardize) };
  return {
    kind,
    summary,
    learns,
    parameters,
    create(given = {}, wanted = learns[0]): Estimator {
      const params = readParameters(kind, parameters, given);
      const own = params as unknown as ParameterValues<Specs> & SharedParams;
      return {
        kind,
        params,
        learns: wanted,
        async fit(table, targets, context) {
          if (targetKind(targets) !== wanted)
            throw new TypeError(`'${kind}' learns ${wanted}, got ${targetKind(targets)}`);
          return fitEstimator(definition, own, { table, targets, context });
        },
      };
    },
  };
}

async function fitEstimator<Specs extends ParameterSpecs>(
  { kind, fitCore, transformers: furtherTransformers }: EstimatorDefinition<Specs>,
  params: ParameterValues<Specs> & SharedParams,
  { table, targets, context }: { table: FeatureTable; targets: Targets; context: FitContext },
): Promise<Model> {
  await checkpoint(context, 0);
  const { features, kept } = readRows(kind, table, targets);
  const ofClasses = "labels" in targets ? classPart(kind, targets, { table, kept, params }) : undefined;
  const values = "values" in targets ? valuePart(kind, targets, { table, kept }) : undefined;
  const groups = targets.groups && Int32Array.from(kept, (i) => targets.groups![i]);
  const { speakerCentring: centring } = params;
  const centred =
    groups && typeof centring === "number" ? centreGroups(features, groups, centring) : features;
  const { names } = table;
  const transformers = [
    ...(params.standardize ? [fitStandardizer(centred)] : []),
    ...(furtherTransformers?.(names, params) ?? []),
  ];
  const x = transformers.reduce<Matrix>((held, step) => step.transform(held), centred);
  const together = keptTogether(
    groups,
    kept.map((i) => table.ids[i]),
  );
  const core = await fitCore({
    ...{ x, names, values, params, context },
    classes: ofClasses?.part,
    groups: together,
  });
  await checkpoint(context, 1);
  return composeModel({
    kind,
    heads: {
      ...("labels" in targets && { scores: { classes: targets.classes } }),
      ...("values" in targets && { dimensions: { names: targets.names } }),
    },
    features: features.cols,
    transformers,
    core,
    present: ofClasses?.present ?? [],
  });
}

/** Returns what inner folds keep together: speakers where there are several, else the copies of a recording, where there are any. */
function keptTogether(speakers: Int32Array | undefined, ids: readonly string[]): Int32Array | undefined {
  if (speakers?.some((speaker) => speaker !== speakers[0])) return speakers;
  return new Set(ids).size < ids.length ? groupIndices(ids) : undefined;
}

/** Returns the classes of the rows that have one, by index among those that are present, and which these are. */
function classPart(
  kind: string,
  targets: ClassTargets,
  {
    table: { ids },
    kept,
    params: { learnFrom = "labels", classWeight, domainWeight },
  }: { table: FeatureTable; kept: readonly number[]; params: SharedParams },
): { part: ClassPart; present: readonly number[] } {
  const least = "values" in targets ? -1 : 0;
  targets.labels.forEach((label, i) => {
    if (!(label >= least && label < targets.classes.length)) {
      throw new RangeError(
        `'${kind}' got the label ${label} for '${ids[i]}', expected ${least} to ${targets.classes.length - 1}`,
      );
    }
  });
  const learnt = learntRows(kind, targets, { kept, from: learnFrom, ids });
  const seen = new Set(learnt.labels);
  const present = targets.classes.map((_, index) => index).filter((index) => seen.has(index));
  if (present.length < 2) {
    const only =
      present.length === 1 ? `rows of the class '${targets.classes[present[0]]}' only` : "no class";
    throw new UndertoneError("learn/single-class", `'${kind}' got ${only}, expected at least 2 classes`);
  }
  const labels = learnt.labels.map((label) => present.indexOf(label));
  const classes = present.length;
  const of = targets.domains && learnt.origins.map((origin) => targets.domains![kept[origin]]);
  const domains = of?.some((domain) => domain !== of[0]) ? of : undefined;
  const alike = domainWeight === "balanced" ? domains : undefined;
  const cells = alike ? groupIndices(Array.from(alike, (domain, i) => `${domain} ${labels[i]}`)) : labels;
  const own = classWeight === "balanced" ? balanced(learnt.weights, cells) : learnt.weights;
  const given = learnt.origins.map((origin) => kept[origin]);
  const weights = alike ? balanced(own, alike, meanWeights(targets.weights, given, alike)) : own;
  return { part: { ...learnt, labels, classes, domains, weights }, present };
}

/** Returns the mean of the given weights over each part, by the part's index. */
function meanWeights(weights: Float32Array | undefined, rows: Int32Array, part: Int32Array): number[] {
  const [sums, counts]: [number[], number[]] = [[], []];
  part.forEach((own, i) => {
    sums[own] = (sums[own] ?? 0) + (weights?.[rows[i]] ?? 1);
    counts[own] = (counts[own] ?? 0) + 1;
  });
  return sums.map((sum, own) => sum / counts[own]);
}

/** Returns the weights by which parts count alike, such as classes, or by `shares`; `part` is the part of each row, by index. */
function balanced(weights: Float64Array, part: Int32Array, shares: readonly number[] = []): Float64Array {
  const totals: number[] = [];
  part.forEach((own, i) => {
    totals[own] = (totals[own] ?? 0) + weights[i];
  });
  const share = (own: number): number => shares[own] ?? 1;
  let [sum, wanted] = [0, 0];
  totals.forEach((total, own) => {
    sum += total;
    if (total > 0) wanted += share(own);
  });
  return weights.map((weight, i) => (weight * sum * share(part[i])) / (wanted * totals[part[i]]));
}

/** Returns the values of the rows that have them. */
function valuePart(
  kind: string,
  targets: ValueTargets,
  { table: { ids }, kept }: { table: FeatureTable; kept: readonly number[] },
): ValuePart {
  const { names, values, weights } = targets;
  const outputs = names.length;
  const beside = "labels" in targets;
  const valued = [...kept.keys()].filter(
    (row) => !beside || names.some((_, k) => !Number.isNaN(values.data[kept[row] * outputs + k])),
  );
  const own = Float64Array.from({ length: valued.length * outputs }, (_, at) => {
    const [row, column] = [kept[valued[Math.floor(at / outputs)]], at % outputs];
    const value = values.data[row * outputs + column];
    if (Number.isFinite(value)) return value;
    throw new UndertoneError(
      "learn/not-finite",
      `'${kind}' got ${value} as ${names[column]} of '${ids[row]}', expected finite numbers`,
    );
  });
  return {
    origins: Int32Array.from(valued),
    targets: own,
    outputs,
    weights: Float64Array.from(valued, (row) => weights?.[kept[row]] ?? 1),
  };
}

/** A core of one head: its matrix of prepared rows. */
export interface Core {
  /** Returns rows × classes scores, each row non-negative with sum 1; or rows × outputs values. */
  apply(x: Matrix): Matrix | Promise<Matrix>;
  /** Adds the core's nodes to a graph; returns the name of the matrix. */
  emit(graph: GraphBuilder, input: string): string;
  /** As `ModelCore.decisions`. */
  decisions?: (x: Matrix) => Matrix;
}

/** What a core of classes is fitted on. */
export interface ClassRows<Params> {
  /** Prepared features. */
  readonly x: Matrix;
  /** The columns' names. */
  readonly names: readonly string[];
  /** Class of each row, 0..classes − 1. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Which utterance a row is of, where one that several classes were heard in is a row for each of them. */
  readonly origins?: Int32Array | undefined;
  /** Positive weight of each row, class weights included. */
  readonly weights: Float64Array;
  /** Group of each row, when groups were given. */
  readonly groups?: Int32Array | undefined;
  /** Domain of each row, where there are several. */
  readonly domains?: Int32Array | undefined;
  readonly params: Params;
  readonly context: FitContext;
}

/** Returns the list entry of an estimator that learns classes and nothing else. */
export function defineClassifier<const Specs extends ParameterSpecs>({
  fitCore,
  ...declared
}: Declared<Specs> & {
  fitCore(rows: ClassRows<ParameterValues<Specs>>): Promise<Core>;
}): EstimatorFactory {
  return defineEstimator<Specs>({
    ...declared,
    learns: ["classes"],
    async fitCore({ x, groups: speakers, classes: part, values: _, ...rows }) {
      const { origins, ...about } = part!;
      const copied = origins.length > x.rows;
      // Copies of a row stay in one fold.
      const groups = speakers ? origins.map((origin) => speakers[origin]) : copied ? origins : undefined;
      const core = await fitCore({
        ...rows,
        ...about,
        x: copied ? takeRows(x, origins) : x,
        groups,
        origins: copied ? origins : undefined,
      });
      return {
        apply: async (given) => ({ scores: await core.apply(given) }),
        emit: (graph, input) => ({ scores: core.emit(graph, input) }),
        decisions: core.decisions,
      };
    },
  });
}

/** What a core of values is fitted on. */
export interface ValueRows<Params> extends Omit<ValuePart, "origins"> {
  /** Prepared features, one row an utterance. */
  readonly x: Matrix;
  readonly params: Params;
  readonly context: FitContext;
}

/** Returns the list entry of an estimator that learns values and nothing else. */
export function defineRegressor<const Specs extends ParameterSpecs>({
  fitCore,
  ...declared
}: Declared<Specs> & {
  fitCore(rows: ValueRows<ParameterValues<Specs>>): Promise<Core>;
}): EstimatorFactory {
  return defineEstimator<Specs>({
    ...declared,
    learns: ["values"],
    async fitCore({ x, values, params, context }) {
      const core = await fitCore({ x, ...values!, params, context });
      return {
        apply: async (given) => ({ dimensions: await core.apply(given) }),
        emit: (graph, input) => ({ dimensions: core.emit(graph, input) }),
      };
    },
  });
}
