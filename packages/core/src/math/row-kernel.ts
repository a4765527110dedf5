/** Loops over the values of rows, square roots, logarithms, moments: WebAssembly with SIMD, and the same loops in plain code. Places are in bytes. */
import {
  advance,
  f32x4,
  f64,
  f64x2,
  i64x2,
  type Local,
  repeat,
  set,
  type Value,
  v128,
  zeros,
} from "./wasm/expressions.js";
import { kernel, loop, named, several } from "./wasm/kernel.js";

/** Coefficients of s, s³, s⁵ … of 2 artanh(s), |s| ≤ 0.172: the next would be 2e−18. */
const series = Array.from({ length: 11 }, (_, i) => 2 / (2 * i + 1));

/** The bits of √½, of 1, of a float64's fraction; two to the 52 and a half of it, whose last bits count ones. */
const rootHalf = 0x3fe6a09e667f3bcdn;
const one = 0x3ff0000000000000n;
const fraction = 0x000fffffffffffffn;
const ones = 0x4338000000000000n;

/** A float64 and the halves of its bits, the lower one first. */
const number = new Float64Array(1);
const halves = new Int32Array(number.buffer);

/** Parameters of the loops over rows: `rows` rows, `stride` apart, of so many turns; results go to `out`. */
const rowParameters = named("i32", "row", "stride", "rows", "turns", "out", "floorAt");

