import { describe, expect, it } from "vitest";
import { takeSubset } from "./subset.js";
import type { Dataset } from "./utterance.js";

const utterance = (id: string, corpus: string, sentence: string, speaker = "s") => ({
  ...{ id, file: id, speaker, label: id.endsWith("a") ? "angry" : "sad" },
  attributes: { corpus, sentence },
});
const words = ["youth", "back", "bar", "base", "bath", "bean"];
const dataset: Dataset = {
  name: "a + b",
  utterances: [
    ...words.flatMap((word) => [
      utterance(`a/${word}-a`, "a", `a/${word}`, "a/x"),
      utterance(`a/${word}-s`, "a", `a/${word}`, "a/y"),
    ]),
    ...["1", "2", "10", "11"].map((number) => utterance(`b/${number}`, "b", number)),
  ],
};
const idsOf = ({ utterances }: Dataset): string[] => utterances.map(({ id }) => id);

describe("a subset", () => {
  it("takes every so many of the sorted values from the first on, numbers by their size, and leaves other corpora alone", () => {
    const some = takeSubset(dataset, { a: { sentence: { every: 4 } } });
    expect(idsOf(some)).toEqual(
      ["a/back-a", "a/back-s", "a/bean-a", "a/bean-s", "b/1", "b/2", "b/10", "b/11"].sort(
        (x, y) => idsOf(dataset).indexOf(x) - idsOf(dataset).indexOf(y),
      ),
    );
    expect(some.name).toBe("a + b, of a every 4th sentence");
    expect(idsOf(takeSubset(dataset, { b: { sentence: { every: 2 } } })).slice(-2)).toEqual(["b/1", "b/10"]);
  });

  it("takes the values that it names, by all of its rules at once", () => {
    const some = takeSubset(dataset, {
      a: { speaker: ["x"], sentence: ["bar", "bath"] },
      c: { speaker: ["z"] },
    });
    expect(idsOf(some).slice(0, 2)).toEqual(["a/bar-a", "a/bath-a"]);
    expect(some.name).toBe("a + b, of a the speaker x only, of a the sentence bar and bath only");
    expect(takeSubset(dataset, {})).toBe(dataset);
  });

  it.each([
    [{ a: { sentance: { every: 4 } } }, /by 'sentance', which it does not tell, did you mean 'sentence'?/],
    [{ a: { speaker: ["z"] } }, /takes the speaker 'z' of 'a', expected x or y/],
  ])("refuses what the corpus does not have: %j", (subset, message) => {
    expect(() => takeSubset(dataset, subset)).toThrow(message);
  });
});
