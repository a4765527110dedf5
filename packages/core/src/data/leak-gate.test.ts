/** The gate finds each kind of leak and refuses it unless it is named. */
import { describe, expect, it } from "vitest";
import { assertNoLeaks, findLeaks } from "./leak-gate.js";
import type { Split } from "./split.js";
import { type Dataset, unknownSpeaker } from "./utterance.js";

const dataset: Dataset = {
  name: "made",
  utterances: [
    { id: "a1", file: "a.wav", start: 0, end: 2, speaker: "a", attributes: { sentence: "x" } },
    { id: "a2", file: "a.wav", start: 1, end: 3, speaker: "a", attributes: { sentence: "y" } },
    { id: "b1", file: "b1.wav", speaker: "b", attributes: { sentence: "x" } },
    { id: "c1", file: "c1.wav", speaker: "c", attributes: { sentence: "y" } },
    { id: "c2", file: "c2.wav", speaker: "c", attributes: {} },
  ],
};
const split = (train: string[], test: string[], dev: string[] = []): Split => ({
  name: "one",
  train,
  dev,
  test,
});
const kinds = (splits: Split[], options = {}) => findLeaks(dataset, splits, options).map(({ kind }) => kind);

describe("findLeaks", () => {
  it("finds nothing between strangers", () => {
    expect(findLeaks(dataset, [split(["b1"], ["c1"])], { sentence: true })).toEqual([]);
  });

  it("finds a speaker in both parts, dev included, and says who", () => {
    expect(findLeaks(dataset, [split(["b1"], ["c1"], ["c2"])])).toEqual([
      {
        kind: "speaker",
        splits: ["one"],
        examples: ["c"],
        count: 1,
        message: "1 speaker in both training and test in 1 of 1 split (c)",
      },
    ]);
  });

  it("finds a sentence in both parts only when asked", () => {
    expect(kinds([split(["a1"], ["b1"])])).toEqual([]);
    expect(kinds([split(["a1"], ["b1"])], { sentence: true })).toEqual(["sentence"]);
  });

  it("finds one utterance in two parts, and stretches of a file that overlap", () => {
    expect(kinds([split(["b1"], ["b1"])])).toContain("utterance");
    expect(kinds([split(["b1"], ["c1"], ["b1"])])).toEqual(["utterance"]);
    expect(
      findLeaks(dataset, [split(["a1"], ["a2"])]).find(({ kind }) => kind === "utterance")?.examples,
    ).toEqual(["a1 overlaps a2"]);
  });

  it("finds copies made before the split: of one recording, or of a recording and itself", () => {
    const copies: Dataset = {
      name: "made",
      utterances: [
        { id: "d1", file: "d1.wav", speaker: "d", attributes: {} },
        { id: "d1-fast", file: "d1-fast.wav", speaker: "e", attributes: { copyOf: "d1" } },
        { id: "d1-noisy", file: "d1-noisy.wav", speaker: "f", attributes: { copyOf: "d1" } },
        { id: "g1", file: "g1.wav", speaker: "g", attributes: {} },
      ],
    };
    const found = (train: string[], test: string[]) => findLeaks(copies, [split(train, test)]);
    expect(found(["d1-fast"], ["d1"])).toMatchObject([{ kind: "duplicate", examples: ["d1 = d1-fast"] }]);
    expect(found(["d1"], ["d1-fast"])).toMatchObject([{ kind: "duplicate" }]);
    expect(found(["d1-noisy"], ["d1-fast"])).toMatchObject([{ kind: "duplicate" }]);
    expect(found(["d1", "d1-fast", "d1-noisy"], ["g1"])).toEqual([]);
    expect(() => assertNoLeaks(found(["d1-fast"], ["d1"]))).toThrow(
      expect.objectContaining({ code: "split/leak" }),
    );
  });

  it("finds one recording under two names, in either order", () => {
    const duplicates = [["c1", "b1"]] as const;
    expect(kinds([split(["b1"], ["c1"])], { duplicates })).toEqual(["duplicate"]);
    expect(kinds([split(["c1"], ["b1"])], { duplicates })).toEqual(["duplicate"]);
    expect(kinds([split(["c1", "b1"], ["a1"])], { duplicates })).toEqual([]);
  });

  it("finds preprocessing fitted beyond the training part, and tuning that saw the test part", () => {
    const splits = [split(["a1"], ["b1"], ["c1"])];
    const fitted = (kind: "preprocessing" | "tuning", ...fittedOn: string[]) =>
      kinds(splits, { fitted: [{ what: "the scaler", kind, fittedOn }] });
    expect(fitted("preprocessing", "a1")).toEqual([]);
    expect(fitted("preprocessing", "a1", "c1")).toEqual(["preprocessing"]);
    expect(fitted("tuning", "a1", "c1")).toEqual([]);
    expect(fitted("tuning", "a1", "b1")).toEqual(["tuning"]);
    expect(
      kinds(splits, { fitted: [{ what: "the scaler", kind: "tuning", fittedOn: ["b1"], split: "another" }] }),
    ).toEqual([]);
  });

  it("never takes unknown speakers for unseen ones", () => {
    const unknown = {
      name: "x",
      utterances: ["u", "v"].map((id) => ({ id, file: id, speaker: unknownSpeaker, attributes: {} })),
    };
    const [leak] = findLeaks(unknown, [split(["u"], ["v"])]);
    expect(leak?.message).toBe(
      "speakers unknown: cannot be trusted for strangers; they may be in training and test in 1 of 1 split",
    );
  });

  it("refuses a split that names a stranger", () => {
    expect(() => findLeaks(dataset, [split(["zz"], ["b1"])])).toThrow(
      expect.objectContaining({ code: "split/invalid" }),
    );
  });
});

describe("assertNoLeaks", () => {
  const leaks = findLeaks(dataset, [split(["a1", "c1"], ["b1", "c2"])], { sentence: true });

  it("says what leaks and which flags allow it", () => {
    expect(() => assertNoLeaks(leaks)).toThrow(
      /1 speaker in both .*; 1 sentence in both .*--allow-leak speaker --allow-leak sentence/,
    );
    expect(() => assertNoLeaks(leaks, ["speaker"])).toThrow(
      expect.objectContaining({
        code: "split/leak",
        message: expect.not.stringContaining("--allow-leak speaker"),
      }),
    );
  });

  it("passes what was asked for by name, and nothing when there is nothing", () => {
    expect(assertNoLeaks(leaks, ["speaker", "sentence"])).toBeUndefined();
    expect(assertNoLeaks([])).toBeUndefined();
    expect(() => assertNoLeaks([], ["everything"])).toThrow(
      expect.objectContaining({ code: "usage/bad-value" }),
    );
  });
});
