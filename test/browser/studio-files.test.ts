/** Long recordings, many files, comparison, abstention and export in the studio, as a user meets them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { readArtifact } from "@undertone/core/artifact";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { sealArtifact } from "../../packages/core/src/artifact/write-artifact.js";
import { chromiumPath } from "./chromium.js";
import { clipBytes, clips } from "./clips.js";
import { madeRecordings, type Recordings } from "./recordings.js";
import { clipShown, studioVisits } from "./visit-studio.js";

describe.skipIf(!chromiumPath)("files in the studio", () => {
  const visitStudio = studioVisits();
  let page: Page;
  let recordings: Recordings;

  beforeAll(async () => {
    recordings = await madeRecordings();
  });

  async function open(files: Readonly<Record<string, Buffer>>): Promise<void> {
    page = await visitStudio();
    if (Object.keys(files).length === 0) return;
    await page
      .getByLabel("Choose files")
      .setInputFiles(
        Object.entries(files).map(([name, buffer]) => ({ name, mimeType: "audio/wav", buffer })),
      );
  }

  async function download(kind: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
    await page.getByText("Export", { exact: true }).click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: kind }).click(),
    ]);
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  }

  it("sums a long clip up by shares of its time, zooms into it, and saves what it shows", async () => {
    await open({ "long.wav": recordings.long });
    await clipShown(page, "long.wav");
    const headline = await page.locator("h2.headline").textContent();
    expect(headline).toMatch(/^[A-Z][a-z ]+ \d+\s% of the time(, [a-z ]+ \d+\s%)+$/);
    const shares = await page
      .locator(".scores data")
      .evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLDataElement).value)));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeAllClose(1, { rtol: 1e-6 });

    const strip = page.locator(".strip");
    const wide = (await strip.boundingBox())!.width;
    for (let i = 0; i < 4; i++) await page.keyboard.press("+");
    expect((await strip.boundingBox())!.width / wide).toBeAllClose(1.6 ** 4, { rtol: 1e-3 });
    const scrolled = (): Promise<number> => page.locator(".scroller").evaluate((box) => box.scrollLeft);
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.querySelector(".scroller")!.scrollLeft > 0);
    await page.keyboard.press("Home");
    await page.waitForFunction(() => document.querySelector(".scroller")!.scrollLeft === 0);
    await page.locator(".scroller").evaluate(async (box) => {
      box.scrollLeft = 500;
      for (let i = 0; i < 5; i++) await new Promise(requestAnimationFrame);
    });
    expect(await scrolled()).toBe(500); // away from the cursor, which nobody moved

    const csv = await download("CSV");
    expect(csv.name).toBe("long.csv");
    const lines = csv.bytes.toString().trim().split("\r\n");
    expect(lines[0]).toBe(
      "start,end,label,reason,confidence,neutral,calm,happy,sad,angry,fearful,disgust,surprised",
    );
    const json = JSON.parse((await download("JSON")).bytes.toString());
    expect(json.timeline.length).toBe(lines.length - 1);
    expect(Object.keys(json)).toEqual(["file", "seconds", "complete", "model", "summary", "timeline"]);
    const png = await download("PNG");
    expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
    expect(png.bytes.readUInt32BE(16)).toBe(2400);
  });

  it("shows no score as an answer where the model has none", async () => {
    await open({ "strange.wav": recordings.strange });
    await clipShown(page, "strange.wav");
    expect(await page.locator("h2.headline").textContent()).toBe("Unfamiliar sound");
    const bars = page.locator(".scores table");
    expect(await bars.isVisible()).toBe(false);
    const heard = await page
      .getByRole("list", { name: "Emotion timeline" })
      .getByRole("listitem")
      .allTextContents();
    expect(heard.filter((text) => !/^(Unfamiliar sound|No speech|Uncertain), /.test(text))).toEqual([]);
    await page.getByText("What it would have guessed").click();
    expect(await bars.isVisible()).toBe(true);
  });

  it("lists files with their answers, shows one, another beside it, and forgets one", async () => {
    const [angry, calm] = ["angry", "calm"].map((emotion) => clips.find((clip) => clip.emotion === emotion)!);
    await open({
      "a.flac": clipBytes(angry!),
      "letter.wav": Buffer.from("Dear reader, ".repeat(50)),
      "b.flac": clipBytes(calm!),
    });
    await clipShown(page, "a.flac");
    const rows = page.locator(".files li");
    await rows
      .filter({ hasText: "b.flac" })
      .filter({ hasText: / \d+\s%/ })
      .waitFor();
    expect(await rows.count()).toBe(3); // the first page's example is gone
    expect(await rows.locator(".answer").allTextContents()).toEqual([
      expect.stringMatching(/^Angry, \d+\s%$/),
      expect.stringMatching(/^This file /),
      expect.stringMatching(/^[A-Z][a-z]+(, \d+\s%)?$/),
    ]);
    await page.getByRole("button", { name: "Compare with b.flac" }).click();
    await clipShown(page, "b.flac");
    const left = (await page.getByRole("region", { name: "a.flac" }).boundingBox())!;
    const right = (await page.getByRole("region", { name: "b.flac" }).boundingBox())!;
    expect(right.x).toBeGreaterThan(left.x + left.width);
    expect(right.y).toBe(left.y);

    // Keys and sound are those of the one that was touched last.
    await page.getByRole("region", { name: "a.flac" }).getByRole("button", { name: "Play" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.getByRole("region", { name: "b.flac" }).getByRole("button", { name: "Play" }).click();
    await page.getByRole("region", { name: "a.flac" }).getByRole("button", { name: "Play" }).waitFor();
    await page.getByRole("region", { name: "b.flac" }).getByRole("button", { name: "Pause" }).waitFor();

    await page.getByRole("button", { name: "Remove b.flac" }).click();
    expect(await page.locator(".result").count()).toBe(1);
    expect(await rows.count()).toBe(2);

    await page.getByRole("button", { name: "Example: Angry, man" }).click();
    await clipShown(page, "Example (angry, man)");
    await page.getByRole("button", { name: "a.flac", exact: true }).click();
    await page.getByRole("button", { name: "Compare with Example (angry, man)" }).click();
    await page.getByRole("button", { name: "Remove a.flac" }).click();
    expect(await page.locator(".result").count()).toBe(1); // what stood beside it, and not twice
  });

  it("hears what sounds in a folder, and saves all answers", async () => {
    const folder = mkdtempSync(join(tmpdir(), "undertone-folder-"));
    try {
      writeFileSync(join(folder, "one.flac"), clipBytes(clips[0]!));
      writeFileSync(join(folder, "two.flac"), clipBytes(clips[1]!));
      writeFileSync(join(folder, "notes.txt"), "no sound");
      await open({});
      await page.getByLabel("A folder").setInputFiles(folder);
      const answers = page.locator(".files .answer");
      await answers
        .nth(1)
        .filter({ hasText: /\w/, hasNotText: /Waits|Listening|heard/ })
        .waitFor();
      await clipShown(page, `${basename(folder)}/one.flac`);
      expect(await answers.count()).toBe(2);
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Answers as CSV" }).click(),
      ]);
      const lines = readFileSync(await file.path(), "utf8")
        .trim()
        .split("\r\n");
      expect(lines.map((line) => line.split(",")[0])).toEqual([
        "file",
        `${basename(folder)}/one.flac`,
        `${basename(folder)}/two.flac`,
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("stops work on a long file, keeps what was heard, and goes on when asked", async () => {
    await open({ "long.wav": recordings.long });
    const region = page.getByRole("region", { name: "long.wav" });
    await region.getByText(/of 0:5\d heard/).waitFor();
    await region.getByRole("button", { name: "Stop" }).click();
    await region.getByText(/^Stopped · 0:\d\d of 0:5\d heard$/).waitFor();
    await region.getByRole("button", { name: "Hear it again" }).click();
    await clipShown(page, "long.wav");
  });

  it("takes another model, says when one is none, and hears the files anew", async () => {
    await open({ "a.flac": clipBytes(clips[0]!) });
    await clipShown(page, "a.flac");
    const model = page.getByLabel("Use another model");
    await model.setInputFiles({ name: "none.onnx", mimeType: "", buffer: Buffer.from("not a model") });
    await page.getByRole("alert").waitFor();
    await model.setInputFiles("models/ravdess.onnx");
    const opened = (features: string): Promise<void> =>
      page.locator(".card dl", { hasText: features }).waitFor({ state: "attached" });
    await opened("seed-v1 (416 features)");
    await clipShown(page, "a.flac");
    // Those that the server has are a choice, too.
    const choice = page.getByRole("combobox", { name: "Model" });
    await choice.selectOption("/model");
    await opened("speech-embedding-v1");
    await choice.selectOption("/models/ravdess");
    await opened("seed-v1 (416 features)");
    await clipShown(page, "a.flac");
    expect(await page.getByRole("alert").count()).toBe(0);

    // It says how it adapts to collections: answers are said anew, and none is heard again.
    const adapt = page.getByRole("checkbox");
    await model.setInputFiles({
      name: "adapts.onnx",
      mimeType: "",
      buffer: adaptable("models/ravdess.onnx"),
    });
    await choice.locator("option", { hasText: "adapts.onnx" }).waitFor({ state: "attached" });
    expect(await adapt.count()).toBe(0);
    const more = clips
      .slice(1, 3)
      .map((clip, i) => ({ name: `${i}.flac`, mimeType: "", buffer: clipBytes(clip) }));
    await page.getByLabel("Choose files").setInputFiles(more);
    const answers = page.locator(".files .answer");
    await page.getByLabel("Adapt to these 3 clips").waitFor();
    const before = await answers.allTextContents();
    await adapt.check();
    const origin = page.locator(".origin").filter({ hasText: "adapted to 3 clips of this list" });
    await origin.waitFor();
    expect(await answers.allTextContents()).not.toEqual(before);
    await adapt.uncheck();
    expect(await answers.allTextContents()).toEqual(before);
    expect(await origin.count()).toBe(0);
  });
});

/** Returns a model's file with a made account of collections: whatever its first class differs by is believed, and clips are told apart by four features. */
function adaptable(path: string): Buffer {
  const bytes = readFileSync(path);
  const { manifest } = readArtifact(bytes);
  const spread = [manifest.classes.map((_, k) => (k === 0 ? 9 : 0))];
  const axes = [0, 1, 2, 3].map((a) => ({
    scale: 1,
    steps: Array.from({ length: manifest.features.count }, (_, j) => Number(j === a)),
  }));
  return Buffer.from(sealArtifact(bytes, { ...manifest, collections: { of: "speakers", spread, axes } }));
}
