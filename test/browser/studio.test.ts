/** Drives the studio as a user does, in a real browser, against the real server and the shipped model. */
import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { predictionWords } from "../../packages/core/src/artifact/index.js";
import { openAudioPool, openModel } from "../../packages/node/src/index.js";
import { chromiumPath } from "./chromium.js";
import { clipBytes, clips, wavBytes } from "./clips.js";
import { contrastBelow } from "./contrast.js";
import { clipShown, studioVisits } from "./visit-studio.js";

const angry = clips.find(({ emotion, sex }) => emotion === "angry" && sex === "female")!;

describe.skipIf(!chromiumPath)("the studio", () => {
  const visitStudio = studioVisits();
  let page: Page;

  async function open(options?: BrowserContextOptions): Promise<void> {
    page = await visitStudio(options);
  }

  function headline(): Promise<string | null> {
    return page.locator("h2.headline").textContent();
  }

  async function choose(name: string, buffer: Buffer): Promise<void> {
    await page.getByLabel("Choose files").setInputFiles({ name, mimeType: "audio/wav", buffer });
  }

  /** Returns how many colours a picture has; one that nothing was drawn on has one. */
  function colours(label: RegExp): Promise<number> {
    return page.getByRole("img", { name: label }).evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const { data } = (element as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
  }

  it("shows an example clip: what is heard, pictures, timeline, scores, as Node computes them", async () => {
    await open();
    await page.getByRole("button", { name: "Example: Angry, woman" }).click();
    await clipShown(page, "Example (angry, woman)");
    const recognizer = await openModel("ravdess-best");
    const pool = openAudioPool({ threads: 1 });
    const { wave } = await pool.decode(new Uint8Array(clipBytes(angry)));
    const prediction = await recognizer.recognize(wave);
    const { label, scores } = prediction;
    await Promise.all([pool.close(), recognizer.close()]);

    expect(await headline()).toBe(
      predictionWords(prediction).headline.replace("angry", "Angry").replace(" %", "\u00a0%"),
    );
    expect(label).toBe("angry");
    expect(await page.getByRole("status").textContent()).toMatch(
      /^Example \(angry, woman\), 0:04\.0: Angry, (over )?\d+\s%$/,
    );
    for (const picture of [/^Waveform$/, /^Spectrogram$/, /^Scores of each emotion/])
      expect(await colours(picture), String(picture)).toBeGreaterThan(2);
    const timeline = page.getByRole("list", { name: "Emotion timeline" });
    expect(await timeline.getByRole("listitem").first().textContent()).toMatch(
      /^Angry, 0:0\d\.\d to 0:0\d\.\d$/,
    );
    const printed = await page
      .locator(".scores tr")
      .evaluateAll((rows) =>
        rows.map((row) => [
          row.querySelector("th")!.textContent!.toLowerCase(),
          Number(row.querySelector("data")!.value),
        ]),
      );
    expect(printed.map(([name]) => name)).toEqual(Object.keys(scores));
    expect(printed.map(([, score]) => score as number)).toBeAllClose(Object.values(scores), {
      rtol: 0,
      atol: 1e-4,
    });
  });

  it("takes a dropped file, and another one after it", async () => {
    await open();
    for (const [name, clip] of [
      ["first.flac", angry],
      ["second.flac", clips[0]],
    ] as const) {
      const transfer = await page.evaluateHandle(
        ([text, fileName]) => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], fileName));
          return data;
        },
        [clipBytes(clip).toString("base64"), name] as const,
      );
      await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
      await page.getByText("Let go to hear it").waitFor();
      await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
      await clipShown(page, name);
      expect(await page.getByText("Let go to hear it").count()).toBe(0);
    }
  });

  it("says that there is no speech in silence and in a tone, and shows no scores", async () => {
    await open();
    const tone = Float32Array.from(
      { length: 32_000 },
      (_, i) => 0.3 * Math.sin((2 * Math.PI * 440 * i) / 16_000),
    );
    for (const [name, samples] of [
      ["silence.wav", new Float32Array(32_000)],
      ["tone.wav", tone],
    ] as const) {
      await choose(name, wavBytes(samples, 16_000));
      await clipShown(page, name);
      expect(await headline()).toBe("No speech");
      expect(await page.locator(".scores").count()).toBe(0);
    }
  });

  it("refuses what is not audio in one sentence, and goes on working", async () => {
    await open();
    for (const [name, bytes] of [
      ["letter.wav", Buffer.from("Dear reader, this is not a sound. ".repeat(20))],
      ["empty.mp3", Buffer.alloc(0)],
      ["cut.flac", clipBytes(angry).subarray(0, 20_000)],
    ] as const) {
      await choose(name, bytes);
      const alert = page.getByRole("alert");
      await alert.waitFor();
      expect(await alert.textContent()).toMatch(/^This file [^\n]+$/);
      // What was heard before a cut stays, and says of itself that it is not all.
      for (const heard of await page.locator("h2.headline").allTextContents())
        expect(heard).toMatch(/^So far /);
      await choose("good.flac", clipBytes(angry));
      await clipShown(page, "good.flac");
      expect(await alert.count()).toBe(0);
    }
  });

  it("works by keyboard alone, and shows where the focus is", async () => {
    await open();
    await clipShown(page, "Example (angry, woman)");
    const slider = page.getByRole("slider", { name: "Position" });
    const second = async (): Promise<number> => Number(await slider.inputValue());
    await page.keyboard.press("End");
    expect(await slider.getAttribute("aria-valuetext")).toBe("0:04.0");
    await page.keyboard.press("Home");
    expect(await second()).toBe(0);
    await page.keyboard.press("ArrowRight");
    const step = await second();
    expect(step).toBeAllClose(0.2, { rtol: 0.05 });
    await page.keyboard.press("+");
    await page.keyboard.press("ArrowRight");
    expect(await second()).toBeLessThan(1.9 * step); // a step is a part of what is seen
    await page.keyboard.press("-");
    expect(await page.getByRole("button", { name: "Zoom out" }).isDisabled()).toBe(true);
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.waitForFunction(
      (from) => Number(document.querySelector<HTMLInputElement>("input[type=range]")!.value) > from + 0.1,
      step,
    );
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Play" }).waitFor();

    const ring = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.activeElement!.closest("label, button")!).outlineStyle);
    const reached: (string | null)[] = [];
    while (!reached.includes("Example: Angry, woman") && reached.length < 40) {
      await page.keyboard.press("Tab");
      reached.push(await focused());
      if (await page.evaluate(() => document.activeElement!.closest("label, button") !== null))
        expect(await ring(), String(reached.at(-1))).toBe("solid");
    }
    expect(reached).toEqual(expect.arrayContaining(["Record", "Play", "Position", "Zoom in", "Export"]));
    await page.getByRole("button", { name: "Example: Sad, man" }).focus();
    await page.keyboard.press("Enter");
    await clipShown(page, "Example (sad, man)");
  });

  function focused(): Promise<string | null> {
    return page.evaluate(() => {
      const element = document.activeElement!;
      return element.getAttribute("aria-label") ?? element.textContent;
    });
  }

  it("fits a window of 320 pixels", async () => {
    await open({ viewport: { width: 320, height: 800 } });
    await clipShown(page, "Example (angry, woman)");
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    expect(await contrastBelow(page, 4.5)).toEqual([]);
  });

  it("gives the theme that is chosen, and keeps it", async () => {
    await open({ colorScheme: "light" });
    const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    await page.getByRole("radio", { name: "Dark" }).check();
    expect(await paper()).not.toBe(light);
    await page.reload();
    await page.locator(".figure").waitFor();
    expect(await paper()).not.toBe(light);
    await page.getByRole("radio", { name: "Auto" }).check();
    expect(await paper()).toBe(light);
  });

  it("says in one sentence that the microphone is not allowed", async () => {
    await open();
    await page.getByRole("button", { name: "Record" }).click();
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(
      /^(The microphone is not allowed|No microphone was found) [^\n]+$/,
    );
    expect(await page.getByRole("button", { name: "Record" }).count()).toBe(1);
  });
});
