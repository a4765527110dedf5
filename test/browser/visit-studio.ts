/** Opens the studio as a visitor whose every complaint and every request is written down. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

/** One visitor. */
export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Requests that go to another server or carry something out, what it says to the console: there must be none. */
  readonly problems: readonly string[];
}

/** Resolves when the page is loaded and its model open. */
export async function visitStudio(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { readonly initScript?: () => void } = {},
): Promise<Visit> {
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
