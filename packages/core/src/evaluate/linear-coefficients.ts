/** The standardized coefficients of models that are linear in their features, read off what they answer. */
import { type FeatureTable, functionalsTable } from "../data/feature-table.js";
import { type Matrix, matrix, row } from "../math/matrix.js";
import { mean, standardDeviation } from "../math/statistics.js";
import type { ClassFold } from "./class-fold.js";
import type { FeatureCoefficient } from "./evaluation-result.js";

/** Rows that are asked about at a time. */
const batch = 256;
/** How far, of the largest coefficient, an answer may be from the line; scores are float32. */
const tolerance = 0.02;

type Fold = Pick<ClassFold, "test" | "scoreViews">;

/**
 * Returns the coefficients of each class, the largest `kept` first: what one standard deviation of a feature (over the test utterances) adds to the
 * class's logit, less what it adds on average, so that it does not matter which class is the reference. Empty where some fold's
 * logits are not linear: a step of a deviation up and one down must undo each other, and two steps must add up.
 */
export async function linearCoefficients(
  folds: readonly Fold[],
  { classes, kept }: { classes: readonly string[]; kept: number },
): Promise<FeatureCoefficient[]> {
  const found: Matrix[] = [];
  for (const fold of folds) {
    const own = await coefficientsOf(fold, classes.length);
    if (!own) return [];
    found.push(own);
  }
  const { names } = folds[0].test[0];
  return classes.flatMap((name, k) =>
    names
      .map((feature, j): FeatureCoefficient => {
        const values = found.map(({ data, cols }) => data[j * cols + k]);
        return { class: name, feature, coefficient: mean(values), deviation: standardDeviation(values) };
      })
      .sort((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient))
      .slice(0, kept),
  );
}

/** Returns features × classes, or undefined for a model that is not linear. */
async function coefficientsOf(fold: Fold, classCount: number): Promise<Matrix | undefined> {
  const [table] = fold.test as [FeatureTable];
  const { cols, rows, data } = table.frames;
  const centre = new Float32Array(cols);
  const spread = new Float32Array(cols);
  for (let j = 0; j < cols; j++) {
    const values = Float64Array.from({ length: rows }, (_, i) => data[i * cols + j]);
    centre[j] = mean(values);
    spread[j] = standardDeviation(values);
  }
  const step = (features: readonly number[], deviations: number): Float32Array => {
    const moved = centre.slice();
    for (const j of features) moved[j] += deviations * spread[j];
    return moved;
  };
  const all = Array.from({ length: cols }, (_, j) => j);
  const [middle, ...answers] = await logits(fold, table, [
    centre,
    ...all.map((j) => step([j], 1)),
    ...all.map((j) => step([j], -1)),
    // A feature and its neighbour, so that what two do together is seen.
    ...all.map((j) => step([j, (j + 1) % cols], 1)),
  ]);
  if (!middle) return undefined;
  const change = (at: number, k: number): number => answers[at][k] - middle[k];
  const result = matrix(cols, classCount);
  for (const j of all) for (let k = 0; k < classCount; k++) result.data[j * classCount + k] = change(j, k);
  const most = result.data.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  for (const j of all) {
    for (let k = 0; k < classCount; k++) {
      const up = change(j, k);
      const both = cols > 1 ? up + change((j + 1) % cols, k) : up;
      const off = Math.max(
        Math.abs(up + change(cols + j, k)),
        cols > 1 ? Math.abs(change(2 * cols + j, k) - both) : 0,
      );
      if (!(off <= tolerance * most)) return undefined;
    }
  }
  return most > 0 ? result : undefined;
}

/** Returns log scores of the rows, less their mean over the classes; none where a score is 0. */
async function logits(
  fold: Fold,
  { names }: FeatureTable,
  rows: readonly Float32Array[],
): Promise<number[][]> {
  const found: number[][] = [];
  for (let from = 0; from < rows.length; from += batch) {
    const part = rows.slice(from, from + batch);
    const frames = matrix(part.length, names.length);
    part.forEach((values, i) => {
      row(frames, i).set(values);
    });
    const ids = part.map((_, i) => `probe ${from + i}`);
    const scores = await fold.scoreViews([functionalsTable(ids, names, frames)]);
    for (const own of scores) {
      const logs = own.map(Math.log);
      if (!logs.every(Number.isFinite)) return [];
      const centre = mean(logs);
      found.push(logs.map((value) => value - centre));
    }
  }
  return found;
}
