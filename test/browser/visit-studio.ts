/** Opens the studio as a visitor whose every complaint and every request is written down. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type RunningServer, startServer } from "../../packages/node/src/index.js";
import { launchChromium } from "./chromium.js";

/** One visitor. */
export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Requests that go to another server or carry something out, what it says to the console: there must be none. */
  readonly problems: readonly string[];
}

type VisitOptions = BrowserContextOptions & { readonly initScript?: () => void };

/**
 * Registers a server and a browser for the tests of a `describe`, whose visits must pass without problems, and returns what opens the page.
 * `microphone` resolves to the WAV file that the browser's microphone hears.
 */
export function studioVisits(microphone?: () => Promise<Buffer>): (options?: VisitOptions) => Promise<Page> {
  const folder = mkdtempSync(join(tmpdir(), "undertone-visits-"));
  let server: RunningServer;
  let browser: Browser;
  let visit: Visit | undefined;

  beforeAll(async () => {
    const voice = join(folder, "voice.wav");
    if (microphone) writeFileSync(voice, await microphone());
    const args = [
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-audio-capture=${voice}`,
    ];
    [server, browser] = await Promise.all([
      startServer({ port: 0, model: "ravdess-best" }),
      launchChromium(microphone ? args : []),
    ]);
  });

  afterEach(async () => {
    await visit?.context.close();
    expect(visit?.problems).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  return async (options) => {
    visit = await visitStudio(browser, server.url, options);
    return visit.page;
  };
}

/** Resolves when the page is loaded and its model open. */
export async function visitStudio(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const { initScript, ...contextOptions } = options;
  const problems: string[] = [];
  const context = await browser.newContext(contextOptions);
  context.on("request", (request) => {
    const { origin } = new URL(request.url());
    if (origin !== url || request.method() !== "GET" || request.postData() !== null)
      problems.push(`${request.method()} ${request.url()}`);
  });
  context.on("weberror", (error) => problems.push(String(error.error())));
  context.on("console", (message) => problems.push(message.text()));
  if (initScript) await context.addInitScript(initScript);
  const page = await context.newPage();
  page.setDefaultTimeout(300_000);
  page.on("websocket", (socket) => problems.push(`WebSocket ${socket.url()}`));
  await page.goto(url);
  await page.getByRole("heading", { name: "About the model" }).waitFor();
  return { context, page, problems };
}

/** Resolves when the file of that name is shown and heard to its end. */
export function clipShown(page: Page, name: string): Promise<void> {
  const result = page.getByRole("region", { name, exact: true }).filter({ has: page.locator(".figure") });
  return result.filter({ hasNot: page.locator(".work") }).waitFor();
}
