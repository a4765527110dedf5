/**
 * The loops of subharmonic summation over the spectra of two frames at a time, side by side in vectors of two float64: WebAssembly with SIMD, and the
 * same loops in plain code. A recurrence such as the spline's takes no longer for two frames than for one.
 */
import { type WasmFunction, wasm, wasmLoops } from "../math/wasm-module.js";

/** What the loops need to know, all of it by bin or by point of the axis, which has as many points as there are bins. */
export interface SubharmonicTables {
  readonly bins: number;
  /** Forward sweep of the spline, three numbers a bin: 1 / width above it, the factor of the slopes' difference, that of the bend before. */
  readonly forward: Float64Array;
  /** Backward sweep: the factor of the next bin's bend. */
  readonly backward: Float64Array;
  /** The bin below each point. */
  readonly lower: Uint32Array;
  /** Each point's weights of that bin's value and bend and of the next one's value and bend. */
  readonly axis: Float64Array;
  /** Shift in points and weight of each harmonic, ascending; as many as make whole passes of `harmonicsAtOnce`. */
  readonly shifts: Uint32Array;
  readonly weights: Float64Array;
}

/** Work memory for two spectra, and the loops over it. */
export interface SubharmonicKernel {
  readonly name: "simd" | "plain";
  /** Where the power spectra go, `bins` values each. */
  readonly powers: readonly [Float64Array, Float64Array];
  /** After `run`: sum i of spectrum s is `sums[2 i + s]`, and `totals[s]` that of the sums between the first and the last. */
  readonly sums: Float64Array;
  readonly totals: Float64Array;
  /** After `run`: points, ascending, at which either spectrum's sum is above the one before it and not below the one after it. */
  readonly peaks: Int32Array;
  /** Sums both spectra; returns how many places of `peaks` are filled. */
  run(): number;
}

/** Harmonics that are added in one pass. */
export const harmonicsAtOnce = 5;

/** Returns the quickest kernel that this runtime has. */
export function subharmonicKernel(
  tables: SubharmonicTables,
  { plain = false }: { readonly plain?: boolean } = {},
): SubharmonicKernel {
  const { bins, shifts, weights } = tables;
  const last = bins - 1;
  const padded = bins + (bins % 2);
  let end = 0;
  const place = (length: number): number => {
    const at = end;
    end += length + (length % 2);
    return at;
  };
  // Counted in float64. Each array of pairs begins with what stands before its first bin.
  const inputs = place(2 * padded);
  const roots = place(2 * (padded + 2)) + 2;
  const masks = place(2 * (bins + 4)) + 4;
  const spline = place(4 * (bins + 1)) + 4;
  const axis = place(2 * (bins + shifts[shifts.length - 1] + 2));
  const sumsAt = place(2 * (bins + 1));
  const totalsAt = place(2);
  const peaksAt = place(bins);
  const endAt = place(1);
  const forward = place(3 * bins);
  const backward = place(bins);
  const points = place(5 * bins);
  const factors = place(weights.length);

  const loops = plain ? undefined : createLoops();
  const m = loops ? new Float64Array(loops.memory(8 * end), 0, end) : new Float64Array(end);
  const integers = new Int32Array(m.buffer, 0, 2 * end);
  m.set(tables.forward, forward);
  m.set(tables.backward, backward);
  m.set(weights, factors);
  for (let j = 0; j < bins; j++) {
    integers[2 * (points + 5 * j)] = 8 * (spline + 4 * tables.lower[j]);
    m.set(tables.axis.subarray(4 * j, 4 * j + 4), points + 5 * j + 1);
  }
  // Before the first bin something lower than it.
  m.fill(-1, roots - 2, roots);
  // Two places beyond the last bin, whose own value is kept in any case.
  integers.fill(-1, 2 * (masks + 2 * (last + 2)), 2 * (masks + 2 * (last + 3)));

  const run = loops?.run ?? plainLoops(m, integers);
  const peaks = integers.subarray(2 * peaksAt, 2 * (peaksAt + bins));
  return {
    name: loops ? "simd" : "plain",
    powers: [m.subarray(inputs, inputs + bins), m.subarray(inputs + padded, inputs + padded + bins)],
    sums: m.subarray(sumsAt, sumsAt + 2 * bins),
    totals: m.subarray(totalsAt, totalsAt + 2),
    peaks,
    run() {
      run.roots(8 * inputs, 8 * (inputs + padded), 8 * roots, padded / 2);
      run.mark(8 * (roots - 2), 8 * masks, bins);
      run.smooth(8 * (masks - 4), 8 * roots, 8 * (spline - 4), bins);
      for (let s = 0; s < 2; s++) m[spline + 4 * last + s] = 4 * m[roots + 2 * last + s];
      run.forward(8 * spline, 8 * forward, last - 1);
      run.backward(8 * (spline + 4 * (last - 1)), 8 * (backward + last - 1), last - 1);
      run.interpolate(8 * points, 8 * axis, bins);
      m.fill(0, sumsAt, sumsAt + 2 * (bins + 1));
      for (let n = 0; n < shifts.length; n += harmonicsAtOnce) {
        const from = (k: number): number => 8 * (axis + 2 * shifts[n + k]);
        const pairs = (bins - shifts[n] + 1) >> 1;
        run.add(8 * sumsAt, 8 * (factors + n), from(0), from(1), from(2), from(3), from(4), pairs);
      }
      run.find(8 * sumsAt, 8 * totalsAt, 8 * peaksAt, 8 * endAt, last - 1);
      return (integers[2 * endAt] - 8 * peaksAt) / 4;
    },
  };
}

