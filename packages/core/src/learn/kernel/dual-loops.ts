/**
 * The inner loops of kernel machines, rows of the kernel and steps of the dual: WebAssembly with SIMD, and the same loops in plain code. Places are in bytes; what is
 * a vector has room for up to a multiple of four values.
 */
import {
  advance,
  type Code,
  f32x4,
  f64x2,
  i32x4,
  type Local,
  repeat,
  set,
  v128,
  zeros,
} from "../../math/wasm/expressions.js";
import { kernel, loop, named } from "../../math/wasm/kernel.js";

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

type Vector = Local<"v128">;

/** Keeps `value` and its place where it is larger than the best before, and goes on by two places. */
function keepLarger(locals: Readonly<Record<"value" | "best" | "bestAt" | "at", Vector>>): Code {
  const { value, best, bestAt, at } = locals;
  const larger = f64x2.gt(value, best);
  return [
    set(bestAt, v128.bitselect(at, bestAt, larger)),
    set(best, v128.bitselect(value, best, larger)),
    set(at, f64x2.add(at, f64x2.of(2))),
  ];
}

export const dualKernel = kernel("dual", {
  /**
   * Replaces four times `quads` products x·y, float32, of one x with many y by exp2(scale · max(0, own + |y|² − 2 x·y)); `own` is |x|², the others' squares
   * are at `squares`. Scale is at most 0.
   */
  radial: loop({
    parameters: { ...named("i32", "at", "squares", "quads"), ...named("f32", "own", "scale") },
    locals: named("v128", "owns", "scales", "power", "part"),
    body: ({ at, squares, quads, own, scale, owns, scales, power, part }) => {
      const { add, sub, mul, pmax } = f32x4;
      const polynomial = [5, 4, 3, 2, 1, 0].reduce(
        (value, k) => add(mul(value, part), f32x4.of(series[k])),
        f32x4.of(series[6]),
      );
      // Two to the power is what a float32 with that exponent and no fraction is.
      const scaling = i32x4.shl(i32x4.add(i32x4.truncSatF32x4S(power), i32x4.of(127)), 23);
      return [
        [set(owns, f32x4.splat(own)), set(scales, f32x4.splat(scale))],
        repeat(quads, [
          set(part, sub(add(owns, v128.load(squares)), add(v128.load(at), v128.load(at)))),
          set(part, mul(pmax(zeros, part), scales)),
          set(part, pmax(f32x4.of(lowest), part)),
          set(power, f32x4.nearest(part)),
          set(part, sub(part, power)),
          v128.store(at, mul(polynomial, scaling)),
          [advance(at, 16), advance(squares, 16)],
        ]),
      ];
    },
    plain({ f32 }, at, squares, quads, own, scale) {
      const { fround } = Math;
      const [left, factor] = [fround(own), fround(scale)];
      for (let t = 0; t < 4 * quads; t++) {
        const product = f32[at / 4 + t];
        const distance = fround(fround(left + f32[squares / 4 + t]) - fround(product + product));
        const power = Math.max(lowest, fround(Math.max(0, distance) * factor));
        const whole = nearestEven(power);
        const part = fround(power - whole);
        let value = series[6];
        for (let k = 5; k >= 0; k--) value = fround(fround(value * part) + series[k]);
        f32[at / 4 + t] = value * 2 ** whole;
      }
    },
  }),

  /**
   * Looks for the variable that gains most with one whose score is `top`: writes the largest (top − s)² / curvature over s = score + gate below
   * top, its place, and the smallest s to `out`, for even and odd places each. Scores, gates and the kernel's diagonal are float64, its row float32.
   */
  seek: loop({
    parameters: {
      ...named("i32", "scores", "gates", "diagonal", "row", "pairs", "out"),
      ...named("f64", "top", "own"),
    },
    locals: named("v128", "tops", "owns", "best", "bestAt", "least", "at", "value", "single"),
    body: (locals) => {
      const { scores, gates, diagonal, row, pairs, out, top, own } = locals;
      const { tops, owns, best, bestAt, least, at, value, single } = locals;
      const { add, sub, mul, div, pmin, pmax } = f64x2;
      const square = mul(value, value);
      const curvature = sub(add(owns, v128.load(diagonal)), add(single, single));
      return [
        [set(tops, f64x2.splat(top)), set(owns, f64x2.splat(own))],
        [set(at, f64x2.of(0, 1)), set(least, f64x2.of(Number.POSITIVE_INFINITY))],
        repeat(pairs, [
          set(value, add(v128.load(scores), v128.load(gates))),
          set(least, pmin(least, value)),
          set(value, pmax(zeros, sub(tops, value))),
          set(single, f64x2.loadSingles(row)),
          set(value, div(square, pmax(f64x2.of(leastCurvature), curvature))),
          keepLarger({ value, best, bestAt, at }),
          [scores, gates, diagonal].map((pointer) => advance(pointer, 16)),
          advance(row, 8),
        ]),
        [v128.store(out, best), v128.store(out, bestAt, 16), v128.store(out, least, 32)],
      ];
    },
    plain({ f64, f32 }, scores, gates, diagonal, row, pairs, out, top, own) {
      const found = [0, 0, 0, 0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      for (let t = 0; t < 2 * pairs; t++) {
        const lane = t & 1;
        const score = f64[scores / 8 + t] + f64[gates / 8 + t];
        if (score < found[4 + lane]) found[4 + lane] = score;
        const gain = Math.max(0, top - score);
        const value = f32[row / 4 + t];
        const curvature = Math.max(own + f64[diagonal / 8 + t] - (value + value), leastCurvature);
        const reach = (gain * gain) / curvature;
        if (reach > found[lane]) [found[lane], found[2 + lane]] = [reach, t];
      }
      f64.set(found, out / 8);
    },
  }),

  /**
   * Takes delta · (K(i, ·) − K(j, ·)), rows of the kernel in float32, off the scores and writes the largest of score + gate and its place to `out`, for even and
   * odd places each.
   */
  move: loop({
    parameters: { ...named("i32", "scores", "gates", "rowI", "rowJ", "pairs", "out"), delta: "f64" },
    locals: named("v128", "deltas", "best", "bestAt", "at", "value"),
    body: ({ scores, gates, rowI, rowJ, pairs, out, delta, deltas, best, bestAt, at, value }) => {
      const change = f64x2.mul(deltas, f64x2.sub(f64x2.loadSingles(rowI), f64x2.loadSingles(rowJ)));
      return [
        [set(deltas, f64x2.splat(delta)), set(at, f64x2.of(0, 1))],
        set(best, f64x2.of(Number.NEGATIVE_INFINITY)),
        repeat(pairs, [
          set(value, f64x2.sub(v128.load(scores), change)),
          v128.store(scores, value),
          set(value, f64x2.add(value, v128.load(gates))),
          keepLarger({ value, best, bestAt, at }),
          [scores, gates].map((pointer) => advance(pointer, 16)),
          [rowI, rowJ].map((pointer) => advance(pointer, 8)),
        ]),
        [v128.store(out, best), v128.store(out, bestAt, 16)],
      ];
    },
    plain({ f64, f32 }, scores, gates, rowI, rowJ, pairs, out, delta) {
      const found = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
      for (let t = 0; t < 2 * pairs; t++) {
        const lane = t & 1;
        const score = f64[scores / 8 + t] - delta * (f32[rowI / 4 + t] - f32[rowJ / 4 + t]);
        f64[scores / 8 + t] = score;
        const value = score + f64[gates / 8 + t];
        if (value > found[lane]) [found[lane], found[2 + lane]] = [value, t];
      }
      f64.set(found, out / 8);
    },
  }),
});

/** Loops over one memory. */
export type DualLoops = ReturnType<typeof dualKernel.open>;

/** The nearest whole number, of two the even one. */
function nearestEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}
