/** Filter banks: weighted sums of spectrum bins, stored without the zeros at both ends of each filter. */
import { type Matrix, matrix } from "../math/matrix.js";

/** `filters` weightings of `bins` bins; filter i has weights[offsets[i]..offsets[i+1]], the first of them on bin starts[i]. */
export interface FilterBank {
  readonly filters: number;
  readonly bins: number;
  readonly starts: Uint32Array;
  readonly offsets: Uint32Array;
  readonly weights: Float64Array;
}

/** Returns the filter bank with the given dense weights, one row a filter. */
export function filterBank(rows: readonly Float64Array[]): FilterBank {
  const starts = new Uint32Array(rows.length);
  const offsets = new Uint32Array(rows.length + 1);
  const weights: number[] = [];
  rows.forEach((row, i) => {
    let first = 0;
    while (first < row.length && row[first] === 0) first++;
    let end = row.length;
    while (end > first && row[end - 1] === 0) end--;
    starts[i] = first < end ? first : 0;
    for (let k = first; k < end; k++) weights.push(row[k]);
    offsets[i + 1] = weights.length;
  });
  return {
    filters: rows.length,
    bins: rows[0]?.length ?? 0,
    starts,
    offsets,
    weights: Float64Array.from(weights),
  };
}

/** Returns frames × filters: the weighted sums of each frame's bins. */
export function applyFilterBank(spectrogram: Matrix, bank: FilterBank): Matrix {
  if (spectrogram.cols !== bank.bins) {
    throw new RangeError(`applyFilterBank: got ${spectrogram.cols} bins, expected ${bank.bins}`);
  }
  const { filters, starts, offsets, weights } = bank;
  const result = matrix(spectrogram.rows, filters);
  const { data } = spectrogram;
  for (let t = 0; t < spectrogram.rows; t++) {
    const base = t * spectrogram.cols;
    for (let f = 0; f < filters; f++) {
      let sum = 0;
      for (let w = offsets[f], k = base + starts[f], end = offsets[f + 1]; w < end; w++, k++)
        sum += weights[w] * data[k];
      result.data[t * filters + f] = sum;
    }
  }
  return result;
}
