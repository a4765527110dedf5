/**
 * The loops of subharmonic summation over the spectra of two frames at a time, side by side in vectors of two float64: WebAssembly with SIMD, and the
 * same loops in plain code. A recurrence such as the spline's takes no longer for two frames than for one.
 */
import {
  advance,
  f64x2,
  i32,
  type Local,
  repeat,
  set,
  type Value,
  v128,
  zeros,
} from "../math/wasm/expressions.js";
import { kernel, loop, named, several } from "../math/wasm/kernel.js";

/** Harmonics that are added in one pass. */
export const harmonicsAtOnce = 5;

const { add, sub, mul, gt, ge } = f64x2;

/** What is above the value before and not below the one after. */
function peak(before: Local<"v128">, here: Local<"v128">, after: Local<"v128">): Value<"v128"> {
  return v128.and(gt(here, before), ge(here, after));
}

/** Tells the same of value i of two that stand side by side. */
function isPeak(m: Float64Array, i: number): boolean {
  return m[i] > m[i - 2] && m[i] >= m[i + 2];
}

/** Places are in bytes. */
export const subharmonicLoops = kernel("subharmonic summation", {
  /** Square roots of two rows, four values at a time, put side by side. */
  roots: loop({
    parameters: named("i32", "first", "second", "out", "left"),
    locals: named("v128", "a", "b"),
    body: ({ first, second, out, left, a, b }) =>
      repeat(left, [
        [set(a, f64x2.sqrt(v128.load(first))), set(b, f64x2.sqrt(v128.load(second)))],
        [v128.store(out, f64x2.firsts(a, b)), v128.store(out, f64x2.seconds(a, b), 16)],
        [advance(first, 16), advance(second, 16), advance(out, 32)],
      ]),
    plain({ f64 }, first, second, out, count) {
      for (let i = 0; i < 2 * count; i++) {
        f64[out / 8 + 2 * i] = Math.sqrt(f64[first / 8 + i]);
        f64[out / 8 + 2 * i + 1] = Math.sqrt(f64[second / 8 + i]);
      }
    },
  }),

  /** Marks the local maxima of the roots, and all before the first one; a mark is all bits. */
  mark: loop({
    parameters: named("i32", "at", "out", "left"),
    locals: named("v128", "before", "here", "after", "marked", "seen"),
    body: ({ at, out, left, before, here, after, marked, seen }) => [
      [set(before, v128.load(at)), set(here, v128.load(at, 16))],
      repeat(left, [
        set(after, v128.load(at, 32)),
        set(marked, peak(before, here, after)),
        v128.store(out, v128.or(marked, v128.not(seen))),
        set(seen, v128.or(seen, marked)),
        [set(before, here), set(here, after)],
        [advance(at, 16), advance(out, 16)],
      ]),
    ],
    plain({ f64, i32 }, at, out, count) {
      for (let s = 0; s < 2; s++) {
        let seen = false;
        for (let k = 0, i = at / 8 + 2 + s, to = out / 4 + 2 * s; k < count; k++, i += 2, to += 4) {
          const marked = isPeak(f64, i);
          i32.fill(marked || !seen ? -1 : 0, to, to + 2);
          seen ||= marked;
        }
      }
    },
  }),

  /** Drops what has no mark within two places, and smooths what is left: four times what the docstring of the summation says. */
  smooth: loop({
    parameters: named("i32", "mark", "at", "out", "left"),
    locals: named("v128", "two", "one", "kept"),
    body: ({ mark, at, out, left, two, one, kept }) => {
      const marks = [0, 1, 2, 3, 4].map((k) => v128.load(mark, 16 * k));
      return repeat(left, [
        set(
          kept,
          v128.and(
            marks.reduce((all, one) => v128.or(all, one)),
            v128.load(at),
          ),
        ),
        v128.store(out, add(add(add(two, one), one), kept)),
        [set(two, one), set(one, kept)],
        [advance(mark, 16), advance(at, 16), advance(out, 32)],
      ]);
    },
    plain({ f64, i32 }, mark, at, out, count) {
      for (let s = 0; s < 2; s++) {
        let two = 0;
        let one = 0;
        for (let k = 0, i = mark / 4 + 2 * s; k < count; k++, i += 4) {
          const near = i32[i] | i32[i + 4] | i32[i + 8] | i32[i + 12] | i32[i + 16];
          const kept = near === 0 ? 0 : f64[at / 8 + 2 * k + s];
          f64[out / 8 + 4 * k + s] = two + one + one + kept;
          two = one;
          one = kept;
        }
      }
    },
  }),

  /** Sweep of the spline up the bins, which writes bends beside values: none at both ends. */
  forward: loop({
    parameters: named("i32", "at", "table", "left"),
    locals: named("v128", "here", "after", "slope", "next", "bend"),
    body: ({ at, table, left, here, after, slope, next, bend }) => {
      const slopeAfter = mul(sub(after, here), v128.load64Splat(table));
      return [
        [set(here, v128.load(at)), set(after, v128.load(at, 32)), set(slope, slopeAfter)],
        v128.store(at, zeros, 16),
        repeat(left, [
          [advance(at, 32), advance(table, 24)],
          [set(here, after), set(after, v128.load(at, 32)), set(next, slopeAfter)],
          set(
            bend,
            sub(mul(sub(next, slope), v128.load64Splat(table, 8)), mul(bend, v128.load64Splat(table, 16))),
          ),
          [v128.store(at, bend, 16), set(slope, next)],
        ]),
        v128.store(at, zeros, 48),
      ];
    },
    plain({ f64: m }, at, table, count) {
      for (let s = 0; s < 2; s++) {
        let i = at / 8 + s;
        let t = table / 8;
        let slope = (m[i + 4] - m[i]) * m[t];
        let bend = 0;
        m[i + 2] = 0;
        for (let k = 0; k < count; k++) {
          i += 4;
          t += 3;
          const next = (m[i + 4] - m[i]) * m[t];
          bend = (next - slope) * m[t + 1] - bend * m[t + 2];
          m[i + 2] = bend;
          slope = next;
        }
        m[i + 6] = 0;
      }
    },
  }),

  /** Sweep down the bins. */
  backward: loop({
    parameters: named("i32", "at", "table", "left"),
    locals: { bend: "v128" },
    body: ({ at, table, left, bend }) =>
      repeat(left, [
        set(bend, sub(v128.load(at, 16), mul(bend, v128.load64Splat(table)))),
        v128.store(at, bend, 16),
        [advance(at, -32), advance(table, -8)],
      ]),
    plain({ f64: m }, at, table, count) {
      for (let s = 0; s < 2; s++) {
        let bend = 0;
        for (let k = 0, i = at / 8 + 2 + s, t = table / 8; k < count; k++, i -= 4, t--) {
          bend = m[i] - bend * m[t];
          m[i] = bend;
        }
      }
    },
  }),

  /** Values of the spline at the points of the axis, at least 0. */
  interpolate: loop({
    parameters: named("i32", "table", "out", "left"),
    locals: { bin: "i32" },
    body: ({ table, out, left, bin }) => {
      const terms = [0, 1, 2, 3].map((k) =>
        mul(v128.load(bin, 16 * k), v128.load64Splat(table, 8 * (k + 1))),
      );
      return repeat(left, [
        set(bin, i32.load(table)),
        v128.store(
          out,
          f64x2.pmax(
            zeros,
            terms.reduce((sum, term) => add(sum, term)),
          ),
        ),
        [advance(table, 40), advance(out, 16)],
      ]);
    },
    plain({ f64: m, i32 }, table, out, count) {
      for (let k = 0, t = table / 8; k < count; k++, t += 5) {
        const bin = i32[2 * t] / 8;
        for (let s = bin; s < bin + 2; s++) {
          const value = m[s] * m[t + 1] + m[s + 2] * m[t + 2] + m[s + 4] * m[t + 3] + m[s + 6] * m[t + 4];
          m[out / 8 + 2 * k + s - bin] = Math.max(0, value);
        }
      }
    },
  }),

  /** Adds weighted harmonics to the sums, two points at a time. */
  add: loop({
    parameters: {
      ...named("i32", "out", "table"),
      harmonics: several("i32", harmonicsAtOnce),
      left: "i32",
    },
    locals: { factors: several("v128", harmonicsAtOnce) },
    body: ({ out, table, harmonics, left, factors }) => {
      const point = (offset: number) => {
        const terms = harmonics.map((at, k) => mul(factors[k], v128.load(at, offset)));
        const sum = terms.reduce((sum, term) => add(sum, term));
        return v128.store(out, add(v128.load(out, offset), sum), offset);
      };
      return [
        factors.map((factor, k) => set(factor, v128.load64Splat(table, 8 * k))),
        repeat(left, [[point(0), point(16)], harmonics.map((at) => advance(at, 32)), advance(out, 32)]),
      ];
    },
    plain({ f64: m }, out, table, a, b, c, d, e, pairs) {
      const [u, v, w, x, y] = m.subarray(table / 8, table / 8 + harmonicsAtOnce);
      for (let i = 0; i < 4 * pairs; i++)
        m[out / 8 + i] +=
          u * m[a / 8 + i] + v * m[b / 8 + i] + w * m[c / 8 + i] + x * m[d / 8 + i] + y * m[e / 8 + i];
    },
  }),

  /** Totals of the sums but the first and the last, and where one is a local maximum; the end of these places goes to `end`. */
  find: loop({
    parameters: named("i32", "at", "totals", "out", "end", "left"),
    locals: { ...named("v128", "before", "here", "after", "total"), point: "i32" },
    body: ({ at, totals, out, end, left, before, here, after, total, point }) => [
      [set(before, v128.load(at)), set(here, v128.load(at, 16))],
      repeat(left, [
        [advance(point, 1), set(after, v128.load(at, 32)), set(total, add(total, here))],
        i32.store(out, point),
        // The place is kept where there is one, else written again.
        set(out, i32.add(i32.shl(v128.anyTrue(peak(before, here, after)), 2), out)),
        [set(before, here), set(here, after), advance(at, 16)],
      ]),
      [v128.store(totals, total), i32.store(end, out)],
    ],
    plain({ f64, i32 }, at, totals, out, end, count) {
      let to = out / 4;
      f64.fill(0, totals / 8, totals / 8 + 2);
      for (let k = 1, i = at / 8 + 2; k <= count; k++, i += 2) {
        f64[totals / 8] += f64[i];
        f64[totals / 8 + 1] += f64[i + 1];
        if (isPeak(f64, i) || isPeak(f64, i + 1)) i32[to++] = k;
      }
      i32[end / 4] = 4 * to;
    },
  }),
});
