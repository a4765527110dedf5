/** Debian's Chromium, without what it does on its own. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** The browser's path (`CHROMIUM_PATH`, default `/usr/bin/chromium`), or undefined where there is none. */
export const chromiumPath = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
].find((path) => path !== undefined && existsSync(path));

/** Resolves to a headless browser. */
export function launchChromium(moreArgs: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--no-first-run",
      ...moreArgs,
    ],
  });
}
