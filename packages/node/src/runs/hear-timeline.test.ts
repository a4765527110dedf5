/** Timelines of files: a WAV file piece by piece is heard as the whole is, and may be longer than what is decoded whole. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Recognizer } from "@undertone/core/artifact";
import { sounding } from "@undertone/core/audio";
import { afterAll, beforeAll, expect, it } from "vitest";
import { wavBytes } from "../../../../test/cli/synthetic-audio.js";
import { root } from "../../../../test/corpora.js";
import { exampleClip } from "../../../../test/golden/signals.js";
import { type AudioPool, openAudioPool } from "../workers/audio-pool.js";
import { hearTimeline } from "./hear-timeline.js";
import { openModel } from "./open-model.js";

const folder = mkdtempSync(join(tmpdir(), "undertone-timeline-"));
const name = "03-01-05-02-01-01-16.flac";
const signal = new AbortController().signal;
let recognizer: Recognizer;
let pool: AudioPool;
beforeAll(async () => {
  pool = openAudioPool({ threads: 1, limits: { maxSeconds: 10 } });
  recognizer = await openModel();
});
afterAll(async () => {
  await recognizer.close();
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

it("hears a WAV file of more than the pool's limit as the whole", async () => {
  const clip = await exampleClip(name);
  const samples = new Float32Array(20 * 16_000);
  for (const at of [0, 7, 15]) samples.set(clip, at * 16_000);
  const file = join(folder, "long.wav");
  writeFileSync(file, wavBytes(samples, { format: 3 }));
  await expect(pool.decode(file)).rejects.toMatchObject({ code: "audio/too-long" });
  const wave = { samples, sampleRate: 16_000 };
  const { timeline, span } = await hearTimeline(file, { recognizer, pool, signal });
  expect(timeline).toEqual(await recognizer.timeline(wave));
  expect(timeline.length).toBeGreaterThan(10);
  expect(span).toEqual(sounding(wave));
});

it("decodes other files whole, and refuses what is not there", async () => {
  const file = join(root, "examples/clips", name);
  const { timeline } = await hearTimeline(file, { recognizer, pool, signal });
  expect(timeline).toEqual(
    await recognizer.timeline({ samples: await exampleClip(name), sampleRate: 16_000 }),
  );
  await expect(hearTimeline(join(folder, "none.wav"), { recognizer, pool, signal })).rejects.toMatchObject({
    code: "file/not-found",
  });
});

it("stops when it is told to", async () => {
  const stopped = new AbortController();
  stopped.abort();
  const file = join(folder, "stopped.wav");
  writeFileSync(file, wavBytes(await exampleClip(name)));
  await expect(hearTimeline(file, { recognizer, pool, signal: stopped.signal })).rejects.toThrow();
});
