/** The three interfaces of unsupervised learning: what groups rows, what draws them, what tells the unusual ones. */
import type { Matrix } from "../math/matrix.js";
import type { Random } from "../math/random.js";
import type { Contamination } from "./contamination.js";

/** A grouping of rows. */
export interface Clustering {
  /** Cluster of each row, 0..clusters − 1; −1 for rows that belong to none. */
  readonly labels: Int32Array;
  /** Can be fewer than were asked for, where some would be empty. */
  readonly clusters: number;
}

/** Returns the clusters that have rows, numbered anew in their order. */
export function numberedAnew({ labels, clusters }: Clustering): Clustering {
  const numbers = new Int32Array(clusters).fill(-1);
  for (const label of labels) if (label >= 0) numbers[label] = 0;
  let used = 0;
  for (let k = 0; k < clusters; k++) if (numbers[k] === 0) numbers[k] = used++;
  return { labels: labels.map((label) => (label < 0 ? label : numbers[label])), clusters: used };
}

/** A method that groups rows. */
export interface Clusterer {
  /** Short id in kebab-case, such as `k-means`. */
  readonly kind: string;
  /** Whether it is told the number of clusters; the others find it themselves. */
  readonly takesCount: boolean;
  /**
   * Returns the groups of the rows with the method's default settings, none of them empty. `clusters` is read by those that take it.
   * @throws UndertoneError `learn/too-few-rows`, `learn/not-finite`, `learn/bad-parameter`, also for more clusters than there are rows that differ.
   */
  cluster(data: Matrix, options: { readonly clusters: number; readonly random: Random }): Clustering;
}

/** A method that draws rows as points in the plane. */
export interface Projection {
  readonly kind: string;
  /**
   * Returns rows × 2 coordinates.
   * @throws UndertoneError `learn/too-few-rows`, `learn/not-finite`.
   */
  project(data: Matrix, options: ProjectionContext): Matrix;
}

export interface ProjectionContext {
  readonly random: Random;
  /** Called now and then with the part done, 0..1. */
  readonly onProgress?: (part: number) => void;
}

/** A method that tells how unusual each row is among the others. */
export interface OutlierDetector {
  readonly kind: string;
  /**
   * Returns a score for each row, the higher the more unusual; the scale is the method's own. With `contamination`, outliers are above 0.
   * @throws UndertoneError `learn/too-few-rows`, `learn/not-finite`, `learn/bad-parameter`.
   */
  score(
    data: Matrix,
    options: { readonly random: Random; readonly contamination?: Contamination },
  ): Float64Array;
}
