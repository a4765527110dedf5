/** Subharmonic summation over the spectra of two frames at a time, in the memory of its loops. */
import { harmonicsAtOnce, subharmonicLoops } from "./subharmonic-loops.js";

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

/** Returns the quickest kernel that this runtime has. */
export function subharmonicKernel(
  tables: SubharmonicTables,
  { loops = subharmonicLoops.open() } = {},
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

  const m = new Float64Array(loops.memory(8 * end), 0, end);
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

  const { run } = loops;
  const peaks = integers.subarray(2 * peaksAt, 2 * (peaksAt + bins));
  return {
    name: loops.name,
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
