import { conditionProfile, knownConditions } from "@undertone/core/artifact";
import { functionalsTable, type Utterance } from "@undertone/core/data";
import { matrix, random } from "@undertone/core/math";
import { describe, expect, it } from "vitest";
import { clipsNotTold } from "../evaluate-artifact.js";
import { advise } from "./advice.js";
import { compareConditions } from "./conditions.js";
import { evenSample } from "./even-sample.js";
import type { ModelDistance, WayResult } from "./model-distance.js";
import { distanceWords } from "./words.js";

const utterance = (id: string, speaker: string, label: string): Utterance => ({
  ...{ id, speaker, label, file: id },
  attributes: {},
});

/** A table of one column. */
function column(name: string, values: readonly number[]) {
  const ids = values.map((_, i) => `u${i}`);
  return functionalsTable(ids, [name], matrix(values.length, 1, Float32Array.from(values)));
}

describe("evenSample", () => {
  const many = Array.from({ length: 90 }, (_, i) => utterance(`a${i}`, "ann", "calm"));
  const few = ["angry", "calm", "sad"].map((label) => utterance(`b-${label}`, "ben", label));

  it("takes the rare as long as there are any, by the seed, in their order", () => {
    const draw = (seed: number) => evenSample([...many, ...few], { count: 10, random: random(seed) });
    expect(draw(1)).toHaveLength(10);
    expect(draw(1).slice(-3)).toEqual(few);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(evenSample(few, { count: 10, random: random(1) })).toEqual(few);
  });
});

describe("compareConditions", () => {
  const octaves = (...hz: number[]): number[] => hz.map((value) => 12 * Math.log2(value / 55));
  const known = conditionProfile(column("f0.voiced.p50", octaves(110, 110, 165, 220, 220))).known;

  it("says in numbers what is beyond what the model knows, in all or in part", () => {
    const of = (...hz: number[]) =>
      compareConditions(column("seed-v1:f0.voiced.p50", octaves(...hz)), known)[0]!;
    expect(of(240, 250, 260)).toMatchObject({
      ...{ kind: "pitch", verdict: "higher", below: 0, above: 1 },
      text: "pitch: higher than what the model knows (median 250, known 110 to 220 Hz; 100 % of clips beyond)",
    });
    expect(of(150, 160, 80)).toMatchObject({
      verdict: "partly-lower",
      text: "pitch: in part lower than what the model knows (median 150, known 110 to 220 Hz; 33 % of clips beyond)",
    });
    // A semitone is no difference.
    expect(of(232, 232).text).toBe("pitch: as what the model knows (median 232, known 110 to 220 Hz)");
  });

  it("leaves out what no column tells, and says where a model tells nothing", () => {
    expect(compareConditions(column("x", [1]), known)).toEqual([]);
    expect(compareConditions(column("foregroundDb", [20]), known)).toMatchObject([
      { kind: "noise", known: null, verdict: "not-known" },
    ]);
  });

  it("takes the moments of an older model's features for its percentiles", () => {
    const reference = { utterances: 9, mean: [2], deviation: [1] };
    const features = { id: "f", count: 1, namesChecksum: "", sampleRate: 16000 };
    expect(knownConditions({ reference, features }, ["seed-v1:pause.share"])).toEqual({
      "pause.share": { low: 2 - 1.645, median: 2, high: 2 + 1.645 },
      bandHz: { low: 8000, median: 8000, high: 8000 },
    });
    const conditions = { utterances: 5, known };
    expect(knownConditions({ reference, features, conditions }, ["a"])).toBe(known);
  });
});

