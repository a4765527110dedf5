/** Where the right answer is known: clips whose scores, labels and features are made. */
import type { ArtifactManifest } from "@undertone/core/artifact";
import { functionalsTable, identityLabelMap, matchWords } from "@undertone/core/data";
import { matrix, random } from "@undertone/core/math";
import { describe, expect, it } from "vitest";
import { type ComparedClips, compareWays } from "./compare-ways.js";

const classes = ["angry", "calm", "happy"];
const manifest = {
  classes,
  features: { id: "made" },
  calibration: { kind: "none" },
} as unknown as ArtifactManifest;

/** Clips of some speakers whose class the model's scores order rightly but shift towards `angry`, and whose features tell it plainly. */
function made({ speakers = 8, each = 9, shift = 3, words = ["anger", "calm", "joy"] } = {}): ComparedClips {
  const chance = random("clips");
  const utterances = Array.from({ length: speakers * each }, (_, i) => ({
    ...{ id: `u${i}`, file: `u${i}`, speaker: `s${Math.floor(i / each)}` },
    label: words[i % words.length],
    attributes: {},
  }));
  const softmax = (logits: readonly number[]): number[] => {
    const powers = logits.map(Math.exp);
    return powers.map((power) => power / powers.reduce((a, b) => a + b));
  };
  const noise = utterances.map(() => classes.map(() => 0.3 * chance.normal()));
  const said = (more: number) =>
    noise.map((own, i) => {
      const scores = softmax(own.map((value, k) => value + (k === i % 3 ? 2 : 0) + (k === 0 ? more : 0)));
      return {
        ...{ label: null, confidence: 0, start: 0, end: 0 },
        scores: Object.fromEntries(classes.map((name, k) => [name, scores[k]!])),
      };
    });
  const frames = matrix(utterances.length, 4);
  frames.data.forEach((_, at) => {
    const [i, j] = [Math.floor(at / 4), at % 4];
    frames.data[at] = (j === i % 3 ? 4 : 0) + chance.normal();
  });
  const table = functionalsTable(
    utterances.map(({ id }) => id),
    ["a", "b", "c", "d"],
    frames,
  );
  return {
    ...{ manifest, seed: 1, dataset: { name: "made", utterances } },
    labelMap: matchWords(words, identityLabelMap("model", classes)),
    scored: { table, predictions: said(shift), adapted: said(0) },
    own: [{ speed: 1, table }],
  };
}

const waysOf = (found: Awaited<ReturnType<typeof compareWays>>) => {
  if ("skipped" in found) throw new Error(found.skipped);
  return found;
};

describe("compareWays", () => {
  it("finds that a shift is worth adapting to, and that plain features are worth a model", async () => {
    const found = waysOf(await compareWays(made(), {}));
    expect(found).toMatchObject({
      clips: 72,
      speakers: 8,
      chance: 1 / 3,
      drawn: "speakers",
      ownSkipped: null,
    });
    const [asItIs, adapted, own] = found.ways;
    expect(asItIs).toMatchObject({ way: "as-it-is", gain: null });
    expect(asItIs!.uar).toBeLessThan(0.5);
    expect(adapted!.uar).toBeGreaterThan(0.95);
    expect(adapted!.gain).toMatchObject({ over: "as-it-is" });
    expect(adapted!.gain!.interval.low).toBeGreaterThan(0);
    // Nothing is better than all right.
    expect(own!.uar).toBeGreaterThan(0.9);
    expect(own!.gain!.over).toBe("adapted");
    expect(own!.gain!.interval.low).toBeLessThanOrEqual(0);
  });

  it("draws clips for few speakers, and tries no model of one speaker's", async () => {
    expect(await compareWays(made({ speakers: 2, each: 30 }), {})).toMatchObject({
      drawn: "clips",
      ownSkipped: null,
    });
    expect(await compareWays(made({ speakers: 1, each: 30 }), {})).toMatchObject({
      drawn: "clips",
      ownSkipped: expect.stringContaining("one speaker"),
    });
  });

  it("measures nothing of one class, of a few clips, or of words that mean no class", async () => {
    const expected = "expected 20 clips of two classes or more";
    const only = "with speech have a label that the model has a class for";
    const none = "no clip with speech has a label that the model has a class for";
    for (const [clips, why] of [
      [made({ words: ["anger"] }), `72 clips ${only}, all of the class 'angry'; ${expected}`],
      [made({ speakers: 2, each: 6 }), `12 clips ${only}; ${expected}`],
      [made({ words: ["contempt"] }), `${none} (angry, calm, happy); ${expected}`],
    ] as const)
      expect(await compareWays(clips, {})).toEqual({ skipped: why });
    const some = waysOf(await compareWays(made({ words: ["anger", "calm", "contempt"] }), {}));
    expect(some).toMatchObject({ clips: 48, classes: ["angry", "calm"] });
  });
});
