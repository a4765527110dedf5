/** SAVEE: four Englishmen say TIMIT sentences in seven emotions (Haq & Jackson 2010). */
import { type Corpus, nameParts, type ParsedName } from "./corpus.js";

const emotions: Record<string, string> = {
  a: "anger",
  d: "disgust",
  f: "fear",
  h: "happiness",
  n: "neutral",
  sa: "sadness",
  su: "surprise",
};
const speakers = ["DC", "JE", "JK", "KL"];
const words = Object.values(emotions);
const numbers = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => String(i + 1).padStart(2, "0"));

/**
 * Returns which sentence a file's number stands for. Three are common to all emotions (01–03), two belong to each emotion (04, 05), all
 * twelve of these are also said neutrally (04–15), the rest are generic and differ. The file names do not tell which neutral recording
 * repeats which emotion's sentence, so that these share one id: a sentence split keeps them together and cannot leak.
 */
function sentenceOf(
  label: string,
  number: string,
): { readonly sentence: string; readonly sentenceKind: string } {
  const n = Number(number);
  if (n <= 3) return { sentence: `common-${number}`, sentenceKind: "common" };
  if (n <= (label === "neutral" ? 15 : 5))
    return { sentence: "emotion-specific", sentenceKind: "emotion-specific" };
  return { sentence: `${label}-${number}`, sentenceKind: "generic" };
}

function parsed(speaker: string, letter: string, number: string): ParsedName | null {
  const label = emotions[letter];
  const n = Number(number);
  if (!label || !speakers.includes(speaker) || n < 1 || n > (label === "neutral" ? 30 : 15)) return null;
  return { speaker, label, attributes: { sex: "male", number, ...sentenceOf(label, number) } };
}

export const savee: Corpus = {
  id: "savee",
  title: "Surrey Audio-Visual Expressed Emotion (SAVEE)",
  language: "en",
  licence: "free for research, on registration",
  citation:
    "Haq S, Jackson PJB (2010). Multimodal Emotion Recognition. In: Wang W (ed.), Machine Audition: Principles, Algorithms and Systems. IGI Global, 398–423",
  words,
  sentences: { "common-01": "She had your dark suit in greasy wash water all year" },
  defaultLabelMap: "savee-7",
  design: [
    { speaker: speakers, label: ["neutral"], number: numbers(30) },
    { speaker: speakers, label: words.filter((word) => word !== "neutral"), number: numbers(15) },
  ],
  examples: {
    "ALL/DC_a01.wav": {
      speaker: "DC",
      label: "anger",
      attributes: { sex: "male", number: "01", sentence: "common-01", sentenceKind: "common" },
    },
    "AudioData/KL/su15.wav": {
      speaker: "KL",
      label: "surprise",
      attributes: { sex: "male", number: "15", sentence: "surprise-15", sentenceKind: "generic" },
    },
    "JK/n04.wav": {
      speaker: "JK",
      label: "neutral",
      attributes: {
        sex: "male",
        number: "04",
        sentence: "emotion-specific",
        sentenceKind: "emotion-specific",
      },
    },
  },
  parse(relativePath) {
    const { folder, stem } = nameParts(relativePath);
    const flat = /^([A-Z]{2})_(sa|su|[adfhn])(\d\d)$/.exec(stem);
    if (flat) return parsed(flat[1], flat[2], flat[3]);
    const nested = /^(sa|su|[adfhn])(\d\d)$/.exec(stem);
    return nested ? parsed(folder, nested[1], nested[2]) : null;
  },
};
