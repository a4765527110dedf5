/** The one wording of what was heard. */
import { expect, it } from "vitest";
import type { Prediction } from "./prediction.js";
import { briefWords, predictionWords, summaryWords } from "./prediction-words.js";

const scores = { angry: 0.62, happy: 0.3, calm: 0.05, sad: 0.03 };
const angry: Prediction = { label: "angry", scores, confidence: 0.62, start: 0, end: 3 };

it.each<[string, Partial<Prediction>, string, string | undefined]>([
  ["a label", {}, "angry, 62 %", undefined],
  ["a label that is the whole set", { set: ["angry"] }, "angry, 62 %", undefined],
  ["a label among several", { set: ["angry", "happy"] }, "angry, 62 %", "possible: angry or happy"],
  [
    "uncertainty",
    { label: null, reason: "uncertain", set: ["calm", "sad"] },
    "uncertain",
    "possible: calm or sad",
  ],
  ["uncertainty of one", { label: null, reason: "uncertain", set: ["calm"] }, "uncertain", "perhaps calm"],
  [
    "a set of all",
    { label: null, reason: "uncertain", set: Object.keys(scores) },
    "uncertain",
    "possible: any of 4 emotions",
  ],
  [
    "an unfamiliar sound, of which the set says nothing",
    { label: null, reason: "unfamiliar", set: ["calm", "sad"] },
    "unfamiliar sound",
    "unlike all that the model learnt from",
  ],
  [
    "a recording that the model learnt from",
    { set: ["angry", "happy"], learnt: true },
    "angry, 62 %",
    "possible: angry or happy; the model learnt from this very recording",
  ],
  ["a score that is all but 1", { confidence: 0.999 }, "angry, over 99 %", undefined],
  ["silence", { label: null, reason: "no-speech", scores: {}, confidence: 0 }, "no speech", undefined],
  [
    "values beside a label",
    { dimensions: { arousal: 3.21, valence: 1.77 } },
    "angry, 62 %",
    "arousal 3.21, valence 1.77",
  ],
  ["a telephone", { bandHz: 3875 }, "angry, 62 %", "nothing above 3.9 kHz, as from a telephone"],
  ["values alone", { label: null, scores: {}, dimensions: { arousal: 3.21 } }, "arousal 3.21", undefined],
])("puts %s into words", (_, change, headline, detail) => {
  expect(predictionWords({ ...angry, ...change })).toEqual(
    detail === undefined ? { headline } : { headline, detail },
  );
});

it("names what an unfamiliar sound is unlike, where the model is at hand", () => {
  const strange: Prediction = { ...angry, label: null, reason: "unfamiliar" };
  const of = (dataset: string) => predictionWords(strange, { training: { dataset } }).detail;
  expect(of("ravdess + emodb + nemo")).toBe(
    "unlike the acted speech in English, German and Polish that the model learnt from",
  );
  expect(of("emodb")).toBe("unlike the acted speech in German that the model learnt from");
  expect(of("emodb + mine")).toBe("unlike what the model learnt from ('emodb + mine')");
});

it("has a word or two for a lane", () => {
  expect(briefWords(angry)).toBe("angry");
  expect(briefWords({ ...angry, label: null, reason: "too-short" })).toBe("too short");
  expect(briefWords({ ...angry, label: null, scores: {} })).toBe("no label");
});

it("sums a timeline up: the large shares first, the small ones below, traces not at all", () => {
  const summary = { seconds: 100, windows: 50, label: "happy" };
  expect(
    summaryWords({
      ...summary,
      shares: { happy: 0.62, sad: 0.1, calm: 0.056, angry: 0.004 },
      silent: { uncertain: 0.2, "no-speech": 0.02 },
    }),
  ).toEqual({
    headline: "happy 62 % of the time, sad 10 %, uncertain 20 %",
    detail: "calm 6 %, no speech 2 %",
  });
});
