/** How the studio looks in its five states, at two sizes, light and dark: everything in its place, and as it was when it was looked at. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chromiumPath } from "./chromium.js";
import { contrastBelow } from "./contrast.js";
import { lookDifferences } from "./looks.js";
import { madeRecordings, type Recordings } from "./recordings.js";
import { clipShown, studioVisits } from "./visit-studio.js";

/** Mean difference of a picture that other fonts may make; another state, or the other theme, makes more. */
const tolerance = 4;

describe.skipIf(!chromiumPath)("the looks of the studio", () => {
  const visitStudio = studioVisits(async () => {
    recordings = await madeRecordings();
    return recordings.angry;
  });
  let recordings: Recordings;
  let page: Page;

  async function choose(name: string, buffer: Buffer): Promise<void> {
    await page.getByLabel("Choose files").setInputFiles({ name, mimeType: "audio/wav", buffer });
    await clipShown(page, name);
  }

  /** Brings the page into each state; the recording is another one each time, so that its picture is not kept. */
  const states: Readonly<Record<string, () => Promise<void>>> = {
    first: () => clipShown(page, "Example (angry, woman)"),
    clip: () => choose("angry.wav", recordings.angry),
    abstaining: () => choose("strange.wav", recordings.strange),
    long: () => choose("long.wav", recordings.long),
    async live() {
      await page.getByRole("button", { name: "Record" }).click();
      await page.getByRole("list", { name: "Emotion timeline" }).waitFor();
    },
  };

  /** Resolves to what hangs over the window's edge, is cut off by its box, or lies over its neighbour. */
  function misplaced(): Promise<string[]> {
    return page.evaluate(() => {
      const parts = "button, label, summary, p, h1, h2, h3, td, th, dd, input";
      const shown = [...document.querySelectorAll(parts)].filter(
        (part) => part.checkVisibility() && !part.closest(".unseen, label > *"),
      );
      const box = (part: Element): DOMRect => part.getBoundingClientRect();
      const named = (part: Element): string => `${part.tagName} ${part.textContent || part.ariaLabel}`;
      const beyond = shown.filter((part) => box(part).right > innerWidth + 0.5 || box(part).left < -0.5);
      const cut = shown.filter(
        (part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX === "hidden",
      );
      const over = shown.filter((part, i) =>
        shown.some((other, j) => {
          if (j <= i || part.contains(other) || other.contains(part)) return false;
          const [a, b] = [box(part), box(other)];
          return a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
        }),
      );
      return [...beyond, ...cut, ...over].map(named);
    });
  }

  it.each([
    ["light", 1280, 800],
    ["dark", 1280, 800],
    ["light", 390, 844],
    ["dark", 390, 844],
  ] as const)("%s, %d × %d", async (colorScheme, width, height) => {
    page = await visitStudio({ colorScheme, viewport: { width, height } });
    for (const [state, reach] of Object.entries(states)) {
      await reach();
      await page.evaluate(() => scrollTo(0, 0));
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), state).toBe(0);
      expect(await misplaced(), state).toEqual([]);
      expect(await contrastBelow(page, 4.5), state).toEqual([]);
      if (state === "live") continue; // never twice the same
      const look = `${state}-${colorScheme}-${width}`;
      const differences = await lookDifferences(page, look);
      expect(differences.get(look), look).toBeLessThan(tolerance);
      const [nearest] = [...differences].sort(([, a], [, b]) => a - b);
      expect(nearest![0], "the kept picture that is most like it").toBe(look);
    }
  });
});
