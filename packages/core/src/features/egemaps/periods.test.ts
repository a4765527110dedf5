/** Jitter and shimmer of pulse trains whose periods and amplitudes are known. */
import { describe, expect, it } from "vitest";
import { type PeriodFrame, periodTracker } from "./periods.js";

/** Smooth pulses at positions in samples. */
function pulses(positions: readonly number[], amplitudes: readonly number[]): Float32Array {
  const samples = new Float32Array(8000);
  positions.forEach((position, i) => {
    for (let n = Math.floor(position) - 30; n <= position + 30; n++)
      if (n >= 0 && n < samples.length)
        samples[n] += amplitudes[i] * Math.exp(-0.5 * ((n - position) / 6) ** 2);
  });
  return samples;
}

function frames(samples: Float32Array, f0Hz: (t: number) => number): PeriodFrame[] {
  const tracker = periodTracker();
  tracker.hear(samples, 0);
  return Array.from({ length: 46 }, (_, t) => {
    const frame: PeriodFrame = { jitter: 0, shimmerDb: 0 };
    tracker.next(160 * t, f0Hz(t), frame);
    return frame;
  });
}

describe("periodTracker", () => {
  it("hears neither in equal pulses, and nothing where unvoiced", () => {
    const positions = Array.from({ length: 79 }, (_, i) => 50 + 100 * i);
    const samples = pulses(
      positions,
      positions.map(() => 0.5),
    );
    for (const { jitter, shimmerDb } of frames(samples, () => 160)) {
      expect(jitter).toBeLessThan(1e-3);
      expect(shimmerDb).toBeLessThan(1e-3);
    }
    for (const frame of frames(samples, () => 0)) expect(frame).toEqual({ jitter: 0, shimmerDb: 0 });
  });

  it("hears periods of 98 and 102 samples as a jitter of 4 %", () => {
    const positions = [50];
    for (let i = 0; positions.length < 79; i++) positions.push(positions.at(-1)! + (i % 2 === 0 ? 98 : 102));
    const found = frames(
      pulses(
        positions,
        positions.map(() => 0.5),
      ),
      () => 160,
    ).slice(5, 40);
    const mean = found.reduce((sum, { jitter }) => sum + jitter, 0) / found.length;
    expect(mean).toBeAllClose(0.04, { rtol: 0.05 });
  });

  it("hears amplitudes of 4 and 5 in turn as a shimmer of 20 log10(1 + 1 / 4.5)", () => {
    const positions = Array.from({ length: 79 }, (_, i) => 50 + 100 * i);
    const samples = pulses(
      positions,
      positions.map((_, i) => 0.1 * (4 + (i % 2))),
    );
    const expected = 20 * Math.log10(1 + 1 / 4.5);
    for (const { shimmerDb } of frames(samples, () => 160).slice(5, 40))
      expect(shimmerDb).toBeAllClose(expected, { rtol: 0.02 });
  });
});
