/** t-SNE: a map of rows in which neighbours stay neighbours. */
import { UndertoneError } from "../errors.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { type Graph, jointProbabilities } from "./affinities.js";
import { expectOptions, fromOne, nonNegative, positive } from "./check-options.js";
import { expectRows } from "./check-rows.js";
import type { Projection, ProjectionContext } from "./clusterer.js";
import { startingPoints } from "./map-start.js";
import { quadtree } from "./quadtree.js";

/** Settings of t-SNE; the defaults are scikit-learn's. */
export interface TsneOptions extends ProjectionContext {
  /** Effective number of neighbours; default 30, below the number of rows. */
  readonly perplexity?: number;
  /** Default 1000, of which the first quarter is exaggerated. */
  readonly iterations?: number;
  readonly earlyExaggeration?: number;
  /** Default max(rows / earlyExaggeration / 4, 50). */
  readonly learningRate?: number;
  /** Width of a cell over its distance below which its points count as one; default 0.5. */
  readonly theta?: number;
}

/** What t-SNE drew. */
export interface TsneResult {
  /** rows × 2. */
  readonly points: Matrix;
  /** Kullback-Leibler divergence of the map from the neighbourhoods, nats, the repulsion by the tree. */
  readonly divergence: number;
  readonly iterations: number;
}

/**
 * Returns the map of Barnes-Hut t-SNE (van der Maaten and Hinton 2008; van der Maaten 2014) from a PCA start: gradient descent with momentum
 * 0.5, then 0.8, and a gain for each coordinate, as scikit-learn does it, or until nothing moves.
 * @throws UndertoneError `learn/too-few-rows` below 2 rows, `learn/not-finite`, `learn/bad-parameter`.
 */
export function tsne(data: Matrix, options: TsneOptions): TsneResult {
  expectOptions("t-sne", options, {
    random: null,
    onProgress: null,
    perplexity: positive,
    iterations: fromOne,
    earlyExaggeration: positive,
    learningRate: positive,
    theta: nonNegative,
  });
  expectRows("t-sne", data, 2);
  const {
    perplexity = 30,
    iterations = 1000,
    earlyExaggeration = 12,
    theta = 0.5,
    random,
    onProgress,
  } = options;
  const n = data.rows;
  if (perplexity >= n) {
    throw new UndertoneError(
      "learn/bad-parameter",
      `'t-sne' got perplexity ${perplexity} for ${n} rows, expected less than the rows`,
    );
  }
  const rate = options.learningRate ?? Math.max(n / earlyExaggeration / 4, 50);
  const graph = jointProbabilities(data, perplexity);
  const points = startingPoints(data, { deviation: 1e-4, random });
  const tree = quadtree(n);
  const [step, gains] = [new Float64Array(2 * n), new Float64Array(2 * n).fill(1)];
  const [attraction, repulsion] = [new Float64Array(2 * n), new Float64Array(2 * n)];
  const exaggerated = Math.floor(iterations / 4);
  let done = 0;
  while (done < iterations) {
    const early = done < exaggerated;
    if (done === exaggerated) {
      step.fill(0);
      gains.fill(1);
    }
    done++;
    attract(graph, points, attraction);
    tree.build(points);
    repulsion.fill(0);
    const total = tree.repel(repulsion, theta);
    const pull = early ? earlyExaggeration : 1;
    const momentum = early ? 0.5 : 0.8;
    let squares = 0;
    for (let c = 0; c < 2 * n; c++) {
      const gradient = 4 * (pull * attraction[c] - repulsion[c] / total);
      squares += gradient * gradient;
      const gain = Math.max(0.01, step[c] * gradient < 0 ? gains[c] + 0.2 : gains[c] * 0.8);
      gains[c] = gain;
      step[c] = momentum * step[c] - rate * gain * gradient;
      points[c] += step[c];
    }
    if (done % 50 === 0) onProgress?.(done / iterations);
    if (!early && squares < 1e-14) break;
  }
  tree.build(points);
  const divergence = divergenceOf(graph, points, tree.repel(new Float64Array(2 * n), theta));
  return { points: matrix(n, 2, Float32Array.from(points)), divergence, iterations: done };
}

/** Writes Σⱼ pᵢⱼ q (yᵢ − yⱼ), q = 1 / (1 + |yᵢ − yⱼ|²). */
function attract({ offsets, columns, weights }: Graph, points: Float64Array, out: Float64Array): void {
  const n = offsets.length - 1;
  for (let i = 0; i < n; i++) {
    const x = points[2 * i];
    const y = points[2 * i + 1];
    let fx = 0;
    let fy = 0;
    for (let e = offsets[i]; e < offsets[i + 1]; e++) {
      const j = 2 * columns[e];
      const dx = x - points[j];
      const dy = y - points[j + 1];
      const force = weights[e] / (1 + dx * dx + dy * dy);
      fx += force * dx;
      fy += force * dy;
    }
    out[2 * i] = fx;
    out[2 * i + 1] = fy;
  }
}

function divergenceOf({ offsets, columns, weights }: Graph, points: Float64Array, total: number): number {
  let sum = 0;
  for (let i = 0; i < offsets.length - 1; i++) {
    for (let e = offsets[i]; e < offsets[i + 1]; e++) {
      const p = weights[e];
      if (p <= 0) continue;
      const dx = points[2 * i] - points[2 * columns[e]];
      const dy = points[2 * i + 1] - points[2 * columns[e] + 1];
      sum += p * Math.log(p * total * (1 + dx * dx + dy * dy));
    }
  }
  return sum;
}

/** t-SNE as one of the list: perplexity 30, or a third of the rows where there are few. */
export const tsneProjection: Projection = {
  kind: "t-sne",
  project: (data, context) =>
    tsne(data, { ...context, perplexity: Math.min(30, (data.rows - 1) / 3) }).points,
};
