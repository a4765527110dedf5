/** The neighbour graphs that t-SNE and UMAP draw. */
import type { Matrix } from "../math/matrix.js";
import { nearestNeighbours } from "./neighbours.js";

/** Symmetric weights between rows: row i is joined to `columns[offsets[i]..offsets[i + 1]]`. */
export interface Graph {
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly weights: Float64Array;
}

/**
 * Returns the joint probabilities of t-SNE over the 3 · perplexity + 1 nearest neighbours, both ways, summing to 1 (van der Maaten 2014):
 * each row's own bandwidth is searched by bisection until its perplexity fits within 1e-5 nats, as scikit-learn does.
 */
export function jointProbabilities(data: Matrix, perplexity: number): Graph {
  const n = data.rows;
  const count = Math.min(n - 1, Math.floor(3 * perplexity + 1));
  const { indices, distances } = nearestNeighbours(data, count);
  const conditional = new Float64Array(n * count);
  const target = Math.log(Math.min(perplexity, count));
  for (let i = 0; i < n; i++) {
    const from = i * count;
    const nearest = distances[from] ** 2;
    let beta = 1;
    let low = Number.NEGATIVE_INFINITY;
    let high = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 200; step++) {
      let sum = 0;
      let weighted = 0;
      for (let k = from; k < from + count; k++) {
        // Less the nearest distance, so that a far row does not underflow.
        const gap = distances[k] ** 2 - nearest;
        const p = Math.exp(-gap * beta);
        conditional[k] = p;
        sum += p;
        weighted += gap * p;
      }
      for (let k = from; k < from + count; k++) conditional[k] /= sum;
      const excess = Math.log(sum) + (beta * weighted) / sum - target;
      if (Math.abs(excess) <= 1e-5) break;
      if (excess > 0) {
        low = beta;
        beta = high === Number.POSITIVE_INFINITY ? 2 * beta : (beta + high) / 2;
      } else {
        high = beta;
        beta = low === Number.NEGATIVE_INFINITY ? beta / 2 : (beta + low) / 2;
      }
    }
  }
  const graph = symmetrize({ n, count, indices, weights: conditional }, (a, b) => a + b);
  const total = graph.weights.reduce((sum, weight) => sum + weight, 0);
  for (let e = 0; e < graph.weights.length; e++) graph.weights[e] /= total;
  return graph;
}

/**
 * Returns the fuzzy union of the neighbourhoods of UMAP (McInnes, Healy and Melville 2018, algorithms 2 and 3): a row's nearest neighbour has
 * weight 1, its bandwidth makes the weights sum to log2(neighbours).
 */
export function fuzzyNeighbours(data: Matrix, neighbours: number): Graph {
  const n = data.rows;
  // The paper counts the row itself.
  const count = Math.min(n - 1, neighbours - 1);
  const { indices, distances } = nearestNeighbours(data, count);
  const weights = new Float64Array(n * count);
  const target = Math.log2(neighbours);
  const meanOfAll = distances.reduce((sum, d) => sum + d, 0) / distances.length;
  for (let i = 0; i < n; i++) {
    const own = distances.subarray(i * count, (i + 1) * count);
    const rho = own.find((d) => d > 0) ?? 0;
    let low = 0;
    let high = Number.POSITIVE_INFINITY;
    let sigma = 1;
    for (let step = 0; step < 64; step++) {
      let sum = 1;
      for (const d of own) sum += Math.exp(-Math.max(0, d - rho) / sigma);
      if (Math.abs(sum - target) < 1e-5) break;
      if (sum > target) {
        high = sigma;
        sigma = (low + high) / 2;
      } else {
        low = sigma;
        sigma = high === Number.POSITIVE_INFINITY ? 2 * sigma : (low + high) / 2;
      }
    }
    const mean = own.reduce((sum, d) => sum + d, 0) / count;
    sigma = Math.max(sigma, 1e-3 * (rho > 0 ? mean : meanOfAll), 1e-12);
    own.forEach((d, k) => {
      weights[i * count + k] = Math.exp(-Math.max(0, d - rho) / sigma);
    });
  }
  return symmetrize({ n, count, indices, weights }, (a, b) => a + b - a * b);
}

interface Directed {
  readonly n: number;
  readonly count: number;
  readonly indices: Int32Array;
  readonly weights: Float64Array;
}

/** Returns the graph with `combine(weight there, weight back)` on each edge; an absent one has weight 0. */
function symmetrize(
  { n, count, indices, weights }: Directed,
  combine: (a: number, b: number) => number,
): Graph {
  const back = new Map<number, number>();
  for (let i = 0; i < n; i++)
    for (let k = i * count; k < (i + 1) * count; k++) back.set(i * n + indices[k], weights[k]);
  const degrees = new Int32Array(n);
  const each = (visit: (i: number, j: number, weight: number) => void): void => {
    for (let i = 0; i < n; i++) {
      for (let k = i * count; k < (i + 1) * count; k++) {
        const j = indices[k];
        const other = back.get(j * n + i);
        // An edge that goes both ways is taken from its lower end.
        if (other !== undefined && j < i) continue;
        const weight = combine(weights[k], other ?? 0);
        visit(i, j, weight);
        visit(j, i, weight);
      }
    }
  };
  each((i) => degrees[i]++);
  const offsets = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) offsets[i + 1] = offsets[i] + degrees[i];
  const place = offsets.slice(0, n);
  const columns = new Int32Array(offsets[n]);
  const values = new Float64Array(offsets[n]);
  each((i, j, weight) => {
    const at = place[i]++;
    columns[at] = j;
    values[at] = weight;
  });
  return { offsets, columns, weights: values };
}