type Loop = "roots" | "mark" | "smooth" | "forward" | "backward" | "interpolate" | "add" | "find";

const { get, set, advance, integer, load, loadSplat64, store, loop, again, zeros, bits, float64 } = wasm;

const createLoops = wasmLoops<Loop>({
  roots: rootsLoop(),
  mark: markLoop(),
  smooth: smoothLoop(),
  forward: forwardLoop(),
  backward: backwardLoop(),
  interpolate: interpolateLoop(),
  add: addLoop(),
  find: findLoop(),
});

/** Square roots of two rows, four values at a time, put side by side. */
function rootsLoop(): WasmFunction {
  const [first, second, out, left, a, b] = [0, 1, 2, 3, 4, 5] as const;
  return loopOf(4, 2, [
    ...loop,
    ...[...load(first), ...float64.root, ...set(a), ...load(second), ...float64.root, ...set(b)],
    ...[...get(out), ...get(a), ...get(b), ...float64.firsts, ...store(0)],
    ...[...get(out), ...get(a), ...get(b), ...float64.seconds, ...store(16)],
    ...[...advance(first, integer(16)), ...advance(second, integer(16)), ...advance(out, integer(32))],
    ...again(left),
  ]);
}

/** Marks the local maxima of the roots, and all before the first one. */
function markLoop(): WasmFunction {
  const [at, out, left, before, here, after, peak, seen] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  return loopOf(3, 5, [
    ...[...load(at), ...set(before), ...load(at, 16), ...set(here)],
    ...loop,
    ...[...load(at, 32), ...set(after)],
    ...[...get(here), ...get(before), ...float64.greater],
    ...[...get(here), ...get(after), ...float64.greaterOrEqual, ...bits.and, ...set(peak)],
    ...[...get(out), ...get(peak), ...get(seen), ...bits.not, ...bits.or, ...store()],
    ...[...get(seen), ...get(peak), ...bits.or, ...set(seen)],
    ...[...get(here), ...set(before), ...get(after), ...set(here)],
    ...[...advance(at, integer(16)), ...advance(out, integer(16)), ...again(left)],
  ]);
}

/** Drops what has no mark within two places, and smooths what is left: four times what the docstring of the summation says. */
function smoothLoop(): WasmFunction {
  const [mark, at, out, left, two, one, kept] = [0, 1, 2, 3, 4, 5, 6] as const;
  return loopOf(4, 3, [
    ...loop,
    ...[...load(mark), ...load(mark, 16), ...bits.or, ...load(mark, 32), ...bits.or],
    ...[...load(mark, 48), ...bits.or, ...load(mark, 64), ...bits.or],
    ...[...load(at), ...bits.and, ...set(kept)],
    ...[...get(out), ...get(two), ...get(one), ...float64.add, ...get(one), ...float64.add],
    ...[...get(kept), ...float64.add, ...store()],
    ...[...get(one), ...set(two), ...get(kept), ...set(one)],
    ...[...advance(mark, integer(16)), ...advance(at, integer(16)), ...advance(out, integer(32))],
    ...again(left),
  ]);
}

