/** Playing faster and slower, against tones in closed form. */
import { describe, expect, it } from "vitest";
import { changeSpeed } from "./change-speed.js";

const sampleRate = 16000;

function tone(frequency: number, samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, i) =>
    Math.sin((2 * Math.PI * frequency * i) / sampleRate),
  );
}

describe("changeSpeed", () => {
  for (const speed of [0.9, 1.1]) {
    it(`makes of a tone at 1000 Hz one at ${1000 * speed} Hz, ${speed} times as fast`, () => {
      const { samples, sampleRate: rate } = changeSpeed({ samples: tone(1000, 8000), sampleRate }, speed);
      expect(rate).toBe(sampleRate);
      expect(samples.length).toBe(Math.ceil(8000 / speed));
      const inner = [500, samples.length - 500] as const; // past the filter's tails
      expect(samples.slice(...inner)).toBeAllClose(tone(1000 * speed, samples.length).slice(...inner), {
        atol: 1e-4,
      });
    });
  }

  it("gives the same waveform at speed 1", () => {
    const wave = { samples: tone(440, 100), sampleRate };
    expect(changeSpeed(wave, 1)).toBe(wave);
  });

  it("lets nothing of a faster tone fold back below the Nyquist frequency", () => {
    const { samples } = changeSpeed({ samples: tone(7600, 8000), sampleRate }, 1.1); // would be 8360 Hz
    expect(Math.max(...samples.slice(500, -500).map(Math.abs))).toBeLessThan(1e-4);
  });

  it("refuses speeds that are none", () => {
    for (const speed of [0, -1, 0.4, 2.1, Number.NaN])
      expect(() => changeSpeed({ samples: tone(440, 100), sampleRate }, speed)).toThrow(/speed of/);
  });
});