export const rowKernel = kernel("rows", {
  roots: loop({
    parameters: named("i32", "at", "fours"),
    body: ({ at, fours }) => repeat(fours, [v128.store(at, f32x4.sqrt(v128.load(at))), advance(at, 16)]),
    plain({ f32 }, at, fours) {
      for (let i = at / 4; i < at / 4 + 4 * fours; i++) f32[i] = Math.sqrt(f32[i]);
    },
  }),

  /**
   * max(least, scale × ln(max(floor, x)) + offset), these four at `scales`: x = 2^e m with m between √½ and √2, ln x = e ln 2 + 2 artanh((m − 1) / (m + 1)); two
   * values at a time.
   */
  levels: loop({
    parameters: named("i32", "at", "scales", "fours"),
    locals: {
      ...named("v128", "floor", "scale", "offset", "least"),
      ...named("v128", "value", "exponent", "square", "sum"),
      halves: several("v128", 2),
    },
    body: ({ at, scales, fours, floor, scale, offset, least, value, exponent, square, sum, halves }) => {
      const { add, sub, mul, div, pmax } = f64x2;
      const pair = (k: number) => [
        set(value, pmax(floor, f64x2.loadSingles(at, 8 * k))),
        set(exponent, i64x2.shrS(i64x2.sub(value, i64x2.of(rootHalf)), 52)),
        set(value, i64x2.sub(value, i64x2.shl(exponent, 52))),
        set(value, div(sub(value, f64x2.of(1)), add(value, f64x2.of(1)))),
        [set(square, mul(value, value)), set(sum, f64x2.of(series[series.length - 1]))],
        series
          .slice(0, -1)
          .reverse()
          .map((term) => set(sum, add(mul(sum, square), f64x2.of(term)))),
        // The exponent as float64.
        set(exponent, sub(i64x2.add(exponent, i64x2.of(ones)), f64x2.of(1.5 * 2 ** 52))),
        set(value, add(mul(exponent, f64x2.of(Math.LN2)), mul(sum, value))),
        set(value, add(mul(value, scale), offset)),
        set(halves[k], f32x4.demoteF64x2Zero(pmax(least, value))),
      ];
      return [
        [floor, scale, offset, least].map((local, k) => set(local, v128.load64Splat(scales, 8 * k))),
        repeat(fours, [
          [pair(0), pair(1)],
          v128.store(at, f64x2.firsts(halves[0], halves[1])),
          advance(at, 16),
        ]),
      ];
    },
    plain({ f32, f64 }, at, scales, fours) {
      const [floor, scale, offset, least] = f64.subarray(scales / 8, scales / 8 + 4);
      for (let i = at / 4; i < at / 4 + 4 * fours; i++) {
        number[0] = Math.max(floor, f32[i]);
        // √½ taken off as an integer of 64 bits, of which the upper twelve are wanted.
        const borrow = halves[0] >>> 0 < 0x667f3bcd ? 1 : 0;
        const exponent = (halves[1] - 0x3fe6a09e - borrow) >> 20;
        halves[1] -= exponent << 20;
        const s = (number[0] - 1) / (number[0] + 1);
        let sum = series[series.length - 1];
        for (let k = series.length - 2; k >= 0; k--) sum = sum * (s * s) + series[k];
        const level = (exponent * Math.LN2 + sum * s) * scale + offset;
        f32[i] = Math.max(least, level);
      }
    },
  }),

  /** Four values a turn, in two halves: of each its sums of x, kx and k²x. */
  moments: loop({
    parameters: rowParameters,
    locals: {
      ...named("i32", "at", "left"),
      places: several("v128", 2),
      ...named("v128", "value", "moment"),
      sums: several("v128", 6),
    },
    body: ({ row, stride, rows, turns, out, at, left, places, value, moment, sums }) => {
      const plus = (sum: Local<"v128">, value: Value<"v128">) => set(sum, f64x2.add(sum, value));
      const pair = (half: number) => [
        set(value, f64x2.loadSingles(at, 8 * half)),
        set(moment, f64x2.mul(value, places[half])),
        [plus(sums[half], value), plus(sums[2 + half], moment)],
        plus(sums[4 + half], f64x2.mul(moment, places[half])),
        plus(places[half], f64x2.of(4)),
      ];
      return repeat(rows, [
        [set(at, row), set(left, turns)],
        [set(places[0], f64x2.of(0, 1)), set(places[1], f64x2.of(2, 3))],
        sums.map((sum) => set(sum, zeros)),
        repeat(left, [pair(0), pair(1), advance(at, 16)]),
        sums.map((sum, k) => v128.store(out, sum, 16 * k)),
        [advance(row, stride), advance(out, 96)],
      ]);
    },
    plain({ f32, f64 }, row, stride, rows, turns, out) {
      for (let r = 0, to = out / 8; r < rows; r++, to += 12) {
        f64.fill(0, to, to + 12);
        for (let k = 0, at = (row + r * stride) / 4; k < 4 * turns; k++, at++) {
          const moment = f32[at] * k;
          f64[to + (k & 3)] += f32[at];
          f64[to + 4 + (k & 3)] += moment;
          f64[to + 8 + (k & 3)] += moment * k;
        }
      }
    },
  }),

  /** Eight values a turn: their product is taken apart into an exponent, which is added, and a mantissa, which goes on. */
  logarithms: loop({
    parameters: rowParameters,
    locals: {
      ...named("i32", "at", "left"),
      ...named("v128", "floor", "value", "product", "exponents", "sum"),
    },
    body: ({ row, stride, rows, turns, out, floorAt, at, left, floor, value, product, exponents, sum }) => {
      const pair = (k: number) => [
        set(value, f64x2.pmax(floor, f64x2.loadSingles(at, 8 * k))),
        [set(sum, f64x2.add(sum, value)), set(product, f64x2.mul(product, value))],
      ];
      const lane = (k: number) =>
        f64.store(out, f64.convertI64S(i64x2.extractLane(exponents, k)), 16 + 8 * k);
      return [
        set(floor, v128.load64Splat(floorAt)),
        repeat(rows, [
          [set(at, row), set(left, turns)],
          [set(product, f64x2.of(1)), set(exponents, zeros), set(sum, zeros)],
          repeat(left, [
            [pair(0), pair(1), pair(2), pair(3)],
            set(exponents, i64x2.add(exponents, i64x2.shrU(product, 52))),
            set(product, v128.or(v128.and(product, i64x2.of(fraction)), i64x2.of(one))),
            advance(at, 32),
          ]),
          [v128.store(out, product), lane(0), lane(1), v128.store(out, sum, 32)],
          [advance(row, stride), advance(out, 48)],
        ]),
      ];
    },
    plain({ f32, f64 }, row, stride, rows, turns, out, floorAt) {
      const floor = f64[floorAt / 8];
      for (let r = 0, to = out / 8; r < rows; r++, to += 6) {
        for (let lane = 0; lane < 2; lane++) {
          let [exponents, sum] = [0, 0];
          number[0] = 1;
          for (let k = lane, from = (row + r * stride) / 4; k < 8 * turns; k += 2) {
            const value = Math.max(floor, f32[from + k]);
            sum += value;
            number[0] *= value;
            if ((k & 7) < 6) continue;
            exponents += halves[1] >>> 20;
            halves[1] = (halves[1] & 0xfffff) | 0x3ff00000;
          }
          f64[to + lane] = number[0];
          f64[to + 2 + lane] = exponents;
          f64[to + 4 + lane] = sum;
        }
      }
    },
  }),
});
