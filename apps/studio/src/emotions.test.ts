import type { Prediction } from "@undertone/core/artifact";
import { describe, expect, it } from "vitest";
import { cellEdges, clock, stretches, windowAt } from "./emotions.js";

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

describe("windowAt", () => {
  it("gives the window that is drawn at a second, and none where nothing is", () => {
    const timeline = windows("sad", "angry", null);
    const at = (second: number): number =>
      timeline.indexOf(windowAt(timeline, { start: 0.2, end: 2 }, second)!);
    expect([0.1, 0.2, 0.74, 0.76, 1.24, 1.26, 2, 2.1].map(at)).toEqual([-1, 0, 0, 1, 1, 2, 2, -1]);
  });
});

describe("clock", () => {
  it("shows tenths below a minute, and hours only where there are any", () => {
    const times = [0, 3.44, 59.94, 59.96, 60, 754.6, 3599.6, 7384];
    expect(times.map((time) => clock(time))).toEqual([
      "0:00.0",
      "0:03.4",
      "0:59.9",
      "1:00.0",
      "1:00",
      "12:35",
      "1:00:00",
      "2:03:04",
    ]);
  });
});
