/** Transforms against the definition and its theorems. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { realFft } from "./fft.js";
import { random } from "./random.js";

const sizes = [
  1, 2, 3, 4, 5, 6, 7, 8, 12, 15, 16, 31, 32, 60, 64, 97, 100, 128, 243, 256, 400, 512, 758, 1024, 2048,
];

function noise(size: number, seed = size): Float64Array {
  const rng = random(seed);
  return Float64Array.from({ length: size }, () => rng.normal());
}

function transform(signal: Float64Array): { re: Float64Array; im: Float64Array } {
  const plan = realFft(signal.length);
  const re = new Float64Array(plan.bins);
  const im = new Float64Array(plan.bins);
  plan.forwardInto(signal, re, im);
  return { re, im };
}

describe("realFft", () => {
  it.each(sizes)("of an impulse at 0 is 1 everywhere (N = %i)", (size) => {
    const signal = new Float64Array(size);
    signal[0] = 1;
    const { re, im } = transform(signal);
    expect(re).toBeAllClose(new Float64Array(re.length).fill(1), { atol: 1e-12 });
    expect(im).toBeAllClose(new Float64Array(re.length), { atol: 1e-12 });
  });

  it("of a cosine on a bin is N/2 in that bin only", () => {
    const signal = Float64Array.from({ length: 512 }, (_, n) => Math.cos((2 * Math.PI * 37 * n) / 512));
    const { re, im } = transform(signal);
    const expected = new Float64Array(257);
    expected[37] = 256;
    expect(re).toBeAllClose(expected, { atol: 1e-10 });
    expect(im).toBeAllClose(new Float64Array(257), { atol: 1e-10 });
  });

  it.each(sizes)("agrees with the sum that defines it (N = %i)", (size) => {
    const signal = noise(size);
    const { re, im } = transform(signal);
    expect(re.length).toBe(Math.floor(size / 2) + 1);
    for (let k = 0; k < re.length; k++) {
      let sumRe = 0;
      let sumIm = 0;
      for (let n = 0; n < size; n++) {
        const phase = (2 * Math.PI * ((k * n) % size)) / size;
        sumRe += signal[n] * Math.cos(phase);
        sumIm -= signal[n] * Math.sin(phase);
      }
      expect([re[k], im[k]]).toBeAllClose([sumRe, sumIm], { atol: 1e-10, rtol: 1e-10 });
    }
  });

  it.each(sizes)("gives the powers of its values, from where it is told on (N = %i)", (size) => {
    const signal = noise(size);
    const { re, im } = transform(signal);
    const powers = new Float64Array(re.length + 2).fill(-1);
    realFft(size).powerInto(signal, powers, 1);
    expect(powers.subarray(1, -1)).toBeAllClose(
      re.map((value, k) => value ** 2 + im[k] ** 2),
      { atol: 1e-9 * size },
    );
    expect([powers[0], powers.at(-1)]).toEqual([-1, -1]);
  });

  it("keeps the plans of frames, not those of whole recordings", () => {
    expect(realFft(512)).toBe(realFft(512));
    expect(realFft(2 ** 15)).not.toBe(realFft(2 ** 15));
  });

  it.each(sizes)("is undone by its inverse (N = %i)", (size) => {
    const signal = noise(size);
    const { re, im } = transform(signal);
    const back = new Float64Array(size);
    realFft(size).inverseInto(re, im, back);
    expect(back).toBeAllClose(signal, { atol: 1e-11, rtol: 0 });
  });

  it("keeps the energy (Parseval) and is linear, for any length and signal", () => {
    const signals = fc.integer({ min: 1, max: 300 }).chain((size) =>
      fc.record({
        a: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size, maxLength: size }),
        b: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size, maxLength: size }),
        scale: fc.double({ min: -3, max: 3, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(signals, ({ a, b, scale }) => {
        const x = transform(Float64Array.from(a));
        const y = transform(Float64Array.from(b));
        const sum = transform(Float64Array.from(a, (value, i) => value + scale * b[i]));
        expect(sum.re).toBeAllClose(
          x.re.map((value, k) => value + scale * y.re[k]),
          { atol: 1e-9 },
        );
        expect(sum.im).toBeAllClose(
          x.im.map((value, k) => value + scale * y.im[k]),
          { atol: 1e-9 },
        );
        let energy = 0;
        for (let k = 0; k < x.re.length; k++) {
          const once = k === 0 || 2 * k === a.length;
          energy += (once ? 1 : 2) * (x.re[k] ** 2 + x.im[k] ** 2);
        }
        expect(energy / a.length).toBeAllClose(
          a.reduce((total, value) => total + value * value, 0),
          { atol: 1e-9 },
        );
      }),
      { numRuns: 60 },
    );
  });

  it("gives the same answer on a second call and leaves its input alone", () => {
    for (const size of [512, 100]) {
      const plan = realFft(size);
      const signal = noise(size);
      const before = signal.slice();
      const first = new Float64Array(plan.bins);
      const second = new Float64Array(plan.bins);
      const im = new Float64Array(plan.bins);
      plan.forwardInto(signal, first, im);
      plan.forwardInto(noise(size, 9), second, im);
      plan.forwardInto(signal, second, im);
      expect(second).toEqual(first);
      expect(signal).toEqual(before);
    }
  });

  it.each([0, -4, 2.5, Number.NaN])("refuses size %d", (size) => {
    expect(() => realFft(size)).toThrow(RangeError);
  });
});
