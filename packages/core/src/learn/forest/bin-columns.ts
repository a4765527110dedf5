/** Columns cut into at most 255 bins, so that a split is looked for among few thresholds. */
import type { Matrix } from "../../math/matrix.js";
import { columnMajor, columnSorter } from "./sort-columns.js";

/** Binned columns. */
export interface BinnedColumns {
  readonly rows: number;
  readonly features: number;
  /** Features × rows: bin of each value. */
  readonly bins: Uint8Array;
  /** Of each feature: the largest value of each bin but the last. */
  readonly thresholds: readonly Float32Array[];
}

/** Most bins of a feature. */
export const maxBins = 255;

/**
 * Returns the bins as scikit-learn's _BinMapper makes them: one a distinct value where there are few, else between
 * percentiles (method "midpoint"); thresholds rounded down to float32, which no float32 value can tell from the exact ones.
 */
export function binColumns(x: Matrix): BinnedColumns {
  const { rows, cols } = x;
  const values = columnMajor(x);
  const bins = new Uint8Array(rows * cols);
  const thresholds: Float32Array[] = [];
  const orderOf = columnSorter(rows);
  const sorted = new Float32Array(rows);
  for (let j = 0; j < cols; j++) {
    const column = values.subarray(j * rows, (j + 1) * rows);
    const order = orderOf(column);
    for (let t = 0; t < rows; t++) sorted[t] = column[order[t]];
    const cuts = thresholdsOf(sorted);
    thresholds.push(cuts);
    for (let t = 0, bin = 0; t < rows; t++) {
      while (bin < cuts.length && cuts[bin] < sorted[t]) bin++;
      bins[j * rows + order[t]] = bin;
    }
  }
  return { rows, features: cols, bins, thresholds };
}

function thresholdsOf(sorted: Float32Array): Float32Array {
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  if (distinct.length <= maxBins)
    return Float32Array.from(distinct.subarray(1), (value, i) => roundDown((distinct[i] + value) / 2));
  const cuts = Array.from({ length: maxBins - 1 }, (_, b) => {
    const at = ((b + 1) / maxBins) * (sorted.length - 1);
    return roundDown((sorted[Math.floor(at)] + sorted[Math.ceil(at)]) / 2);
  });
  return Float32Array.from(new Set(cuts));
}

const word = new Float32Array(1);
const bits = new Int32Array(word.buffer);

/** The largest float32 that is at most `value`. */
function roundDown(value: number): number {
  word[0] = value;
  if (word[0] <= value) return word[0];
  if (word[0] === 0) return -1.401298464324817e-45;
  bits[0] += word[0] > 0 ? -1 : 1;
  return word[0];
}
