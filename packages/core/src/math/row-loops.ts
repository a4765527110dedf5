/** Square roots, scaled logarithms, moments and mean logarithms of the rows of a matrix: the memory of `row-kernel.ts`, which takes the rows a few at a time. */
import type { Matrix } from "./matrix.js";
import { rowKernel } from "./row-kernel.js";

/** Float32 values that are copied at once: few enough to stay near the processor. */
const valuesAtOnce = 2 ** 15;

/** Smallest floor that the loops of logarithms take: they reckon with normal numbers, and with products of four. */
const leastFloor = 1e-30;

type RowLoops = ReturnType<typeof rowKernel.open>;
interface RowOptions {
  readonly loops?: RowLoops;
}

/** They hold nothing from call to call. */
let shared: RowLoops | undefined;

function sharedLoops(): RowLoops {
  shared ??= rowKernel.open();
  return shared;
}

/** Writes the square roots of `from` to `to`. */
export function squareRoots(
  from: Float32Array,
  to: Float32Array,
  { loops = sharedLoops() }: RowOptions = {},
): void {
  forEachPiece(from, to, loops, (fours) => loops.run.roots(0, fours));
}

/** What `scaledLogarithms` does to each value x: max(least, scale × ln(max(floor, x)) + offset). */
export interface LogarithmScale {
  readonly floor: number;
  readonly scale: number;
  readonly offset: number;
  readonly least: number;
}

/** Writes scaled natural logarithms, which are good to 1e−15 before they are rounded to float32; false where the floor is too near 0 for that. */
export function scaledLogarithms(
  from: Float32Array,
  to: Float32Array,
  { floor, scale, offset, least, loops = sharedLoops() }: LogarithmScale & RowOptions,
): boolean {
  if (!(floor >= leastFloor)) return false;
  const scales = new Float64Array(loops.memory(4 * valuesAtOnce + 32), 4 * valuesAtOnce, 4);
  scales.set([floor, scale, offset, least]);
  forEachPiece(from, to, loops, (fours) => loops.run.levels(0, 4 * valuesAtOnce, fours));
  return true;
}

/** Takes values to the memory and back, piece by piece. */
function forEachPiece(
  from: Float32Array,
  to: Float32Array,
  loops: RowLoops,
  change: (fours: number) => void,
): void {
  const memory = new Float32Array(loops.memory(4 * valuesAtOnce), 0, valuesAtOnce);
  for (let at = 0; at < from.length; at += valuesAtOnce) {
    const count = Math.min(valuesAtOnce, from.length - at);
    memory.set(from.subarray(at, at + count));
    change(Math.ceil(count / 4));
    to.set(memory.subarray(0, count), at);
  }
}

/** Writes Σ x[k], Σ k x[k] and Σ k² x[k] of each row. */
export function rowMoments(
  m: Matrix,
  { total, first, second }: { total: Float64Array; first: Float64Array; second: Float64Array },
  { loops = sharedLoops() }: RowOptions = {},
): void {
  const { data, cols } = m;
  const fours = Math.floor(cols / 4);
  forEachRow(m, { loops, loop: "moments", turns: fours, wide: 12 }, (sums, at, t, source) => {
    const sum = (part: number): number => {
      const i = at + 4 * part;
      return sums[i] + sums[i + 1] + (sums[i + 2] + sums[i + 3]);
    };
    let [s0, s1, s2] = [sum(0), sum(1), sum(2)];
    for (let k = 4 * fours; k < cols; k++) {
      const value = data[source + k];
      s0 += value;
      s1 += k * value;
      s2 += k * k * value;
    }
    total[t] = s0;
    first[t] = s1;
    second[t] = s2;
  });
}

/** Writes the sum and the sum of natural logarithms of each row, values below `floor` counted as `floor`. */
export function rowLogarithms(
  m: Matrix,
  { floor, sum, logarithms }: { floor: number; sum: Float64Array; logarithms: Float64Array },
  { loops = sharedLoops() }: RowOptions = {},
): void {
  const { data, cols } = m;
  const eights = floor >= leastFloor ? Math.floor(cols / 8) : 0;
  const options = { loops, loop: "logarithms", turns: eights, wide: 6, floor } as const;
  forEachRow(m, options, (sums, at, t, source) => {
    // Mantissas in 1..2, exponents of float64 with their bias, sums.
    let product = eights > 0 ? sums[at] * sums[at + 1] : 1;
    let total = sums[at + 4] + sums[at + 5];
    let logarithm = 0;
    for (let k = 8 * eights; k < cols; k++) {
      const value = Math.max(floor, data[source + k]);
      // The product of a short row's values, or of values near 0, may be 0.
      if (eights > 0) product *= value;
      else logarithm += Math.log(value);
      total += value;
    }
    sum[t] = total;
    logarithms[t] =
      eights > 0
        ? Math.log(product) + Math.LN2 * (sums[at + 2] + sums[at + 3] - 2 * 1023 * eights)
        : logarithm;
  });
}

/** Runs a loop over the rows, where they are long enough for a turn, and visits what it left of each: `wide` float64 from `at` on, of row `t`, which begins at `source`. */
function forEachRow(
  { data, rows, cols }: Matrix,
  {
    loops,
    loop,
    turns,
    wide,
    floor = 0,
  }: {
    loops: RowLoops;
    loop: "moments" | "logarithms";
    turns: number;
    wide: number;
    floor?: number;
  },
  visit: (sums: Float64Array, at: number, t: number, source: number) => void,
): void {
  const rowsAtOnce = Math.max(1, Math.floor(valuesAtOnce / cols));
  const sumsAt = 8 * Math.ceil((rowsAtOnce * cols) / 2);
  const buffer = loops.memory(sumsAt + 8 * (rowsAtOnce + 1) * wide);
  const values = new Float32Array(buffer, 0, rowsAtOnce * cols);
  const sums = new Float64Array(buffer, sumsAt, (rowsAtOnce + 1) * wide);
  // The floor lies behind the sums, for who needs it.
  const last = rowsAtOnce * wide;
  if (turns === 0) sums.fill(0);
  sums[last] = floor;
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - from);
    values.set(data.subarray(from * cols, (from + count) * cols));
    if (turns > 0) loops.run[loop](0, 4 * cols, count, turns, sumsAt, sumsAt + 8 * last);
    for (let r = 0; r < count; r++) visit(sums, r * wide, from + r, (from + r) * cols);
  }
}
