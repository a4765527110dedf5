/** Hears files of any length in a real browser, and goes on when work is stopped or its worker lost. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRecognizer, type Prediction, type Recognizer } from "@undertone/core/artifact";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeEncoderResources, openAudioPool, startServer } from "../../packages/node/src/index.js";
import { root } from "../corpora.js";
import { chromiumPath, launchChromium } from "./chromium.js";
import { clipBytes, clips, wavBytes } from "./clips.js";
import { type ServedPage, serveParityPage } from "./parity-page.js";
import { clipShown, visitStudio } from "./visit-studio.js";

const best = readFileSync(join(root, "models/ravdess-best.onnx"));
const angry = clips.find(({ emotion, sex }) => emotion === "angry" && sex === "female")!;
const clip = clipBytes(angry).toString("base64");

describe.skipIf(!chromiumPath)("listening in Chromium", () => {
  const pool = openAudioPool({ threads: 1 });
  let recognizer: Recognizer;
  let browser: Browser;
  let page: Page;
  let served: ServedPage;
  /** A clip of four seconds at 16 kHz, as WAV. */
  let wav: Buffer;

  beforeAll(async () => {
    [served, browser, recognizer] = await Promise.all([
      serveParityPage({ "best.onnx": best }),
      launchChromium(),
      openRecognizer(best, nodeEncoderResources()),
    ]);
    const { wave } = await pool.decode(new Uint8Array(clipBytes(angry)), { sampleRate: 16_000 });
    wav = wavBytes(wave.samples.subarray(0, 64_000), 16_000);
    page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    await page.goto(served.url);
    await page.waitForFunction(() => "parity" in globalThis);
    await page.evaluate(() => parity.open("/best.onnx"));
  });

  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await Promise.all([pool.close(), recognizer?.close()]);
  });

  function expectClose(actual: readonly Prediction[], expected: readonly Prediction[]): void {
    expect(actual.map(({ label, start, end }) => ({ label, start, end }))).toEqual(
      expected.map(({ label, start, end }) => ({ label, start, end })),
    );
    actual.forEach(({ scores }, i) => {
      expect(Object.values(scores)).toBeAllClose(Object.values(expected[i].scores), { rtol: 0, atol: 1e-4 });
    });
  }

  it("hears in a short file what Node hears, with picture and samples", async () => {
    const heard = await page.evaluate(async (base64) => {
      const { wave, picture, peaks, ...rest } = await parity.opened().listen(parity.blob(base64));
      const extremes = peaks.levels.reduce((top, x) => Math.max(top, Math.abs(x)), 0);
      return { ...rest, samples: wave!.samples.length, rows: picture!.levels.rows, extremes };
    }, clip);
    const { wave } = await pool.decode(new Uint8Array(clipBytes(angry)));
    const seconds = wave.samples.length / wave.sampleRate;
    expect(heard.seconds).toBe(seconds);
    expect(heard.samples).toBe(Math.ceil(16_000 * seconds));
    expect(heard.rows).toBeGreaterThan(100);
    expect(heard.extremes).toBe(wave.samples.reduce((top, x) => Math.max(top, Math.abs(x)), 0));
    expectClose([heard.whole!], [await recognizer.recognize(wave)]);
    expectClose(heard.timeline, await recognizer.timeline(wave, { hopSeconds: 0.25 }));
    expect(heard.summary.label).toBe("angry");
  });

  it("hears two hours while one watches, answers a clip meanwhile, and stops when told", async () => {
    const outcome = await page.evaluate(
      async ([base64, short]) => {
        const opened = parity.opened();
        const stop = new AbortController();
        const long = parity.blob(base64, { head: 44, times: 1800 });
        const seen = { windows: 0, part: 0, peaks: 0, total: 0 };
        let begin: () => void;
        const begun = new Promise<void>((resolve) => {
          begin = resolve;
        });
        const outcome = opened
          .listen(long, {
            signal: stop.signal,
            onWindows: ({ length }) => {
              seen.windows += length;
              begin();
            },
            onWave: ({ levels }) => {
              seen.peaks = levels.length / 2;
            },
            onProgress: ({ part, total }) => {
              seen.part = part;
              seen.total = total!;
            },
          })
          .then(
            () => "heard",
            (error: { code: string }) => error.code,
          );
        await begun;
        const wave = await opened.decode(await parity.blob(short).arrayBuffer());
        const { label } = await opened.recognize(wave);
        const before = { ...seen };
        stop.abort();
        const code = await outcome;
        const after = { ...seen };
        return { label, before, code, after, again: (await opened.recognize(wave)).label };
      },

      [endless(wav).toString("base64"), clip] as const,
    );
    const { before, after } = outcome;
    expect(outcome).toMatchObject({ label: "angry", code: "cancelled", again: "angry" });
    expect(before.part).toBeGreaterThan(0);
    expect(before.part).toBeLessThan(0.5);
    expect(before.total).toBeGreaterThan(7000);
    expect(before.windows).toBeGreaterThan(0);
    expect(before.peaks).toBeGreaterThan(before.windows);
    expect(after).toEqual(before);
  });

  it("says of digital silence that there is no speech, and draws nothing", async () => {
    const silence = wavBytes(new Float32Array(16_000 * 20), 16_000).toString("base64");
    const heard = await page.evaluate(async (base64) => {
      const { summary, picture, peaks, whole, timeline } = await parity.opened().listen(parity.blob(base64));
      const loudest = picture!.levels.data.reduce((top, level) => Math.max(top, level));
      const scored = timeline.filter(({ scores }) => Object.keys(scores).length > 0).length;
      return { summary, loudest, scored, whole, flat: peaks.levels.every((x) => x === 0) };
    }, silence);
    expect(heard).toMatchObject({ loudest: -80, scored: 0, flat: true });
    expect(heard.whole).toBeUndefined();
    expect(heard.summary).toMatchObject({ label: null, shares: {} });
    expect(heard.summary.silent["no-speech"]).toBeCloseTo(1, 9);
    expect(heard.summary.seconds).toBeCloseTo(20, 9);
  });

  it("ends a worker that does not stop, and answers the next clip in a new one", async () => {
    const outcome = await page.evaluate(async (short) => {
      const opened = parity.opened();
      const wave = await opened.decode(await parity.blob(short).arrayBuffer());
      const stream = await opened.openStream({ sampleRate: wave.sampleRate });
      // Half an hour as one recording is one request, which nothing can come between.
      const samples = new Float32Array(1800 * wave.sampleRate);
      for (let at = 0; at + wave.samples.length < samples.length; at += wave.samples.length)
        samples.set(wave.samples, at);
      const code = (error: { code: string }): string => error.code;
      const stop = new AbortController();
      const long = opened.recognize({ ...wave, samples }, { signal: stop.signal }).catch(code);
      await opened.recognize(wave, { signal: AbortSignal.timeout(100) }).catch(code);
      stop.abort();
      return {
        long: await long,
        label: (await opened.recognize(wave)).label,
        heard: (await opened.listen(parity.blob(short))).whole?.label,
        stream: await stream.push(wave.samples).catch(code),
      };
    }, clip);
    // The stream was that worker's.
    expect(outcome).toEqual({ long: "cancelled", label: "angry", heard: "angry", stream: "cancelled" });
  });
});

