/** How far a corpus is from what a model knows, as text for a terminal. */
import type { ModelDistance } from "../runs/distance/model-distance.js";
import { distanceWords } from "../runs/distance/words.js";
import { wrapText } from "./text-table.js";

/** Returns the lines: what differs is marked with `!`, what the advice comes to with `→`. */
export function distanceText(distance: ModelDistance | { readonly skipped: string }): string[] {
  const line = (mark: string, text: string): string[] =>
    wrapText(`${mark} ${text}`, { width: 110, indent: "  " });
  if ("skipped" in distance)
    return line("·", `How far this is from what a model knows was not measured: ${distance.skipped}`);
  const { title, loud, quiet, advice } = distanceWords(distance);
  return [
    ...wrapText(`${title}:`, { width: 110 }),
    ...loud.flatMap((text) => line("!", text)),
    ...quiet.flatMap((text) => line("·", text)),
    ...advice.flatMap((text) => line("→", text)),
  ];
}
