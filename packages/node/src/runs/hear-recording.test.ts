import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Prediction, type Recognizer, summarizeTimeline } from "@undertone/core/artifact";
import { augment, sounding, windowsIn } from "@undertone/core/audio";
import { random } from "@undertone/core/math";
import { afterAll, beforeAll, expect, it } from "vitest";
import { wavBytes } from "../../../../test/cli/synthetic-audio.js";
import { root } from "../../../../test/corpora.js";
import { exampleClip } from "../../../../test/golden/signals.js";
import { type AudioPool, openAudioPool } from "../workers/audio-pool.js";
import { type Heard, hearRecording, openRecording } from "./hear-recording.js";
import { openModel } from "./open-model.js";

const folder = mkdtempSync(join(tmpdir(), "undertone-hear-"));
const clip = join(root, "examples/clips/03-01-05-02-01-01-16.flac");
const long = join(folder, "long.wav");
const { signal } = new AbortController();
const samples = new Float32Array(13 * 16_000);
let recognizer: Recognizer;
let pool: AudioPool;
beforeAll(async () => {
  pool = openAudioPool({ threads: 1 });
  recognizer = await openModel(join(root, "models/ravdess.onnx"));
  const speech = await exampleClip("03-01-05-02-01-01-16.flac");
  for (const at of [0, 9]) samples.set(speech, at * 16_000);
  writeFileSync(long, wavBytes(samples, { format: 3 }));
});
afterAll(async () => {
  await recognizer.close();
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

const hear = async (
  source: string | Uint8Array,
  options: { windows?: boolean; onWindows?: (windows: readonly Prediction[]) => void } = {},
): Promise<Heard> => {
  const recording = await openRecording(source, { pool, signal });
  return hearRecording(recording, { recognizer, signal, ...options }).finally(() => recording.close());
};

it("judges a short recording whole, given as path or bytes, beside its windows where they are asked for", async () => {
  const { wave } = await pool.decode(clip);
  const heard = await hear(clip);
  expect(heard).toEqual({ seconds: heard.seconds, prediction: await recognizer.recognize(wave) });
  expect(heard.seconds).toBeCloseTo(wave.samples.length / wave.sampleRate, 9);
  expect(await hear(readFileSync(clip))).toEqual(heard);
  const timeline = await recognizer.timeline(wave);
  expect(await hear(clip, { windows: true })).toEqual({ ...heard, timeline });
});

it("tells where a telephone has left nothing, of whole recordings", async () => {
  const { wave } = await pool.decode(clip);
  const copy = augment(wave, [{ kind: "gsm" }], { random: random(1) });
  const { bandHz } = await recognizer.recognize(copy);
  expect(bandHz).toBeGreaterThan(3400);
  expect(bandHz).toBeLessThan(4200);
  expect((await recognizer.recognize(wave)).bandHz).toBeUndefined();
  for (const window of await recognizer.timeline(copy)) expect(window.bandHz).toBeUndefined();
});

it("sums up a long recording by windows that do not overlap, whether closer ones are asked for or not", async () => {
  const wave = { samples, sampleRate: 16_000 };
  const { windowSeconds } = recognizer.manifest.timeline;
  const apart = await recognizer.timeline(wave, { hopSeconds: windowSeconds });
  const summary = summarizeTimeline(windowsIn(apart, sounding(wave)));
  expect(await hear(long)).toEqual({ seconds: 13, summary });
  const told: Prediction[] = [];
  const timeline = await recognizer.timeline(wave);
  const heard = await hear(long, { windows: true, onWindows: (windows) => void told.push(...windows) });
  expect(heard).toEqual({ seconds: 13, timeline, summary });
  expect(told).toEqual(timeline);
});

it("refuses what is not there, and stops when it is told to", async () => {
  await expect(hear(join(folder, "none.wav"))).rejects.toMatchObject({ code: "file/not-found" });
  const stopping = new AbortController();
  const recording = await openRecording(long, { pool, signal: stopping.signal });
  stopping.abort();
  await expect(hearRecording(recording, { recognizer, signal: stopping.signal })).rejects.toMatchObject({
    code: "cancelled",
  });
  await recording.close();
});
