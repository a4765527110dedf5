/**
 * Sums of the values of eight rows at a time under many weightings of neighbouring values: WebAssembly with SIMD, and the same loop in plain code
 * (`npx tsx bench/librosa.bench.ts`, mel and chroma).
 */
import { type WasmFunction, wasm, wasmLoops } from "./wasm-module.js";

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
  { values, plain = false }: { values: number; plain?: boolean },
): WeightedSums {
  const loops = plain ? undefined : createLoops();
  if (!loops) return { name: "plain", run: plainSums({ starts, offsets, weights }, values) };
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
    name: "simd",
    run(data, at, rows, out, outAt, stride = values) {
      const taken = (rows - 1) * stride + values;
      rowsIn.set(data.subarray(at, at + taken));
      if (rows < rowsAtOnce) rowsIn.fill(0, taken);
      loops.run.turn(rowsFrom, 4 * stride, turnedAt, Math.ceil(values / 2));
      loops.run.sums(tableAt, weightsAt, sumsAt, filters);
      for (let f = 0, from = 0; f < filters; f++, from += rowsAtOnce)
        for (let r = 0, to = outAt + f; r < rows; r++, to += filters) out[to] = sums[from + r];
    },
  };
}

function plainSums({ starts, offsets, weights }: Weightings, values: number): WeightedSums["run"] {
  const filters = starts.length;
  return (data, at, rows, out, outAt, stride = values) => {
    for (let r = 0; r < rows; r++) {
      for (let f = 0; f < filters; f++) {
        let sum = 0;
        for (let w = offsets[f], k = at + r * stride + starts[f], end = offsets[f + 1]; w < end; w++, k++)
          sum += weights[w] * data[k];
        out[outAt + r * filters + f] = sum;
      }
    }
  };
}

const createLoops = wasmLoops({ turn: turnLoop(), sums: sumsLoop() });

/** Writes eight rows as float64 column by column, two columns at a time. */
function turnLoop(): WasmFunction {
  const [row, stride, to, pairs] = [0, 1, 2, 3] as const;
  const others = [4, 5, 6, 7, 8, 9, 10];
  const [first, second] = [11, 12] as const;
  const { get, set, advance, integer, loadPair, store, loop, again, float64 } = wasm;
  const pointers = [row, ...others];
  const body = [
    ...others.flatMap((pointer, i) => [...get(pointers[i]), ...get(stride), 0x6a, ...set(pointer)]),
    ...loop,
    ...[0, 2, 4, 6].flatMap((r) => [
      ...[...loadPair(pointers[r]), ...set(first), ...loadPair(pointers[r + 1]), ...set(second)],
      ...[...get(to), ...get(first), ...get(second), ...float64.firsts, ...store(8 * r)],
      ...[...get(to), ...get(first), ...get(second), ...float64.seconds, ...store(8 * (r + rowsAtOnce))],
    ]),
    ...pointers.flatMap((pointer) => advance(pointer, integer(8))),
    ...[...advance(to, wideInteger(16 * rowsAtOnce)), ...again(pairs)],
  ];
  const locals = [
    [7, wasm.i32],
    [2, wasm.v128],
  ] as const;
  return { parameters: new Array<number>(4).fill(wasm.i32), locals, body };
}

function sumsLoop(): WasmFunction {
  const [table, weights, out, filters, at, left] = [0, 1, 2, 3, 4, 5] as const;
  const weight = 6;
  const sums = [7, 8, 9, 10];
  const { get, set, advance, integer, load, loadSplat64, loop, again, zeros, float64 } = wasm;
  const body = [
    ...loop,
    ...[...get(table), 0x28, 2, 0, ...set(at), ...get(table), 0x28, 2, 4, ...set(left)],
    ...sums.flatMap((sum) => [...zeros, ...set(sum)]),
    ...[...loop, ...loadSplat64(weights), ...set(weight)],
    ...sums.flatMap((sum, k) => [
      ...[...get(sum), ...get(weight), ...load(at, 16 * k)],
      ...[...float64.multiply, ...float64.add, ...set(sum)],
    ]),
    ...[...advance(at, wideInteger(8 * rowsAtOnce)), ...advance(weights, integer(8)), ...again(left)],
    // As float32, two sums a store.
    ...sums.flatMap((sum, k) => [...[...get(out), ...get(sum), 0xfd, 0x5e, 0xfd, 0x5b, 0x02, 8 * k, 0]]),
    ...[...advance(table, integer(8)), ...advance(out, integer(4 * rowsAtOnce)), ...again(filters)],
  ];
  const locals = [
    [2, wasm.i32],
    [1 + sums.length, wasm.v128],
  ] as const;
  return { parameters: new Array<number>(4).fill(wasm.i32), locals, body };
}

/** An integer of 64..8191, which takes two bytes. */
function wideInteger(value: number): number[] {
  return [0x41, (value & 127) | 128, value >> 7];
}
