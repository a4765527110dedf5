/** How much one plain number, such as length or level, tells of the class. */
import { random } from "../../math/random.js";
import { percentiles } from "../../math/statistics.js";

/** What one number tells. */
export interface ClassClue {
  /** Unweighted average recall of guessing the class from the number alone, on groups that were not seen. */
  readonly uar: number;
  /** 95 % interval of it, by bootstrap over groups, or over the values where there is one group. */
  readonly interval: { readonly low: number; readonly high: number };
  /** Whether the groups were several, so that those guessed had not been seen. */
  readonly unseenGroups: boolean;
  /** The recall of guessing blindly: 1 / classes. */
  readonly chance: number;
  /** The part of the number's variance that lies between classes, 0..1 (Pearson's eta squared). */
  readonly etaSquared: number;
  /** Class -> median of the number. */
  readonly medians: Readonly<Record<string, number>>;
}

const bins = 16;
const draws = 400;

/**
 * Returns what `values` tell of `labels`, or null when there are fewer than two classes or no spread. The guess is the class that is most
 * likely in the value's quantile bin (16 bins, each class weighted alike), learnt on all other groups; with one group, on the rest of ten
 * interleaved parts.
 */
export function classClue(
  values: readonly number[],
  labels: readonly string[],
  groups: readonly string[],
): ClassClue | null {
  const classes = [...new Set(labels)].sort();
  if (classes.length < 2 || new Set(values).size < 2) return null;
  const sorted = Float64Array.from(values).sort();
  const edges = Array.from(
    { length: bins - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)],
  );
  const bin = values.map((value) => edges.filter((edge) => value >= edge).length);
  const label = labels.map((name) => classes.indexOf(name));
  const names = [...new Set(groups)];
  const part = names.length > 1 ? groups.map((group) => names.indexOf(group)) : values.map((_, i) => i % 10);
  const parts = Math.max(...part) + 1;

  const counts = new Float64Array(parts * classes.length * bins);
  for (let i = 0; i < values.length; i++) counts[(part[i] * classes.length + label[i]) * bins + bin[i]] += 1;
  const hit = new Uint8Array(values.length);
  for (let held = 0; held < parts; held++) {
    const guess = guesses(counts, { parts, classes: classes.length, held });
    for (let i = 0; i < values.length; i++) {
      if (part[i] !== held) continue;
      hit[i] = guess[bin[i]] === label[i] ? 1 : 0;
    }
  }
  const guessed = { hit, label, classes: classes.length };
  const all = Array.from(values.keys());
  return {
    uar: recallOf(all, guessed),
    interval: recallInterval(
      names.length > 1 ? names.map((_, g) => all.filter((i) => part[i] === g)) : all.map((i) => [i]),
      guessed,
    ),
    unseenGroups: names.length > 1,
    chance: 1 / classes.length,
    etaSquared: etaSquared(values, label, classes.length),
    medians: Object.fromEntries(
      classes.map((name, c) => [name, median(values.filter((_, i) => label[i] === c))]),
    ),
  };
}

interface Guessed {
  /** Whether the guess was right, and the class, of each value. */
  readonly hit: Uint8Array;
  readonly label: readonly number[];
  readonly classes: number;
}

/** Returns the unweighted average recall over values by index, of the classes that occur among them. */
function recallOf(indices: readonly number[], { hit, label, classes }: Guessed): number {
  const hits = new Float64Array(classes);
  const seen = new Float64Array(classes);
  for (const i of indices) {
    seen[label[i]!]! += 1;
    hits[label[i]!]! += hit[i]!;
  }
  const recalls = [...seen.keys()].filter((c) => seen[c]! > 0).map((c) => hits[c]! / seen[c]!);
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

function recallInterval(units: readonly (readonly number[])[], guessed: Guessed): ClassClue["interval"] {
  const chance = random("clue");
  const drawn = Array.from({ length: draws }, () =>
    recallOf(
      units.flatMap(() => units[chance.integer(units.length)]!),
      guessed,
    ),
  );
  const [low, high] = percentiles(drawn, [2.5, 97.5]) as [number, number];
  return { low, high };
}

/** Returns the class to guess in each bin, learnt on all parts but one; classes are weighted alike and smoothed by half a count. */
function guesses(
  counts: Float64Array,
  { parts, classes, held }: { parts: number; classes: number; held: number },
): number[] {
  const likely = Array.from({ length: classes }, (_, c) => {
    const perBin = new Float64Array(bins).fill(0.5);
    for (let p = 0; p < parts; p++) {
      if (p === held) continue;
      for (let b = 0; b < bins; b++) perBin[b] += counts[(p * classes + c) * bins + b];
    }
    const total = perBin.reduce((sum, count) => sum + count, 0);
    return perBin.map((count) => count / total);
  });
  return Array.from({ length: bins }, (_, b) =>
    likely.reduce((best, perBin, c) => (perBin[b] > likely[best][b] ? c : best), 0),
  );
}

function etaSquared(values: readonly number[], label: readonly number[], classes: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let between = 0;
  for (let c = 0; c < classes; c++) {
    const own = values.filter((_, i) => label[i] === c);
    between += own.length * (own.reduce((sum, value) => sum + value, 0) / own.length - mean) ** 2;
  }
  return between / values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