function forwardLoop(): WasmFunction {
  const [at, table, left, here, after, slope, next, bend] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const slopeAfter = [
    ...[...get(after), ...get(here), ...float64.subtract, ...loadSplat64(table), ...float64.multiply],
  ];
  return loopOf(3, 5, [
    ...[...load(at), ...set(here), ...load(at, 32), ...set(after), ...slopeAfter, ...set(slope)],
    // Where no curve bends.
    ...[...get(at), ...zeros, ...store(16)],
    ...loop,
    ...[...advance(at, integer(32)), ...advance(table, integer(24))],
    ...[...get(after), ...set(here), ...load(at, 32), ...set(after), ...slopeAfter, ...set(next)],
    ...[...get(next), ...get(slope), ...float64.subtract, ...loadSplat64(table, 8), ...float64.multiply],
    ...[...get(bend), ...loadSplat64(table, 16), ...float64.multiply, ...float64.subtract, ...set(bend)],
    ...[...get(at), ...get(bend), ...store(16), ...get(next), ...set(slope)],
    ...again(left),
    ...[...get(at), ...zeros, ...store(48)],
  ]);
}

function backwardLoop(): WasmFunction {
  const [at, table, left, bend] = [0, 1, 2, 3] as const;
  return loopOf(3, 1, [
    ...loop,
    ...[...load(at, 16), ...get(bend), ...loadSplat64(table), ...float64.multiply, ...float64.subtract],
    ...[...set(bend), ...get(at), ...get(bend), ...store(16)],
    ...[...advance(at, integer(-32)), ...advance(table, integer(-8)), ...again(left)],
  ]);
}

/** Values of the spline at the points of the axis, at least 0. */
function interpolateLoop(): WasmFunction {
  const [table, out, left, bin] = [0, 1, 2, 3] as const;
  const weighted = (k: number): number[] => [
    ...[...load(bin, 16 * k), ...loadSplat64(table, 8 * (k + 1)), ...float64.multiply],
  ];
  const body = [
    ...loop,
    ...[...wasm.loadInteger(table), ...set(bin)],
    ...[...get(out), ...zeros, ...weighted(0), ...weighted(1), ...float64.add],
    ...[...weighted(2), ...float64.add, ...weighted(3), ...float64.add, ...float64.larger, ...store()],
    ...[...advance(table, integer(40)), ...advance(out, integer(16)), ...again(left)],
  ];
  return { parameters: new Array<number>(3).fill(wasm.i32), locals: [[1, wasm.i32]], body };
}

/** Adds weighted harmonics to the sums, two points at a time. */
function addLoop(): WasmFunction {
  const [out, table, first, left] = [0, 1, 2, 2 + harmonicsAtOnce] as const;
  const factor = left + 1;
  const harmonics = Array.from({ length: harmonicsAtOnce }, (_, k) => k);
  const point = (offset: number): number[] => [
    ...[...get(out), ...load(out, offset)],
    ...harmonics.flatMap((k) => [
      ...[...get(factor + k), ...load(first + k, offset), ...float64.multiply],
      ...(k > 0 ? float64.add : []),
    ]),
    ...[...float64.add, ...store(offset)],
  ];
  return loopOf(3 + harmonicsAtOnce, harmonicsAtOnce, [
    ...harmonics.flatMap((k) => [...loadSplat64(table, 8 * k), ...set(factor + k)]),
    ...loop,
    ...[...point(0), ...point(16)],
    ...harmonics.flatMap((k) => advance(first + k, integer(32))),
    ...[...advance(out, integer(32)), ...again(left)],
  ]);
}

/** Totals of the sums but the first and the last, and where one is a local maximum. */
function findLoop(): WasmFunction {
  const [at, totals, out, end, left, before, here, after, total] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
  const point = 9;
  const body = [
    ...[...load(at), ...set(before), ...load(at, 16), ...set(here)],
    ...loop,
    ...[...advance(point, integer(1)), ...load(at, 32), ...set(after)],
    ...[...get(total), ...get(here), ...float64.add, ...set(total)],
    ...[...get(out), ...get(point), ...wasm.storeInteger],
    ...[...get(here), ...get(before), ...float64.greater],
    ...[...get(here), ...get(after), ...float64.greaterOrEqual, ...bits.and, ...bits.any],
    // The place is kept where there is one, else written again.
    ...[...integer(2), ...wasm.shiftLeft, ...get(out), 0x6a, ...set(out)],
    ...[...get(here), ...set(before), ...get(after), ...set(here)],
    ...[...advance(at, integer(16)), ...again(left)],
    ...[...get(totals), ...get(total), ...store(), ...get(end), ...get(out), ...wasm.storeInteger],
  ];
  const locals = [
    [4, wasm.v128],
    [1, wasm.i32],
  ] as const;
  return { parameters: new Array<number>(5).fill(wasm.i32), locals, body };
}

