/** Windowed power: the spectrum and the energies by their definitions, the same bits by both loops. */
import { expect, it } from "vitest";
import { realFft } from "./fft.js";
import { random } from "./random.js";
import { windowedPower, windowKernel } from "./windowed-power.js";

it.each([50, 64])("is the power of %i samples under their window, zeros beyond the end", (length) => {
  const stream = random(1);
  const size = 64;
  const window = Float64Array.from({ length }, () => stream.next());
  const samples = Float32Array.from({ length: 120 }, () => stream.normal());
  const both = [windowKernel.open(), windowKernel.openPlain()].map((loops) =>
    windowedPower(window, { size, loops }),
  );
  expect(both.map(({ name }) => name)).toEqual(["simd", "plain"]);
  for (const start of [0, 56, 70, 71, 119, 200, 3]) {
    for (const measure of both) measure.load(samples, start);
    const [measure, plain] = both as [(typeof both)[0], (typeof both)[0]];
    const raw = Float64Array.from({ length }, (_, i) => samples[start + i] ?? 0);
    const frame = raw.map((value, i) => value * window[i]);
    const energy = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);
    expect(measure.frame).toEqual(frame);
    expect(measure.energy()).toBeAllClose(energy(raw), { rtol: 1e-12 });
    expect(measure.windowedEnergy()).toBeAllClose(energy(frame), { rtol: 1e-12 });
    expect(plain.frame).toEqual(frame);
    expect([plain.energy(), plain.windowedEnergy()]).toEqual([measure.energy(), measure.windowedEnergy()]);
    const padded = new Float64Array(size);
    padded.set(frame);
    const wanted = new Float64Array(size / 2 + 1);
    realFft(size).powerInto(padded, wanted);
    expect(measure.power()).toEqual(wanted);
    expect(measure.frame).toEqual(frame);
  }
});

it("refuses sizes that are too short or no power of two", () => {
  for (const size of [48, 32])
    expect(() => windowedPower(new Float64Array(50), { size })).toThrow(RangeError);
});
