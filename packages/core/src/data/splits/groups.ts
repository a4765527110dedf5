/** Puts groups (speakers, sentences) into folds of like size and like mix of classes. */
import { UndertoneError } from "../../errors.js";
import { random } from "../../math/random.js";
import type { Split } from "../split.js";
import type { Dataset, Utterance } from "../utterance.js";

/** What decides the group of an utterance. */
export type GroupKey = "speaker" | "sentence";

/**
 * Returns the value of `key` of an utterance.
 * @throws UndertoneError `split/invalid` when an utterance has no sentence.
 */
export function groupOf(utterance: Utterance, key: GroupKey): string {
  if (key === "speaker") return utterance.speaker;
  const { sentence } = utterance.attributes;
  if (sentence !== undefined) return sentence;
  throw new UndertoneError(
    "split/invalid",
    `Cannot split by sentence: '${utterance.id}' has no sentence, expected one for each utterance`,
  );
}

/** Returns the distinct groups in sorted order. */
export function groupsOf(dataset: Dataset, key: GroupKey): string[] {
  return [...new Set(dataset.utterances.map((utterance) => groupOf(utterance, key)))].sort();
}

/**
 * Checks a number of folds.
 * @throws UndertoneError `split/too-few-speakers` for speakers, `split/invalid` for others.
 */
export function checkFoldCount(
  folds: number,
  available: number,
  what: "speaker" | "sentence" | "utterance",
): void {
  if (Number.isInteger(folds) && folds >= 2 && folds <= available) return;
  const tooFew = Number.isInteger(folds) && folds >= 2;
  throw new UndertoneError(
    what === "speaker" && (tooFew || available < 2) ? "split/too-few-speakers" : "split/invalid",
    available < 2
      ? `Cannot make folds of unseen ${what}s: got ${available} ${what}, expected at least 2${what === "speaker" ? " (--speaker-from says where the speakers stand)" : ""}`
      : `Cannot make ${folds} folds of ${available} ${what}s, expected a whole number from 2 to ${available}`,
  );
}

/**
 * Returns the groups of each fold, sorted by name. Folds are balanced by the number of utterances of each class, and by sex where it is
 * known: groups in order of falling deviation of their class counts (then of size, then as the seed says) each go to the fold where
 * the counts then deviate least between folds, as scikit-learn's StratifiedGroupKFold does, whose columns are the classes alone.
 * No fold is empty.
 */
export function balancedGroups(dataset: Dataset, key: GroupKey, folds: number, seed: number): string[][] {
  const names = random(seed).fork(`folds by ${key}`).shuffle(groupsOf(dataset, key));
  const { dense, order } = classCounts(dataset, key, { names, withSex: true });
  order.sort((a, b) => deviation(dense[b]) - deviation(dense[a]) || sum(dense[b]) - sum(dense[a]) || a - b);
  return dealGroups(dense, order, { folds, fillEach: true, near: 1e-12 }).map((own) =>
    own.map((i) => names[i]).sort(),
  );
}

/** Returns each group's counts of classes (and sexes), and the groups in order of falling deviation of their counts. */
export function classCounts(
  dataset: Dataset,
  key: GroupKey,
  { names, withSex }: { names: readonly string[]; withSex: boolean },
): { dense: Float64Array[]; order: number[] } {
  const columnOf = new Map<string, number>();
  const column = (name: string): number => {
    const known = columnOf.get(name);
    if (known !== undefined) return known;
    columnOf.set(name, columnOf.size);
    return columnOf.size - 1;
  };
  const sparse = new Map(names.map((name) => [name, new Map<number, number>()]));
  for (const utterance of dataset.utterances) {
    const counts = sparse.get(groupOf(utterance, key))!;
    const { sex } = utterance.attributes;
    const columns = [
      column(`class ${utterance.label ?? ""}`),
      ...(sex === undefined || !withSex ? [] : [column(`sex ${sex}`)]),
    ];
    for (const c of columns) counts.set(c, (counts.get(c) ?? 0) + 1);
  }
  const dense = names.map((name) =>
    Float64Array.from({ length: columnOf.size }, (_, c) => sparse.get(name)!.get(c) ?? 0),
  );
  const order = names.map((_, i) => i).sort((a, b) => deviation(dense[b]) - deviation(dense[a]));
  return { dense, order };
}

/**
 * Returns the groups of each fold: one after the other goes to the fold where the columns' shares then deviate least between folds, the
 * smaller fold where that is as near as `near`. `fillEach` leaves no fold empty.
 */
export function dealGroups(
  dense: readonly Float64Array[],
  order: readonly number[],
  { folds, fillEach, near }: { folds: number; fillEach: boolean; near: number },
): number[][] {
  const width = dense[0].length;
  const totals = Float64Array.from({ length: width }, (_, c) =>
    dense.reduce((total, counts) => total + counts[c], 0),
  );
  const inFold = Array.from({ length: folds }, () => new Float64Array(width));
  const result: number[][] = Array.from({ length: folds }, () => []);
  order.forEach((group, done) => {
    const empty = result.filter((fold) => fold.length === 0).length;
    const mustFill = fillEach && order.length - done <= empty;
    let best = -1;
    let [least, size] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let f = 0; f < folds; f++) {
      if (mustFill && result[f].length > 0) continue;
      const score = spread(inFold, f, dense[group], totals);
      const own = sum(inFold[f]);
      const margin = Math.max(near * Math.abs(least), 1e-12);
      if (best < 0 || score < least - margin || (score < least + margin && own < size)) {
        [best, least, size] = [f, score, own];
      }
    }
    dense[group].forEach((count, c) => {
      inFold[best][c] += count;
    });
    result[best].push(group);
  });
  return result;
}

/** Returns the splits that test on the utterances of each fold's groups and train on all others. */
export function splitsByGroup(
  dataset: Dataset,
  key: GroupKey,
  folds: readonly (readonly string[])[],
  names: readonly string[],
): Split[] {
  return folds.map((groups, f) => {
    const test = new Set(groups);
    const parts = { train: [] as string[], test: [] as string[] };
    for (const utterance of dataset.utterances)
      parts[test.has(groupOf(utterance, key)) ? "test" : "train"].push(utterance.id);
    return { name: names[f], train: parts.train, dev: [], test: parts.test };
  });
}

/** Returns `fold-1`, `fold-2`, …. */
export function foldNames(count: number): string[] {
  return Array.from({ length: count }, (_, f) => `fold-${f + 1}`);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function deviation(values: ArrayLike<number>): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length;
  let square = 0;
  for (let i = 0; i < values.length; i++) square += (values[i] - mean) ** 2 / values.length;
  return Math.sqrt(square);
}

/** Returns the mean over columns of the deviation between folds of each column's share, had fold `f` the group as well. */
function spread(
  inFold: readonly Float64Array[],
  f: number,
  group: Float64Array,
  totals: Float64Array,
): number {
  let total = 0;
  for (let c = 0; c < totals.length; c++) {
    total +=
      deviation(inFold.map((counts, i) => (counts[c] + (i === f ? group[c] : 0)) / totals[c])) /
      totals.length;
  }
  return total;
}
