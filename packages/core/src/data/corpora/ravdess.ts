/** RAVDESS: 24 actors speak and sing two statements in eight emotions (Livingstone & Russo 2018). */
import { type Corpus, nameParts } from "./corpus.js";

const modalities: Record<string, string> = { "01": "audio-video", "02": "video", "03": "audio" };
const channels: Record<string, string> = { "01": "speech", "02": "song" };
const emotions: Record<string, string> = {
  "01": "neutral",
  "02": "calm",
  "03": "happy",
  "04": "sad",
  "05": "angry",
  "06": "fearful",
  "07": "disgust",
  "08": "surprised",
};
const intensities: Record<string, string> = { "01": "normal", "02": "strong" };
const statements: Record<string, string> = {
  "01": "Kids are talking by the door",
  "02": "Dogs are sitting by the door",
};
const takes = ["01", "02"];

const actors = Array.from({ length: 24 }, (_, i) => String(i + 1).padStart(2, "0"));
const words = Object.values(emotions);
const repeated = { modality: "seen", sentence: Object.keys(statements), take: takes } as const;

export const ravdess: Corpus = {
  id: "ravdess",
  title: "Ryerson Audio-Visual Database of Emotional Speech and Song (RAVDESS)",
  language: "en",
  licence: "CC BY-NC-SA 4.0",
  citation:
    "Livingstone SR, Russo FA (2018). The Ryerson Audio-Visual Database of Emotional Speech and Song (RAVDESS). PLoS ONE 13(5): e0196391. doi:10.1371/journal.pone.0196391",
  words,
  sentences: statements,
  defaultLabelMap: "ravdess-8",
  // Neutral has no strong version; song has neither disgust nor surprise, and actor 18 does not sing.
  design: [
    { channel: ["speech"], speaker: actors, label: ["neutral"], intensity: ["normal"], ...repeated },
    {
      channel: ["speech"],
      speaker: actors,
      label: words.slice(1),
      intensity: ["normal", "strong"],
      ...repeated,
    },
    {
      channel: ["song"],
      speaker: actors.filter((actor) => actor !== "18"),
      label: ["neutral"],
      intensity: ["normal"],
      ...repeated,
    },
    {
      channel: ["song"],
      speaker: actors.filter((actor) => actor !== "18"),
      label: words.slice(1, 6),
      intensity: ["normal", "strong"],
      ...repeated,
    },
  ],
  examples: {
    "Actor_01/03-01-06-01-02-01-01.wav": {
      speaker: "01",
      label: "fearful",
      attributes: {
        sex: "male",
        modality: "audio",
        channel: "speech",
        intensity: "normal",
        sentence: "02",
        text: "Dogs are sitting by the door",
        take: "01",
      },
    },
    "Video_Song_Actor_12/Actor_12/01-02-05-02-01-02-12.mp4": {
      speaker: "12",
      label: "angry",
      attributes: {
        sex: "female",
        modality: "audio-video",
        channel: "song",
        intensity: "strong",
        sentence: "01",
        text: "Kids are talking by the door",
        take: "02",
      },
    },
  },
  parse(relativePath) {
    const fields = /^(0[1-3])-(0[12])-(0[1-8])-(0[12])-(0[12])-(0[12])-(\d\d)$/.exec(
      nameParts(relativePath).stem,
    );
    if (!fields) return null;
    const [, modality, channel, emotion, intensity, statement, take, actor] = fields as unknown as string[];
    if (!actors.includes(actor!) || (emotion === "01" && intensity === "02")) return null;
    return {
      speaker: actor!,
      label: emotions[emotion!],
      attributes: {
        sex: Number(actor) % 2 === 1 ? "male" : "female",
        modality: modalities[modality!],
        channel: channels[channel!],
        intensity: intensities[intensity!],
        sentence: statement!,
        text: statements[statement!],
        take: take!,
      },
    };
  },
};
