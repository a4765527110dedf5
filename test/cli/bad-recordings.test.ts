/** Bad recordings on the command line: each gets one sentence with a code and exit code 1, or a correct answer. */
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAudioPool } from "../../packages/node/src/workers/audio-pool.js";
import { root } from "../corpora.js";
import { errorCode, runUndertone } from "./run-undertone.js";
import { wavBytes, write, writeSyntheticCorpus } from "./synthetic-audio.js";

const folder = mkdtempSync(join(tmpdir(), "undertone-bad-"));
const env = { UNDERTONE_CACHE: join(folder, "cache") };
const model = join(folder, "model.onnx");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  mkdirSync(join(folder, "empty"));
  writeSyntheticCorpus(join(folder, "corpus"), { actors: 2, takes: 2 });
  const trained = await runUndertone(
    [
      "train",
      "--data",
      join(folder, "corpus"),
      "--features",
      "seed-v1",
      "--model",
      "logistic-regression",
      "--out",
      model,
      "--label-map",
      "common-4",
      "--quiet",
    ],
    { env },
  );
  expect(trained.stderr).toBe("");
});

const clip = join(root, "examples/clips/03-01-05-02-01-01-16.flac");
const flac = readFileSync(clip);
const pool = openAudioPool({ threads: 1 });
const speech = (await pool.decode(clip)).wave.samples;
await pool.close();
const float = (change: (samples: Float32Array) => void, header = {}): Uint8Array => {
  const samples = speech.slice();
  change(samples);
  return wavBytes(samples, { format: 3, ...header });
};

/** A WAV file of many hours that takes no room on the disk: its samples are a hole. */
function hoursLong(path: string): string {
  const bytes = 4 * 3600 * 16000 * 2;
  const file = openSync(path, "w");
  writeSync(file, wavBytes([], { claimedBytes: bytes }));
  ftruncateSync(file, 44 + bytes);
  closeSync(file);
  return path;
}

/** Name, content, and the error code or the reason for having no label; null for a prediction. */
const recordings: readonly (readonly [string, Uint8Array | string, string | null])[] = [
  ["empty-file.wav", "", "audio/empty"],
  ["no-samples.wav", wavBytes([]), "audio/empty"],
  ["one-sample.wav", wavBytes([0.5]), "too-short"],
  ["silent.wav", wavBytes(new Float32Array(32000)), "no-speech"],
  ["dc-only.wav", wavBytes(new Float32Array(32000).fill(0.5)), "no-speech"],
  ["not-a-number.wav", float((samples) => samples.fill(Number.NaN, 100, 110)), "audio/not-finite"],
  ["infinite.wav", float((samples) => samples.fill(Number.POSITIVE_INFINITY, 100, 101)), "audio/not-finite"],
  ["clipped.wav", wavBytes(speech.map((value) => 20 * value)), null],
  ["overloaded-float.wav", float((samples) => samples.set(samples.map((value) => 30 * value))), null],
  ["8-hz.wav", wavBytes(speech.slice(0, 64), { sampleRate: 8 }), "audio/bad-sample-rate"],
  ["0-hz.wav", wavBytes(speech, { sampleRate: 0 }), "audio/bad-sample-rate"],
  [
    "384-khz.wav",
    wavBytes(
      Float32Array.from({ length: 48 * speech.length }, (_, i) => speech[Math.floor(i / 24) % speech.length]),
      { sampleRate: 384000 },
    ),
    null,
  ],
  [
    "64-channels.wav",
    wavBytes(
      Float32Array.from({ length: 64 * 32000 }, (_, i) => speech[Math.floor(i / 64)]),
      { channels: 64 },
    ),
    null,
  ],
  ["unclosed-header.wav", wavBytes(speech, { claimedBytes: 0xfffffff0 }), null],
  ["truncated.wav", wavBytes(speech).slice(0, 20000), "audio/truncated"],
  ["truncated.flac", flac.subarray(0, flac.length >> 1), "audio/truncated"],
  ["header-only.flac", flac.subarray(0, 42), "audio/truncated"],
  ["text.wav", "This is not audio at all, whatever its name says.\n", "audio/not-audio"],
  ["zeros.mp3", new Uint8Array(5000), "audio/not-audio"],
  ["flac-named.wav", flac, null],
];

