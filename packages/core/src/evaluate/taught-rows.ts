/** From utterances to targets: what each teaches of what is learnt. */
import type { Beside } from "../data/beside.js";
import { type FeatureTable, type FeatureView, stackTables, takeUtterances } from "../data/feature-table.js";
import { type LabelMap, mapLabel } from "../data/label-map.js";
import type { DimensionName, Utterance } from "../data/utterance.js";
import { UndertoneError } from "../errors.js";
import type { Estimator, Targets } from "../learn/estimator.js";
import { groupIndices } from "../learn/group-indices.js";
import { matrixFromRows } from "../math/matrix.js";
import type { ScoredUtterance, ValuedUtterance } from "./evaluation-result.js";
import { ratedDistribution, ratedVotes } from "./rated-distribution.js";

/** What is learnt of a dataset. */
export interface Teaching {
  /** The classes of the corpus's words, where classes are learnt. */
  readonly labelMap?: LabelMap | undefined;
  /** The values that are learnt, where any are. */
  readonly values?: readonly DimensionName[] | undefined;
}

/** An utterance that teaches something. */
export interface TaughtRow {
  readonly utterance: Utterance;
  /** Its class by index; −1 where it has none or none is learnt. */
  readonly label: number;
  /** Its values in the order of the names; absent where one is missing or none is learnt. */
  readonly values?: readonly number[] | undefined;
}

/** Returns what an estimator takes of what may be learnt. @throws TypeError where that is missing. */
export function taughtTo(
  { kind, learns }: Pick<Estimator, "kind" | "learns">,
  { labelMap, values }: Teaching,
): Teaching {
  if ((learns !== "values" && !labelMap) || (learns !== "classes" && !values?.length))
    throw new TypeError(`'${kind}' learns ${learns}, got ${labelMap ? "classes" : "values"} only`);
  return { ...(learns !== "values" && { labelMap }), ...(learns !== "classes" && { values }) };
}

/** Returns the values of an utterance, or undefined when one is missing. */
export function valuesOf(
  { dimensions }: Pick<Utterance, "dimensions">,
  names: readonly DimensionName[],
): number[] | undefined {
  const values = names.map((name) => dimensions?.[name]);
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** Returns the utterances that teach something. @throws UndertoneError `label-map/unmapped`. */
export function taughtRows(
  utterances: readonly Utterance[],
  { labelMap, values: names }: Teaching,
): TaughtRow[] {
  const index = new Map(labelMap?.classes.map((name, k) => [name, k]));
  return utterances.flatMap((utterance) => {
    const name = labelMap && utterance.label !== undefined ? mapLabel(labelMap, utterance.label) : null;
    const label = name === null ? -1 : index.get(name)!;
    const values = names && valuesOf(utterance, names);
    return label >= 0 || values ? [{ utterance, label, values }] : [];
  });
}

/** Returns the targets of the rows, in their order; speakers are the groups, and corpora the domains where there are several. */
export function targetsOf(rows: readonly TaughtRow[], { labelMap, values: names }: Teaching): Targets {
  const groups = groupIndices(rows.map(({ utterance }) => utterance.speaker));
  const corpora = groupIndices(rows.map(({ utterance }) => utterance.attributes.corpus ?? ""));
  const domains = corpora.some((corpus) => corpus > 0) ? corpora : undefined;
  const classes = labelMap && {
    classes: labelMap.classes,
    labels: Int32Array.from(rows, ({ label }) => label),
    votes: ratedVotes(
      rows.map(({ utterance }) => utterance),
      labelMap,
    ),
  };
  const values = names && {
    names,
    values: matrixFromRows(rows.map((row) => row.values ?? names.map(() => Number.NaN))),
  };
  return { ...classes, ...values, groups, domains } as Targets;
}

/** Returns rows that have a class with the scores that they got, and with their corpus where they are told apart by it. */
export function scoredUtterances(
  rows: readonly TaughtRow[],
  scores: readonly (readonly number[])[],
  { labelMap, fold, byCorpus = false }: { labelMap: LabelMap; fold: string; byCorpus?: boolean },
): ScoredUtterance[] {
  return rows.map(({ utterance, label }, i) => {
    const own = scores[i];
    const top = own.indexOf(Math.max(...own));
    const rated = ratedDistribution(utterance, labelMap);
    // A row of NaN has no top; `scoreTable` refuses it with the utterance's name.
    return {
      id: utterance.id,
      speaker: utterance.speaker,
      fold,
      truth: labelMap.classes[label],
      predicted: labelMap.classes[Math.max(0, top)],
      scores: own,
      rated,
      ...(byCorpus && { corpus: utterance.attributes.corpus }),
    };
  });
}

/** Returns rows that have every value with the values that they got. */
export function valuedUtterances(
  rows: readonly TaughtRow[],
  predicted: readonly (readonly number[])[],
  fold: string,
): ValuedUtterance[] {
  return rows.map(({ utterance: { id, speaker }, values }, i) => ({
    id,
    speaker,
    fold,
    truth: values!,
    predicted: predicted[i],
  }));
}

/** Returns what takes the rows of utterances from a table. @throws UndertoneError `features/mismatch` when one is missing. */
export function lookUp(table: FeatureTable): (rows: readonly TaughtRow[]) => FeatureTable {
  const rowOf = new Map(table.ids.map((id, i) => [id, i]));
  return (rows) =>
    takeUtterances(
      table,
      rows.map(({ utterance: { id } }) => {
        const row = rowOf.get(id);
        if (row !== undefined) return row;
        throw new UndertoneError(
          "features/mismatch",
          `The feature table has no row for '${id}', expected one for every utterance of the split`,
        );
      }),
    );
}

/** Features and targets as an estimator's `fit` takes them. */
export interface Lesson {
  readonly table: FeatureTable;
  readonly targets: Targets;
}

/**
 * What a row that is learnt beside counts for each of the run's own. Two to eight speakers of RAVDESS or nEMO with one to twelve clips a class, EMO-DB beside
 * them: 0 to 7 points of UAR more for a tenth to a third, less or none where it counts as much as they or more.
 */
const besideWeight = 0.25;

/** Returns what makes the lesson of rows: they in each way that training hears them, and all that is learnt beside. */
export function lessonsOf({
  train,
  beside = [],
}: {
  readonly train: readonly FeatureView[];
  readonly beside?: readonly Beside[] | undefined;
}): (rows: readonly TaughtRow[], what: Teaching) => Lesson {
  const takes = train.map(({ table }) => lookUp(table));
  const others = beside.map(({ dataset: { utterances }, train: views }) => ({
    utterances,
    takes: views.map(({ table }) => lookUp(table)),
  }));
  return (rows, what) => {
    const parts = [
      { rows, takes },
      ...others.map((one) => ({ ...one, rows: taughtRows(one.utterances, what) })),
    ];
    const copies = parts.map((part) => part.takes.flatMap(() => part.rows));
    const weights = copies.flatMap((own, p) => own.map(() => (p === 0 ? 1 : besideWeight)));
    return {
      table: stackTables(parts.flatMap((part) => part.takes.map((take) => take(part.rows)))),
      targets: {
        ...targetsOf(copies.flat(), what),
        ...(parts.length > 1 && { weights: Float32Array.from(weights) }),
      },
    };
  };
}
