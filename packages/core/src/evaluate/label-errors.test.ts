/** Confident learning: the joint and the order of doubt in closed form, and labels planted into seeded scores. */
import { describe, expect, it } from "vitest";
import { isUndertoneError } from "../errors.js";
import { random } from "../math/random.js";
import type { ScoredUtterance } from "./evaluation-result.js";
import { labelErrors } from "./label-errors.js";

const classes = ["a", "b"];

function scored(id: string, truth: string, scores: number[]): ScoredUtterance {
  const predicted = classes[scores.indexOf(Math.max(...scores))];
  return { id, speaker: "s", fold: "f", truth, predicted, scores };
}

describe("labelErrors", () => {
  it("counts the joint by the classes' usual scores", () => {
    // Usual scores: a (0.9 + 0.7 + 0.2) / 3 = 0.6, b (0.8 + 0.6) / 2 = 0.7.
    const found = labelErrors(
      [
        scored("1", "a", [0.9, 0.1]),
        scored("2", "a", [0.7, 0.3]),
        scored("3", "a", [0.2, 0.8]),
        scored("4", "b", [0.2, 0.8]),
        scored("5", "b", [0.4, 0.6]),
      ],
      classes,
    );
    expect(found.thresholds).toBeAllClose([0.6, 0.7]);
    // Utterance 5 reaches neither usual score and is not counted.
    expect(found.joint).toEqual([
      [2, 1],
      [0, 1],
    ]);
    expect(found.noiseRate).toBeAllClose(1 / 4);
    // The models agree with all the others.
    expect(found.doubts.map(({ id }) => id)).toEqual(["3"]);
    expect(found.doubts[0]).toEqual({
      id: "3",
      speaker: "s",
      label: "a",
      suggested: "b",
      labelScore: 0.2,
      suggestedScore: 0.8,
      confident: true,
    });
  });

  it("gives a class without utterances no usual score, counts nothing for it and never suggests it", () => {
    const found = labelErrors(
      [scored("1", "a", [0.9, 0.1, 0]), scored("2", "a", [0.6, 0.1, 0.3]), scored("3", "b", [0.1, 0.3, 0.6])],
      ["a", "b", "none"],
    );
    expect(found.thresholds).toEqual([0.75, 0.3, null]);
    expect(found.joint.map((line) => line[2])).toEqual([0, 0, 0]);
    expect(found.doubts).toEqual([]);
  });

  it("never doubts a label that the models find likeliest, though another class reaches its usual score", () => {
    const found = labelErrors(
      [
        scored("1", "a", [1, 0]),
        scored("2", "a", [0.6, 0.4]),
        scored("3", "b", [0.7, 0.3]),
        scored("4", "b", [0.6, 0.4]),
      ],
      classes,
    );
    // Usual scores 0.8 and 0.35: the second utterance counts as b in the joint.
    expect(found.joint[0]).toEqual([1, 1]);
    expect(found.doubts.map(({ id }) => id)).toEqual(["3", "4"]);
    expect(found.doubts.map(({ confident }) => confident)).toEqual([false, false]);
  });

  it("finds planted errors of a good model, and estimates how many there are", () => {
    const stream = random("planted");
    const names = ["a", "b", "c", "d"];
    const planted = new Set<string>();
    const predictions = Array.from({ length: 800 }, (_, i) => {
      const truth = i % 4;
      const raw = names.map((__, k) => Math.exp(1.2 * stream.normal() + (k === truth ? 4 : 0)));
      const sum = raw.reduce((a, b) => a + b, 0);
      const wrong = i % 20 === 0;
      const label = wrong ? (truth + 1 + stream.integer(3)) % 4 : truth;
      if (wrong) planted.add(String(i));
      return {
        id: String(i),
        speaker: "s",
        fold: "f",
        truth: names[label],
        predicted: "a",
        scores: raw.map((v) => v / sum),
      };
    });
    const { doubts, noiseRate } = labelErrors(predictions, names);
    const first = doubts.slice(0, planted.size).filter(({ id }) => planted.has(id));
    expect(first.length / planted.size).toBeGreaterThan(0.85);
    expect(noiseRate).toBeAllClose(0.05, { atol: 0.03 });
  });

  it("refuses nothing and NaN", () => {
    const code = (work: () => unknown): unknown => {
      try {
        return work();
      } catch (error) {
        return isUndertoneError(error) && error.code;
      }
    };
    expect(code(() => labelErrors([], classes))).toBe("learn/too-few-rows");
    expect(code(() => labelErrors([scored("1", "a", [Number.NaN, 1])], classes))).toBe("learn/not-finite");
    expect(code(() => labelErrors([scored("1", "a", [1])], classes))).toBe("learn/not-finite");
  });
});
