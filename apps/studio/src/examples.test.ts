/** What is said beside the examples fits the model that hears them. */
import { expect, it } from "vitest";
import { exampleNotes } from "./examples.js";

const emotions = ["neutral", "calm", "happy", "angry", "surprised"];
const learnt = "The model learnt from these clips too: expect it to be less sure of yours.";

it("says what the model learnt from, and which emotions are none of its own", () => {
  const notes = (dataset: string, classes: readonly string[], words: Readonly<Record<string, string>> = {}) =>
    exampleNotes(emotions, {
      training: { dataset, utterances: 9, speakers: 3 },
      labelMap: { id: "own", words },
      classes,
    });
  expect(notes("ravdess", emotions)).toEqual([learnt]);
  const common = ["anger", "happiness", "neutral", "surprise"];
  expect(notes("ravdess + emodb", common, { calm: "neutral" })).toEqual([
    learnt,
    "Calm counts as neutral in this model.",
  ]);
  expect(notes("mine", ["Wut", "Freude"])).toEqual(["This model has no class for neutral, calm, surprised."]);
  expect(notes("mine", [])).toEqual([]);
});
