/** What labels and speakers cannot teach is named with its remedy. */
import { describe, expect, it } from "vitest";
import { findDatasetWarnings } from "./dataset-warnings.js";
import { nameKey } from "./same-name.js";
import type { Utterance } from "./utterance.js";

/** Returns utterances from `speaker label sex` texts. */
function dataset(...texts: string[]) {
  const utterances = texts.map((text, i): Utterance => {
    const [speaker, label, sex] = text.split(",");
    return { id: `u${i}`, file: `u${i}`, speaker: speaker!, label, attributes: sex ? { sex } : {} };
  });
  return { name: "d", utterances };
}

const kinds = (...texts: string[]): string[] =>
  findDatasetWarnings(dataset(...texts)).map(({ kind }) => kind);
const each = (...texts: string[]): string[] => texts.flatMap((text) => Array.from({ length: 5 }, () => text));

describe("nameKey", () => {
  it.each([
    ["3", "3.0", "03", " 3 "],
    ["SPK3", "spk3", "spk03", "Spk-3", "spk_3"],
    ["Jörg".normalize("NFC"), "JÖRG".normalize("NFD"), "jörg "],
    ["ANGER", "Anger", "anger "],
  ])("%s is one name in all spellings", (...names) => {
    expect(new Set(names.map(nameKey)).size).toBe(1);
  });

  it("tells names apart", () => {
    const names = ["1", "10", "100", "1.5", "spk1", "s1", "a1", "1_1", "11", "0", "o"];
    expect(new Set(names.map(nameKey)).size).toBe(names.length);
  });
});

describe("findDatasetWarnings", () => {
  it("finds nothing in a plain dataset", () => {
    expect(kinds(...each("a,x,f", "a,y,f", "b,x,m", "b,y,m"))).toEqual([]);
  });

  it("names spellings, unknown speakers, and classes of one speaker, of few clips, of one sex", () => {
    const found = findDatasetWarnings(
      dataset(...each("3,joy,f", "3.0,joy,m", "3,Joy,f", "b,Joy,m", "b,sad,m"), "unknown,joy,f", "c,rare,f"),
    );
    expect(found.map(({ kind, examples }) => [kind, examples])).toEqual([
      ["speakers-alike", ["'3' = '3.0'"]],
      ["labels-alike", ["'Joy' = 'joy'"]],
      ["unknown-speaker", ["u25"]],
      ["class-of-one-speaker", ["sad (b)", "rare (c)"]],
      ["class-too-small", ["rare (1)"]],
      ["label-is-attribute", ["sad (m)", "rare (f)"]],
    ]);
  });

  it("names labels that mean one emotion, with the map that takes them as one", () => {
    const [warning, ...others] = findDatasetWarnings(
      dataset(...each("a,angry,f", "b,Wut,m", "a,cold anger,m", "b,cold anger,f", "b,angry,m", "a,Wut,f")),
    );
    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      kind: "emotions-alike",
      examples: ["'angry' = 'Wut'"],
      message: expect.stringContaining("--label-map common-7"),
    });
  });

  it("names a label that says no more than the sex", () => {
    const [warning] = findDatasetWarnings(dataset(...each("a,x,f", "b,x,f", "c,y,m", "d,y,m")));
    expect(warning!.message).toMatch(/no more than the sex/);
  });

  it("counts test clips whose class training lacks", () => {
    const data = dataset("a,x", "a,y", "b,x", "b,x");
    const splits = [{ name: "1", train: ["u2", "u3"], dev: [], test: ["u0", "u1"] }];
    const warning = findDatasetWarnings(data, { splits }).find(({ kind }) => kind === "class-not-scored");
    expect(warning).toMatchObject({ examples: ["y (1)"], message: expect.stringMatching(/^1 test clip/) });
  });
});
