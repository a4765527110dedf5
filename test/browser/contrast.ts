/** Measures the contrast of what a page says, as WCAG 2.2 defines it (1.4.3). */
import type { Page } from "playwright-core";

/** Resolves to the texts whose contrast with what is behind them is below `least`, each with its ratio. */
export function contrastBelow(page: Page, least: number): Promise<string[]> {
  return page.evaluate((limit) => {
    const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
    /** Returns the layers, the lowest first, laid over white as red, green and blue in 0..1. */
    const laid = (layers: readonly string[]): number[] => {
      pixel.globalAlpha = 1;
      for (const layer of ["#fff", ...layers]) {
        pixel.fillStyle = layer;
        pixel.fillRect(0, 0, 1, 1);
      }
      return [...pixel.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((value) => value / 255);
    };
    const luminance = (colour: readonly number[]): number => {
      const [red, green, blue] = colour.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
    };
    const found: string[] = [];
    for (const element of document.querySelectorAll("body *")) {
      const text = [...element.childNodes]
        .filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
        .map(({ textContent }) => textContent!.trim())
        .join("");
      if (text === "" || element.closest(".unseen")) continue;
      const layers: string[] = [];
      for (let at: Element | null = element; at; at = at.parentElement)
        layers.unshift(getComputedStyle(at).backgroundColor);
      const behind = luminance(laid(layers));
      const ink = luminance(laid([...layers, getComputedStyle(element).color]));
      const ratio = (Math.max(behind, ink) + 0.05) / (Math.min(behind, ink) + 0.05);
      if (ratio < limit) found.push(`${ratio.toFixed(2)} ${text}`);
    }
    return found;
  }, least);
}
