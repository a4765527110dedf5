/** The inner loops of kernel machines, rows of the kernel and steps of the dual: WebAssembly with SIMD, and the same loops in plain code. */
import { type WasmFunction, wasm, wasmLoops } from "../../math/wasm-module.js";

/** Loops over one memory; places are in bytes. What is a vector has room for up to a multiple of four values. */
export interface DualLoops {
  readonly name: "simd" | "plain";
  /** Returns the memory, at least `bytes` long; a view of an earlier one may be of no use. */
  memory(bytes: number): ArrayBuffer;
  /**
   * Replaces `count` products x·y, float32, of one x with many y by exp2(scale · max(0, own + |y|² − 2 x·y)); `own` is |x|², the others' squares
   * are at `squares`. Scale is at most 0.
   */
  radial(at: number, squares: number, count: number, own: number, scale: number): void;
  /**
   * Looks for the variable that gains most with one whose score is `top`: writes the largest (top − s)² / curvature over s = score + gate below
   * top, its place, and the smallest s to `out`, for even and odd places each.
   */
  seek(places: SeekPlaces, pairs: number, top: number, own: number, out: number): void;
  /** Takes delta · (K(i, ·) − K(j, ·)) off the scores and writes the largest of score + gate and its place to `out`, for even and odd places each. */
  move(places: MovePlaces, pairs: number, delta: number, out: number): void;
}

/** Float64 scores, gates and diagonal of the kernel; a float32 row of it. */
export interface SeekPlaces {
  readonly scores: number;
  readonly gates: number;
  readonly diagonal: number;
  readonly row: number;
}

/** Float64 scores and gates, two float32 rows. */
export interface MovePlaces {
  readonly scores: number;
  readonly gates: number;
  readonly rowI: number;
  readonly rowJ: number;
}

/** Curvature below which it is taken to be this. */
export const leastCurvature = 1e-12;

/** exp2(f), |f| ≤ ½, within 2e-7: ln 2 to the k / k!. */
const series = Array.from({ length: 7 }, (_, k) => {
  let value = 1;
  for (let q = 1; q <= k; q++) value *= Math.LN2 / q;
  return Math.fround(value);
});

/** Exponents of two below which float32 has no normal numbers. */
const lowest = -126;

/** Returns the quickest loops that this runtime has, with an empty memory. */
export function createDualLoops(): DualLoops {
  const loops = createLoops();
  if (!loops) return plainDualLoops();
  const { run, memory } = loops;
  return {
    name: "simd",
    memory,
    radial(at, squares, count, own, scale) {
      if (count > 0) run.radial(at, squares, Math.ceil(count / 4), own, scale);
    },
    seek({ scores, gates, diagonal, row }, pairs, top, own, out) {
      run.seek(scores, gates, diagonal, row, pairs, out, top, own);
    },
    move({ scores, gates, rowI, rowJ }, pairs, delta, out) {
      run.move(scores, gates, rowI, rowJ, pairs, out, delta);
    },
  };
}

