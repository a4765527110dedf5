/** One palette of emotions for every chart, page and map. */

/** A colour for a light page and one for a dark page, as CSS writes them. */
export interface EmotionColour {
  readonly light: string;
  readonly dark: string;
}

/**
 * The first eight, the classes of RAVDESS, were searched in OKLab for the largest least difference between any two, as seen with normal vision
 * and without one kind of cone (Machado et al. 2009), at a contrast of 3 : 1 or more; the others were added one by one in the same way.
 */
const palette: ReadonlyMap<string, EmotionColour> = new Map([
  ["calm", { light: "#2c95b6", dark: "#a7f4e6" }],
  ["happy", { light: "#b87f18", dark: "#f9ec41" }],
  ["sad", { light: "#2321b0", dark: "#2c69ee" }],
  ["angry", { light: "#d40b3f", dark: "#e64c2a" }],
  ["fearful", { light: "#ad3ede", dark: "#e17fff" }],
  ["disgust", { light: "#156e14", dark: "#73d078" }],
  ["surprised", { light: "#830d54", dark: "#9f5090" }],
  ["neutral", { light: "#6f7178", dark: "#93999e" }],
  ["bored", { light: "#4d3201", dark: "#9c7c66" }],
  ["contempt", { light: "#7d8d6c", dark: "#c1e593" }],
  ["excited", { light: "#a44406", dark: "#f38003" }],
  ["frustrated", { light: "#651236", dark: "#e9b5c3" }],
]);

const synonyms: ReadonlyMap<string, string> = new Map([
  ["neutrality", "neutral"],
  ["normal", "neutral"],
  ["calmness", "calm"],
  ["happiness", "happy"],
  ["joy", "happy"],
  ["sadness", "sad"],
  ["anger", "angry"],
  ["fear", "fearful"],
  ["afraid", "fearful"],
  ["disgusted", "disgust"],
  ["surprise", "surprised"],
  ["boredom", "bored"],
  ["excitement", "excited"],
  ["frustration", "frustrated"],
]);

/**
 * Returns the colour of a label: emotion words, in any case, have colours of their own. Other labels, and further words for one emotion, take
 * what their fellows `among` leave over of the palette, in alphabetical order; beyond it, and without `among`, a hue that depends on nothing
 * but the label.
 */
export function emotionColour(label: string, among: readonly string[] = []): EmotionColour {
  const labels = [...new Set(among)].sort();
  const words = labels.map(wordOf);
  const left = [...palette].filter(([word]) => !words.includes(word));
  const others = labels.filter((_, i) => !palette.has(words[i]) || words.indexOf(words[i]) < i);
  const place = others.indexOf(label);
  const own = place < 0 ? palette.get(wordOf(label)) : left[place]?.[1];
  return own ?? ofHue(label);
}

function wordOf(label: string): string {
  const word = label.trim().toLowerCase();
  return synonyms.get(word) ?? word;
}

/** A lightness of 0.55 or 0.75 in OKLCH keeps the contrast whatever the hue. */
function ofHue(label: string): EmotionColour {
  let hash = 0;
  for (const char of label) hash = (Math.imul(hash, 31) + char.codePointAt(0)!) >>> 0;
  const hue = Math.round((hash * 137.508) % 360);
  return { light: `oklch(0.55 0.16 ${hue})`, dark: `oklch(0.75 0.14 ${hue})` };
}
