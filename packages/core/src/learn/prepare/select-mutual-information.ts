/** Keeps the columns that tell most about the class. */
import type { Random } from "../../math/random.js";
import { mean, standardDeviation } from "../../math/statistics.js";
import { integerFrom } from "../parameters.js";
import { bestColumns, keepColumns } from "./keep-columns.js";
import { ofColumns } from "./present-values.js";
import { columnStep, type TrainingRows } from "./step.js";

/** Returns ψ(n) for a positive integer. */
function digamma(n: number): number {
  let sum = -0.5772156649015329;
  for (let i = 1; i < n; i++) sum += 1 / i;
  return sum;
}

/**
 * Returns the mutual information of each column and the class in nats, from distances to the `neighbours`-th nearest value of the same class
 * (Ross 2014, "Mutual information between discrete and continuous data sets"), as scikit-learn's mutual_info_classif; at least 0. A noise of
 * 1e-10 of a deviation separates equal values.
 */
export function mutualInformation(
  { x, labels, classes }: Pick<TrainingRows, "x" | "labels" | "classes">,
  { neighbours, random }: { neighbours: number; random: Random },
): Float64Array {
  const psi = Float64Array.from({ length: x.rows + 1 }, (_, n) => (n > 0 ? digamma(n) : 0));
  return ofColumns(x, (raw) => {
    const width = standardDeviation(raw) || 1;
    const scaled = raw.map((value) => value / width);
    const noise = 1e-10 * Math.max(1, mean(scaled.map(Math.abs)));
    const values = scaled.map((value) => value + noise * random.normal());
    return Math.max(0, informationOf(values, { labels, classes, neighbours, psi }));
  });
}

function informationOf(
  values: Float64Array,
  about: { labels: Int32Array; classes: number; neighbours: number; psi: Float64Array },
): number {
  const { labels, classes, neighbours, psi } = about;
  const byClass = Array.from({ length: classes }, () => [] as number[]);
  values.forEach((value, i) => {
    byClass[labels[i]].push(value);
  });
  // A class of one row has no neighbour: such rows are left out.
  const groups = byClass.filter((group) => group.length > 1).map((group) => Float64Array.from(group).sort());
  const all = Float64Array.from(groups.flatMap((group) => [...group])).sort();
  let sum = 0;
  for (const group of groups) {
    const k = Math.min(neighbours, group.length - 1);
    for (let at = 0; at < group.length; at++) {
      const radius = kthDistance(group, at, k);
      const near = Math.max(1, countNear(all, group[at], radius));
      sum += psi[k] - psi[group.length] - psi[near];
    }
  }
  return all.length > 0 ? psi[all.length] + sum / all.length : 0;
}

/** Returns the distance from sorted[at] to its k-th nearest other value. */
function kthDistance(sorted: Float64Array, at: number, k: number): number {
  let [low, high] = [at - 1, at + 1];
  let distance = 0;
  for (let found = 0; found < k; found++) {
    const left = low >= 0 ? sorted[at] - sorted[low] : Number.POSITIVE_INFINITY;
    const right = high < sorted.length ? sorted[high] - sorted[at] : Number.POSITIVE_INFINITY;
    distance = Math.min(left, right);
    if (left <= right) low--;
    else high++;
  }
  return distance;
}

/** Returns how many of the sorted values are nearer to `centre` than `radius`. */
function countNear(sorted: Float64Array, centre: number, radius: number): number {
  const first = (above: (value: number) => boolean): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (above(sorted[middle])) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return first((value) => value - centre >= radius) - first((value) => centre - value < radius);
}

/** Keeps the `k` columns of largest mutual information with the class, all where there are fewer. */
export const selectMutualInformation = columnStep({
  kind: "select-mutual-information",
  summary: "Keeps the k columns that tell most about the class (mutual information)",
  parameters: { k: integerFrom(1, 100), neighbours: integerFrom(1, 3) },
  learnsFrom: "classes",
  takesMissing: false,
  fit: (rows, { k, neighbours }, { random }) =>
    keepColumns(
      "select-mutual-information",
      rows,
      bestColumns(mutualInformation(rows, { neighbours, random: random.fork("mutual-information") }), k),
    ),
});
