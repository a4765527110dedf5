/** Which word of a table meets which class of a run. */
import { expect, it } from "vitest";
import { matrix } from "../math/matrix.js";
import { besideOf } from "./beside.js";
import { emotionOf } from "./emotion-words.js";
import { functionalsTable } from "./feature-table.js";
import { identityLabelMap } from "./label-maps/identity.js";
import { labelMap } from "./label-maps/index.js";

const words = ["anger", "boredom", "fear", "happiness", "neutral"];
const utterances = words.map((label, i) => ({
  ...{ id: `${i}`, file: `${i}`, speaker: "03", label },
  attributes: { sentence: "a01" },
}));
const table = functionalsTable(
  utterances.map(({ id }) => id),
  ["a"],
  matrix(words.length, 1),
);
const open = { name: "open", corpus: "emodb", dataset: { name: "emodb", utterances }, table };
const met = (map: ReturnType<typeof labelMap>): string[] =>
  besideOf(open, { dataset: { name: "mine", utterances: [] }, labelMap: map }).dataset.utterances.map(
    ({ id, label }) => `${words[Number(id.slice(5))]}: ${map.words[label!]}`,
  );

it.each([
  [
    "in other languages and spellings",
    ["wütend", "Angst", "joie"],
    ["anger: wütend", "fear: Angst", "happiness: joie"],
  ],
  [
    "written out, or one word of several",
    ["wuetend", "very_happy"],
    ["anger: wuetend", "happiness: very_happy"],
  ],
  ["the same word before another of the same emotion", ["anger", "angry"], ["anger: anger"]],
  [
    "not where two classes name the same emotion",
    ["angry", "furious", "Wut", "neutral"],
    ["neutral: neutral"],
  ],
  ["not what is denied, nor what is no emotion", ["not_angry", "shout"], []],
])("meets words %s", (_, own, expected) => {
  expect(met(identityLabelMap("as-labelled", own))).toEqual(expected);
});

it("meets the classes of label maps", () => {
  expect(met(labelMap("ravdess-8"))).toEqual([
    "anger: angry",
    "fear: fearful",
    "happiness: happy",
    "neutral: neutral",
  ]);
  expect(met(labelMap("common-4"))).toEqual(
    ["anger: anger", "happiness: happiness", "neutral: neutral"].sort(),
  );
  expect(met(labelMap("emodb-7"))).toHaveLength(words.length);
});

it("names speakers and sentences as the run does where it has the same corpus", () => {
  const own = (corpus: string, speaker: string) => ({ id: "x", file: "x", speaker, attributes: { corpus } });
  const named = (...utterances: ReturnType<typeof own>[]) =>
    besideOf(open, { dataset: { name: "mine", utterances }, labelMap: labelMap("emodb-7") }).dataset
      .utterances[0];
  expect(named()).toMatchObject({
    speaker: "emodb/03",
    attributes: { sentence: "emodb/a01", corpus: "emodb" },
  });
  expect(named(own("ravdess", "03"))).toMatchObject({ speaker: "emodb/03" });
  expect(named(own("ravdess", "ravdess/03"), own("emodb", "emodb/03"))).toMatchObject({
    speaker: "emodb/03",
  });
  expect(named(own("emodb", "03"))).toMatchObject({ speaker: "03", attributes: { sentence: "a01" } });
});

it("knows emotions in twenty languages", () => {
  const angry = [
    "angry",
    "Ärger",
    "colère",
    "enfado",
    "rabbia",
    "raiva",
    "woede",
    "złość",
    "vztek",
    "öfke",
    "гнев",
    "愤怒",
    "怒り",
    "분노",
    "غضب",
  ];
  expect(angry.map(emotionOf)).toEqual(angry.map(() => "anger"));
  expect(["Überraschung_2", "pleasant_surprise", "ps"].map(emotionOf)).toEqual([
    "surprise",
    "surprise",
    "surprise",
  ]);
  expect(["contempt", "anna", "day"].map(emotionOf)).toEqual([undefined, undefined, undefined]);
});
