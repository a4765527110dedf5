/** EMO-DB: ten German actors say ten sentences in seven emotions; the best-recognized 535 recordings (Burkhardt et al. 2005). */
import { type Corpus, nameParts } from "./corpus.js";

/** The letter stands for the German word: Wut, Langeweile, Ekel, Angst, Freude, Trauer, neutral. */
const emotions: Record<string, string> = {
  W: "anger",
  L: "boredom",
  E: "disgust",
  A: "fear",
  F: "happiness",
  T: "sadness",
  N: "neutral",
};

/** Speaker -> sex and age in years, from the corpus' own page. */
const speakers: Record<string, readonly ["female" | "male", string]> = {
  "03": ["male", "31"],
  "08": ["female", "34"],
  "09": ["female", "21"],
  "10": ["male", "32"],
  "11": ["male", "26"],
  "12": ["male", "30"],
  "13": ["female", "32"],
  "14": ["female", "35"],
  "15": ["male", "25"],
  "16": ["female", "31"],
};

const sentences: Record<string, string> = {
  a01: "Der Lappen liegt auf dem Eisschrank.",
  a02: "Das will sie am Mittwoch abgeben.",
  a04: "Heute abend könnte ich es ihm sagen.",
  a05: "Das schwarze Stück Papier befindet sich da oben neben dem Holzstück.",
  a07: "In sieben Stunden wird es soweit sein.",
  b01: "Was sind denn das für Tüten, die da unter dem Tisch stehen?",
  b02: "Sie haben es gerade hochgetragen und jetzt gehen sie wieder runter.",
  b03: "An den Wochenenden bin ich jetzt immer nach Hause gefahren und habe Agnes besucht.",
  b09: "Ich will das eben wegbringen und dann mit Karl was trinken gehen.",
  b10: "Die wird auf dem Platz sein, wo wir sie immer hinlegen.",
};

export const emodb: Corpus = {
  id: "emodb",
  title: "Berlin Database of Emotional Speech (EMO-DB)",
  language: "de",
  licence: "CC0 1.0",
  citation:
    "Burkhardt F, Paeschke A, Rolfes M, Sendlmeier WF, Weiss B (2005). A Database of German Emotional Speech. Proc. Interspeech 2005, 1517–1520. doi:10.21437/Interspeech.2005-446",
  words: Object.values(emotions),
  sentences,
  defaultLabelMap: "emodb-7",
  // 535 of about 800 recordings were published, so no cell can be called missing.
  design: [],
  examples: {
    "wav/03a01Fa.wav": {
      speaker: "03",
      label: "happiness",
      attributes: { sex: "male", age: "31", sentence: "a01", text: sentences.a01!, take: "a" },
    },
    "wav/16b10Wb.wav": {
      speaker: "16",
      label: "anger",
      attributes: { sex: "female", age: "31", sentence: "b10", text: sentences.b10!, take: "b" },
    },
  },
  parse(relativePath) {
    const fields = /^(\d\d)([ab]\d\d)([WLEAFTN])([a-z]?)$/.exec(nameParts(relativePath).stem);
    if (!fields) return null;
    const [, speaker, sentence, letter, take] = fields as unknown as string[];
    const who = speakers[speaker!];
    const text = sentences[sentence!];
    if (!who || !text) return null;
    return {
      speaker: speaker!,
      label: emotions[letter!],
      attributes: { sex: who[0], age: who[1], sentence: sentence!, text, ...(take ? { take } : {}) },
    };
  },
};
