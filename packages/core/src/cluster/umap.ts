/** UMAP: a map by the fuzzy neighbourhoods of rows. */
import { type Matrix, matrix } from "../math/matrix.js";
import { fuzzyNeighbours, type Graph } from "./affinities.js";
import { expectOptions, fromOne, positive } from "./check-options.js";
import { expectRows, expectWhole } from "./check-rows.js";
import type { Projection, ProjectionContext } from "./clusterer.js";
import { startingPoints } from "./map-start.js";

/** Settings of UMAP; the defaults are those of umap-learn. */
export interface UmapOptions extends ProjectionContext {
  /** Neighbours, the row itself counted; default 15, at most the rows. */
  readonly neighbours?: number;
  /** How close points may come; default 0.1. */
  readonly minDistance?: number;
  /** Passes over the edges; default 500, above 10,000 rows 200. */
  readonly epochs?: number;
}

const negatives = 5;

/**
 * Returns rows × 2 coordinates (McInnes, Healy and Melville 2018): edges pull in proportion to their weight, each pull with five random pushes,
 * the rate falling to 0; from a PCA start in place of the spectral one, which serves as well (Kobak and Linderman 2021).
 * @throws UndertoneError `learn/too-few-rows` below 3 rows, `learn/not-finite`, `learn/bad-parameter`.
 */
export function umap(data: Matrix, options: UmapOptions): Matrix {
  expectOptions("umap", options, {
    random: null,
    onProgress: null,
    neighbours: null,
    minDistance: positive,
    epochs: fromOne,
  });
  expectRows("umap", data, 3);
  const { random, neighbours = 15, minDistance = 0.1, onProgress } = options;
  const n = data.rows;
  const epochs = options.epochs ?? (n > 10_000 ? 200 : 500);
  expectWhole("umap", "neighbours", neighbours, { low: 2, high: Number.MAX_SAFE_INTEGER });
  const { heads, tails, periods } = edgesOf(fuzzyNeighbours(data, Math.min(neighbours, n)), epochs);
  const points = startingPoints(data, { deviation: 3, random });
  const { a, b } = fitCurve(minDistance);
  const due = periods.slice();
  const clip = (value: number): number => Math.max(-4, Math.min(4, value));
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const rate = 1 - (epoch - 1) / epochs;
    for (let e = 0; e < heads.length; e++) {
      if (due[e] > epoch) continue;
      due[e] += periods[e];
      const i = 2 * heads[e];
      let j = 2 * tails[e];
      let dx = points[i] - points[j];
      let dy = points[i + 1] - points[j + 1];
      let d = dx * dx + dy * dy;
      if (d > 0) {
        const pull = (-2 * a * b * d ** (b - 1)) / (1 + a * d ** b);
        const [px, py] = [rate * clip(pull * dx), rate * clip(pull * dy)];
        points[i] += px;
        points[i + 1] += py;
        points[j] -= px;
        points[j + 1] -= py;
      }
      for (let k = 0; k < negatives; k++) {
        j = 2 * random.integer(n);
        if (j === i) continue;
        dx = points[i] - points[j];
        dy = points[i + 1] - points[j + 1];
        d = dx * dx + dy * dy;
        if (d === 0) continue;
        const push = (2 * b) / ((0.001 + d) * (1 + a * d ** b));
        points[i] += rate * clip(push * dx);
        points[i + 1] += rate * clip(push * dy);
      }
    }
    if (epoch % 25 === 0) onProgress?.(epoch / epochs);
  }
  return matrix(n, 2, Float32Array.from(points));
}

/** The edges and after how many epochs each is due again: the heaviest at each, others in proportion. */
interface Edges {
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  readonly periods: Float64Array;
}

function edgesOf({ offsets, columns, weights }: Graph, epochs: number): Edges {
  const most = weights.reduce((a, b) => Math.max(a, b), 0);
  const heads: number[] = [];
  const tails: number[] = [];
  const periods: number[] = [];
  for (let i = 0; i < offsets.length - 1; i++) {
    for (let e = offsets[i]; e < offsets[i + 1]; e++) {
      const period = most / weights[e];
      if (!(period <= epochs)) continue;
      heads.push(i);
      tails.push(columns[e]);
      periods.push(period);
    }
  }
  return {
    heads: Int32Array.from(heads),
    tails: Int32Array.from(tails),
    periods: Float64Array.from(periods),
  };
}

/**
 * Returns a, b of 1 / (1 + a d^(2b)), fitted to 1 up to `minDistance` and exp(minDistance − d) beyond, at 300 distances up to 3 (Gauss-Newton
 * with Levenberg's damping).
 */
export function fitCurve(minDistance: number): { a: number; b: number } {
  const xs = Array.from({ length: 299 }, (_, i) => (3 * (i + 1)) / 299);
  const ys = xs.map((x) => (x < minDistance ? 1 : Math.exp(minDistance - x)));
  const errorOf = (a: number, b: number): number =>
    xs.reduce((sum, x, i) => sum + (1 / (1 + a * x ** (2 * b)) - ys[i]) ** 2, 0);
  let [a, b, damping] = [1, 1, 1e-3];
  let error = errorOf(a, b);
  for (let step = 0; step < 200 && damping < 1e9; step++) {
    let [aa, ab, bb, ga, gb] = [0, 0, 0, 0, 0];
    xs.forEach((x, i) => {
      const power = x ** (2 * b);
      const f = 1 / (1 + a * power);
      const da = -power * f * f;
      const db = -2 * a * power * Math.log(x) * f * f;
      const miss = f - ys[i];
      aa += da * da;
      ab += da * db;
      bb += db * db;
      ga += da * miss;
      gb += db * miss;
    });
    const [p, q] = [aa * (1 + damping), bb * (1 + damping)];
    const determinant = p * q - ab * ab;
    const nextA = a - (q * ga - ab * gb) / determinant;
    const nextB = b - (p * gb - ab * ga) / determinant;
    const next = nextA > 0 && nextB > 0 ? errorOf(nextA, nextB) : Number.POSITIVE_INFINITY;
    if (next < error) [a, b, error, damping] = [nextA, nextB, next, damping / 10];
    else damping *= 10;
  }
  return { a, b };
}

/** UMAP as one of the list. */
export const umapProjection: Projection = { kind: "umap", project: umap };
