/** From a corpus' own words to the classes of a model: explicit, committed, part of the run. */
import { listChoices, UndertoneError } from "../errors.js";
import { type Utterance, votedWords } from "./utterance.js";

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

/**
 * Returns the map without the classes that no utterance is labelled with, or voted for where `votes` are what is learnt: nothing can be
 * learnt of them. Their words leave utterances out.
 * @throws UndertoneError `label-map/unmapped`.
 */
export function presentClasses(
  map: LabelMap,
  utterances: readonly Pick<Utterance, "label" | "votes">[],
  { votes = false }: { readonly votes?: boolean | undefined } = {},
): LabelMap {
  const words = new Set(
    utterances.flatMap((utterance) => [
      ...(utterance.label === undefined ? [] : [utterance.label]),
      ...(votes ? votedWords(utterance) : []),
    ]),
  );
  const present = new Set([...words].map((word) => mapLabel(map, word)));
  const own = (name: string | null): string | null => (present.has(name) ? name : null);
  return {
    ...map,
    classes: map.classes.filter(own),
    words: Object.fromEntries(Object.entries(map.words).map(([word, name]) => [word, own(name)])),
  };
}
