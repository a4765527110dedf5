/** Resampling of audio as it comes gives, however it is cut, the bits of the whole. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random } from "../math/random.js";
import { resample } from "./resample.js";
import { resampleStream } from "./resample-stream.js";

const rates: [number, number][] = [
  [16000, 16000],
  [48000, 16000],
  [44100, 16000],
  [8000, 16000],
  [14400, 16000],
  [17600, 16000],
  [192000, 16000],
  [44099, 16000],
];

describe.each(rates)("from %i to %i Hz", (from, to) => {
  it("gives the bits of the whole, as soon as they are settled", () => {
    const stream = random(from);
    const samples = Float32Array.from({ length: 6000 }, () => stream.normal());
    const length = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 3000 }));
    fc.assert(
      fc.property(
        fc.array(length, { maxLength: 30 }),
        fc.integer({ min: 0, max: 6000 }),
        (lengths, total) => {
          const resampler = resampleStream(from, to);
          const found: number[] = [];
          for (let at = 0, i = 0; at < total; i++) {
            const end = Math.min(total, at + (lengths[i] ?? total));
            found.push(...resampler.push(samples.slice(at, end)));
            at = end;
            // 10 ms are more than any filter of these looks ahead.
            expect(found.length).toBeGreaterThanOrEqual(Math.floor((at * to) / from - 0.01 * to));
            expect(found.length).toBeLessThanOrEqual(Math.ceil((at * to) / from));
          }
          found.push(...resampler.finish());
          const whole = resample({ samples: samples.slice(0, total), sampleRate: from }, to);
          expect(Float32Array.from(found)).toEqual(whole.samples);
        },
      ),
      { seed: 4, numRuns: 40 },
    );
  });
});

it("costs little more in small pieces for rates with interpolated phases than for others, and stays exact past a turn of the phases", () => {
  const cost = (from: number): number => {
    const samples = Float32Array.from({ length: 1.5 * from }, (_, i) => Math.sin(i * i * 1e-6));
    const before = process.cpuUsage();
    const resampler = resampleStream(from, 16000);
    const found: number[] = [];
    for (let at = 0; at < samples.length; at += 128)
      found.push(...resampler.push(samples.subarray(at, at + 128)));
    found.push(...resampler.finish());
    const { user, system } = process.cpuUsage(before);
    expect(Float32Array.from(found)).toEqual(resample({ samples, sampleRate: from }, 16000).samples);
    return user + system;
  };
  cost(44100);
  // Each output again for each piece would be 50 times the cost.
  expect(cost(44101)).toBeLessThan(15 * cost(44100));
});
