/** Decodes every recording of the corpora and holds what is known of them (the corpora's README). */
import { describe, expect, it } from "vitest";
import { findAudio } from "../../packages/node/src/io/find-audio.js";
import { openAudioPool } from "../../packages/node/src/workers/audio-pool.js";
import { corpus } from "../corpora.js";

async function decodeAll(folder: string) {
  const pool = openAudioPool();
  try {
    const files = await findAudio(folder);
    return await Promise.all(
      files.map(async ({ path, relativePath }) => {
        const { wave, ...rest } = await pool.decode(path, { sampleRate: 16000 });
        return { relativePath, seconds: wave.samples.length / 16000, ...rest };
      }),
    );
  } finally {
    await pool.close();
  }
}

describe.skipIf(!corpus("ravdess"))("(needs the ravdess corpus) decoding RAVDESS", () => {
  it("decodes all 1440 files, finds the one pair that is one recording, and nothing clipped", async () => {
    const all = await decodeAll(corpus("ravdess")!);
    expect(all.length).toBe(1440);
    expect(Math.round(all.reduce((sum, { seconds }) => sum + seconds, 0))).toBe(5329);
    const byHash = new Map<string, string[]>();
    for (const { contentHash, relativePath } of all) {
      byHash.set(contentHash, [...(byHash.get(contentHash) ?? []), relativePath]);
    }
    const twins = [...byHash.values()].filter((group) => group.length > 1);
    expect(twins).toEqual([["Actor_07/03-01-03-01-02-01-07.flac", "Actor_07/03-01-03-01-02-02-07.flac"]]);
  });
});

describe.skipIf(!corpus("ravdess-48k"))(
  "(needs the ravdess-48k corpus) decoding RAVDESS as published",
  () => {
    it("walks the extra chunks of its headers and sees the stereo file with equal channels", async () => {
      const all = await decodeAll(corpus("ravdess-48k")!);
      expect(all.length).toBe(6);
      for (const { relativePath, container, sourceSampleRate, sourceChannels, identicalChannels } of all) {
        const stereo = relativePath === "Actor_01/03-01-02-01-01-02-01.wav";
        expect({ container, sourceSampleRate, sourceChannels, identicalChannels }).toEqual({
          container: "wav",
          sourceSampleRate: 48000,
          sourceChannels: stereo ? 2 : 1,
          identicalChannels: stereo,
        });
      }
    });
  },
);

describe.skipIf(!corpus("tess"))("(needs the tess corpus) decoding TESS", () => {
  it("decodes all 2799 files, no two the same", async () => {
    const all = await decodeAll(corpus("tess")!);
    expect(all.length).toBe(2799);
    expect(new Set(all.map(({ contentHash }) => contentHash)).size).toBe(2799);
  });
});
