/**
 * Sums of the values of two rows at a time under many weightings: WebAssembly with SIMD, and the same loop in plain code. For the 12 × 1025 weights
 * of chroma it takes a fifth of the time of plain code (`npx tsx bench/features.bench.ts`, frame descriptors without pYIN).
 */
import { type WasmFunction, wasm, wasmLoops } from "./wasm-module.js";

/** Weightings that are kept beside each other. */
export interface WeightedSums {
  readonly name: "simd" | "plain";
  /**
   * Writes, for one row of values of `data` from `at` on, or two where `rows` is 2, the sum under each weighting to `out` from `outAt` on. Each is
   * summed in float64 in the order of the values.
   */
  run(data: Float32Array, at: number, rows: number, out: Float32Array, outAt: number): void;
}

/** Weightings at once: as many as leave each sum and each weight a register of the sixteen. */
const group = 6;

/** Returns the quickest loop that this runtime has for `weights`, weightings × values, row-major. */
export function weightedSums(
  weights: Float64Array,
  { weightings, values, plain = false }: { weightings: number; values: number; plain?: boolean },
): WeightedSums {
  const groups = Math.ceil(weightings / group);
  const dataAt = groups * group * values;
  const sumsAt = dataAt + 2 * values;
  const end = sumsAt + 2 * groups * group;
  const loops = plain ? undefined : createLoops();
  const m = loops ? new Float64Array(loops.memory(8 * end), 0, end) : new Float64Array(end);
  // Value by value the weights of one group, group by group.
  for (let f = 0; f < weightings; f++) {
    const to = Math.floor(f / group) * group * values + (f % group);
    for (let p = 0; p < values; p++) m[to + group * p] = weights[f * values + p]!;
  }
  return {
    name: loops ? "simd" : "plain",
    run(data, at, rows, out, outAt) {
      const second = rows > 1 ? values : 0;
      for (let p = 0, to = dataAt; p < values; p++, to += 2) {
        m[to] = data[at + p]!;
        m[to + 1] = data[at + second + p]!;
      }
      if (loops) loops.run.sums(0, 8 * dataAt, 8 * sumsAt, values, groups);
      else sumPlain(m, { dataAt, sumsAt, values, groups });
      for (let r = 0; r < rows; r++)
        for (let f = 0; f < weightings; f++) out[outAt + r * weightings + f] = m[sumsAt + 2 * f + r]!;
    },
  };
}

function sumPlain(
  m: Float64Array,
  { dataAt, sumsAt, values, groups }: { dataAt: number; sumsAt: number; values: number; groups: number },
): void {
  for (let f = 0; f < group * groups; f++) {
    let at = Math.floor(f / group) * group * values + (f % group);
    let first = 0;
    let second = 0;
    for (let p = dataAt; p < dataAt + 2 * values; p += 2, at += group) {
      first += m[at]! * m[p]!;
      second += m[at]! * m[p + 1]!;
    }
    m[sumsAt + 2 * f] = first;
    m[sumsAt + 2 * f + 1] = second;
  }
}

const createLoops = wasmLoops({ sums: sumsLoop() });

function sumsLoop(): WasmFunction {
  const [weights, data, out, values, groups, at, left, pair] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const sums = Array.from({ length: group }, (_, k) => 8 + k);
  const { get, set, advance, integer, load, loadSplat64, store, loop, again, zeros, float64 } = wasm;
  const body = [
    ...loop,
    ...sums.flatMap((sum) => [...zeros, ...set(sum)]),
    ...[...get(data), ...set(at), ...get(values), ...set(left)],
    ...loop,
    ...[...load(at), ...set(pair)],
    ...sums.flatMap((sum, k) => [
      ...[...get(sum), ...loadSplat64(weights, 8 * k), ...get(pair)],
      ...[...float64.multiply, ...float64.add, ...set(sum)],
    ]),
    ...[...advance(weights, integer(8 * group)), ...advance(at, integer(16)), ...again(left)],
    ...sums.flatMap((sum, k) => [...get(out), ...get(sum), ...store(16 * k)]),
    ...[...advance(out, integer(8 * group)), ...advance(out, integer(8 * group)), ...again(groups)],
  ];
  const locals = [
    [2, wasm.i32],
    [1 + group, wasm.v128],
  ] as const;
  return { parameters: new Array<number>(5).fill(wasm.i32), locals, body };
}
