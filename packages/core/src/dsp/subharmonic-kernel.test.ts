/** The loops of subharmonic summation: the same bits by both, each spectrum by itself, and the sums in closed form. */
import { describe, expect, it } from "vitest";
import { random } from "../math/random.js";
import { type SubharmonicKernel, type SubharmonicTables, subharmonicKernel } from "./subharmonic-kernel.js";
import { subharmonicLoops } from "./subharmonic-loops.js";

const kernels = (tables: SubharmonicTables): SubharmonicKernel[] =>
  [subharmonicLoops.open(), subharmonicLoops.openPlain()].map((loops) =>
    subharmonicKernel(tables, { loops }),
  );

/** Tables of no meaning but of the right shape. */
function randomTables(bins: number): SubharmonicTables {
  const stream = random(bins);
  return {
    bins,
    forward: Float64Array.from({ length: 3 * bins }, () => stream.next()),
    backward: Float64Array.from({ length: bins }, () => 0.5 * stream.next()),
    lower: Uint32Array.from({ length: bins }, (_, j) => Math.max(0, Math.min(bins - 2, j - 3))),
    axis: Float64Array.from({ length: 4 * bins }, () => stream.normal()),
    shifts: Uint32Array.from([0, 1, 3, 4, 5, 6, 6, 7, 8, 9]),
    weights: Float64Array.from({ length: 10 }, () => stream.next()),
  };
}

describe.each([9, 12, 65])("%i bins", (bins) => {
  const spectra = (seed: number): Float64Array[] => {
    const stream = random(seed);
    return [0, 1].map(() => Float64Array.from({ length: bins }, () => stream.next()));
  };

  it("give the same bits in WebAssembly and in plain code, call after call", () => {
    const both = kernels(randomTables(bins));
    expect(both.map(({ name }) => name)).toEqual(["simd", "plain"]);
    for (const seed of [1, 2, 3]) {
      const powers = spectra(seed);
      const [simd, plain] = both.map((kernel) => {
        kernel.powers.forEach((place, s) => {
          place.set(powers[s]);
        });
        const count = kernel.run();
        return {
          sums: [...kernel.sums],
          totals: [...kernel.totals],
          peaks: [...kernel.peaks.subarray(0, count)],
        };
      });
      expect(simd).toEqual(plain);
      expect(simd!.peaks).toEqual(
        Array.from({ length: bins - 2 }, (_, i) => i + 1).filter((i) =>
          [0, 1].some((s) => {
            const at = (k: number): number => simd!.sums[2 * k + s];
            return at(i) > at(i - 1) && at(i) >= at(i + 1);
          }),
        ),
      );
      for (const s of [0, 1]) {
        const inner = simd!.sums.filter((_, i) => i % 2 === s).slice(1, -1);
        expect(simd!.totals[s]).toBeAllClose(
          inner.reduce((sum, value) => sum + value, 0),
          { rtol: 1e-12 },
        );
      }
    }
  });

  it("do not mix the two spectra", () => {
    const [first, second] = spectra(4);
    for (const kernel of kernels(randomTables(bins))) {
      const sumsOf = (a: Float64Array, b: Float64Array, s: number): number[] => {
        kernel.powers[0].set(a);
        kernel.powers[1].set(b);
        kernel.run();
        return [...kernel.sums].filter((_, i) => i % 2 === s);
      };
      const alone = sumsOf(first!, new Float64Array(bins), 0);
      expect(sumsOf(first!, second!, 0)).toEqual(alone);
      expect(sumsOf(second!, first!, 1)).toEqual(alone);
    }
  });
});

it("adds the shifted roots of a peak that is smoothed where no curve bends", () => {
  const bins = 16;
  const peak = 8;
  const tables = {
    bins,
    forward: new Float64Array(3 * bins),
    backward: new Float64Array(bins),
    lower: Uint32Array.from({ length: bins }, (_, j) => Math.min(j, bins - 2)),
    // Each point is a quarter of its bin, the last one of nothing.
    axis: Float64Array.from({ length: 4 * bins }, (_, i) => (i % 4 === 0 && i < 4 * (bins - 1) ? 0.25 : 0)),
    shifts: Uint32Array.from([0, 3, 5, 6, 7]),
    weights: Float64Array.from([1, 0.5, 0.25, 0.125, 0.0625]),
  };
  for (const kernel of kernels(tables)) {
    const power = new Float64Array(bins);
    power[0] = 1; // a first maximum, so that what is below the peak does not stay because it is lowest
    power[peak] = 16;
    for (const place of kernel.powers) place.set(power);
    expect([...kernel.peaks.subarray(0, kernel.run())]).toContain(peak);
    const smoothed = (k: number): number =>
      k === peak ? 2 : Math.abs(k - peak) === 1 ? 1 : k === 0 ? 0.5 : k === 1 ? 0.25 : 0;
    const wanted = Array.from({ length: bins }, (_, i) =>
      tables.weights.reduce((sum, weight, n) => sum + weight * smoothed(i + tables.shifts[n]), 0),
    );
    for (const s of [0, 1])
      expect([...kernel.sums].filter((_, i) => i % 2 === s)).toBeAllClose(wanted, { atol: 1e-12 });
  }
});
