/** What is heard in windows of audio as it comes does not depend on how it comes, and is what is heard in the whole where one window holds it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exampleClip } from "../../../../test/golden/signals.js";
import { resample } from "../audio/resample.js";
import type { Waveform } from "../audio/waveform.js";
import { seedV1 } from "../features/seed-v1.js";
import { type Hearing, hear } from "./hear.js";
import { openListener } from "./listen.js";
import { type RecognizerStreamOptions, recognizerStream } from "./recognizer-stream.js";

const facts = {
  features: { id: seedV1.id, count: 416, namesChecksum: "", sampleRate: 16000, speeds: [0.9, 1, 1.1] },
  speech: { minSeconds: 0.25, minActiveSeconds: 0.15, minVoicedSeconds: 0.1 },
};
const clip = { samples: await exampleClip("03-01-05-02-01-01-16.flac"), sampleRate: 16000 };

/** What a stream hears in a waveform that comes in pieces of these lengths, by turns. */
async function hearingsOf(
  { samples, sampleRate }: Waveform,
  lengths: readonly number[],
  options: Partial<RecognizerStreamOptions> & { windowSeconds: number; hopSeconds: number },
): Promise<Hearing[]> {
  const heard: Hearing[] = [];
  const listener = openListener(sampleRate, { set: seedV1, facts });
  const stream = recognizerStream({ ...options, sampleRate }, listener, async (hearings) => {
    heard.push(...hearings);
    return [];
  });
  for (let at = 0, i = 0; at < samples.length; i++) {
    const end = at + (lengths[i % lengths.length] ?? samples.length);
    await stream.push(samples.slice(at, end));
    at = end;
  }
  await stream.finish();
  return heard;
}

describe("openListener", () => {
  it.each([16000, 44100])("hears audio of %i Hz in pieces as in one, to the bit", async (sampleRate) => {
    const wave = resample({ ...clip, samples: clip.samples.subarray(8000, 52000) }, sampleRate);
    const options = { windowSeconds: 1.2, hopSeconds: 0.37, early: true };
    const uncut = await hearingsOf(wave, [], options);
    expect(uncut.filter((hearing) => "rows" in hearing && hearing.rows.length === 3).length).toBeGreaterThan(
      3,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 30000 }), { minLength: 1, maxLength: 8 }),
        async (lengths) => {
          fc.pre(lengths.reduce((sum, length) => sum + length, 0) > 100 * lengths.length);
          expect(await hearingsOf(wave, lengths, options)).toEqual(uncut);
        },
      ),
      { seed: 4, numRuns: 6 },
    );
  });

  it("hears what one window holds as a recording, to the bit", async () => {
    for (const sampleRate of [16000, 48000]) {
      const wave = resample(clip, sampleRate);
      const [window] = await hearingsOf(wave, [5000], { windowSeconds: 10, hopSeconds: 1 });
      expect(window).toEqual(await hear(wave, { set: seedV1, facts }));
    }
  });

  it("hears nearly what it would hear in the samples of each window alone", async () => {
    const deviations = Float64Array.from(seedV1.names, () => 0);
    const pairs: [Float32Array, Float32Array][] = [];
    for (const hearing of await hearingsOf(clip, [4000], { windowSeconds: 1.5, hopSeconds: 0.5 })) {
      const samples = clip.samples.slice(Math.round(hearing.start * 16000), Math.round(hearing.end * 16000));
      const alone = await hear({ samples, sampleRate: 16000 }, { set: seedV1, facts, start: hearing.start });
      expect(hearing).toMatchObject({ start: alone.start, end: alone.end });
      expect("rows" in hearing).toBe("rows" in alone);
      if ("rows" in hearing && "rows" in alone) pairs.push([hearing.rows[1], alone.rows[1]]);
    }
    expect(pairs.length).toBeGreaterThan(2);
    pairs.forEach(([, alone]) => {
      alone.forEach((value, j) => {
        deviations[j] += value ** 2 / pairs.length;
      });
    });
    for (const [ours, alone] of pairs) {
      const off = Array.from(
        ours,
        (value, j) => Math.abs(value - alone[j]) / Math.sqrt(deviations[j] + 1e-6),
      );
      expect(off.sort((a, b) => a - b)[Math.floor(off.length / 2)]).toBeLessThan(0.02);
    }
  });

  it("holds the frames of one window, however long it listens", async () => {
    const listener = openListener(48000, { set: seedV1, facts });
    const second = resample({ ...clip, samples: clip.samples.subarray(16000, 32000) }, 48000).samples;
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 1; i < 150; i++) {
      listener.push(second);
      listener.release(i - 1);
      if (i % 20 === 0) await listener.hear({ start: i - 1, end: i });
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32e6);
  });
});
