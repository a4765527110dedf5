import { describe, expect, it } from "vitest";
import { spectrogram, spectrogramHeight } from "./spectrogram.js";

const sampleRate = 16_000;

function tone(hz: number, seconds: number): Float32Array {
  return Float32Array.from({ length: seconds * sampleRate }, (_, i) =>
    Math.sin((2 * Math.PI * hz * i) / sampleRate),
  );
}

describe("spectrogram", () => {
  it.each([300, 1000, 4000])("shows a tone of %d Hz, at 0 dB, where its axis says", (hz) => {
    const { levels, highHz } = spectrogram({ samples: tone(hz, 0.5), sampleRate });
    const { data, rows, cols } = levels;
    const frame = data.subarray(Math.floor(rows / 2) * cols, (Math.floor(rows / 2) + 1) * cols);
    const loudest = frame.indexOf(Math.max(...frame));
    expect(Math.abs((loudest + 0.5) / cols - spectrogramHeight(hz, highHz))).toBeLessThan(1 / cols);
    expect(Math.max(...data)).toBe(0);
    expect(Math.min(...data)).toBeGreaterThanOrEqual(-80);
  });

  it("has a frame every 8 ms, and a wider hop rather than too many frames", () => {
    expect(spectrogram({ samples: tone(440, 1), sampleRate }).hopSeconds).toBe(0.008);
    const { levels, hopSeconds } = spectrogram({ samples: tone(440, 10), sampleRate }, { maxFrames: 100 });
    expect(levels.rows).toBeLessThanOrEqual(101);
    expect(levels.rows * hopSeconds).toBeGreaterThanOrEqual(10);
  });

  it("draws silence as no level at all", () => {
    const { data } = spectrogram({ samples: new Float32Array(8000), sampleRate }).levels;
    expect(new Set(data)).toEqual(new Set([-80]));
  });

  it("draws what can hardly be heard faintly, and a quiet voice in full", () => {
    const loudest = (amplitude: number): number => {
      const samples = tone(1000, 0.5).map((x) => amplitude * x);
      return spectrogram({ samples, sampleRate }).levels.data.reduce((top, level) => Math.max(top, level));
    };
    expect(loudest(0.01)).toBe(0);
    expect(loudest(0.0001)).toBeCloseTo(-20, 0);
  });
});

describe("spectrogramHeight", () => {
  it("goes from 0 at the bottom to 1 at the top", () => {
    expect(spectrogramHeight(0, 8000)).toBe(0);
    expect(spectrogramHeight(8000, 8000)).toBe(1);
  });
});
