/** What corpora and other tools call the same emotion: the raw material of the maps that span corpora. */
import type { LabelMap } from "../label-map.js";

/** Emotion -> the words for it: few corpora tell calm from neutral, so that it counts as neutral. EmoBox, nkululeko and audformat files are covered, corpus codes (`ANG`, `W`) are not, as they clash. */
const synonyms = {
  anger: ["anger", "angry"],
  disgust: ["disgust", "disgusted"],
  fear: ["fear", "fearful", "afraid", "anxiety"],
  happiness: ["happiness", "happy", "joy"],
  neutral: ["neutral", "calm"],
  sadness: ["sadness", "sad"],
  surprise: ["surprise", "surprised", "pleasant_surprise", "ps"],
  boredom: ["boredom", "bored"],
} as const;

type Emotion = keyof typeof synonyms;

/** Returns a map onto the given emotions that knows every word above, also capitalized; all other emotions are left out. */
export function commonLabelMap(id: string, classes: readonly Emotion[]): LabelMap {
  const words: Record<string, string | null> = {};
  for (const [emotion, names] of Object.entries(synonyms) as [Emotion, readonly string[]][]) {
    const target = classes.includes(emotion) ? emotion : null;
    for (const name of names) {
      words[name] = target;
      words[name.charAt(0).toUpperCase() + name.slice(1)] = target;
    }
  }
  return { id, classes, words };
}