/** Returns the loops without WebAssembly: each step is rounded as the other's is. */
export function plainDualLoops(): DualLoops {
  let buffer = new ArrayBuffer(0);
  let singles = new Float32Array(buffer);
  let doubles = new Float64Array(buffer);
  const { fround } = Math;
  return {
    name: "plain",
    memory(bytes) {
      if (bytes > buffer.byteLength) {
        const larger = new ArrayBuffer(16 * Math.ceil(bytes / 16));
        new Uint8Array(larger).set(new Uint8Array(buffer));
        buffer = larger;
        singles = new Float32Array(buffer);
        doubles = new Float64Array(buffer);
      }
      return buffer;
    },
    radial(at, squares, count, own, scale) {
      const [left, factor] = [fround(own), fround(scale)];
      for (let t = 0; t < 4 * Math.ceil(count / 4); t++) {
        const product = singles[at / 4 + t];
        const distance = fround(fround(left + singles[squares / 4 + t]) - fround(product + product));
        const power = Math.max(lowest, fround(Math.max(0, distance) * factor));
        const whole = nearestEven(power);
        const part = fround(power - whole);
        let value = series[6];
        for (let k = 5; k >= 0; k--) value = fround(fround(value * part) + series[k]);
        singles[at / 4 + t] = value * 2 ** whole;
      }
    },
    seek({ scores, gates, diagonal, row }, pairs, top, own, out) {
      const found = [0, 0, 0, 0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      for (let t = 0; t < 2 * pairs; t++) {
        const lane = t & 1;
        const score = doubles[scores / 8 + t] + doubles[gates / 8 + t];
        if (score < found[4 + lane]) found[4 + lane] = score;
        const gain = Math.max(0, top - score);
        const value = singles[row / 4 + t];
        const curvature = Math.max(own + doubles[diagonal / 8 + t] - (value + value), leastCurvature);
        const reach = (gain * gain) / curvature;
        if (reach > found[lane]) [found[lane], found[2 + lane]] = [reach, t];
      }
      doubles.set(found, out / 8);
    },
    move({ scores, gates, rowI, rowJ }, pairs, delta, out) {
      const found = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
      for (let t = 0; t < 2 * pairs; t++) {
        const lane = t & 1;
        const score = doubles[scores / 8 + t] - delta * (singles[rowI / 4 + t] - singles[rowJ / 4 + t]);
        doubles[scores / 8 + t] = score;
        const value = score + doubles[gates / 8 + t];
        if (value > found[lane]) [found[lane], found[2 + lane]] = [value, t];
      }
      doubles.set(found, out / 8);
    },
  };
}

/** The nearest whole number, of two the even one. */
function nearestEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}

/** Places 0 and 1, as float64. */
const firstPlaces = [0xfd, 0x0c, ...new Uint8Array(Float64Array.of(0, 1).buffer)];

/** Keeps `value` and its place where it is larger than the best before, and goes on by two places. */
function keepLarger({
  value,
  best,
  bestAt,
  at,
}: Record<"value" | "best" | "bestAt" | "at", number>): number[] {
  const { get, set, select, float64 } = wasm;
  const larger = [...get(value), ...get(best), ...float64.greater];
  return [
    ...[...get(at), ...get(bestAt), ...larger, ...select, ...set(bestAt)],
    ...[...get(value), ...get(best), ...larger, ...select, ...set(best)],
    ...[...get(at), ...wasm.float64s(2), ...float64.add, ...set(at)],
  ];
}

const createLoops = wasmLoops({ radial: radialLoop(), seek: seekLoop(), move: moveLoop() });

/** Four values at a time. */
function radialLoop(): WasmFunction {
  const [at, squares, quads, own, scale] = [0, 1, 2, 3, 4] as const;
  const [owns, scales, power, part] = [5, 6, 7, 8] as const;
  const { get, set, advance, integer, load, store, loop, again, zeros, float32, int32 } = wasm;
  const body = [
    ...[...get(own), ...float32.splat, ...set(owns), ...get(scale), ...float32.splat, ...set(scales)],
    ...loop,
    ...[...get(owns), ...load(squares), ...float32.add, ...load(at), ...load(at), ...float32.add],
    ...[...float32.subtract, ...set(part), ...zeros, ...get(part), ...float32.larger],
    ...[...get(scales), ...float32.multiply, ...set(part)],
    ...[...wasm.float32s(lowest), ...get(part), ...float32.larger, ...set(part)],
    ...[...get(part), ...float32.nearest, ...set(power)],
    ...[...get(part), ...get(power), ...float32.subtract, ...set(part)],
    ...[...get(at), ...wasm.float32s(series[6])],
    ...[5, 4, 3, 2, 1, 0].flatMap((k) => [
      ...[...get(part), ...float32.multiply, ...wasm.float32s(series[k]), ...float32.add],
    ]),
    // Times two to the power, which is what a float32 with that exponent and no fraction is.
    ...[...get(power), ...float32.toInt32, ...wasm.int32s(127), ...int32.add, ...int32.shiftLeft(23)],
    ...[...float32.multiply, ...store()],
    ...[...advance(at, integer(16)), ...advance(squares, integer(16)), ...again(quads)],
  ];
  const parameters = [wasm.i32, wasm.i32, wasm.i32, wasm.f32, wasm.f32];
  return { parameters, locals: [[4, wasm.v128]], body };
}

