/** The label map that keeps every word. */
import type { LabelMap } from "../label-map.js";

/** Returns a map in which each word is its own class, in the order given; words that occur twice count once. */
export function identityLabelMap(id: string, words: readonly string[]): LabelMap {
  const classes = [...new Set(words)];
  return { id, classes, words: Object.fromEntries(classes.map((word) => [word, word])) };
}
