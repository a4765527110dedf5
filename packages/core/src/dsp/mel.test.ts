/** Mel scale, decibels, cepstrum and differences in closed form. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrix, matrixFromRows } from "../math/matrix.js";
import { random } from "../math/random.js";
import { powerToDb } from "./decibels.js";
import { delta } from "./delta.js";
import { applyFilterBank, filterBank } from "./filter-bank.js";
import { hzToMel, melFilterBank, melToHz } from "./mel.js";
import { mfcc } from "./mfcc.js";

describe("the mel scale", () => {
  it("has its published fixed points", () => {
    expect(hzToMel(1000)).toBeAllClose(15);
    expect(hzToMel(6400)).toBeAllClose(42);
    expect(hzToMel(700, "htk")).toBeAllClose(2595 * Math.log10(2));
  });

  it.each(["slaney", "htk"] as const)("is undone by its inverse (%s)", (scale) => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 24000, noNaN: true }), (hz) => {
        expect(melToHz(hzToMel(hz, scale), scale)).toBeAllClose(hz, { rtol: 1e-9, atol: 1e-9 });
      }),
    );
  });

  it("triangles of height 1 add up to 1 between the first and last centre", () => {
    const bank = melFilterBank({ sampleRate: 16000, fftSize: 2048, bands: 20, norm: "none" });
    const sums = new Float64Array(bank.bins);
    for (let f = 0; f < bank.filters; f++) {
      for (let w = bank.offsets[f]; w < bank.offsets[f + 1]; w++)
        sums[bank.starts[f] + w - bank.offsets[f]] += bank.weights[w];
    }
    expect(sums.subarray(60, 800)).toBeAllClose(new Float64Array(740).fill(1), { atol: 1e-12 });
  });

  it("refuses a band beyond half the sample rate", () => {
    expect(() => melFilterBank({ sampleRate: 16000, fftSize: 512, highHz: 9000 })).toThrow(RangeError);
  });
});

describe("applyFilterBank", () => {
  it("is the dense product, whatever zeros the filters have", () => {
    const rng = random(2);
    const rows = Array.from({ length: 5 }, (_, f) =>
      Float64Array.from({ length: 9 }, (_, k) => (f === 2 || k < f || k > 6 ? 0 : rng.normal())),
    );
    const input = matrix(
      3,
      9,
      Float32Array.from({ length: 27 }, () => rng.next()),
    );
    const dense = [0, 1, 2].flatMap((t) =>
      rows.map((weights) => weights.reduce((sum, w, k) => sum + w * input.data[t * 9 + k], 0)),
    );
    expect(applyFilterBank(input, filterBank(rows)).data).toBeAllClose(dense, { atol: 1e-6 });
    expect(() => applyFilterBank(matrix(1, 8), filterBank(rows))).toThrow(RangeError);
  });
});

describe("powerToDb", () => {
  it("has a floor and a range", () => {
    const power = matrixFromRows([[1, 100, 1e-5, 0]]);
    expect(powerToDb(power, { rangeDb: null }).data).toBeAllClose([0, 20, -50, -100]);
    expect(powerToDb(power).data).toBeAllClose([0, 20, -50, -60]);
    expect(powerToDb(power, { reference: 100, rangeDb: 30 }).data).toBeAllClose([-20, 0, -30, -30]);
  });
});

describe("mfcc", () => {
  it("of equal levels is level × √bands and zeros; of a cosine one coefficient", () => {
    expect(mfcc(matrixFromRows([new Float64Array(64).fill(-5)]), { coefficients: 4 }).data).toBeAllClose(
      [-40, 0, 0, 0],
      { atol: 1e-5 },
    );
    const cosine = Float64Array.from({ length: 64 }, (_, b) => Math.cos((Math.PI * 3 * (2 * b + 1)) / 128));
    expect(mfcc(matrixFromRows([cosine]), { coefficients: 5 }).data).toBeAllClose(
      [0, 0, 0, Math.sqrt(32), 0],
      { atol: 1e-5 },
    );
  });

  it("keeps the energy when all coefficients are kept (orthonormal)", () => {
    const rng = random(3);
    const levels = matrix(
      1,
      40,
      Float32Array.from({ length: 40 }, () => rng.normal()),
    );
    const energy = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);
    expect(energy(mfcc(levels, { coefficients: 40 }).data)).toBeAllClose(energy(levels.data), { rtol: 1e-5 });
    expect(() => mfcc(levels, { coefficients: 41 })).toThrow(RangeError);
  });
});

describe("delta", () => {
  const frames = (f: (t: number) => number) =>
    matrix(
      20,
      1,
      Float32Array.from({ length: 20 }, (_, t) => f(t)),
    );

  it("of a line is its slope, of a parabola its second derivative, up to the ends", () => {
    expect(delta(frames((t) => 3 * t - 7)).data).toBeAllClose(new Float64Array(20).fill(3), { rtol: 1e-5 });
    expect(
      delta(
        frames((t) => 2 * t * t + t),
        { order: 2 },
      ).data,
    ).toBeAllClose(new Float64Array(20).fill(4), { rtol: 1e-4 });
  });

  it("with repeated ends flattens there and works on one frame", () => {
    const { data } = delta(
      frames((t) => t),
      { ends: "nearest" },
    );
    expect(data[10]).toBeAllClose(1, { rtol: 1e-5 });
    expect(data[0]).toBeAllClose((1 + 4 + 9 + 16) / 60, { rtol: 1e-5 });
    expect(delta(matrix(1, 2, Float32Array.of(5, 6)), { ends: "nearest" }).data).toBeAllClose([0, 0], {
      atol: 1e-6,
    });
  });

  it("refuses fewer frames than the fit needs, and even widths", () => {
    expect(() => delta(matrix(8, 1))).toThrow(RangeError);
    expect(() => delta(matrix(20, 1), { width: 4 })).toThrow(RangeError);
  });
});