describe.skipIf(!chromiumPath)("the studio with a long file", () => {
  it("shows a clip that is chosen while two hours are heard, and goes on with them afterwards", async () => {
    const folder = mkdtempSync(join(tmpdir(), "undertone-long-"));
    const pool = openAudioPool({ threads: 1 });
    const [server, browser] = await Promise.all([
      startServer({ port: 0, model: "ravdess-best" }),
      launchChromium(),
    ]);
    try {
      const { wave } = await pool.decode(new Uint8Array(clipBytes(angry)), { sampleRate: 16_000 });
      const path = join(folder, "long.wav");
      const header = endless(wavBytes(wave.samples.subarray(0, 64_000), 16_000));
      for (let i = 0; i < 1800; i++) writeFileSync(path, header.subarray(i === 0 ? 0 : 44), { flag: "a" });
      const { page, problems } = await visitStudio(browser, server.url);
      await page.getByLabel("Choose files").setInputFiles(path);
      await page.getByRole("status").filter({ hasText: "long.wav" }).waitFor();
      await page.getByRole("button", { name: "Example: Calm, woman" }).click();
      await clipShown(page, "Example (calm, woman)");
      const long = page.getByRole("listitem").filter({ hasText: "long.wav" }).locator(".answer");
      expect(await long.textContent()).toMatch(/^(Waits|Listening …|\d\s%\sheard)$/);
      await long.filter({ hasText: /^[1-9]\d?\s%\sheard$/ }).waitFor();
      expect(problems).toEqual([]);
    } finally {
      await Promise.all([browser.close(), server.close(), pool.close()]);
      rmSync(folder, { recursive: true });
    }
  });
});

/** Returns the WAV file with 1800 times its length in its header. */
function endless(wav: Buffer): Buffer {
  const bytes = Buffer.from(wav);
  const dataBytes = 1800 * (bytes.length - 44);
  bytes.writeUInt32LE(36 + dataBytes, 4);
  bytes.writeUInt32LE(dataBytes, 40);
  return bytes;
}
