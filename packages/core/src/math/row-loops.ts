/**
 * Square roots, moments and mean logarithms of the rows of a matrix: loops in WebAssembly with SIMD, which take the rows a few at a time. Where this runtime has
 * none, or rows are short, nothing is done and the caller has its plain loop; sums differ by their order only.
 */
import type { Matrix } from "./matrix.js";
import { type WasmFunction, type WasmLoops, wasm, wasmLoops } from "./wasm-module.js";

/** Float32 values that are copied at once: few enough to stay near the processor. */
const valuesAtOnce = 2 ** 15;

/** Smallest floor that the loops of logarithms take: they reckon with normal numbers, and with products of four. */
const leastFloor = 1e-30;

type Loop = "roots" | "levels" | "moments" | "logarithms";
let shared: WasmLoops<Loop> | undefined | null = null;

function loops(): WasmLoops<Loop> | undefined {
  if (shared === null) shared = createLoops();
  return shared;
}

/** Writes the square roots of `from` to `to`; false where there is no loop for it. */
export function squareRoots(from: Float32Array, to: Float32Array): boolean {
  const simd = loops();
  if (!simd) return false;
  const memory = new Float32Array(simd.memory(4 * valuesAtOnce));
  for (let at = 0; at < from.length; at += valuesAtOnce) {
    const count = Math.min(valuesAtOnce, from.length - at);
    memory.set(from.subarray(at, at + count));
    simd.run.roots(0, Math.ceil(count / 4));
    to.set(memory.subarray(0, count), at);
  }
  return true;
}

/** What `scaledLogarithms` does to each value x: max(least, scale × ln(max(floor, x)) + offset). */
export interface LogarithmScale {
  readonly floor: number;
  readonly scale: number;
  readonly offset: number;
  readonly least: number;
}

/** Writes scaled natural logarithms, which are good to 1e−15 before they are rounded to float32; false where there is no loop for it. */
export function scaledLogarithms(
  from: Float32Array,
  to: Float32Array,
  { floor, scale, offset, least }: LogarithmScale,
): boolean {
  const simd = floor >= leastFloor ? loops() : undefined;
  if (!simd) return false;
  const buffer = simd.memory(4 * valuesAtOnce + 32);
  const memory = new Float32Array(buffer, 0, valuesAtOnce);
  new Float64Array(buffer, 4 * valuesAtOnce, 4).set([floor, scale, offset, least]);
  for (let at = 0; at < from.length; at += valuesAtOnce) {
    const count = Math.min(valuesAtOnce, from.length - at);
    memory.set(from.subarray(at, at + count));
    simd.run.levels(0, 4 * valuesAtOnce, Math.ceil(count / 4));
    to.set(memory.subarray(0, count), at);
  }
  return true;
}

