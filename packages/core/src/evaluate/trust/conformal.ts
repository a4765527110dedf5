/** Conformal prediction: sets of classes that hold the true one as often as promised, whatever the model is like. */

/** What makes sets of calibrated scores: every class that scores at least `threshold`, and always the likeliest. */
export interface Conformal {
  /** Part of new utterances whose set is to hold their class, such as 0.9. */
  readonly level: number;
  /** 0..1. */
  readonly threshold: number;
}

/** An utterance of a speaker whom the model had not heard: its scores and its true class. */
export interface ConformalRow {
  readonly scores: readonly number[];
  readonly truth: number;
  readonly speaker: string;
}

/**
 * Returns the threshold of least ambiguous sets (LAC; Sadinle, Lei and Wasserman 2019): the score of the true class that all but 1 − level
 * of the rows reach, with the correction (n + 1) / n of split conformal prediction (Vovk 2005). Every speaker weighs the same, however many
 * utterances there are of each. Rows that come from cross-validation make it cross-conformal (Vovk 2015): the promise then rests on models
 * of all folds being alike, and on new speakers being like those of the rows; measure it, as `conformalCoverage` does.
 * @throws RangeError for a level that is not between 0 and 1, or without rows.
 */
export function fitConformal(rows: readonly ConformalRow[], level: number): Conformal {
  if (!(level > 0 && level < 1))
    throw new RangeError(`fitConformal: got level ${level}, expected between 0 and 1`);
  if (rows.length === 0) throw new RangeError("fitConformal: got no rows");
  const counts = new Map<string, number>();
  for (const { speaker } of rows) counts.set(speaker, (counts.get(speaker) ?? 0) + 1);
  const own = rows
    .map(({ scores, truth, speaker }) => ({ score: scores[truth], weight: 1 / counts.get(speaker)! }))
    .sort((a, b) => b.score - a.score);
  const needed = Math.min(1, (level * (rows.length + 1)) / rows.length) * counts.size;
  let reached = 0;
  for (const { score, weight } of own) {
    reached += weight;
    if (reached >= needed - 1e-9) return { level, threshold: score };
  }
  return { level, threshold: 0 };
}

/** Returns the indices of the classes in the set, the likeliest first; never empty. */
export function predictionSet(scores: readonly number[], { threshold }: Conformal): number[] {
  const order = scores.map((_, k) => k).sort((a, b) => scores[b] - scores[a]);
  return order.filter((k, place) => place === 0 || scores[k] >= threshold);
}

/** What sets of a level did on speakers who did not help to fit them. */
export interface ConformalResult {
  readonly level: number;
  /** Part of the utterances whose set holds their class. */
  readonly coverage: number;
  /** The same of the speaker for whom it is worst. */
  readonly worstSpeaker: number;
  /** Mean number of classes in a set. */
  readonly meanSize: number;
  /** Part of the sets that have one class only. */
  readonly single: number;
}

/** Returns how often the sets hold the truth, each fold's threshold being what `fitFor` finds without the fold; default: on the other folds. */
export function conformalCoverage(
  rows: readonly (ConformalRow & { readonly fold: string })[],
  level: number,
  fitFor: (fold: string) => Conformal = (fold) =>
    fitConformal(
      rows.filter((row) => row.fold !== fold),
      level,
    ),
): ConformalResult {
  const held = new Map<string, { right: number; all: number }>();
  let right = 0;
  let size = 0;
  let single = 0;
  for (const fold of new Set(rows.map((row) => row.fold))) {
    const conformal = fitFor(fold);
    for (const { scores, truth, speaker, fold: own } of rows) {
      if (own !== fold) continue;
      const set = predictionSet(scores, conformal);
      const hit = set.includes(truth) ? 1 : 0;
      const of = held.get(speaker) ?? { right: 0, all: 0 };
      held.set(speaker, { right: of.right + hit, all: of.all + 1 });
      right += hit;
      size += set.length;
      if (set.length === 1) single++;
    }
  }
  return {
    level,
    coverage: right / rows.length,
    worstSpeaker: Math.min(...[...held.values()].map((of) => of.right / of.all)),
    meanSize: size / rows.length,
    single: single / rows.length,
  };
}
