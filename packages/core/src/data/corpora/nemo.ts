/** nEMO: nine Polish actors say ninety sentences in six emotions, of which 4,481 recordings were published (Christop 2024). */
import { type Corpus, nameParts } from "./corpus.js";

const words = ["anger", "fear", "happiness", "neutral", "sadness", "surprised"];

/** Speaker -> sex and age in years, from the table that is published with the recordings. */
const speakers: Record<string, readonly ["female" | "male", string]> = {
  EB0: ["female", "27"],
  IC0: ["female", "28"],
  KD0: ["female", "28"],
  KS0: ["male", "23"],
  MK0: ["female", "23"],
  MP0: ["male", "24"],
  SM0: ["male", "24"],
  TP0: ["male", "26"],
  WR0: ["male", "23"],
};

export const nemo: Corpus = {
  id: "nemo",
  title: "nEMO: Dataset of Emotional Speech in Polish",
  language: "pl",
  licence: "CC BY-NC-SA 4.0",
  citation: "Christop I (2024). nEMO: Dataset of Emotional Speech in Polish. Proc. LREC-COLING 2024",
  words,
  sentences: {},
  defaultLabelMap: "nemo-6",
  // 4,481 of 4,860 combinations were published, so no cell can be called missing.
  design: [],
  examples: {
    "samples/EB0_anger_1.wav": {
      speaker: "EB0",
      label: "anger",
      attributes: { sex: "female", age: "27", sentence: "1" },
    },
    "samples/WR0_surprised_64.wav": {
      speaker: "WR0",
      label: "surprised",
      attributes: { sex: "male", age: "23", sentence: "64" },
    },
  },
  parse(relativePath) {
    const fields = /^([A-Z]{2}\d)_([a-z]+)_([1-9]\d?)$/.exec(nameParts(relativePath).stem);
    if (!fields) return null;
    const [, speaker, label, sentence] = fields as unknown as [string, string, string, string];
    const who = speakers[speaker];
    if (!who || !words.includes(label) || Number(sentence) > 90) return null;
    return { speaker, label, attributes: { sex: who[0], age: who[1], sentence } };
  },
};