describe("the advice", () => {
  const way = (name: WayResult["way"], uar: number, gain: WayResult["gain"] = null): WayResult => ({
    ...{ way: name, uar, gain },
    interval: { low: uar - 0.05, high: uar + 0.05 },
  });
  const gain = (over: WayResult["way"], by: number, low: number, high: number): WayResult["gain"] => ({
    ...{ over, by },
    interval: { low, high },
  });
  const found: Omit<ModelDistance, "advice"> = {
    model: {
      name: "m",
      file: "dir/m.onnx",
      classes: ["a", "b"],
      trainedOn: "x",
      clips: 9,
      speakers: 3,
      adapts: true,
      tellsClips: true,
    },
    clips: { all: 500, sampled: 200, noSpeech: 2, broken: 0 },
    seed: 1,
    conditions: compareConditions(column("pause.share", [0.5]), {
      "pause.share": { low: 0, median: 0.1, high: 0.2 },
    }),
    answers: { clips: 198, named: 0.9, unfamiliar: 0.02, uncertain: 0.08, confidence: 0.5 },
    labels: { classes: { a: "a" }, without: { bored: 7 } },
    results: { skipped: "no clip has a label" },
  };
  const results = (ways: readonly WayResult[], drawn: "speakers" | "clips" = "speakers") => ({
    ...{ clips: 198, speakers: 10, classes: ["a", "b"], chance: 0.3, drawn, ways, ownSkipped: null },
  });
  const advice = (ways: readonly WayResult[]) => advise({ ...found, results: results(ways) });

  it("is what is better by more than chance", () => {
    const all = [
      way("as-it-is", 0.41),
      way("adapted", 0.56, gain("as-it-is", 0.15, 0.08, 0.2)),
      way("own", 0.72, gain("adapted", 0.16, 0.1, 0.2)),
    ];
    expect(advice(all).choice).toBe("retrain");
    expect(advice(all).text[0]).toContain(
      "the model as it is 41 % (36 to 46 %), adapted to this collection 56 % (51 to 61 %), a model of your own 72 %",
    );
    expect(advice(all.slice(0, 2)).choice).toBe("adapt");
    const untold = { ...found, model: { ...found.model, tellsClips: false }, results: results(all) };
    expect(advise(untold).text).toContain(clipsNotTold);
    expect(advice(all).text).not.toContain(clipsNotTold);
  });

  it("claims no difference inside the interval, and nothing that is no better than guessing", () => {
    const unsure = advice([way("as-it-is", 0.41), way("own", 0.5, gain("as-it-is", 0.09, -0.02, 0.2))]);
    expect(unsure.choice).toBe("as-it-is");
    expect(unsure.text.join("; ")).not.toContain("better");
    expect(advice([way("as-it-is", 0.33)])).toMatchObject({ choice: "not-known" });
  });

  it("goes by distance where nothing can be measured, and says why", () => {
    const { choice, text } = advise(found);
    expect(choice).toBe("adapt");
    expect(text[0]).toBe("How often the model is right cannot be known: no clip has a label");
    expect(text[1]).toContain("In 1 of 1 conditions (pauses)");
    const silent = { ...found, clips: { ...found.clips, noSpeech: 200 }, conditions: [] };
    expect(advise(silent)).toMatchObject({ choice: "not-known" });
  });

  it("is told with the sample and the labels that the model has no class for", () => {
    const words = distanceWords({ ...found, advice: advise(found) });
    expect(words.title).toContain("200 of 500 clips heard, drawn evenly over speakers and labels, seed 1");
    expect(words.loud).toEqual([
      "pauses: more than what the model knows (median 50, known 0 to 20 % of the time; 100 % of clips beyond)",
      "other: 2 of 200 clips hold no speech to the model",
      "labels that the model has no class for: bored (7 clips)",
    ]);
    const answers = { clips: 198, named: 0.7, unfamiliar: 0.2, uncertain: 0.1, confidence: 0.5 };
    const model = { ...found.model, trainedOn: "emodb + nemo" };
    expect(distanceWords({ ...found, model, answers, advice: advise(found) }).loud).toContainEqual(
      expect.stringMatching(
        /^other: 20 % of clips sound unlike the acted speech in German and Polish that the model learnt/,
      ),
    );
  });
});
