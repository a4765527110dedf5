/** CREMA-D: 91 actors say twelve sentences in six emotions (Cao et al. 2014). */
import { type Corpus, nameParts } from "./corpus.js";
import { cremaDActors } from "./crema-d-actors.js";

const emotions: Record<string, string> = {
  ANG: "anger",
  DIS: "disgust",
  FEA: "fear",
  HAP: "happy",
  NEU: "neutral",
  SAD: "sad",
};
const levels: Record<string, string> = { LO: "low", MD: "medium", HI: "high", XX: "unspecified" };
const sentences: Record<string, string> = {
  IEO: "It's eleven o'clock",
  TIE: "That is exactly what happened",
  IOM: "I'm on my way to the meeting",
  IWW: "I wonder what this is about",
  TAI: "The airplane is almost full",
  MTI: "Maybe tomorrow it will be cold",
  IWL: "I would like a new alarm clock",
  ITH: "I think I have a doctor's appointment",
  DFA: "Don't forget a jacket",
  ITS: "I think I've seen this before",
  TSI: "The surface is slick",
  WSI: "We'll stop in a couple of minutes",
};

const actors = [...cremaDActors.keys()];
const words = Object.values(emotions);
const withLevels = ["IEO"];
const plain = Object.keys(sentences).filter((code) => !withLevels.includes(code));
const expressive = words.filter((word) => word !== "neutral");

export const cremaD: Corpus = {
  id: "crema-d",
  title: "Crowd-sourced Emotional Multimodal Actors Dataset (CREMA-D)",
  language: "en",
  licence: "ODbL 1.0, contents DbCL 1.0",
  citation:
    "Cao H, Cooper DG, Keutmann MK, Gur RC, Nenkova A, Verma R (2014). CREMA-D: Crowd-sourced Emotional Multimodal Actors Dataset. IEEE Trans. Affective Computing 5(4), 377–390. doi:10.1109/TAFFC.2014.2336244",
  words,
  sentences,
  defaultLabelMap: "crema-d-6",
  // Only "It's eleven o'clock" was said at three levels. 7442 of these 7462 cells were published.
  design: [
    { speaker: actors, sentence: plain, label: words, intensity: ["unspecified"] },
    { speaker: actors, sentence: withLevels, label: expressive, intensity: ["low", "medium", "high"] },
    { speaker: actors, sentence: withLevels, label: ["neutral"], intensity: ["unspecified"] },
  ],
  examples: {
    "AudioWAV/1001_DFA_ANG_XX.wav": {
      speaker: "1001",
      label: "anger",
      attributes: {
        sex: "male",
        age: "51",
        sentence: "DFA",
        text: "Don't forget a jacket",
        intensity: "unspecified",
      },
    },
    "AudioWAV/1091_IEO_HAP_MD.wav": {
      speaker: "1091",
      label: "happy",
      attributes: {
        sex: "female",
        age: "29",
        sentence: "IEO",
        text: "It's eleven o'clock",
        intensity: "medium",
      },
    },
  },
  parse(relativePath) {
    // One published file is named `1040_ITH_SAD_X`.
    const fields = /^(1\d{3})_([A-Z]{3})_([A-Z]{3})_(LO|MD|HI|XX?)$/.exec(nameParts(relativePath).stem);
    if (!fields) return null;
    const [, speaker, sentence, emotion, level] = fields as unknown as string[];
    const actor = cremaDActors.get(speaker!);
    const text = sentences[sentence!];
    const label = emotions[emotion!];
    if (!actor || !text || !label) return null;
    return {
      speaker: speaker!,
      label,
      attributes: { ...actor, sentence: sentence!, text, intensity: levels[level!.padEnd(2, "X")] },
    };
  },
};
