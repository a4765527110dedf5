/** Where k-means starts: k-means++ with the greedy choice among several candidates. */
import { type Matrix, matrix, row, takeRows } from "../math/matrix.js";
import type { Random } from "../math/random.js";
import type { RowProducts } from "../math/row-products.js";

/** Rows ready for k-means: centred, with squared lengths and packed for products with up to `slots` centres. */
export interface PackedRows {
  readonly rows: Matrix;
  readonly norms: Float64Array;
  readonly products: RowProducts;
}

/**
 * Returns `clusters` rows as centres (Arthur and Vassilvitskii 2007, with 2 + ⌊ln k⌋ candidates a step of which the one that lowers the sum
 * of squared distances most is taken, as scikit-learn does).
 */
export function seedCentres({ rows, norms, products }: PackedRows, clusters: number, random: Random): Matrix {
  const n = rows.rows;
  const candidates = Math.min(8, 2 + Math.floor(Math.log(clusters)));
  const centres = matrix(clusters, rows.cols);
  const first = random.integer(n);
  row(centres, 0).set(row(rows, first));
  const distances = [...Array(candidates)].map(() => new Float64Array(n));
  const nearest = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const measure = (chosen: readonly number[]): number[] => {
    const sums = chosen.map(() => 0);
    products.setRight(takeRows(rows, chosen));
    const lengths = chosen.map((i) => norms[i]);
    for (let from = 0; from < n; from += 256) {
      const to = Math.min(n, from + 256);
      const { data, at, stride } = products.tile(from, to, 0, chosen.length);
      for (let c = 0; c < chosen.length; c++) {
        const own = distances[c];
        const length = lengths[c];
        let sum = 0;
        for (let i = from, to2 = at + c; i < to; i++, to2 += stride) {
          const d = Math.max(0, norms[i] + length - 2 * data[to2]);
          const least = Math.min(d, nearest[i]);
          own[i] = least;
          sum += least;
        }
        sums[c] += sum;
      }
    }
    return sums;
  };
  let total = measure([first])[0];
  nearest.set(distances[0]);
  for (let k = 1; k < clusters; k++) {
    const chosen = Array.from({ length: candidates }, () => draw(nearest, total, random));
    const sums = measure(chosen);
    const best = sums.indexOf(Math.min(...sums));
    total = sums[best];
    nearest.set(distances[best]);
    row(centres, k).set(row(rows, chosen[best]));
  }
  return centres;
}

/** Returns an index with a probability in proportion to its weight. */
function draw(weights: Float64Array, total: number, random: Random): number {
  let left = random.next() * total;
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return random.integer(weights.length);
}
