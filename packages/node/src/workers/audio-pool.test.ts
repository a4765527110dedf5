/** Drives real worker threads over real files. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { augment, resample } from "@undertone/core/audio";
import { featureSet } from "@undertone/core/features";
import { random } from "@undertone/core/math";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wavBytes } from "../../../../test/audio/wav-bytes.js";
import { root } from "../../../../test/corpora.js";
import type { AudioJob } from "./audio-job.js";
import { openAudioPool } from "./audio-pool.js";
import { startWorker } from "./start-worker.js";

const clips = join(root, "examples/clips");
const fixtures = join(root, "test/audio");
const clip = join(clips, "03-01-03-01-02-01-12.flac");

describe("AudioPool", () => {
  const pool = openAudioPool({ threads: 2 });
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "undertone-pool-"));
  });
  afterAll(async () => {
    await pool.close();
    rmSync(folder, { recursive: true });
  });

  it("decodes, says what it saw and resamples", async () => {
    const decoded = await pool.decode(join(fixtures, "s24-stereo.wav"), { sampleRate: 16000 });
    expect(decoded).toMatchObject({
      container: "wav",
      sourceSampleRate: 8000,
      sourceChannels: 2,
      identicalChannels: false,
    });
    expect(decoded.wave.sampleRate).toBe(16000);
    expect(decoded.wave.samples.length).toBe(1600);
    expect(decoded.peak).toBeCloseTo(0.5, 3);
    expect(decoded.clippedSamples).toBe(0);
  });

  it("ends a stream that is closed while pieces are waited for, and keeps its thread for others", async () => {
    const path = join(folder, "long.wav");
    writeFileSync(path, wavBytes({ sampleRate: 48000, data: new Uint8Array(2 ** 22) }));
    const alone = openAudioPool({ threads: 1 });
    const stream = await alone.stream(path);
    const pieces = stream.pieces();
    await pieces.next();
    const waiting = [pieces.next(), pieces.next()];
    await stream.close();
    expect(await Promise.all(waiting)).toMatchObject([{ done: true }, { done: true }]);
    expect(await alone.decode(clip)).toMatchObject({ container: "flac" });
    await alone.close();
  });

  it("extracts features of audio that went through a chain, with the noise of a file, as the steps do it here", async () => {
    const recording = join(clips, "03-01-01-01-01-01-01.flac");
    const steps = [
      { kind: "gain", decibels: -6 },
      { kind: "recorded-noise", recording, snrDb: 10 },
    ];
    const set = featureSet("seed-v1");
    const at = async (file: string) => resample((await pool.decode(file)).wave, set.sampleRate);
    const noise = await at(recording);
    const heard = augment(await at(clip), steps, { random: random("a seed"), recording: () => noise });
    const there = await pool.extract(clip, set.id, { augment: { steps, seed: "a seed" } });
    expect(there.data).toEqual((await set.extract(heard)).data);
    expect(there.data).not.toEqual((await pool.extract(clip, set.id)).data);
  });

  it("decodes many files at once, each to its own", async () => {
    const names = [
      "u8.wav",
      "s16.wav",
      "s16.flac",
      "mono.mp3",
      "vorbis.ogg",
      "mono.opus",
      "opus.webm",
      "mono.m4a",
      "s24.aiff",
    ];
    const all = await Promise.all(names.map((name) => pool.decode(join(fixtures, name))));
    expect(all.map(({ container }) => container)).toEqual([
      "wav",
      "wav",
      "flac",
      "mp3",
      "ogg-vorbis",
      "ogg-opus",
      "webm",
      "m4a",
      "aiff",
    ]);
    expect(all.map(({ sourceSampleRate }) => sourceSampleRate)).toEqual([
      8000, 16000, 16000, 16000, 16000, 48000, 48000, 44100, 8000,
    ]);
  });

  it("gives one recording one hash in WAV, FLAC and Ogg FLAC: that of its samples", async () => {
    const wav = await pool.decode(join(fixtures, "s16.wav"));
    const flac = await pool.decode(join(fixtures, "s16.flac"), { sampleRate: 8000 });
    expect(flac.contentHash).toBe(wav.contentHash);
    const bytes = readFileSync(join(fixtures, "s16.wav"));
    const data = bytes.subarray(bytes.indexOf("data") + 8);
    const samples = Float32Array.from({ length: data.length / 2 }, (_, i) => data.readInt16LE(2 * i) / 32768);
    expect(wav.contentHash).toBe(createHash("sha256").update(new Uint8Array(samples.buffer)).digest("hex"));
    expect((await pool.decode(join(fixtures, "u8.wav"))).contentHash).not.toBe(wav.contentHash);
  });

  it("takes bytes and leaves them to the caller", async () => {
    const bytes = new Uint8Array(readFileSync(clip));
    const before = bytes.slice();
    const decoded = await pool.decode(bytes);
    expect(bytes).toEqual(before);
    expect(decoded.contentHash).toBe((await pool.decode(clip)).contentHash);
  });

  it("sends a view of a buffer without the rest of it", async () => {
    const bytes = readFileSync(clip);
    const whole = Buffer.from(new ArrayBuffer(bytes.length + 5000));
    bytes.copy(whole, 1000);
    let sent: AudioJob | undefined;
    const startThread = () => {
      const thread = startWorker("audio");
      const send = thread.postMessage.bind(thread);
      thread.postMessage = (job: AudioJob) => {
        sent = job;
        send(job);
      };
      return thread;
    };
    const single = openAudioPool({ threads: 1, startThread });
    for (const view of [whole, new Uint8Array(whole.buffer)]) {
      await single.decode(view.subarray(1000, 1000 + bytes.length));
      expect((sent!.file as Uint8Array).buffer.byteLength).toBe(bytes.length);
    }
    await single.close();
  });

  it("streams a file at a rate, piece by piece, with the samples of the whole", async () => {
    for (const name of ["s24-stereo.wav", "stereo.mp3", "mono.opus", "mono.m4a"]) {
      const file = join(fixtures, name);
      const { wave } = await pool.decode(file, { sampleRate: 16000 });
      const given = name === "stereo.mp3" ? new Uint8Array(readFileSync(file)) : file;
      const stream = await pool.stream(given, { sampleRate: 16000 });
      expect(stream.sampleRate).toBe(16000);
      const heard: number[] = [];
      for await (const piece of stream.pieces()) heard.push(...piece);
      expect(heard).toEqual(Array.from(wave.samples));
      expect(stream.progress).toBe(1);
    }
  });

  it("holds a thread for a stream until it ends, fails, is closed or cancelled", async () => {
    const single = openAudioPool({ threads: 1 });
    const long = wavBytes({ data: new Uint8Array(4_000_000), sampleRate: 8000 });
    const closed = await single.stream(long);
    const waiting = single.decode(clip);
    await closed.close();
    expect((await waiting).container).toBe("flac");
    for await (const _ of (await single.stream(long)).pieces()) break;
    await expect(single.stream(join(folder, "none.wav"))).rejects.toMatchObject({ code: "file/not-found" });
    const cut = join(folder, "cut.flac");
    writeFileSync(cut, readFileSync(clip).subarray(0, 20_000));
    let samples = 0;
    await expect(async () => {
      for await (const piece of (await single.stream(cut)).pieces()) samples += piece.length;
    }).rejects.toMatchObject({ code: "audio/truncated" });
    expect(samples).toBeGreaterThan(0);
    const control = new AbortController();
    const cancelled = await single.stream(long, { signal: control.signal });
    await expect(async () => {
      for await (const _ of cancelled.pieces()) control.abort();
    }).rejects.toMatchObject({ code: "cancelled" });
    expect((await single.decode(clip)).container).toBe("flac");
    await single.close();
  });

  it("extracts features in the thread", async () => {
    const table = await pool.extract(clip, "seed-v1");
    expect(table.rows).toBe(1);
    expect(table.data.length).toBe(table.cols);
    expect(table.data.every(Number.isFinite)).toBe(true);
    await expect(pool.extract(clip, "seed-v0")).rejects.toMatchObject({ code: "features/unknown" });
  });

  it("refuses what is not there, not a file, or not audio, and goes on", async () => {
    const text = join(folder, "notes.wav");
    writeFileSync(text, "speaker,emotion\n".repeat(100));
    const empty = join(folder, "empty.flac");
    writeFileSync(empty, "");
    await expect(pool.decode(join(folder, "none.wav"))).rejects.toMatchObject({ code: "file/not-found" });
    await expect(pool.decode(folder)).rejects.toMatchObject({ code: "file/unreadable" });
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const endless of ["/dev/zero", pipe])
      await expect(pool.decode(endless)).rejects.toMatchObject({ code: "file/unreadable" });
    await expect(pool.decode(text)).rejects.toThrow(`'${text}' is not audio`);
    await expect(pool.decode(empty)).rejects.toMatchObject({ code: "audio/empty" });
    await expect(pool.decode(process.execPath)).rejects.toMatchObject({ code: "audio/not-audio" });
    expect((await pool.decode(clip)).container).toBe("flac");
  });

  it("refuses a file above the limit before it reads it", async () => {
    const huge = join(folder, "huge.wav");
    execFileSync("truncate", ["-s", "3G", huge]);
    await expect(pool.decode(huge)).rejects.toMatchObject({ code: "audio/too-large" });
  });

  it("ends a thread that takes too long, and works on", async () => {
    const impatient = openAudioPool({ threads: 1, limits: { timeoutSeconds: 0.001 } });
    await expect(impatient.decode(clip)).rejects.toMatchObject({ code: "audio/timeout" });
    await expect(impatient.decode(clip)).rejects.toThrow("0.001 seconds");
    await impatient.close();
  });

  it("stops on abort, before and during the work, and works on", async () => {
    const single = openAudioPool({ threads: 1 });
    const long = wavBytes({ data: new Uint8Array(40_000_000), sampleRate: 44100 });
    const running = new AbortController();
    const waiting = new AbortController();
    const first = single.decode(long, { sampleRate: 16000, signal: running.signal });
    const second = single.decode(clip, { signal: waiting.signal });
    const third = single.decode(clip);
    waiting.abort();
    await expect(second).rejects.toMatchObject({ code: "cancelled" });
    running.abort();
    await expect(first).rejects.toMatchObject({ code: "cancelled" });
    expect((await third).container).toBe("flac");
    await expect(single.decode(clip, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "cancelled",
    });
    await single.close();
  });

  it("fails what is under way when it is closed, and everything after", async () => {
    const closing = openAudioPool({ threads: 1 });
    const work = [closing.decode(clip), closing.decode(clip)];
    const outcomes = Promise.allSettled(work);
    await closing.close();
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { code: "cancelled" } });
    await expect(closing.decode(clip)).rejects.toMatchObject({ code: "cancelled" });
  });

  it("fails all work at once, and everything after, when a thread cannot start", async () => {
    const absent = new URL("./there-is-no-such-worker.js", import.meta.url);
    for (const startThread of [
      () => new Worker(absent),
      () => new Worker("process.exit(3)", { eval: true }),
    ]) {
      const broken = openAudioPool({ threads: 1, startThread });
      const outcomes = await Promise.allSettled([broken.decode(clip), broken.extract(clip, "seed-v1")]);
      const refused = {
        code: "runtime/unavailable",
        message: expect.stringMatching(/^The thread that decodes audio cannot start: [^\n]+$/),
      };
      for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: refused });
      await expect(broken.decode(clip)).rejects.toMatchObject(refused);
      await broken.close();
    }
  });

  it("refuses a pool of no threads", () => {
    expect(() => openAudioPool({ threads: 0 })).toThrow(RangeError);
  });
});
