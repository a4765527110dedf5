/** Compares what a page looks like with small pictures that somebody has looked at: letters blur in them, so that another font is no other look. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../corpora.js";

const folder = join(root, "test/browser/looks");

/** Resolves to the mean difference, 0..255, of what is seen to each kept picture; `UNDERTONE_NEW_LOOKS=1` keeps it under its name first. */
export async function lookDifferences(page: Page, name: string): Promise<ReadonlyMap<string, number>> {
  const seen = await small(page, await page.screenshot({ animations: "disabled" }));
  if (process.env.UNDERTONE_NEW_LOOKS) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.png`), seen.png);
  }
  const differences = new Map<string, number>();
  for (const file of readdirSync(folder)) {
    const kept = await small(page, readFileSync(join(folder, file)));
    if (kept.values.length !== seen.values.length) continue; // the other size
    const sum = kept.values.reduce((total, value, i) => total + Math.abs(value - seen.values[i]!), 0);
    differences.set(file.replace(".png", ""), sum / seen.values.length);
  }
  return differences;
}

/** Resolves to a picture of at most 80 × 84 cells: red, green and blue of each, and the PNG. */
async function small(
  page: Page,
  png: Buffer,
): Promise<{ readonly values: readonly number[]; readonly png: Buffer }> {
  const { values, address } = await page.evaluate(
    async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      const scale = Math.max(1, image.width / 80, image.height / 84);
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [Math.round(image.width / scale), Math.round(image.height / scale)];
      const context = canvas.getContext("2d")!;
      context.imageSmoothingQuality = "high";
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      return { values: [...data].filter((_, i) => i % 4 < 3), address: canvas.toDataURL("image/png") };
    },
    `data:image/png;base64,${png.toString("base64")}`,
  );
  return { values, png: Buffer.from(address.split(",")[1]!, "base64") };
}
