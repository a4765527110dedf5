/** Subharmonic summation on harmonics of known F0. */
import { describe, expect, it } from "vitest";
import { realFft } from "../math/fft.js";
import { subharmonicSummation } from "./subharmonic-summation.js";

const sampleRate = 16000;
const fftSize = 1024;

function spectrum(wave: (n: number) => number): Float64Array {
  const plan = realFft(fftSize);
  const frame = Float64Array.from(
    { length: fftSize },
    (_, n) => wave(n) * Math.exp(-12 * (n / fftSize - 0.5) ** 2),
  );
  const power = new Float64Array(plan.bins);
  plan.powerInto(frame, power);
  return power;
}

function candidates(power: Float64Array, which: 0 | 1 = 0): { hz: number[]; salience: number[] } {
  const summation = subharmonicSummation({ sampleRate, fftSize });
  summation.powers[which].set(power);
  summation.sum();
  const count = summation.candidatesOf(which);
  return { hz: [...summation.hz.subarray(0, count)], salience: [...summation.salience.subarray(0, count)] };
}

describe("subharmonicSummation", () => {
  it.each([90, 140, 220, 410])("puts harmonics of %i Hz first and their suboctave behind", (f0) => {
    const found = candidates(
      spectrum((n) => {
        let sum = 0;
        for (let k = 1; k <= 12; k++) sum += Math.sin((2 * Math.PI * k * f0 * n) / sampleRate + k * k) / k;
        return sum;
      }),
    );
    expect(found.hz[0]).toBeAllClose(f0, { rtol: 0.03 });
    expect(found.salience[0]).toBeGreaterThan(0.7);
    for (const salience of found.salience.slice(1)) expect(salience).toBeLessThan(found.salience[0]);
  });

  it("does not hear the level, and has no candidate in silence", () => {
    const power = spectrum((n) => Math.sin(0.05 * n) + Math.sin(0.1 * n));
    const { hz, salience } = candidates(power);
    const louder = candidates(
      power.map((value) => 1e4 * value),
      1,
    );
    expect(louder.hz).toBeAllClose(hz, { rtol: 1e-12 });
    expect(louder.salience).toBeAllClose(salience, { rtol: 1e-9 });
    expect(candidates(new Float64Array(fftSize / 2 + 1)).hz).toEqual([]);
  });
});
