/** Filter banks: weighted sums of spectrum bins, stored without the zeros at both ends of each filter. */
import { type Matrix, matrix } from "../math/matrix.js";
import { rowsAtOnce, type WeightedSums, weightedSums } from "../math/weighted-sums.js";

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
  const { rows, cols, data } = spectrogram;
  const result = matrix(rows, bank.filters);
  const sums = sumsOf(bank);
  for (let t = 0; t < rows; t += rowsAtOnce)
    sums.run(data, t * cols, Math.min(rowsAtOnce, rows - t), result.data, t * bank.filters);
  return result;
}

/** The loops live as long as their bank. */
const loops = new WeakMap<FilterBank, WeightedSums>();

function sumsOf(bank: FilterBank): WeightedSums {
  const known = loops.get(bank) ?? weightedSums(bank, { values: bank.bins });
  loops.set(bank, known);
  return known;
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
