/** Windowed power: the spectrum and the energies by their definitions. */
import { expect, it } from "vitest";
import { realFft } from "./fft.js";
import { random } from "./random.js";
import { windowedPower } from "./windowed-power.js";

it("is the power of the frame under its window, with zeros beyond the end of the samples", () => {
  const stream = random(1);
  const window = Float64Array.from({ length: 50 }, () => stream.next());
  const samples = Float32Array.from({ length: 120 }, () => stream.normal());
  const measure = windowedPower(window, 64);
  for (const start of [0, 70, 71, 119, 3]) {
    measure.load(samples, start);
    const raw = Array.from({ length: 50 }, (_, i) => samples[start + i] ?? 0);
    const frame = Float64Array.from({ length: 64 }, (_, i) => (i < 50 ? raw[i]! * window[i]! : 0));
    expect(measure.frame).toEqual(frame);
    const energy = (values: ArrayLike<number>): number =>
      Array.from(values).reduce((sum, value) => sum + value * value, 0);
    expect(measure.energy()).toBeAllClose(energy(raw), { rtol: 1e-12 });
    expect(measure.windowedEnergy()).toBeAllClose(energy(frame), { rtol: 1e-12 });
    const wanted = new Float64Array(33);
    realFft(64).powerInto(frame, wanted);
    expect(measure.power()).toEqual(wanted);
    expect(measure.frame).toEqual(frame);
  }
  expect(() => windowedPower(window, 48)).toThrow(RangeError);
  expect(() => windowedPower(window, 32)).toThrow(RangeError);
});