describe.concurrent("predict", () => {
  // One program hears them all: none spoils the answer to another.
  it("answers each odd recording, or says what is wrong with it", async () => {
    const paths = recordings.map(([name, content]) => write(join(folder, "in", name), content));
    const outcome = await runUndertone(["predict", ...paths, "--model", model, "--json"], { env });
    expect(outcome.code).toBe(1);
    const { predictions } = JSON.parse(outcome.stdout);
    expect(predictions).toHaveLength(recordings.length);
    for (const [i, [name, , expected]] of recordings.entries()) {
      const { label, reason, error } = predictions[i];
      if (!expected?.includes("/")) {
        expect({ name, label, reason }).toEqual(
          expected === null
            ? { name, label: expect.any(String), reason: undefined }
            : { name, label: null, reason: expected },
        );
        continue;
      }
      expect({ name, code: error.code }).toEqual({ name, code: expected });
      expect(error.message).toContain(name);
    }
  });

  it("ends with the code of the one recording that is bad", async () => {
    const path = write(join(folder, "alone", "cut.flac"), flac.subarray(0, flac.length >> 1));
    const outcome = await runUndertone(["predict", path, "--model", model, "--json"], { env });
    expect([errorCode(outcome), outcome.code]).toEqual(["audio/truncated", 1]);
    expect(JSON.parse(outcome.stdout).error.message).toContain("cut.flac");
  });

  it("hours of audio are heard as they are decoded, and Ctrl-C ends that", async () => {
    const args = ["predict", hoursLong(join(folder, "hours.wav")), "--model", model, "--timeline"];
    const outcome = await runUndertone(args, { env, interrupt: (stdout) => stdout.includes("0:09") });
    expect([errorCode(outcome), outcome.code]).toEqual(["cancelled", 130]);
    expect(outcome.stdout).toMatch(/hours\.wav\n {2} 0:00\.0 – {2}0:01\.5 {2}·+ +no speech\n/);
  });

  it("a missing file, a folder without audio, a missing model", async () => {
    const [missing, emptyFolder, noModel] = await Promise.all([
      runUndertone(["predict", join(folder, "nowhere.wav"), "--model", model], { env }),
      runUndertone(["predict", join(folder, "empty"), "--model", model], { env }),
      runUndertone(["predict", clip, "--model", join(folder, "nowhere.onnx")], { env }),
    ]);
    expect([errorCode(missing), missing.code]).toEqual(["file/not-found", 1]);
    expect([errorCode(emptyFolder), emptyFolder.code]).toEqual(["corpus/empty", 1]);
    expect([errorCode(noModel), noModel.code]).toEqual(["file/not-found", 1]);
  });

  it("one bad file among good ones: the good ones are answered where they always are, and the run fails", async () => {
    const bad = write(join(folder, "bad", "text.wav"), "no audio");
    const args = ["predict", clip, join(folder, "bad"), clip, "--model", model];
    const [text, json] = await Promise.all([
      runUndertone(args, { env }),
      runUndertone([...args, "--json"], { env }),
    ]);
    for (const outcome of [text, json]) {
      expect([errorCode(outcome), outcome.code]).toEqual(["audio/not-audio", 1]);
      expect(outcome.stderr).toContain("1 of 3 files failed");
    }
    expect(text.stdout.match(/03-01-05-02-01-01-16\.flac {2}/g)).toHaveLength(2);
    const { predictions, error } = JSON.parse(json.stdout);
    expect(predictions.map(({ file }: { file: string }) => file)).toEqual([clip, bad, clip]);
    expect(predictions[0]).toEqual(predictions[2]);
    expect(predictions[0].label).toEqual(expect.any(String));
    expect(predictions[1].error).toEqual({ code: "audio/not-audio", message: expect.stringContaining(bad) });
    expect(error.code).toBe("audio/not-audio");
  });

  it("hears stdin as it hears the file, and each recording of a folder", async () => {
    const file = write(join(folder, "two", "b.flac"), flac);
    write(join(folder, "two", "a.wav"), wavBytes(speech));
    const [piped, named, nothing] = await Promise.all([
      runUndertone(["predict", "-", "--model", model, "--json"], { env, stdin: flac }),
      runUndertone(["predict", join(folder, "two"), "--model", model, "--json"], { env }),
      runUndertone(["predict", "-", "--model", model, "--json"], { env }),
    ]);
    const [stdin] = JSON.parse(piped.stdout).predictions;
    const heard = JSON.parse(named.stdout).predictions;
    expect(heard.map((one: { file: string }) => one.file)).toEqual([join(folder, "two", "a.wav"), file]);
    expect(stdin).toEqual({ ...heard[1], file: "-" });
    expect([errorCode(nothing), nothing.code]).toEqual(["audio/empty", 1]);
  });
});
