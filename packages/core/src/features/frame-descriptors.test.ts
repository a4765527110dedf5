/** All frame-level descriptors in one call, against librosa's with its defaults on 24 signals. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../../test/corpora.js";
import { type GoldenSignal, goldenSignal } from "../../../../test/golden/signals.js";
import { pyin } from "../dsp/pyin.js";
import { yin } from "../dsp/yin.js";
import type { Matrix } from "../math/matrix.js";
import { type FrameDescriptors, frameDescriptors } from "./frame-descriptors.js";

const sampleRate = 16000;
const { signals } = JSON.parse(await readFile(join(root, "test/golden/librosa-defaults.json"), "utf8")) as {
  signals: {
    signal: GoldenSignal;
    features: Record<string, { shape: [number, number]; greatest: number; statistics: number[] }>;
  }[];
};

function values(descriptors: FrameDescriptors, name: string): Matrix {
  if (name === "yin") return column(descriptors.yin.f0Hz);
  const found = descriptors[name as keyof FrameDescriptors] as Matrix | Float32Array;
  return found instanceof Float32Array ? column(found) : found;
}

function column(data: Float32Array): Matrix {
  return { data, rows: data.length, cols: 1 };
}

describe("frameDescriptors", () => {
  it.each(signals.map(({ signal, features }) => [signal.name, signal, features] as const))(
    "%s: librosa's statistics of every feature",
    async (_name, signal, features) => {
      const descriptors = frameDescriptors(
        { samples: await goldenSignal(signal), sampleRate },
        { pyin: false },
      );
      for (const [name, golden] of Object.entries(features)) {
        // One click a frame: the difference is the same at every lag, and rounding decides which is the least.
        if (name === "yin" && signal.name === "clicks") continue;
        const { data, rows, cols } = values(descriptors, name);
        expect([rows, cols], name).toEqual(golden.shape);
        const floor = Math.max(
          1e-3 * golden.greatest,
          /^(logMel|mfcc|contrast|flux)/.test(name) ? 0.1 : 1e-9,
        );
        statistics(data, cols).forEach((value, i) => {
          const expected = golden.statistics[i];
          const error = Math.abs(value - expected) / Math.max(Math.abs(expected), floor);
          expect(error, `${name}, statistic ${i}`).toBeLessThan(1e-4);
        });
      }
    },
  );

  it("shares the difference function of YIN and pYIN without changing either", async () => {
    const samples = await goldenSignal(signals.at(-1)!.signal);
    const options = { sampleRate, lowHz: 65, highHz: 600 };
    const descriptors = frameDescriptors({ samples, sampleRate }, { lowHz: 65, highHz: 600 });
    expect(descriptors.yin).toEqual(yin(samples, options));
    expect(descriptors.pyin).toEqual(pyin(samples, options));
  });

  it.each([
    ["audio/too-short", new Float32Array(4095), sampleRate],
    ["audio/empty", new Float32Array(0), sampleRate],
    ["audio/not-finite", new Float32Array(8192).fill(Number.NaN), sampleRate],
    ["audio/bad-sample-rate", new Float32Array(8192), Number.NaN],
  ])("refuses with %s", (code, samples, rate) => {
    expect(() => frameDescriptors({ samples, sampleRate: rate })).toThrow(expect.objectContaining({ code }));
  });

  it("takes the fewest samples that it says it takes, silence too", () => {
    const { mfccDelta, yin: track } = frameDescriptors({ samples: new Float32Array(4096), sampleRate });
    expect([mfccDelta.rows, track.f0Hz.length]).toEqual([9, 9]);
    expect(track.f0Hz.every(Number.isFinite)).toBe(true);
  });
});

/** Mean, deviation, and mean weighted by the frame's number over the number of frames. */
function statistics(data: Float32Array, cols: number): number[] {
  const rows = data.length / cols;
  let sum = 0;
  let weighted = 0;
  data.forEach((value, i) => {
    sum += value;
    weighted += value * Math.floor(i / cols);
  });
  const mean = sum / data.length;
  const square = data.reduce((total, value) => total + (value - mean) ** 2, 0) / data.length;
  return [mean, Math.sqrt(square), weighted / data.length / rows];
}