/** Two values at a time. */
function seekLoop(): WasmFunction {
  const [scores, gates, diagonal, row, pairs, out, top, own] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const [tops, owns, best, bestAt, least, at, value] = [8, 9, 10, 11, 12, 13, 14] as const;
  const { get, set, advance, integer, load, loadPair, store, loop, again, zeros, float64 } = wasm;
  const body = [
    ...[...get(top), ...float64.splat, ...set(tops), ...get(own), ...float64.splat, ...set(owns)],
    ...[...zeros, ...set(best), ...zeros, ...set(bestAt), ...firstPlaces, ...set(at)],
    ...[...wasm.float64s(Number.POSITIVE_INFINITY), ...set(least)],
    ...loop,
    ...[...load(scores), ...load(gates), ...float64.add, ...set(value)],
    ...[...get(least), ...get(value), ...float64.smaller, ...set(least)],
    ...[...zeros, ...get(tops), ...get(value), ...float64.subtract, ...float64.larger, ...set(value)],
    ...[...get(value), ...get(value), ...float64.multiply],
    ...[...wasm.float64s(leastCurvature), ...get(owns), ...load(diagonal), ...float64.add],
    ...[...loadPair(row), ...set(value), ...get(value), ...get(value), ...float64.add],
    ...[...float64.subtract, ...float64.larger, ...float64.divide, ...set(value)],
    ...keepLarger({ value, best, bestAt, at }),
    ...[scores, gates, diagonal].flatMap((pointer) => advance(pointer, integer(16))),
    ...[...advance(row, integer(8)), ...again(pairs)],
    ...[...get(out), ...get(best), ...store(), ...get(out), ...get(bestAt), ...store(16)],
    ...[...get(out), ...get(least), ...store(32)],
  ];
  const parameters = [...new Array<number>(6).fill(wasm.i32), wasm.f64, wasm.f64];
  return { parameters, locals: [[7, wasm.v128]], body };
}

/** Two values at a time. */
function moveLoop(): WasmFunction {
  const [scores, gates, rowI, rowJ, pairs, out, delta] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [deltas, best, bestAt, at, value] = [7, 8, 9, 10, 11] as const;
  const { get, set, advance, integer, load, loadPair, store, loop, again, zeros, float64 } = wasm;
  const body = [
    ...[
      ...get(delta),
      ...float64.splat,
      ...set(deltas),
      ...zeros,
      ...set(bestAt),
      ...firstPlaces,
      ...set(at),
    ],
    ...[...wasm.float64s(Number.NEGATIVE_INFINITY), ...set(best)],
    ...loop,
    ...[...load(scores), ...get(deltas), ...loadPair(rowI), ...loadPair(rowJ), ...float64.subtract],
    ...[...float64.multiply, ...float64.subtract, ...set(value)],
    ...[...get(scores), ...get(value), ...store()],
    ...[...get(value), ...load(gates), ...float64.add, ...set(value)],
    ...keepLarger({ value, best, bestAt, at }),
    ...[scores, gates].flatMap((pointer) => advance(pointer, integer(16))),
    ...[rowI, rowJ].flatMap((pointer) => advance(pointer, integer(8))),
    ...again(pairs),
    ...[...get(out), ...get(best), ...store(), ...get(out), ...get(bestAt), ...store(16)],
  ];
  const parameters = [...new Array<number>(6).fill(wasm.i32), wasm.f64];
  return { parameters, locals: [[5, wasm.v128]], body };
}
