/**
 * Sums of the values of eight rows at a time under many weightings of neighbouring values: WebAssembly with SIMD, and the same loop in plain code
 * (`npx tsx bench/librosa.bench.ts`, mel and chroma).
 */
import { advance, f32x4, f64x2, i32, repeat, set, v128, zeros } from "./wasm/expressions.js";
import { kernel, loop, named, several } from "./wasm/kernel.js";

/** Weighting i has weights[offsets[i]..offsets[i + 1]], the first of them on value starts[i]. */
export interface Weightings {
  readonly starts: Uint32Array;
  readonly offsets: Uint32Array;
  readonly weights: Float64Array;
}

export interface WeightedSums {
  readonly name: "simd" | "plain";
  /**
   * Writes the sums of at most eight rows of `values` values, `data[at..]`, under each weighting to `out` from `outAt` on, rows × weightings. Each is summed in
   * float64 in the order of the values.
   * @param stride from one row's first value to the next one's, at most `values`, which is the default; less where rows overlap.
   */
  run(data: Float32Array, at: number, rows: number, out: Float32Array, outAt: number, stride?: number): void;
}

/** Rows at once: as many as keep an adder busy, a sum of a pair of rows in each of four registers. */
export const rowsAtOnce = 8;

/** Returns the quickest loop that this runtime has. */
export function weightedSums(
  { starts, offsets, weights }: Weightings,
  { values, loops = weightingKernel.open() }: { values: number; loops?: WeightingLoops },
): WeightedSums {
  const filters = starts.length;
  // A weighting without weights has one of zero, so that a loop has a turn.
  const count = (f: number): number => Math.max(1, offsets[f + 1] - offsets[f]);
  const total = starts.reduce((sum, _, f) => sum + count(f), 0);
  // Counted in bytes: values in float64, eight rows beside each other; sums; weights; the rows; where and how many weights there are.
  const turnedAt = 0;
  const sumsAt = 8 * rowsAtOnce * (values + 1);
  const weightsAt = sumsAt + 4 * rowsAtOnce * filters;
  const rowsFrom = weightsAt + 8 * total;
  const tableAt = rowsFrom + 4 * (rowsAtOnce * values + 2);
  const end = tableAt + 8 * filters;
  const buffer = loops.memory(8 * Math.ceil(end / 8));
  const copied = new Float64Array(buffer, weightsAt, total);
  const table = new Uint32Array(buffer, tableAt, 2 * filters);
  for (let f = 0, to = 0; f < filters; f++) {
    copied.set(weights.subarray(offsets[f], offsets[f + 1]), to);
    table[2 * f] = turnedAt + 8 * rowsAtOnce * starts[f];
    table[2 * f + 1] = count(f);
    to += count(f);
  }
  const rowsIn = new Float32Array(buffer, rowsFrom, rowsAtOnce * values);
  const sums = new Float32Array(buffer, sumsAt, rowsAtOnce * filters);
  return {
    name: loops.name,
    run(data, at, rows, out, outAt, stride = values) {
      // What stands where rows are not there gives sums that nobody takes.
      rowsIn.set(data.subarray(at, at + (rows - 1) * stride + values));
      const turns = Math.ceil(values / 2);
      loops.run.sums(rowsFrom, 4 * stride, turnedAt, turns, tableAt, weightsAt, sumsAt, filters, rows);
      for (let f = 0, from = 0; f < filters; f++, from += rowsAtOnce)
        for (let r = 0, to = outAt + f; r < rows; r++, to += filters) out[to] = sums[from + r];
    },
  };
}

type WeightingLoops = ReturnType<typeof weightingKernel.open>;

export const weightingKernel = kernel("weighted sums", {
  /**
   * Writes eight rows from `row` on, `stride` apart, as float64 column by column to `turned`, two columns at a time, then their sums under each weighting,
   * eight float32 side by side, to `out`. The table says where a weighting's first column is and how many weights it has. Plain code has only the
   * first `rows` rows, and takes them as they lie.
   */
  sums: loop({
    parameters: named(
      "i32",
      "row",
      "stride",
      "turned",
      "pairs",
      "table",
      "weights",
      "out",
      "filters",
      "rows",
    ),
    locals: {
      ...named("i32", "at", "left"),
      others: several("i32", rowsAtOnce - 1),
      ...named("v128", "first", "second", "weight"),
      sums: several("v128", rowsAtOnce / 2),
    },
    body: (locals) => {
      const { row, stride, turned, pairs, table, weights, out, filters } = locals;
      const { at, left, others, first, second, weight, sums } = locals;
      const pointers = [row, ...others];
      return [
        others.map((pointer, i) => set(pointer, i32.add(pointers[i], stride))),
        repeat(pairs, [
          [0, 2, 4, 6].map((r) => [
            [set(first, f64x2.loadSingles(pointers[r])), set(second, f64x2.loadSingles(pointers[r + 1]))],
            v128.store(turned, f64x2.firsts(first, second), 8 * r),
            v128.store(turned, f64x2.seconds(first, second), 8 * (r + rowsAtOnce)),
          ]),
          pointers.map((pointer) => advance(pointer, 8)),
          advance(turned, 16 * rowsAtOnce),
        ]),
        repeat(filters, [
          [set(at, i32.load(table)), set(left, i32.load(table, 4))],
          sums.map((sum) => set(sum, zeros)),
          repeat(left, [
            set(weight, v128.load64Splat(weights)),
            sums.map((sum, k) => set(sum, f64x2.add(sum, f64x2.mul(weight, v128.load(at, 16 * k))))),
            [advance(at, 8 * rowsAtOnce), advance(weights, 8)],
          ]),
          // As float32, two sums a store.
          sums.map((sum, k) => v128.store64Lane(out, f32x4.demoteF64x2Zero(sum), 8 * k, 0)),
          [advance(table, 8), advance(out, 4 * rowsAtOnce)],
        ]),
      ];
    },
    plain({ f64, f32, i32 }, row, stride, turned, _pairs, table, weights, out, filters, rows) {
      for (let f = 0, w = weights / 8; f < filters; f++) {
        const start = (i32[table / 4 + 2 * f] - turned) / (8 * rowsAtOnce);
        const end = w + i32[table / 4 + 2 * f + 1];
        for (let r = 0; r < rows; r++) {
          let sum = 0;
          for (let v = w, k = (row + r * stride) / 4 + start; v < end; v++, k++) sum += f64[v] * f32[k];
          f32[out / 4 + rowsAtOnce * f + r] = sum;
        }
        w = end;
      }
    },
  }),
});