function loopOf(parameters: number, vectors: number, body: readonly number[]): WasmFunction {
  return {
    parameters: new Array<number>(parameters).fill(wasm.i32),
    locals: [[vectors, wasm.v128]],
    body,
  };
}

/** The loops in plain code, operation by operation; a mark is 1, and anything that is not 0 counts as one. */
function plainLoops(
  m: Float64Array,
  integers: Int32Array,
): Readonly<Record<Loop, (...bytes: number[]) => void>> {
  const peakAt = (i: number): boolean => m[i] > m[i - 2] && m[i] >= m[i + 2];
  return {
    roots(first, second, out, count) {
      for (let i = 0; i < 2 * count!; i++) {
        m[out! / 8 + 2 * i] = Math.sqrt(m[first! / 8 + i]);
        m[out! / 8 + 2 * i + 1] = Math.sqrt(m[second! / 8 + i]);
      }
    },
    mark(at, out, count) {
      for (let s = 0; s < 2; s++) {
        let seen = false;
        for (let k = 0, i = at! / 8 + 2 + s; k < count!; k++, i += 2) {
          const peak = peakAt(i);
          m[out! / 8 + 2 * k + s] = peak || !seen ? 1 : 0;
          seen ||= peak;
        }
      }
    },
    smooth(mark, at, out, count) {
      for (let s = 0; s < 2; s++) {
        let two = 0;
        let one = 0;
        for (let k = 0, i = mark! / 8 + s; k < count!; k++, i += 2) {
          const near = m[i] !== 0 || m[i + 2] !== 0 || m[i + 4] !== 0 || m[i + 6] !== 0 || m[i + 8] !== 0;
          const kept = near ? m[at! / 8 + 2 * k + s] : 0;
          m[out! / 8 + 4 * k + s] = two + one + one + kept;
          two = one;
          one = kept;
        }
      }
    },
    forward(at, table, count) {
      for (let s = 0; s < 2; s++) {
        let i = at! / 8 + s;
        let t = table! / 8;
        let slope = (m[i + 4] - m[i]) * m[t];
        let bend = 0;
        m[i + 2] = 0;
        for (let k = 0; k < count!; k++) {
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
    backward(at, table, count) {
      for (let s = 0; s < 2; s++) {
        let bend = 0;
        for (let k = 0, i = at! / 8 + 2 + s, t = table! / 8; k < count!; k++, i -= 4, t--) {
          bend = m[i] - bend * m[t];
          m[i] = bend;
        }
      }
    },
    interpolate(table, out, count) {
      for (let k = 0, t = table! / 8; k < count!; k++, t += 5) {
        const bin = integers[2 * t] / 8;
        for (let s = bin; s < bin + 2; s++) {
          const value = m[s] * m[t + 1] + m[s + 2] * m[t + 2] + m[s + 4] * m[t + 3] + m[s + 6] * m[t + 4];
          m[out! / 8 + 2 * k + s - bin] = Math.max(0, value);
        }
      }
    },
    add(out, table, a, b, c, d, e, pairs) {
      const [u, v, w, x, y] = m.subarray(table! / 8, table! / 8 + harmonicsAtOnce) as unknown as number[];
      for (let i = 0; i < 4 * pairs!; i++)
        m[out! / 8 + i] +=
          u! * m[a! / 8 + i] +
          v! * m[b! / 8 + i] +
          w! * m[c! / 8 + i] +
          x! * m[d! / 8 + i] +
          y! * m[e! / 8 + i];
    },
    find(at, totals, out, end, count) {
      let to = out! / 4;
      m.fill(0, totals! / 8, totals! / 8 + 2);
      for (let k = 1, i = at! / 8 + 2; k <= count!; k++, i += 2) {
        m[totals! / 8] += m[i];
        m[totals! / 8 + 1] += m[i + 1];
        if (peakAt(i) || peakAt(i + 1)) integers[to++] = k;
      }
      integers[end! / 4] = 4 * to;
    },
  };
}
