/** A recognizer's stream hears the windows of the whole recording, however it is cut, and keeps no more than it needs. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Waveform } from "../audio/waveform.js";
import { sampleListener } from "./listen.js";
import type { Prediction } from "./prediction.js";
import { type RecognizerStream, recognizerStream } from "./recognizer-stream.js";
import { lastWindow, settledWindows, windowAt } from "./timeline-windows.js";

const sampleRate = 100;

/** Says of a window where it begins, how long it is, and which samples it begins and ends with. */
async function describeWindow({ samples }: Waveform, start: number): Promise<Prediction> {
  const label = `${samples[0]}..${samples.at(-1)}`;
  return { label, scores: {}, confidence: samples.length, start, end: start + samples.length / sampleRate };
}

/** A stream that says of its windows what `describeWindow` does. */
function openStream(
  options: Omit<Parameters<typeof recognizerStream>[0], "sampleRate">,
  hearWave = describeWindow,
): RecognizerStream {
  const listener = sampleListener(sampleRate, hearWave);
  return recognizerStream({ ...options, sampleRate }, listener, async (said) => [...said]);
}

/** The same of a recording whose samples are 0, 1, 2 …, by the definition of a timeline. */
function timeline(samples: number, windowSeconds: number, hopSeconds: number): Partial<Prediction>[] {
  const grid = { windowSeconds, hopSeconds };
  const duration = samples / sampleRate;
  const windows = Array.from({ length: settledWindows(duration, grid) }, (_, i) => windowAt(i, grid));
  return [...windows, lastWindow(duration, grid) ?? []].flat().map(({ start, end }) => {
    const [from, to] = [Math.round(start * sampleRate), Math.round(end * sampleRate)];
    return { label: `${from}..${to - 1}`, confidence: to - from, start };
  });
}

describe("recognizerStream", () => {
  it("gives the windows of the whole, however the samples are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
        fc.double({ min: 0.05, max: 3, noNaN: true }),
        fc.double({ min: 0.05, max: 4, noNaN: true }),
        async (lengths, windowSeconds, hopSeconds) => {
          const stream = openStream({ windowSeconds, hopSeconds });
          const heard: Prediction[] = [];
          let total = 0;
          for (const length of lengths) {
            heard.push(...(await stream.push(Float32Array.from({ length }, (_, i) => total + i))));
            total += length;
          }
          heard.push(...(await stream.finish()));
          const expected = timeline(total, windowSeconds, hopSeconds);
          expect(heard.map(({ label, confidence, start }) => ({ label, confidence, start }))).toEqual(
            expected,
          );
          expect(stream.latency()).toMatchObject({ windows: expected.length, skipped: 0 });
        },
      ),
      { seed: 4, numRuns: 200 },
    );
  });

  it("says nothing of nothing", async () => {
    const stream = openStream({ windowSeconds: 1, hopSeconds: 1 });
    expect(await stream.push(new Float32Array(0))).toEqual([]);
    expect(await stream.finish()).toEqual([]);
  });

  it("hears the newest window only, where told so, and counts the others", async () => {
    const options = { windowSeconds: 1, hopSeconds: 0.5, hear: "newest" } as const;
    const stream = openStream(options);
    const predictions = await stream.push(new Float32Array(1000));
    expect(predictions).toHaveLength(1);
    expect(predictions[0].start).toBe(8.5);
    expect(stream.latency()).toMatchObject({ windows: 1, skipped: 17 });
  });

  it("speaks early, where told so", async () => {
    const options = { windowSeconds: 2, hopSeconds: 0.5, early: true };
    const stream = openStream(options);
    const ends: number[] = [];
    for (let i = 0; i < 25; i++)
      ends.push(...(await stream.push(new Float32Array(10))).map(({ end }) => end));
    expect(ends).toEqual([0.5, 1, 1.5, 2]);
  });

  it("measures from the push to the prediction by the given clock", async () => {
    let ms = 0;
    const options = { windowSeconds: 1, hopSeconds: 1, now: () => ms };
    const stream = openStream(options, (wave, start) => {
      ms += 20;
      return describeWindow(wave, start);
    });
    await stream.push(new Float32Array(150));
    await stream.push(new Float32Array(100));
    expect(stream.latency()).toEqual({ windows: 2, skipped: 0, meanMs: 20, maxMs: 20 });
  });

  it("holds one window and one push, however long it runs", async () => {
    let most = 0;
    const stream = openStream({ windowSeconds: 3, hopSeconds: 0.5 }, (wave, start) => {
      most = Math.max(most, wave.samples.buffer.byteLength);
      return describeWindow(wave, start);
    });
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 20000; i++) await stream.push(new Float32Array(50));
    expect(most).toBeLessThanOrEqual(4 * 300);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64e6);
  });

  it("refuses what is not a number, and a window that is none", async () => {
    const stream = openStream({ windowSeconds: 1, hopSeconds: 1 });
    await expect(stream.push(Float32Array.of(Number.NaN))).rejects.toMatchObject({
      code: "audio/not-finite",
    });
    expect(() => openStream({ windowSeconds: 0, hopSeconds: 1 })).toThrow(RangeError);
  });
});
