/** The values of sklearn-cluster-*.json and how groupings are compared. */
import { readFileSync } from "node:fs";

interface ClusterGolden {
  readonly k: number;
  readonly pca: Readonly<{
    variance: number[];
    ratio: number[];
    components: number[][];
    coordinates: number[][];
    white: number[][];
  }>;
  readonly kMeans: Readonly<{
    fromRows: { inertia: number; labels: number[] };
    inertias: number[];
    singleInertias: number[];
    miniBatchInertias: number[];
  }>;
  readonly dbscan: Readonly<{ radius: number; labels: number[]; core: number }>;
  readonly hdbscan: Readonly<{ labels: number[]; probabilities: number[] }>;
  readonly linkage: Readonly<Record<string, { heights: number[]; labels: number[] }>>;
  readonly lof: number[];
  readonly validity: Readonly<{ silhouette: number; daviesBouldin: number; ari: number; nmi: number }>;
  readonly isolationForest: number[][];
  readonly mixtures?: readonly Readonly<{
    covariance: string;
    means: number[][];
    weights: number[];
    score: number;
    bic: number;
    aic: number;
    seeds: number[];
  }>[];
  readonly tsne?: Readonly<{
    perplexity: number;
    runs: { reported: number; kl: number; trustworthiness: number }[];
    pcaTrustworthiness: number;
  }>;
}

/** Returns the golden values of a data set. */
export function clusterGolden(name: string): ClusterGolden {
  return JSON.parse(readFileSync(new URL(`sklearn-cluster-${name}.json`, import.meta.url), "utf8"));
}

/** What umap-learn's maps of digits keep, one figure a seed. */
interface UmapGolden {
  /** Nearest rows that are compared, the row itself counted. */
  readonly neighbours: number;
  readonly trustworthiness: readonly number[];
  readonly preserved: readonly number[];
}

/** Returns the golden values of umap-learn. */
export function umapGolden(): UmapGolden {
  return JSON.parse(readFileSync(new URL("umap-digits.json", import.meta.url), "utf8"));
}

/** Returns how many rows are grouped alike when clusters are matched one to one by their first common row; −1 is −1. */
export function sameGrouping(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const there = new Map<number, number>([[-1, -1]]);
  const back = new Map<number, number>([[-1, -1]]);
  let same = 0;
  for (let i = 0; i < first.length; i++) {
    const [a, b] = [first[i], second[i]];
    if (!there.has(a) && !back.has(b)) {
      there.set(a, b);
      back.set(b, a);
    }
    if (there.get(a) === b && back.get(b) === a) same++;
  }
  return same;
}

/** Returns the mean and its standard error. */
export function meanAndError(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}
