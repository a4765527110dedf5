import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sounding, soundingMeter, windowsIn } from "./sounding.js";

/** Returns half a second each of silence, tone and silence. */
function burst(gain: number): Float32Array {
  return Float32Array.from({ length: 12_000 }, (_, i) =>
    i >= 4000 && i < 8000 ? gain * Math.sin((2 * Math.PI * 440 * i) / 8000) : 0,
  );
}

describe("sounding", () => {
  it("finds a tone between silences, at any level", () => {
    for (const gain of [1, 0.001])
      expect(sounding({ samples: burst(gain), sampleRate: 8000 })).toEqual({ start: 0.5, end: 1 });
  });

  it("is the whole length of silence and of a steady tone", () => {
    expect(sounding({ samples: new Float32Array(8000), sampleRate: 8000 })).toEqual({ start: 0, end: 1 });
    expect(sounding({ samples: burst(1).subarray(4000, 8000), sampleRate: 8000 })).toEqual({
      start: 0,
      end: 0.5,
    });
  });

  it("is the same of a recording in pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 12 }), (lengths) => {
        const samples = burst(0.5);
        const meter = soundingMeter(8000);
        let at = 0;
        for (const length of [...lengths, samples.length]) {
          meter.add(samples.subarray(at, at + length));
          at = Math.min(samples.length, at + length);
        }
        expect(meter.finish()).toEqual(sounding({ samples, sampleRate: 8000 }));
      }),
    );
  });

  it("lies inside the clip and is not empty", () => {
    fc.assert(
      fc.property(
        fc.float32Array({ minLength: 1, maxLength: 3000, min: -1, max: 1, noNaN: true }),
        (samples) => {
          const { start, end } = sounding({ samples, sampleRate: 8000 });
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(samples.length / 8000);
        },
      ),
    );
  });
});

describe("windowsIn", () => {
  it("leaves out windows whose middle is silent, but never all of them", () => {
    const timeline = [0, 0.5, 1].map((start) => ({ start, end: start + 1 }));
    expect(windowsIn(timeline, { start: 0.9, end: 1.1 })).toEqual([{ start: 0.5, end: 1.5 }]);
    expect(windowsIn(timeline, { start: 0, end: 0.1 })).toEqual(timeline);
  });
});
