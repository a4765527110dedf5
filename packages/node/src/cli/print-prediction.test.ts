import { type ArtifactManifest, type Prediction, summarizeTimeline } from "@undertone/core/artifact";
import { describe, expect, it } from "vitest";
import { bar, heardText, predictionText, sumLines, timelineText } from "./print-prediction.js";

describe("bar", () => {
  it("fills in eighths of a cell and keeps its width", () => {
    expect(bar(0, 4)).toBe("    ");
    expect(bar(1, 4)).toBe("████");
    expect(bar(0.5, 4)).toBe("██  ");
    expect(bar(1 / 32, 4)).toBe("▏   ");
    expect(bar(2, 3)).toBe("███");
  });
});

describe("predictions for people", () => {
  it("show the highest score first", () => {
    const text = predictionText("a.wav", {
      label: "sad",
      scores: { happy: 0.25, sad: 0.75 },
      confidence: 0.75,
      start: 0,
      end: 1.5,
    });
    expect(text.split("\n").map((line) => line.trimEnd())).toEqual([
      "a.wav  1.5 s  sad, 75 %",
      `  sad    ${"█".repeat(22)}▌         75 %`,
      `  happy  ${"█".repeat(7)}▌                        25 %`,
    ]);
  });

  it("say which emotions are possible, and show no bars where there is no answer", () => {
    const scores = { happy: 0.45, sad: 0.55 };
    const sad = { label: "sad", scores, confidence: 0.55, set: ["sad", "happy"], start: 0, end: 1 };
    expect(predictionText("a.wav", sad).split("\n").slice(0, 2)).toEqual([
      "a.wav  1.0 s  sad, 55 %",
      "  possible: sad or happy",
    ]);
    expect(predictionText("a.wav", sad)).toContain("█");
    const unsure = { ...sad, label: null, reason: "uncertain" as const };
    expect(predictionText("a.wav", unsure)).toBe("a.wav  1.0 s  uncertain\n  possible: sad or happy");
    const bell = { ...sad, label: null, reason: "unfamiliar" as const, outOfDistribution: 1 };
    expect(predictionText("a.wav", bell)).toBe(
      "a.wav  1.0 s  unfamiliar sound\n  unlike all that the model learnt from",
    );
  });

  it("say how much of a long recording was heard as what", () => {
    const at = (start: number, label: string | null): Prediction => ({
      ...{ label, scores: { sad: 0.5, happy: 0.5 }, confidence: 0.5, start, end: start + 30 },
      ...(label === null && { reason: "uncertain" }),
    });
    const timeline = [at(0, "sad"), at(30, "sad"), at(60, null), at(90, "happy")];
    const summary = summarizeTimeline(timeline);
    expect(heardText("a.wav", { seconds: 120, summary }, undefined)).toBe(
      "a.wav  2 min 00 s  sad 50 % of the time, happy 25 %, uncertain 25 %",
    );
  });

  it("are summed up where they are several, with what they are to be taken with", () => {
    const manifest = {
      classes: ["sad", "happy"],
      training: { dataset: "emodb" },
    } as unknown as ArtifactManifest;
    const said = (label: string | null, more: Partial<Prediction> = {}) => ({
      seconds: 2,
      prediction: { label, scores: {}, confidence: 0, start: 0, end: 2, ...more },
    });
    const long = (label: string | null) => ({ seconds: 60, summary: { ...summarizeTimeline([]), label } });
    const strange = said(null, { reason: "unfamiliar" });
    const all = [said("sad"), said("happy"), long("sad"), long(null), said(null, { reason: "no-speech" })];
    expect(sumLines([...all, undefined], manifest)).toEqual([
      "6 recordings: 3 answered (sad 2, happy 1), 1 without one emotion for half of the time, 1 no speech, 1 failed",
    ]);
    expect(sumLines([said("sad", { learnt: true }), strange], manifest)).toEqual([
      "2 recordings: 1 answered (sad 1), 1 unfamiliar sound",
      "1 is among those that the model learnt from: that says nothing of others",
      "1 sounds unlike the acted speech in German that the model learnt from: a model that learns from recordings like it will know more (undertone train DIR)",
    ]);
    expect(sumLines([said("sad", { learnt: true })], manifest)).toEqual([]);
    expect(sumLines([strange], manifest)).toHaveLength(1);
    expect(sumLines([said(null), said(null)], { ...manifest, classes: [] })).toEqual([
      "2 recordings: 2 answered",
    ]);
  });

  it("say why there is no label", () => {
    expect(
      predictionText("a.wav", {
        label: null,
        scores: {},
        confidence: 0,
        reason: "no-speech",
        start: 0,
        end: 2,
      }),
    ).toBe("a.wav  2.0 s  no speech");
  });

  it("line up as a timeline", () => {
    const windows = [
      { label: "sad", scores: { sad: 1 }, confidence: 1, start: 0, end: 2 },
      { label: null, scores: {}, confidence: 0, reason: "no-speech" as const, start: 68, end: 70 },
    ];
    const text = timelineText("a.wav", windows, { start: 0, end: 70 });
    expect(text.split("\n")).toEqual([
      "a.wav",
      `   0:00.0 –  0:02.0  ${"█".repeat(20)}  100 %  sad`,
      `   1:08.0 –  1:10.0  ${"·".repeat(20)}          no speech`,
    ]);
  });

  it("name no emotion over windows that are mostly silent", () => {
    const windows = [0, 1, 2].map((start) => ({
      label: "sad",
      scores: { sad: 1 },
      confidence: 1,
      start,
      end: start + 2,
    }));
    const shown = (start: number, end: number): string[] =>
      timelineText("a.wav", windows, { start, end }).split("\n");
    expect(shown(1.5, 2.5)).toEqual([
      "a.wav",
      `   0:01.0 –  0:03.0  ${"█".repeat(20)}  100 %  sad`,
      "  2 silent windows are not shown",
    ]);
    expect(shown(1.5, 4)[3]).toBe("  1 silent window is not shown");
    expect(shown(0, 4)).toHaveLength(4);
  });

  it("say the values of a model, alone and beside classes", () => {
    const dimensions = { arousal: 3.214, valence: -0.5 };
    const values = { label: null, scores: {}, confidence: 0, dimensions, start: 0, end: 2 };
    expect(predictionText("a.wav", values)).toBe("a.wav  2.0 s  arousal 3.21, valence -0.50");
    const span = { start: 0, end: 2 };
    expect(timelineText("a.wav", [values], span)).toBe(
      "a.wav\n   0:00.0 –  0:02.0  arousal 3.21, valence -0.50",
    );
    const both = { ...values, label: "sad", scores: { sad: 1 }, confidence: 1 };
    expect(predictionText("a.wav", both).split("\n").slice(0, 2)).toEqual([
      "a.wav  2.0 s  sad, 100 %",
      "  arousal 3.21, valence -0.50",
    ]);
    expect(timelineText("a.wav", [both], span)).toMatch(/100 % {2}sad {2}arousal 3\.21, valence -0\.50$/);
  });
});
