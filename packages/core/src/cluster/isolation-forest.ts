/** Isolation forest: unusual rows are alone after few random cuts. */
import type { Matrix } from "../math/matrix.js";
import type { Random } from "../math/random.js";
import { expectOptions, fromOne } from "./check-options.js";
import { expectRows } from "./check-rows.js";
import type { OutlierDetector } from "./clusterer.js";
import { type Contamination, contaminationCheck, lessThreshold } from "./contamination.js";

/** Settings of an isolation forest. */
export interface IsolationForestOptions {
  readonly random: Random;
  /** Default 100. */
  readonly trees?: number;
  /** Rows that each tree is grown on, without replacement; default 256, at most all. */
  readonly sample?: number;
  /** Default: scores without a threshold; `auto` is 0.5. */
  readonly contamination?: Contamination;
}

/**
 * Returns 2^(−mean path / expected path) of each row, 0..1, about 0.5 and below for ordinary rows (Liu, Ting and Zhou 2008), as the negative of
 * scikit-learn's `score_samples`; with `contamination` as that of its `decision_function`, above 0 for outliers. Rows are scored by the trees
 * that they helped to grow.
 * @throws UndertoneError `learn/too-few-rows`, `learn/not-finite`, `learn/bad-parameter`.
 */
export function isolationForest(data: Matrix, options: IsolationForestOptions): Float64Array {
  const { random, trees = 100, sample = 256, contamination } = options;
  expectOptions("isolation-forest", options, {
    random: null,
    trees: fromOne,
    sample: fromOne,
    contamination: contaminationCheck,
  });
  expectRows("isolation-forest", data);
  const { rows } = data;
  const size = Math.min(sample, rows);
  const limit = Math.ceil(Math.log2(Math.max(size, 2)));
  const paths = new Float64Array(rows);
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  for (let t = 0; t < trees; t++) {
    const stream = random.fork(t);
    // The first `size` places of a shuffle.
    for (let i = 0; i < size; i++) {
      const j = i + stream.integer(rows - i);
      [all[i], all[j]] = [all[j], all[i]];
    }
    const root = grow(data, all.slice(0, size), { depth: 0, limit, random: stream });
    for (let i = 0; i < rows; i++) paths[i] += pathLength(root, data, i);
  }
  const expected = averagePath(size);
  const scores = paths.map((sum) => (expected > 0 ? 2 ** (-sum / trees / expected) : 0.5));
  return lessThreshold(scores, { contamination, auto: 0.5 });
}

type Node =
  | { readonly path: number }
  | { readonly column: number; readonly threshold: number; readonly below: Node; readonly above: Node };

function grow(
  data: Matrix,
  rows: Int32Array,
  { depth, limit, random }: { depth: number; limit: number; random: Random },
): Node {
  const leaf = { path: depth + averagePath(rows.length) };
  if (depth >= limit || rows.length < 2) return leaf;
  // Columns in random order until one varies here.
  const columns = data.cols;
  const order = Int32Array.from({ length: columns }, (_, j) => j);
  for (let tried = 0; tried < columns; tried++) {
    const pick = tried + random.integer(columns - tried);
    const column = order[pick];
    order[pick] = order[tried];
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const i of rows) {
      const value = data.data[i * columns + column];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high <= low) continue;
    const threshold = low + random.next() * (high - low);
    const isBelow = (i: number): boolean => data.data[i * columns + column] <= threshold;
    const next = { depth: depth + 1, limit, random };
    return {
      column,
      threshold,
      below: grow(data, rows.filter(isBelow), next),
      above: grow(
        data,
        rows.filter((i) => !isBelow(i)),
        next,
      ),
    };
  }
  return leaf;
}

function pathLength(root: Node, { data, cols }: Matrix, i: number): number {
  let node = root;
  while (!("path" in node)) node = data[i * cols + node.column] <= node.threshold ? node.below : node.above;
  return node.path;
}

/** Returns the mean length of an unsuccessful search in a binary search tree of `n` rows. */
function averagePath(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n;
}

/** Isolation forest as one of the list. */
export const isolationForestDetector: OutlierDetector = {
  kind: "isolation-forest",
  score: isolationForest,
};
