/** Filter banks: weighted sums of spectrum bins, stored without the zeros at both ends of each filter. */
import { type Matrix, matrix } from "../math/matrix.js";
import { type WeightedSums, weightedSums } from "../math/weighted-sums.js";

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
  const { rows, cols } = spectrogram;
  const sums = rows > 1 ? denseSums(bank) : undefined;
  if (sums) {
    for (let t = 0; t < rows; t += 2)
      sums.run(data, t * cols, Math.min(2, rows - t), result.data, t * filters);
    return result;
  }
  // Four frames at a time: each weight is loaded once for them, and none of their sums waits for another's addition.
  let t = 0;
  for (; t + 3 < rows; t += 4) {
    for (let f = 0; f < filters; f++) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let w = offsets[f], k = t * cols + starts[f], end = offsets[f + 1]; w < end; w++, k++) {
        const weight = weights[w];
        s0 += weight * data[k];
        s1 += weight * data[k + cols];
        s2 += weight * data[k + 2 * cols];
        s3 += weight * data[k + 3 * cols];
      }
      const at = t * filters + f;
      result.data[at] = s0;
      result.data[at + filters] = s1;
      result.data[at + 2 * filters] = s2;
      result.data[at + 3 * filters] = s3;
    }
  }
  for (; t < rows; t++) {
    for (let f = 0; f < filters; f++) {
      let sum = 0;
      for (let w = offsets[f], k = t * cols + starts[f], end = offsets[f + 1]; w < end; w++, k++)
        sum += weights[w] * data[k];
      result.data[t * filters + f] = sum;
    }
  }
  return result;
}

/** The loops of banks without zeros to leave out, such as chroma's; they live as long as their bank. */
const dense = new WeakMap<FilterBank, WeightedSums>();

/** Returns the loop of a bank most of whose weights are not zero. The sums are those of the loops above, to the last bit. */
function denseSums(bank: FilterBank): WeightedSums | undefined {
  const known = dense.get(bank);
  if (known) return known;
  const { filters, bins, starts, offsets, weights } = bank;
  if (weights.length < 0.9 * filters * bins) return undefined;
  const all = new Float64Array(filters * bins);
  for (let f = 0; f < filters; f++)
    all.set(weights.subarray(offsets[f], offsets[f + 1]), f * bins + starts[f]!);
  const sums = weightedSums(all, { weightings: filters, values: bins });
  dense.set(bank, sums);
  return sums;
}

/** Banks kept; a process uses few, and they are read only. */
const banks = new Map<string, FilterBank>();
const maxBanks = 32;

/** Returns the bank that `make` designs, the same one for the same key. */
export function keptBank(key: string, make: () => FilterBank): FilterBank {
  const known = banks.get(key);
  if (known) return known;
  const bank = make();
  if (banks.size >= maxBanks) banks.delete(banks.keys().next().value!);
  banks.set(key, bank);
  return bank;
}
