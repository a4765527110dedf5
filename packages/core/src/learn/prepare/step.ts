/** What a step of preparation is: something fitted on the training rows that stands before an estimator. */
import type { Matrix } from "../../math/matrix.js";
import type { FitContext } from "../estimator.js";
import type { ParameterSpecs, ParameterValues } from "../parameters.js";
import type { Transformer } from "../transformer.js";

/** The training rows on their way to the estimator. NaN is a missing value; nothing is infinite. */
export interface TrainingRows {
  readonly x: Matrix;
  /** The columns' names. */
  readonly names: readonly string[];
  /** Class of each row, 0..classes − 1, −1 for none beside values; rows of values alone are all of one. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Rows × names, such as arousal and valence, where the rows have values. */
  readonly values?: Matrix | undefined;
  /** Rows × classes votes of raters, when they were given. */
  readonly votes?: Matrix | undefined;
  /** Positive weight of each row, 1 when absent. */
  readonly weights?: Float32Array | undefined;
  /** Group of each row (its speaker), when groups were given. */
  readonly groups?: Int32Array | undefined;
  /** Domain of each row (its corpus), when there are several. */
  readonly domains?: Int32Array | undefined;
}

/** A fitted step of columns. */
export interface FittedColumns {
  readonly transformer: Transformer;
  /** Names of the columns that come out. */
  readonly names: readonly string[];
}

interface StepFacts<Specs extends ParameterSpecs> {
  /** Such as `robust-scale`. */
  readonly kind: string;
  /** One sentence for lists and help. */
  readonly summary: string;
  readonly parameters: Specs;
  /** What it learns from beside the features; absent where that is nothing, and it stands before models of either sort. */
  readonly learnsFrom?: "classes" | "values";
  /** Whether rows may have missing values (NaN) before this step. */
  readonly takesMissing: boolean;
  /** Whether rows moved by some offset do not come out moved by one: what is known of a speaker could not be taken off before it. */
  readonly bends?: boolean;
}

/** A step from columns to columns: it becomes part of the model and of its graph. */
export interface ColumnStep<Specs extends ParameterSpecs = ParameterSpecs> extends StepFacts<Specs> {
  readonly changes: "columns";
  fit(
    rows: TrainingRows,
    params: ParameterValues<Specs>,
    context: FitContext,
  ): FittedColumns | Promise<FittedColumns>;
}

/** A step from training rows to training rows: nothing of it is left when the model predicts. */
export interface RowStep<Specs extends ParameterSpecs = ParameterSpecs> extends StepFacts<Specs> {
  readonly changes: "rows";
  change(rows: TrainingRows, params: ParameterValues<Specs>, context: FitContext): TrainingRows;
}

/** A step of either sort, as the list holds it. */
export type AnyStep = ColumnStep | RowStep;

/** Returns the declaration as the list holds it. */
export function columnStep<const Specs extends ParameterSpecs>(
  step: Omit<ColumnStep<Specs>, "changes">,
): AnyStep {
  return { ...step, changes: "columns" } as unknown as ColumnStep;
}

/** Returns the declaration as the list holds it. */
export function rowStep<const Specs extends ParameterSpecs>(step: Omit<RowStep<Specs>, "changes">): AnyStep {
  return { ...step, changes: "rows" } as unknown as RowStep;
}
