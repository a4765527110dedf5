/** From the words of a corpus that a label map or a model has never met to its classes. */
import { type CommonEmotion, emotionOf, namesByEmotion } from "./emotion-words.js";
import type { LabelMap } from "./label-map.js";

/** What a word may count as where a model has no class of its own for it. */
const nearest: Readonly<Partial<Record<CommonEmotion, CommonEmotion>>> = { calm: "neutral" };

/**
 * Returns a map from a corpus' words to the classes of a model: by the model's own map where it knows the word, else by what the word means in some
 * language, calm being neutral where there is no calm; null for words that mean none of the classes.
 */
export function matchWords(words: Iterable<string>, { id, classes, words: known }: LabelMap): LabelMap {
  const meant = namesByEmotion(classes);
  const classFor = (emotion: CommonEmotion | undefined): string | undefined =>
    emotion && meant.get(emotion)?.[0];
  const classOf = (word: string): string | null => {
    if (Object.hasOwn(known, word)) return known[word]!;
    if (classes.includes(word)) return word;
    const emotion = emotionOf(word);
    return classFor(emotion) ?? classFor(emotion && nearest[emotion]) ?? null;
  };
  return { id, classes, words: Object.fromEntries([...new Set(words)].map((word) => [word, classOf(word)])) };
}

/** Returns the map with those of the words that it lacks and whose emotion the words of one of its classes, or those that it leaves out, name in some language. */
export function withMeanings(map: LabelMap, words: Iterable<string>): LabelMap {
  const meant = namesByEmotion(Object.keys(map.words));
  const more = [...words].flatMap((word) => {
    if (Object.hasOwn(map.words, word)) return [];
    const emotion = emotionOf(word);
    const [name, ...others] = new Set((emotion && meant.get(emotion))?.map((own) => map.words[own]!));
    return name === undefined || others.length > 0 ? [] : [[word, name] as const];
  });
  return more.length === 0 ? map : { ...map, words: { ...map.words, ...Object.fromEntries(more) } };
}
