/** From the words of a corpus that a model has never met to the model's classes. */
import { type CommonEmotion, emotionOf } from "./emotion-words.js";
import type { LabelMap } from "./label-map.js";

/** What a word may count as where a model has no class of its own for it. */
const nearest: Readonly<Partial<Record<CommonEmotion, CommonEmotion>>> = { calm: "neutral" };

/**
 * Returns a map from a corpus' words to the classes of a model: by the model's own map where it knows the word, else by what the word means in some
 * language, calm being neutral where there is no calm; null for words that mean none of the classes.
 */
export function matchWords(words: Iterable<string>, { id, classes, words: known }: LabelMap): LabelMap {
  const meant = new Map<CommonEmotion | undefined, string>();
  for (const name of classes.toReversed()) meant.set(emotionOf(name), name);
  meant.delete(undefined);
  const classOf = (word: string): string | null => {
    if (Object.hasOwn(known, word)) return known[word]!;
    if (classes.includes(word)) return word;
    const emotion = emotionOf(word);
    return meant.get(emotion) ?? (emotion && meant.get(nearest[emotion])) ?? null;
  };
  return { id, classes, words: Object.fromEntries([...new Set(words)].map((word) => [word, classOf(word)])) };
}
