import type { HeardFile } from "@undertone/browser";
import { type Prediction, summarizeTimeline } from "@undertone/core/artifact";
import { describe, expect, it } from "vitest";
import { clipOf } from "./clip.js";
import type { StudioFile } from "./use-studio.js";

/** Returns windows of one second, one after the other. */
function windows(...labels: readonly (string | null)[]): Prediction[] {
  return labels.map((label, i) => ({
    label,
    scores: label === null ? {} : { [label]: 0.99 },
    confidence: label === null ? 0 : 0.99,
    ...(label === null && { reason: "no-speech" as const }),
    start: i,
    end: i + 1,
  }));
}

function heard(timeline: readonly Prediction[], whole?: Prediction): StudioFile {
  const seconds = timeline.length;
  const done: HeardFile = {
    seconds,
    timeline,
    span: { start: 0, end: seconds },
    summary: summarizeTimeline(timeline),
    peaks: { stepSeconds: 0.01, levels: new Float32Array(0) },
    ...(whole && { whole }),
  };
  return { id: 0, name: "a.wav", state: { kind: "done", heard: done } };
}

describe("clipOf", () => {
  it("sums up what is not judged whole", () => {
    const { words, label } = clipOf(heard(windows("happy", "happy", "sad", null)))!;
    expect(words.headline).toBe("Happy 50\u00a0% of the time, sad 25\u00a0%, no speech 25\u00a0%");
    expect(label).toBe("happy");
  });

  it("lets no window contradict a whole clip without an answer", () => {
    const whole: Prediction = { ...windows("happy")[0]!, label: null, reason: "unfamiliar" };
    const { words, timeline } = clipOf(heard(windows("happy", null), whole))!;
    expect(words.headline).toBe("Unfamiliar sound");
    expect(timeline.map(({ label, reason }) => [label, reason])).toEqual([
      [null, "unfamiliar"],
      [null, "no-speech"],
    ]);
  });

  it("shows as much as is heard of a file under way, over its whole length, and nothing before", () => {
    const file = heard([]);
    const partly = {
      timeline: windows("sad"),
      progress: { seconds: 1, total: 60, part: 1 / 60, secondsLeft: 9 },
    };
    const clip = clipOf({ ...file, state: { kind: "working", partly } })!;
    expect(clip).toMatchObject({ seconds: 60, complete: false, span: { start: 0, end: 1 }, label: "sad" });
    expect(clip.words.headline).toBe("So far sad 100\u00a0% of the time");
    expect(clipOf({ ...file, state: { kind: "waiting", partly: { timeline: [] } } })).toBeUndefined();
  });
});
