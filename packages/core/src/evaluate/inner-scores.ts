/** Scores of training utterances by models that did not hear their speakers. */

import type { Utterance } from "../data/utterance.js";
import { stopIfAborted } from "../errors.js";
import type { FitContext, Model } from "../learn/estimator.js";
import { groupIndices } from "../learn/group-indices.js";
import { innerFolds } from "../learn/inner-folds.js";
import { type Matrix, row } from "../math/matrix.js";
import type { CalibrationRows } from "./calibration/calibrator.js";

/** An utterance of the training part and the index of its class. */
export interface InnerRow {
  readonly utterance: Pick<Utterance, "speaker" | "attributes">;
  readonly label: number;
}

/**
 * Returns the scores of the rows, in the order of `classes`: their speakers are dealt into five folds, and each fold is scored by a model
 * fitted on the others. Rows of several corpora are held out by corpus: how far to believe a model elsewhere only another corpus tells. What
 * is fitted on these scores has seen nothing but the training part.
 * @throws UndertoneError as `fit`.
 */
export async function innerScores<Row extends InnerRow>(
  rows: readonly Row[],
  how: {
    readonly classes: readonly string[];
    fit(rows: readonly Row[], context: FitContext): Promise<Model>;
    /** The scores of `rows` by a model that was fitted on `known`. */
    scoreRows(model: Model, rows: readonly Row[], known: readonly Row[]): Promise<Matrix>;
    readonly context: FitContext;
  },
): Promise<CalibrationRows> {
  const { classes, fit, scoreRows, context } = how;
  const truth = Int32Array.from(rows, ({ label }) => label);
  const folds =
    domainsOf(rows) ??
    innerFolds({
      labels: truth,
      groups: groupIndices(rows.map(({ utterance }) => utterance.speaker)),
      count: 5,
      random: context.random.fork("inner-folds"),
    });
  const scores = new Float64Array(rows.length * classes.length);
  for (const fold of new Set(folds)) {
    stopIfAborted(context.signal);
    const random = context.random.fork(`inner-${fold}`);
    const known = rows.filter((_, i) => folds[i] !== fold);
    const model = await fit(known, { ...context, random });
    const held = [...rows.keys()].filter((i) => folds[i] === fold);
    const found = await scoreRows(
      model,
      held.map((i) => rows[i]!),
      known,
    );
    held.forEach((i, at) => {
      scores.set(orderedScores(model, row(found, at), classes), i * classes.length);
    });
  }
  return { classCount: classes.length, truth, scores };
}

/** Returns the corpus of each row by index; undefined unless every row has one and there are several. */
export function domainsOf(
  rows: readonly { readonly utterance: Pick<Utterance, "attributes"> }[],
): Int32Array | undefined {
  const corpora = rows.map(({ utterance }) => utterance.attributes.corpus);
  return corpora.every((name) => name !== undefined) && new Set(corpora).size > 1
    ? groupIndices(corpora)
    : undefined;
}

/** Returns a row of a model's scores in the order of `classes`; a class that the model does not know scores 0. */
export function orderedScores(
  { heads }: Pick<Model, "heads">,
  values: ArrayLike<number>,
  classes: readonly string[],
): number[] {
  return classes.map((name) => {
    const column = heads.scores!.classes.indexOf(name);
    return column < 0 ? 0 : values[column];
  });
}
