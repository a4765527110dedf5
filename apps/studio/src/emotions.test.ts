import type { Prediction } from "@undertone/core/artifact";
import { describe, expect, it } from "vitest";
import { cellEdges, emotionColour, heard, stretches } from "./emotions.js";

/** Returns windows of one second that begin every half second, with one label each. */
function windows(...labels: readonly (string | null)[]): Prediction[] {
  return labels.map((label, i) => ({
    label,
    scores: {},
    confidence: 0,
    ...(label === null ? { reason: "no-speech" as const } : {}),
    start: i / 2,
    end: i / 2 + 1,
  }));
}

describe("the drawn timeline", () => {
  it("draws a window halfway to its neighbours, and the outer ones to the ends of the span", () => {
    expect(cellEdges(windows("sad", "sad", "sad"), { start: 0, end: 2 })).toEqual([0, 0.75, 1.25, 2]);
    expect(cellEdges(windows("sad"), { start: 0.2, end: 0.9 })).toEqual([0.2, 0.9]);
  });

  it("never draws a window backwards, wherever the span lies", () => {
    expect(cellEdges(windows("sad", "sad", "sad"), { start: 1, end: 1.1 })).toEqual([0.75, 0.75, 1.25, 1.25]);
  });

  it("joins equal neighbours and gives the reason where there is no label", () => {
    expect(stretches(windows("sad", "sad", null), { start: 0, end: 2 })).toEqual([
      { text: "Sad", label: "sad", start: 0, end: 1.25 },
      { text: "No speech", label: null, start: 1.25, end: 2 },
    ]);
  });
});

describe("heard", () => {
  it("says the values of a model without classes, and why they are not to be trusted", () => {
    const { reason, ...silent } = windows(null)[0];
    const values = { ...silent, dimensions: { arousal: 3.21, valence: 1.77 } };
    expect(heard(values)).toBe("Arousal 3.2, valence 1.8");
    expect(heard({ ...values, reason: reason! })).toBe("No speech");
  });
});

describe("emotionColour", () => {
  it("gives a colour of its own to each of eight classes without a known name", () => {
    const classes = ["a", "b", "c", "d", "e", "f", "g", "h"];
    expect(new Set(classes.map((name) => emotionColour(name, classes))).size).toBe(8);
  });
});
