/** From utterances to targets: what each teaches of what is learnt. */
import { type FeatureTable, takeUtterances } from "../data/feature-table.js";
import { type LabelMap, mapLabel } from "../data/label-map.js";
import type { DimensionName, Utterance } from "../data/utterance.js";
import { UndertoneError } from "../errors.js";
import type { Estimator, Targets } from "../learn/estimator.js";
import { groupIndices } from "../learn/group-indices.js";
import { matrixFromRows } from "../math/matrix.js";
import { ratedVotes } from "./rated-distribution.js";

/** What may be learnt of a dataset; an estimator takes what it learns. */
export interface Teaching {
  /** The classes of the corpus's words, where classes are learnt. */
  readonly labelMap?: LabelMap | undefined;
  /** The values that are learnt, where any are. */
  readonly values?: readonly DimensionName[] | undefined;
}

/** What an estimator learns: one of the two at least. */
export interface Taught {
  readonly labelMap?: LabelMap;
  readonly names?: readonly DimensionName[];
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
export function taughtTo({ kind, learns }: Pick<Estimator, "kind" | "learns">, given: Teaching): Taught {
  const { labelMap, values } = given;
  if ((learns !== "values" && !labelMap) || (learns !== "classes" && !values?.length))
    throw new TypeError(`'${kind}' learns ${learns}, got ${labelMap ? "classes" : "values"} only`);
  return {
    ...(learns !== "values" && { labelMap: labelMap! }),
    ...(learns !== "classes" && { names: values! }),
  };
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
export function taughtRows(utterances: readonly Utterance[], { labelMap, names }: Taught): TaughtRow[] {
  const index = new Map(labelMap?.classes.map((name, k) => [name, k]));
  return utterances.flatMap((utterance) => {
    const name = labelMap && utterance.label !== undefined ? mapLabel(labelMap, utterance.label) : null;
    const label = name === null ? -1 : index.get(name)!;
    const values = names && valuesOf(utterance, names);
    return label >= 0 || values ? [{ utterance, label, values }] : [];
  });
}

/** Returns the targets of the rows, in their order; speakers are the groups. */
export function targetsOf(rows: readonly TaughtRow[], { labelMap, names }: Taught): Targets {
  const groups = groupIndices(rows.map(({ utterance }) => utterance.speaker));
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
  return { ...classes, ...values, groups } as Targets;
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
