/** What a model listens to: which features it needs, and which way they move its answers. */
import { type FeatureTable, takeUtterances } from "../data/feature-table.js";
import type { Random } from "../math/random.js";
import { percentiles } from "../math/statistics.js";
import type { ClassFold } from "./class-fold.js";
import type { FeatureEffect, ImportanceResult, ScoredUtterance } from "./evaluation-result.js";
import { linearCoefficients } from "./linear-coefficients.js";
import { uar } from "./metrics/uar.js";
import { scoreTable } from "./score-table.js";

/** A fold's model with what it said of its test part. */
export interface TestedFold {
  readonly fold: Pick<ClassFold, "test" | "scoreViews">;
  readonly predictions: readonly ScoredUtterance[];
}

/** Times that each family is shuffled. */
const defaultRepeats = 5;
/** More features than this have no effects of their own: the list would say little and take long. */
const mostFeatures = 1000;
/** Test utterances of each fold that effects are averaged over. */
const effectRows = 40;
/** Effects that are kept for each class, of the largest. */
const effectsKept = 5;

/** Returns the family of a feature by its name: what stands before `:`, or before `.` or `_` without its number; `mel12.std` is `mel`. */
export function featureFamily(name: string): string {
  const [stem] = name.split(/[:._]/);
  if (name[stem!.length] === ":") return stem!;
  const bare = stem!.replace(/\d+(-\d+)?$/, "");
  return bare.length > 1 ? bare : stem!;
}

/**
 * Returns the permutation importance of each family of features (Breiman 2001; grouped as in Gregorutti, Michel and Saint-Pierre 2015): how
 * much UAR is lost on unseen speakers when the family's columns are shuffled together among a fold's test utterances; and of single features
 * the effect on each class: the mean change of its score when the feature goes from its 10th to its 90th percentile, all else being as it is
 * (the ends of its partial dependence, Friedman 2001). Families that say the same as others have little importance each, though together they
 * may carry the model. Of linear models also the standardized coefficients.
 */
export async function featureImportance(
  tested: readonly TestedFold[],
  about: {
    readonly classes: readonly string[];
    readonly random: Random;
    readonly repeats?: number;
    readonly onProgress?: (done: number, total: number) => void;
  },
): Promise<ImportanceResult> {
  const { classes, random, repeats = defaultRepeats, onProgress } = about;
  const { names } = tested[0].fold.test[0];
  const families = new Map<string, number[]>();
  names.forEach((name, j) => {
    const family = featureFamily(name);
    const columns = families.get(family);
    if (columns) columns.push(j);
    else families.set(family, [j]);
  });
  const measure = (predictions: readonly ScoredUtterance[]): number =>
    uar.value(scoreTable(predictions, classes))!;
  const base = measure(tested.flatMap(({ predictions }) => predictions));
  const singles = names.length <= mostFeatures;
  const total = families.size * repeats + (singles ? names.length : 0);
  let done = 0;
  const found: ImportanceResult["families"][number][] = [];
  for (const [family, columns] of families) {
    const losses: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const after: ScoredUtterance[] = [];
      for (const [f, { fold, predictions }] of tested.entries()) {
        const order = random
          .fork(`${family}-${repeat}-${f}`)
          .shuffle(Uint32Array.from(predictions, (_, i) => i));
        const scores = await fold.scoreViews(fold.test.map((view) => shuffled(view, columns, order)));
        predictions.forEach((one, i) => {
          const own = scores[i];
          after.push({ ...one, scores: own, predicted: classes[own.indexOf(Math.max(...own))] });
        });
      }
      losses.push(base - measure(after));
      onProgress?.(++done, total);
    }
    const loss = losses.reduce((sum, value) => sum + value, 0) / repeats;
    const squares = losses.reduce((sum, value) => sum + (value - loss) ** 2, 0);
    const deviation = repeats > 1 ? Math.sqrt(squares / (repeats - 1)) : 0;
    found.push({ family, features: columns.length, loss, deviation });
  }
  const effects = singles ? await featureEffects(tested, classes, () => onProgress?.(++done, total)) : [];
  const coefficients = await linearCoefficients(
    tested.map(({ fold }) => fold),
    { classes, kept: effectsKept },
  );
  return { repeats, families: found.sort((a, b) => b.loss - a.loss), effects, coefficients };
}

/** Returns the table with the columns of row i taken from row order[i]. */
function shuffled(table: FeatureTable, columns: readonly number[], order: ArrayLike<number>): FeatureTable {
  const { data, cols } = table.frames;
  const changed = data.slice();
  for (let i = 0; i < order.length; i++)
    for (const j of columns) changed[i * cols + j] = data[order[i] * cols + j];
  return { ...table, frames: { ...table.frames, data: changed } };
}

async function featureEffects(
  tested: readonly TestedFold[],
  classes: readonly string[],
  onFeature: () => void,
): Promise<FeatureEffect[]> {
  const { names } = tested[0].fold.test[0];
  const effects: FeatureEffect[] = [];
  const views = tested.map(({ fold }) => fold.test.map((view) => someRows(view, effectRows)));
  const rows = views.reduce((sum, [view]) => sum + view!.ids.length, 0);
  for (const [j, feature] of names.entries()) {
    const moved = new Float64Array(classes.length);
    for (const [f, { fold }] of tested.entries()) {
      const [low, high] = await Promise.all(
        [10, 90].map((percent) =>
          fold.scoreViews(views[f].map((view, v) => pinned(view, j, percentile(fold.test[v], j, percent)))),
        ),
      );
      low!.forEach((before, i) => {
        before.forEach((score, k) => {
          moved[k] += (high![i][k] - score) / rows;
        });
      });
    }
    classes.forEach((name, k) => {
      effects.push({ class: name, feature, effect: moved[k] });
    });
    onFeature();
  }
  return classes.flatMap((name) =>
    effects
      .filter((one) => one.class === name)
      .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
      .slice(0, effectsKept),
  );
}

function percentile({ frames }: FeatureTable, column: number, percent: number): number {
  return percentiles(
    Float64Array.from({ length: frames.rows }, (_, i) => frames.data[i * frames.cols + column]),
    [percent],
  )[0];
}

/** Returns up to `count` rows of a table of one row an utterance, evenly spread. */
function someRows(table: FeatureTable, count: number): FeatureTable {
  const { rows } = table.frames;
  const kept = Array.from({ length: Math.min(rows, count) }, (_, i) =>
    Math.floor((i * rows) / Math.min(rows, count)),
  );
  return takeUtterances(table, kept);
}

/** Returns the table with one column set to one value. */
function pinned(table: FeatureTable, column: number, value: number): FeatureTable {
  const { data, rows, cols } = table.frames;
  const changed = data.slice();
  for (let i = 0; i < rows; i++) changed[i * cols + column] = value;
  return { ...table, frames: { ...table.frames, data: changed } };
}
