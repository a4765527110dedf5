import { describe, expect, it } from "vitest";
import { emotionOf, isEmotionWord } from "./emotion-words.js";
import { identityLabelMap } from "./label-maps/identity.js";
import { labelMap } from "./label-maps/index.js";
import { matchWords, withMeanings } from "./match-words.js";

describe("matchWords", () => {
  it("finds a model's class by its own words, by meaning, and for calm the nearest", () => {
    const map = matchWords(
      ["fear", "Freude", "wuetend", "pleasant_surprise", "calm", "boredom", "W"],
      labelMap("ravdess-8"),
    );
    expect(map.words).toEqual({
      fear: "fearful",
      Freude: "happy",
      wuetend: "angry",
      pleasant_surprise: "surprised",
      calm: "calm",
      boredom: null,
      W: null,
    });
    expect(matchWords(["calm", "Ruhe"], labelMap("tess-7")).words).toEqual({
      calm: "neutral",
      Ruhe: "neutral",
    });
  });

  it("keeps to the model's own map where that says more, and to classes that are no emotions", () => {
    const own = { id: "own", classes: ["high", "low"], words: { angry: "high", sad: null } };
    expect(matchWords(["angry", "sad", "low", "fear"], own).words).toEqual({
      angry: "high",
      sad: null,
      low: "low",
      fear: null,
    });
    expect(matchWords(["toString"], identityLabelMap("plain", ["angry", "sad"])).words).toEqual({
      toString: null,
    });
  });
});

describe("withMeanings", () => {
  it("adds words that mean what the map knows, and nothing else", () => {
    const map = labelMap("common-7");
    const more = withMeanings(map, ["Wut", "alegria", "Langeweile", "joy", "contempt", "W"]);
    expect({ ...more.words, ...map.words }).toEqual(more.words);
    const added = Object.entries(more.words).filter(([word]) => !Object.hasOwn(map.words, word));
    expect(added).toEqual([
      ["Wut", "anger"],
      ["alegria", "happiness"],
      ["Langeweile", null],
    ]);
    const unclear = { id: "own", classes: ["a", "b"], words: { hot: "a", anger: "a", angry: "b" } };
    expect(withMeanings(unclear, ["Wut"])).toBe(unclear);
  });
});

describe("emotionOf", () => {
  it("knows words in scripts whose letters are taken apart", () => {
    expect(["спокойствие", "喜び", "분노", "Ärger", "strach"].map(emotionOf)).toEqual([
      "calm",
      "happiness",
      "anger",
      "anger",
      "fear",
    ]);
    expect(isEmotionWord("놀람")).toBe(true);
    expect(emotionOf("contempt")).toBeUndefined();
  });
});
