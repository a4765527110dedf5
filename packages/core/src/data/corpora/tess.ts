/** TESS: two actresses say "Say the word …" with 200 words in seven emotions (Pichora-Fuller & Dupuis 2020). */
import { type Corpus, nameParts } from "./corpus.js";

/** Spellings in file and folder names, in lower case -> the word. */
const emotions: Record<string, string> = {
  angry: "angry",
  disgust: "disgust",
  fear: "fear",
  happy: "happy",
  neutral: "neutral",
  ps: "pleasant_surprise",
  pleasant_surprise: "pleasant_surprise",
  pleasant_surprised: "pleasant_surprise",
  sad: "sad",
};
const words = [...new Set(Object.values(emotions))];
const ages: Record<string, string> = { OAF: "64", YAF: "26" };

export const tess: Corpus = {
  id: "tess",
  title: "Toronto emotional speech set (TESS)",
  language: "en",
  licence: "CC BY-NC-ND 4.0",
  citation:
    "Pichora-Fuller MK, Dupuis K (2020). Toronto emotional speech set (TESS). Borealis. doi:10.5683/SP2/E8H2MF",
  words,
  sentences: {},
  defaultLabelMap: "tess-7",
  design: [{ speaker: ["OAF", "YAF"], label: words, sentence: "seen" }],
  examples: {
    "OAF_angry/OAF_back_angry.wav": {
      speaker: "OAF",
      label: "angry",
      attributes: { sex: "female", age: "64", sentence: "back", text: "Say the word back" },
    },
    "YAF_pleasant_surprised/YAF_youth_ps.wav": {
      speaker: "YAF",
      label: "pleasant_surprise",
      attributes: { sex: "female", age: "26", sentence: "youth", text: "Say the word youth" },
    },
  },
  parse(relativePath) {
    const { folder, stem } = nameParts(relativePath);
    // One published file, `OA_bite_neutral`, lacks the F of its speaker.
    const fields = /^(OAF?|YAF)_([a-z]+(?:[-'][a-z]+)*)_([a-z_]+)$/i.exec(stem);
    const label = fields && emotions[fields[3].toLowerCase()];
    if (!fields || !label) return null;
    const speaker = fields[1].toUpperCase() === "YAF" ? "YAF" : "OAF";
    // The folder repeats speaker and emotion; published copies spell it `OAF_Fear`, `OAF_Pleasant_surprise`, `YAF_pleasant_surprised`.
    const told = /^(OAF|YAF)_(\w+)$/i.exec(folder);
    if (told) {
      const toldLabel = emotions[told[2].toLowerCase()];
      if (told[1].toUpperCase() !== speaker || (toldLabel !== undefined && toldLabel !== label)) return null;
    }
    const word = fields[2].toLowerCase();
    return {
      speaker,
      label,
      attributes: { sex: "female", age: ages[speaker], sentence: word, text: `Say the word ${word}` },
    };
  },
};
