/** The report of `explore` in a real browser: the map draws, names clips, changes colours, plays. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runUndertone } from "../cli/run-undertone.js";
import { root } from "../corpora.js";
import { chromiumPath, launchChromium } from "./chromium.js";

describe.skipIf(!chromiumPath)("the report of explore in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "undertone-explore-"));
  const report = join(folder, "report.html");
  const problems: string[] = [];
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const args = [
      "explore",
      "--data",
      join(root, "examples/clips"),
      "--features",
      "seed-v1",
      "--out",
      report,
    ];
    const { stderr, code, stdout } = await runUndertone([...args, "--json", "--quiet"], {
      env: { UNDERTONE_CACHE: join(folder, "cache") },
    });
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({ sounds: "embedded", report });
    browser = await launchChromium(["--autoplay-policy=no-user-gesture-required"]);
    page = await browser.newPage({ viewport: { width: 1000, height: 1400 } });
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    page.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) problems.push(`asked for ${request.url()}`);
    });
    await page.goto(pathToFileURL(report).href);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** How many pixels of the map are not background. */
  const inked = (): Promise<number> =>
    page.evaluate(() => {
      const canvas = document.getElementById("map") as HTMLCanvasElement;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 100) count++;
      return count;
    });

  it("draws a point for each clip, and hides the values whose key is pressed", async () => {
    const all = await inked();
    expect(all).toBeGreaterThan(16 * 20);
    const keys = page.locator("#map-legend button");
    expect(await keys.count()).toBe(8);
    await keys.first().click();
    expect(await inked()).toBeLessThan(all);
    await keys.first().click();
    expect(await inked()).toBe(all);
  });

  it("names the clip under the pointer and goes from clip to clip by the arrow keys", async () => {
    await page.focus("#map");
    await page.keyboard.press("ArrowRight");
    const named = await page.textContent("#map-said");
    expect(named).toMatch(/\.flac · label \w+ · speaker \d\d · sex (fe)?male · cluster \d/);
    expect(await page.textContent("#map-tip")).toBe(named);
  });

  it("plays the clip that is chosen", async () => {
    const played = page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const { play } = HTMLMediaElement.prototype;
          HTMLMediaElement.prototype.play = async function (this: HTMLMediaElement) {
            await play.call(this);
            resolve(`${this.src.slice(0, 22)} ${this.duration > 1}`);
          };
        }),
    );
    await page.focus("#map");
    await page.keyboard.press("Enter");
    expect(await played).toBe("data:audio/flac;base64 true");
  });

  it("colours by cluster on each map", async () => {
    for (const kind of ["0", "1", "2"]) {
      await page.check(`input[name=map-kind][value="${kind}"]`);
      await page.check("input[name=map-colour] >> nth=-1");
      expect(await inked()).toBeGreaterThan(16 * 20);
    }
    expect(await page.locator("#map-legend button").count()).toBeLessThan(8);
  });

  it("had no error and asked for nothing", () => {
    expect(problems).toEqual([]);
    expect(readFileSync(report, "utf8").length).toBeLessThan(5e6);
  });
});
