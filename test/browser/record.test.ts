/** Records in the studio, in a real browser whose microphone hears a file. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { openAudioPool } from "../../packages/node/src/index.js";
import { chromiumPath } from "./chromium.js";
import { clipBytes, clips, wavBytes } from "./clips.js";
import { clipShown, studioVisits } from "./visit-studio.js";

declare global {
  /** The streams that the page was given. */
  var streams: MediaStream[];
  /** Lets the page have the microphone, when it waits for it. */
  var allow: (() => void) | undefined;
}

describe.skipIf(!chromiumPath)("recording in the studio", () => {
  let page: Page;

  const visitStudio = studioVisits(async () => {
    const pool = openAudioPool({ threads: 1 });
    const angry = clips.find(({ emotion, sex }) => emotion === "angry" && sex === "female")!;
    const { wave } = await pool.decode(new Uint8Array(clipBytes(angry)), { sampleRate: 48_000 });
    await pool.close();
    return wavBytes(wave.samples, wave.sampleRate);
  });

  /** Opens the page; `keepWaiting` holds the microphone back until `allow` is called, as a user does who thinks it over. */
  async function open(keepWaiting: boolean): Promise<void> {
    const remember = (): void => {
      globalThis.streams = [];
      const { mediaDevices } = navigator;
      if (!mediaDevices) return; // the blank page before the first one
      const given = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (constraints) => {
        if (location.hash === "#wait") {
          await new Promise<void>((resolve) => {
            globalThis.allow = resolve;
          });
        }
        const stream = await given(constraints);
        globalThis.streams.push(stream);
        return stream;
      };
    };
    page = await visitStudio({ initScript: remember });
    if (keepWaiting)
      await page.evaluate(() => {
        location.hash = "#wait";
      });
  }

  function released(): Promise<unknown> {
    return page.waitForFunction(
      () =>
        globalThis.streams.length > 0 &&
        globalThis.streams.every((stream) =>
          stream.getTracks().every(({ readyState }) => readyState === "ended"),
        ),
    );
  }

  it("shows a timeline while it listens, and the whole recording in the end", async () => {
    await open(false);
    await page.getByRole("button", { name: "Record" }).click();
    await page.getByRole("img", { name: "Level" }).waitFor();
    const heard = page.getByRole("list", { name: "Emotion timeline" }).getByRole("listitem");
    await heard.filter({ hasText: "Angry" }).first().waitFor();
    expect(await page.getByRole("status").textContent()).toMatch(/^Recording/);
    const stop = page.getByRole("button", { name: "Stop" });
    await stop.click();
    await clipShown(page, "Your recording");
    await released();
    expect(await page.locator("h2.headline").textContent()).toMatch(/^Angry, \d+\s%$/);
    expect(await stop.count()).toBe(0);
    await page.getByRole("button", { name: "Record" }).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("gives the microphone back when another clip is chosen", async () => {
    await open(false);
    await page.getByRole("button", { name: "Record" }).click();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    await page.getByRole("button", { name: "Example: Calm, woman" }).click();
    await clipShown(page, "Example (calm, woman)");
    await released();
  });

  it("does not listen when it is allowed only after another clip was chosen", async () => {
    await open(true);
    await page.getByRole("button", { name: "Record" }).click();
    await page.waitForFunction(() => globalThis.allow !== undefined);
    await page.getByRole("button", { name: "Example: Calm, woman" }).click();
    await clipShown(page, "Example (calm, woman)");
    await page.evaluate(() => globalThis.allow!());
    await released();
    expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(0);
  });
});