/** Writes Σ x[k], Σ k x[k] and Σ k² x[k] of each row; false where there is no loop for it. */
export function rowMoments(
  m: Matrix,
  { total, first, second }: { total: Float64Array; first: Float64Array; second: Float64Array },
): boolean {
  const { data, cols } = m;
  const fours = Math.floor(cols / 4);
  return forEachRow(m, { loop: "moments", turns: fours, wide: 12 }, (sums, at, t, source) => {
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

/** Writes the sum and the sum of natural logarithms of each row, values below `floor` counted as `floor`; false where there is no loop for it. */
export function rowLogarithms(
  m: Matrix,
  { floor, sum, logarithms }: { floor: number; sum: Float64Array; logarithms: Float64Array },
): boolean {
  if (!(floor >= leastFloor)) return false;
  const { data, cols } = m;
  const eights = Math.floor(cols / 8);
  return forEachRow(m, { loop: "logarithms", turns: eights, wide: 6, floor }, (sums, at, t, source) => {
    // Mantissas in 1..2, exponents of float64 with their bias, sums.
    let product = sums[at] * sums[at + 1];
    let total = sums[at + 4] + sums[at + 5];
    for (let k = 8 * eights; k < cols; k++) {
      const value = Math.max(floor, data[source + k]);
      product *= value;
      total += value;
    }
    sum[t] = total;
    logarithms[t] = Math.log(product) + Math.LN2 * (sums[at + 2] + sums[at + 3] - 2 * 1023 * eights);
  });
}

/** Runs a loop over the rows and visits what it left of each: `wide` float64 from `at` on, of row `t`, which begins at `source`. */
function forEachRow(
  { data, rows, cols }: Matrix,
  { loop, turns, wide, floor }: { loop: Loop; turns: number; wide: number; floor?: number },
  visit: (sums: Float64Array, at: number, t: number, source: number) => void,
): boolean {
  const simd = turns > 0 ? loops() : undefined;
  if (!simd) return false;
  const rowsAtOnce = Math.max(1, Math.floor(valuesAtOnce / cols));
  const sumsAt = 8 * Math.ceil((rowsAtOnce * cols) / 2);
  const buffer = simd.memory(sumsAt + 8 * (rowsAtOnce + 1) * wide);
  const values = new Float32Array(buffer, 0, rowsAtOnce * cols);
  const sums = new Float64Array(buffer, sumsAt, (rowsAtOnce + 1) * wide);
  // The floor lies behind the sums, for who needs it.
  const last = rowsAtOnce * wide;
  sums[last] = floor ?? 0;
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - from);
    values.set(data.subarray(from * cols, (from + count) * cols));
    simd.run[loop](0, 4 * cols, count, turns, sumsAt, sumsAt + 8 * last);
    for (let r = 0; r < count; r++) visit(sums, r * wide, from + r, (from + r) * cols);
  }
  return true;
}

/** Parameters of the loops over rows. */
const [row, stride, rows, turns, out, floorAt] = [0, 1, 2, 3, 4, 5] as const;
const rowParameters = new Array<number>(6).fill(wasm.i32);

/** Terms of 2 artanh(s) = 2 s (1 + s²/3 + s⁴/5 …), |s| ≤ 0.172: the next would be 2e−18. */
const terms = 11;

const createLoops = wasmLoops<Loop>({
  roots: rootsLoop(),
  levels: levelsLoop(),
  moments: momentsLoop(),
  logarithms: logarithmsLoop(),
});

function rootsLoop(): WasmFunction {
  const [at, fours] = [0, 1] as const;
  const { get, advance, integer, load, store, loop, again } = wasm;
  const body = [
    ...[...loop, ...get(at), ...load(at), 0xfd, 0xe3, 0x01, ...store()],
    ...[...advance(at, integer(16)), ...again(fours)],
  ];
  return { parameters: new Array<number>(2).fill(wasm.i32), locals: [], body };
}

/** x = 2^e m with m between √½ and √2, ln x = e ln 2 + 2 artanh((m − 1) / (m + 1)); two values at a time. */
function levelsLoop(): WasmFunction {
  const [at, scales, fours] = [0, 1, 2] as const;
  const [floor, scale, offset, least, value, exponent, square, series, half] = [3, 4, 5, 6, 7, 8, 9, 10, 11];
  const { get, set, advance, integer, loadPair, loadSplat64, store, loop, again, float64, float64s } = wasm;
  const { add, subtract, multiply, divide, larger } = float64;
  const bits = (value: bigint): number[] => [
    ...[0xfd, 0x0c, ...new Uint8Array(BigUint64Array.of(value, value).buffer)],
  ];
  /** Two to the 52 and a half of it, whose last bits count ones. */
  const ones = 0x4338000000000000n;
  const [int64Add, int64Subtract] = [
    [0xfd, 0xce, 0x01],
    [0xfd, 0xd1, 0x01],
  ] as const;
  const pair = (k: number): number[] => [
    ...[...get(floor!), ...loadPair(at, 8 * k), ...larger, ...set(value!)],
    ...[...get(value!), ...bits(0x3fe6a09e667f3bcdn), ...int64Subtract],
    ...[...integer(52), 0xfd, 0xcc, 0x01, ...set(exponent!)],
    ...[
      ...get(value!),
      ...get(exponent!),
      ...integer(52),
      0xfd,
      0xcb,
      0x01,
      ...int64Subtract,
      ...set(value!),
    ],
    ...[...get(value!), ...float64s(1), ...subtract, ...get(value!), ...float64s(1), ...add, ...divide],
    ...[...set(value!), ...get(value!), ...get(value!), ...multiply, ...set(square!)],
    ...[...float64s(2 / (2 * terms - 1)), ...set(series!)],
    ...Array.from({ length: terms - 1 }, (_, i) => [
      ...[...get(series!), ...get(square!), ...multiply, ...float64s(2 / (2 * (terms - 2 - i) + 1)), ...add],
      ...set(series!),
    ]).flat(),
    ...[...get(exponent!), ...bits(ones), ...int64Add, ...float64s(1.5 * 2 ** 52), ...subtract],
    ...[...float64s(Math.LN2), ...multiply, ...get(series!), ...get(value!), ...multiply, ...add],
    ...[...get(scale!), ...multiply, ...get(offset!), ...add, ...set(value!)],
    ...[...get(least!), ...get(value!), ...larger, 0xfd, 0x5e],
  ];
  const body = [
    ...[floor!, scale!, offset!, least!].flatMap((local, k) => [
      ...[...loadSplat64(scales, 8 * k), ...set(local)],
    ]),
    ...[...loop, ...pair(0), ...set(half!)],
    ...[...get(at), ...get(half!), ...pair(1)],
    ...[0xfd, 0x0d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23, ...store()],
    ...[...advance(at, integer(16)), ...again(fours)],
  ];
  const locals = [[9, wasm.v128]] as const;
  return { parameters: new Array<number>(3).fill(wasm.i32), locals, body };
}

/** Four values a turn, in two halves: of each its sums of x, kx and k²x. */
function momentsLoop(): WasmFunction {
  const [at, left] = [6, 7] as const;
  const places = [8, 9] as const;
  const [value, moment] = [10, 11] as const;
  const sums = [12, 13, 14, 15, 16, 17];
  const { get, set, advance, integer, loadPair, store, loop, again, zeros, float64, float64s } = wasm;
  const plus = (sum: number, added: readonly number[]): number[] => [
    ...[...get(sum), ...added, ...float64.add, ...set(sum)],
  ];
  const pair = (half: 0 | 1): number[] => [
    ...[...loadPair(at, 8 * half), ...set(value)],
    ...[...get(value), ...get(places[half]), ...float64.multiply, ...set(moment)],
    ...[...plus(sums[half], get(value)), ...plus(sums[2 + half], get(moment))],
    ...plus(sums[4 + half], [...get(moment), ...get(places[half]), ...float64.multiply]),
    ...plus(places[half], float64s(4)),
  ];
  const from = (k: number): number[] => [0xfd, 0x0c, ...new Uint8Array(Float64Array.of(k, k + 1).buffer)];
  const body = [
    ...[...loop, ...get(row), ...set(at), ...get(turns), ...set(left)],
    ...[...from(0), ...set(places[0]), ...from(2), ...set(places[1])],
    ...sums.flatMap((sum) => [...zeros, ...set(sum)]),
    ...[...loop, ...pair(0), ...pair(1), ...advance(at, integer(16)), ...again(left)],
    ...sums.flatMap((sum, k) => [...get(out), ...get(sum), ...store(16 * k)]),
    ...[...advance(row, get(stride)), ...advance(out, integer(48)), ...advance(out, integer(48))],
    ...again(rows),
  ];
  const locals = [
    [2, wasm.i32],
    [10, wasm.v128],
  ] as const;
  return { parameters: rowParameters, locals, body };
}

/** Eight values a turn: their product is taken apart into an exponent, which is added, and a mantissa, which goes on. */
function logarithmsLoop(): WasmFunction {
  const [at, left] = [6, 7] as const;
  const [floor, value, product, exponents, sum] = [8, 9, 10, 11, 12] as const;
  const { get, set, advance, integer, loadPair, loadSplat64, store, loop, again, zeros } = wasm;
  const { float64, float64s } = wasm;
  const bits = (value: bigint): number[] => [
    ...[0xfd, 0x0c, ...new Uint8Array(BigUint64Array.of(value, value).buffer)],
  ];
  const pair = (k: number): number[] => [
    ...[...get(floor), ...loadPair(at, 8 * k), ...float64.larger, ...set(value)],
    ...[...get(sum), ...get(value), ...float64.add, ...set(sum)],
    ...[...get(product), ...get(value), ...float64.multiply, ...set(product)],
  ];
  const lane = (k: number): number[] => [...get(exponents), 0xfd, 0x1d, k, 0xb9];
  const body = [
    ...[...loadSplat64(floorAt), ...set(floor)],
    ...[...loop, ...get(row), ...set(at), ...get(turns), ...set(left)],
    ...[...float64s(1), ...set(product), ...zeros, ...set(exponents), ...zeros, ...set(sum)],
    ...[...loop, ...pair(0), ...pair(1), ...pair(2), ...pair(3)],
    ...[...get(exponents), ...get(product), ...integer(52), 0xfd, 0xcd, 0x01, 0xfd, 0xce, 0x01],
    ...set(exponents),
    ...[...get(product), ...bits(0x000fffffffffffffn), 0xfd, 0x4e, ...bits(0x3ff0000000000000n), 0xfd, 0x50],
    ...set(product),
    ...[...advance(at, integer(32)), ...again(left)],
    ...[...get(out), ...get(product), ...store()],
    ...[...get(out), ...lane(0), 0x39, 3, 16, ...get(out), ...lane(1), 0x39, 3, 24],
    ...[...get(out), ...get(sum), ...store(32)],
    ...[...advance(row, get(stride)), ...advance(out, integer(48)), ...again(rows)],
  ];
  const locals = [
    [2, wasm.i32],
    [5, wasm.v128],
  ] as const;
  return { parameters: rowParameters, locals, body };
}
