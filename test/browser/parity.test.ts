/** The same clip gives the same samples, features and scores in Node and in a real browser. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  openRecognizer,
  type Prediction,
  type Recognizer,
  referenceProfile,
  writeArtifact,
} from "@undertone/core/artifact";
import type { Waveform } from "@undertone/core/audio";
import { functionalsTable, identityLabelMap } from "@undertone/core/data";
import { isUndertoneError } from "@undertone/core/errors";
import {
  anyFeatureSet,
  completeEncoderId,
  type EncoderResources,
  openFeatureSet,
  parseEncoderRequest,
} from "@undertone/core/features";
import { estimator, joinModels } from "@undertone/core/learn";
import { matrix, matrixFromRows, random } from "@undertone/core/math";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeEncoderResources } from "../../packages/node/src/encoders/encoder-resources.js";
import { openAudioPool } from "../../packages/node/src/workers/audio-pool.js";
import { root } from "../corpora.js";
import { tinyEncoder } from "../tiny-encoder.js";
import { chromiumPath, launchChromium } from "./chromium.js";
import { clipBytes, clips } from "./clips.js";
import { type ServedPage, serveParityPage } from "./parity-page.js";
import { trainClips } from "./train-clips.js";

const sampleRate = 16000;
const atol = 1e-4;
const tiny = tinyEncoder();
const named = {
  name: "tiny",
  sha256: createHash("sha256").update(tiny).digest("hex"),
  runtime: nodeEncoderResources().runtime,
};
const resources: EncoderResources = {
  ...nodeEncoderResources(),
  encoderFile: async (file) =>
    file.sha256 === named.sha256 ? tiny : nodeEncoderResources().encoderFile(file),
};
const small = readFileSync(join(root, "models/ravdess.onnx"));
const best = readFileSync(join(root, "models/ravdess-best.onnx"));
const tenClips = clips.slice(0, 10);

describe.skipIf(!chromiumPath)("Node and Chromium", () => {
  const pool = openAudioPool({ threads: 1 });
  let browser: Browser;
  let page: Page;
  let served: ServedPage;
  let embedded: Uint8Array;
  let valued: Uint8Array;
  const failures: string[] = [];

  beforeAll(async () => {
    embedded = await embeddingArtifact();
    valued = await valueArtifact();
    served = await serveParityPage({
      "seed.onnx": small,
      "best.onnx": best,
      "embedding.onnx": embedded,
      "values.onnx": valued,
      "tiny.onnx": tiny,
    });
    browser = await launchChromium();
    page = await browser.newPage();
    page.on("pageerror", (error) => failures.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") failures.push(message.text());
    });
    await page.goto(served.url);
    await page.waitForFunction(() => "parity" in globalThis);
  });

  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await pool.close();
  });

  /** Returns an artifact on the embedding at three speeds, fitted on the clips themselves: good enough to compare with itself. */
  async function embeddingArtifact(): Promise<Uint8Array> {
    const set = await openFeatureSet("speech-embedding-v1", resources);
    const rows: Float32Array[] = [];
    for (const clip of clips) rows.push((await set.extract(await decode(clipBytes(clip)))).data);
    const frames = matrix(rows.length, set.names.length);
    rows.forEach((row, i) => {
      frames.data.set(row, i * row.length);
    });
    const table = functionalsTable(
      clips.map(({ file }) => file),
      set.names,
      frames,
    );
    const labelMap = identityLabelMap("clips", [...new Set(clips.map(({ emotion }) => emotion))].sort());
    const labels = Int32Array.from(clips, ({ emotion }) => labelMap.classes.indexOf(emotion));
    const learner = estimator("logistic-regression", { C: 0.001 });
    const context = { random: random(1) };
    const model = await learner.fit(table, { classes: labelMap.classes, labels }, context);
    await set.close?.();
    return writeArtifact(model.toOnnx(), {
      name: "parity",
      created: "2026-01-01T00:00:00Z",
      undertone: "0.1.0",
      featureSet: anyFeatureSet(set.id),
      speeds: [0.9, 1, 1.1],
      labelMap,
      model: { kind: model.kind, params: learner.params },
      reference: referenceProfile(table),
      training: { dataset: "examples/clips", utterances: clips.length, speakers: clips.length },
      evaluation: null,
      card: {
        licence: "CC BY-NC-SA 4.0",
        data: "clips",
        intendedUse: "tests",
        limits: "all",
        citation: "none",
      },
    });
  }

  /** Returns an artifact of classes and of arousal, which a rule makes of them, on seed-v1. */
  async function valueArtifact(): Promise<Uint8Array> {
    const set = await openFeatureSet("seed-v1", resources);
    const rows: Float32Array[] = [];
    for (const clip of clips) rows.push((await set.extract(await decode(clipBytes(clip)))).data);
    const table = functionalsTable(
      clips.map(({ file }) => file),
      set.names,
      matrixFromRows(rows.map((row) => Array.from(row))),
    );
    const labelMap = identityLabelMap("clips", [...new Set(clips.map(({ emotion }) => emotion))].sort());
    const labels = Int32Array.from(clips, ({ emotion }) => labelMap.classes.indexOf(emotion));
    const context = { random: random(1) };
    const scores = await estimator("logistic-regression", { C: 0.001 }).fit(
      table,
      { classes: labelMap.classes, labels },
      context,
    );
    const values = matrixFromRows(Array.from(labels, (label) => [label]));
    const arousal = await estimator("ridge-regression", { alpha: 100 }, "values").fit(
      table,
      { names: ["arousal"], values },
      context,
    );
    return writeArtifact(joinModels(scores, arousal).toOnnx(), {
      name: "values",
      created: "2026-01-01T00:00:00Z",
      undertone: "0.1.0",
      featureSet: set,
      labelMap,
      dimensions: {
        model: { kind: arousal.kind, params: {} },
        values: [{ name: "arousal", low: 0, high: 7, mean: 3.5 }],
        evaluation: null,
      },
      model: { kind: scores.kind, params: {} },
      reference: referenceProfile(table),
      training: { dataset: "examples/clips", utterances: clips.length, speakers: clips.length },
      evaluation: null,
      card: {
        licence: "CC BY-NC-SA 4.0",
        data: "clips",
        intendedUse: "tests",
        limits: "all",
        citation: "none",
      },
    });
  }

  async function decode(bytes: Buffer): Promise<Waveform> {
    return (await pool.decode(new Uint8Array(bytes), { sampleRate })).wave;
  }

  async function open(model: Uint8Array, path: string): Promise<Recognizer> {
    const runtime = await page.evaluate((address) => globalThis.parity.open(address), path);
    expect(runtime).toMatch(/^onnxruntime-web .* wasm$/);
    return openRecognizer(model, resources);
  }

  function expectEqual(there: Prediction, here: Prediction): void {
    const { scores, confidence, outOfDistribution, dimensions, ...facts } = here;
    expect(Object.keys(there.dimensions ?? {})).toEqual(Object.keys(dimensions ?? {}));
    expect(Object.values(there.dimensions ?? {})).toBeAllClose(Object.values(dimensions ?? {}), {
      rtol: 0,
      atol: 1e-3,
    });
    expect(there).toMatchObject(facts);
    expect(there.outOfDistribution === undefined).toBe(outOfDistribution === undefined);
    if (outOfDistribution !== undefined)
      expect(there.outOfDistribution).toBeAllClose(outOfDistribution, { rtol: 0, atol: 1e-3 });
    expect(Object.keys(there.scores)).toEqual(Object.keys(scores));
    expect(Object.values(there.scores)).toBeAllClose(Object.values(scores), { rtol: 0, atol });
    expect(there.confidence).toBeAllClose(confidence, { rtol: 0, atol });
  }

  it.each([
    ["models/ravdess.onnx", "seed.onnx", (): Uint8Array => small],
    ["models/ravdess-best.onnx", "best.onnx", (): Uint8Array => best],
    ["a model of classes and arousal on seed-v1", "values.onnx", (): Uint8Array => valued],
    ["a model on speech-embedding-v1 at three speeds", "embedding.onnx", (): Uint8Array => embedded],
  ])("%s gives ten clips the same scores within 1e-4", async (_, path, model) => {
    const recognizer = await open(model(), path);
    const labels = new Set<string | null>();
    for (const [index, clip] of tenClips.entries()) {
      const bytes = clipBytes(clip);
      const wave = await decode(bytes);
      const heard = await page.evaluate(([text, windows]) => globalThis.parity.hear(text, windows), [
        bytes.toString("base64"),
        index < 3,
      ] as const);
      expectEqual(heard.whole, await recognizer.recognize(wave));
      if (path === "values.onnx") expect(heard.whole.dimensions).toHaveProperty("arousal");
      if (path === "seed.onnx" || path === "best.onnx") {
        // Shipped models carry their calibration, sets and reference into the page.
        expect(heard.whole.set!.length).toBeGreaterThan(0);
        expect(heard.whole.outOfDistribution).toBeGreaterThan(0);
      }
      labels.add(heard.whole.label);
      if (index >= 3) continue;
      const timeline = await recognizer.timeline(wave);
      expect(heard.timeline).toHaveLength(timeline.length);
      heard.timeline.forEach((prediction, i) => {
        expectEqual(prediction, timeline[i]);
      });
    }
    expect(labels.size).toBeGreaterThanOrEqual(3);
    await recognizer.close();
  });

  it.each([
    ["seed-v1", "seed-v1"],
    ["speech-embedding-v1", "speech-embedding-v1"],
    ["layers of an encoder file", "encoder:tiny:layer=1,3:pool=mean,sd,max"],
  ])("%s: the same features within 1e-4", async (_, short) => {
    const id = short.startsWith("encoder:")
      ? await completeEncoderId(tiny, parseEncoderRequest(short), named)
      : short;
    const set = await openFeatureSet(id, resources);
    for (const clip of tenClips.slice(0, 3)) {
      const wave = await decode(clipBytes(clip));
      const there = await page.evaluate(
        ([name, samples, rate]) => globalThis.parity.features(name, { samples, sampleRate: rate }),
        [id, Array.from(wave.samples), wave.sampleRate] as const,
      );
      const here = (await set.extract(wave)).data;
      expect(there).toBeAllClose(here, { rtol: atol, atol });
    }
    await set.close?.();
  });

  it("trains the same artifact in the page, byte by byte, and recognizes with it", async () => {
    await open(small, "seed.onnx");
    const labelled = clips.map((clip) => ({ id: clip.file, speaker: clip.speaker, label: clip.intensity }));
    const there = await page.evaluate(
      (given) => globalThis.parity.train(given),
      labelled.map((one, i) => ({ ...one, base64: clipBytes(clips[i]).toString("base64") })),
    );
    const waves = await Promise.all(clips.map((clip) => decode(clipBytes(clip))));
    const here = await trainClips(
      labelled.map((one, i) => ({ ...one, wave: waves[i] })),
      {},
    );
    expect(there.turns).toBeGreaterThan(0);
    expect(Buffer.from(there.base64, "base64").equals(here)).toBe(true);
    const recognizer = await openRecognizer(here, resources);
    const bytes = clipBytes(clips[0]).toString("base64");
    const { whole } = await page.evaluate((text) => globalThis.parity.hear(text, false), bytes);
    expectEqual(whole, await recognizer.recognize(waves[0]));
    await recognizer.close();
  });

  const folder = join(root, "test/audio");
  const files = readdirSync(folder).filter((name) => !/\.(?:ts|sh|md)$/.test(name));
  it("decodes every container to the same samples, and refuses the same files for the same reason", async () => {
    await open(small, "seed.onnx");
    expect(files.length).toBeGreaterThan(30);
    for (const name of files) {
      const bytes = readFileSync(join(folder, name));
      const there = await page.evaluate((text) => globalThis.parity.decode(text), bytes.toString("base64"));
      try {
        const { samples } = await decode(bytes);
        expect(there, name).not.toHaveProperty("code");
        if ("samples" in there) expect(there.samples, name).toBeAllClose(samples, { rtol: 0, atol: 1e-6 });
      } catch (error) {
        if (!isUndertoneError(error)) throw error;
        expect(there, name).toHaveProperty("code", error.code);
      }
    }
  });

  it("keeps to the security policy and reports no error", () => {
    expect(failures).toEqual([]);
  });
});
