/** From a corpus' own words to the classes of a model: explicit, committed, part of the run. */
import { listChoices, UndertoneError } from "../errors.js";

/** A named map from a corpus' words to classes; `null` leaves the utterance out. */
export interface LabelMap {
  /** Versioned id such as `ravdess-8`. */
  readonly id: string;
  /** The classes, in the order of the model's scores. */
  readonly classes: readonly string[];
  /** Corpus word -> class or null. */
  readonly words: Readonly<Record<string, string | null>>;
}

/**
 * Returns the class of a corpus word, or null when the map leaves it out.
 * @throws UndertoneError `label-map/unmapped` when the map does not know the word.
 */
export function mapLabel(map: LabelMap, word: string): string | null {
  if (!Object.hasOwn(map.words, word)) {
    throw new UndertoneError(
      "label-map/unmapped",
      `Label map '${map.id}' has no entry for '${word}', expected ${listChoices(Object.keys(map.words))}`,
    );
  }
  return map.words[word]!;
}
