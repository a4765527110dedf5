/** Summaries of timelines: shares in closed form, and what must hold of any. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { AbstainReason, Prediction } from "./prediction.js";
import { summaryWords } from "./prediction-words.js";
import { summarizeRecording, summarizeTimeline } from "./timeline-summary.js";

function window(said: string | { reason: AbstainReason }, start: number, end: number): Prediction {
  const heard = typeof said === "string" ? { label: said } : { label: null, reason: said.reason };
  return { ...heard, scores: {}, confidence: 0, start, end };
}

it("shares the time under several windows among them", () => {
  // 0–1 s belongs to the first alone, 1–2 s to both, 2–3 s to the second alone.
  const summary = summarizeTimeline([
    window("happy", 0, 2),
    window("sad", 1, 3),
    window({ reason: "uncertain" }, 3, 7),
  ]);
  expect(summary).toEqual({
    seconds: 7,
    windows: 3,
    label: null,
    shares: { happy: 1.5 / 7, sad: 1.5 / 7 },
    silent: { uncertain: 4 / 7 },
  });
});

it("says of what was heard all the time that it was all of it", () => {
  for (let count = 1; count < 40; count++) {
    const said = { reason: "no-speech" } as const;
    const summary = summarizeTimeline(
      Array.from({ length: count }, (_, i) => window(said, i * 0.1, (i + 1) * 0.1)),
    );
    expect(summaryWords(summary)).toEqual({ headline: "no speech 100 % of the time" });
  }
});

it("gives a class the same share at any hop, and counts no time between windows", () => {
  for (const hop of [0.25, 0.5, 2]) {
    const timeline = Array.from({ length: 240 / hop - 2 / hop + 1 }, (_, i) =>
      window(i * hop + 1 < 60 ? "angry" : "calm", i * hop, i * hop + 2),
    );
    const { seconds, shares, label } = summarizeTimeline(timeline);
    expect(seconds).toBeCloseTo(240, 9);
    expect(shares.angry).toBeCloseTo(0.25, 2);
    expect(label).toBe("calm");
  }
  const apart = summarizeTimeline([window("sad", 0, 1), window("calm", 10, 13)]);
  expect(apart).toMatchObject({ seconds: 4, shares: { calm: 0.75, sad: 0.25 } });
});

it("says the same of a recording whether its windows overlap or stand side by side", () => {
  const said = (start: number): string => (start < 3 ? "sad" : start % 1 === 0 ? "calm" : "angry");
  const at = (hop: number, seconds: number): Prediction[] => {
    const starts = Array.from({ length: Math.floor((seconds - 2) / hop) + 1 }, (_, i) => i * hop);
    const all = starts.at(-1) === seconds - 2 ? starts : [...starts, seconds - 2];
    return all.map((start) => window(said(start), start, start + 2));
  };
  for (const seconds of [10, 11, 11.5]) {
    const span = { start: 0, end: seconds };
    const summary = summarizeRecording(at(2, seconds), span);
    for (const hop of [0.5, 1]) expect(summarizeRecording(at(hop, seconds), span)).toEqual(summary);
  }
  const sound = { start: 2, end: 6 };
  expect(summarizeRecording(at(0.5, 10), sound)).toMatchObject({
    windows: 2,
    shares: { calm: 0.5, sad: 0.5 },
  });
});

it("names a class only for more than half of the time with speech, uncertain time included", () => {
  const silence = window({ reason: "no-speech" }, 4, 100);
  const label = (...said: (string | { reason: AbstainReason })[]): string | null =>
    summarizeTimeline([...said.map((one, i) => window(one, i, i + 1)), silence]).label;
  expect(label("happy", "happy", "happy", "sad")).toBe("happy");
  expect(label("happy", "happy", "sad", "sad")).toBeNull();
  expect(label("happy", "happy", { reason: "uncertain" }, { reason: "uncertain" })).toBeNull();
});

it("says silence, one window and nothing for what they are", () => {
  const silence = summarizeTimeline([
    window({ reason: "no-speech" }, 0, 2),
    window({ reason: "no-speech" }, 1, 3),
  ]);
  expect(silence).toMatchObject({ seconds: 3, label: null, shares: {}, silent: { "no-speech": 1 } });
  expect(summaryWords(silence)).toEqual({ headline: "no speech 100 % of the time" });
  expect(summarizeTimeline([window("sad", 0, 2)])).toMatchObject({
    seconds: 2,
    label: "sad",
    shares: { sad: 1 },
  });
  const none = summarizeTimeline([]);
  expect(none).toEqual({ seconds: 0, windows: 0, label: null, shares: {}, silent: {} });
  expect(summaryWords(none)).toEqual({ headline: "nothing was heard" });
});

it("averages values over time, those of windows that gave any", () => {
  const values = (arousal: number, start: number, end: number): Prediction => ({
    ...window("x", start, end),
    label: null,
    dimensions: { arousal },
  });
  const summary = summarizeTimeline([
    values(1, 0, 1),
    values(4, 1, 3),
    window({ reason: "no-speech" }, 3, 9),
  ]);
  expect(summary.dimensions).toEqual({ arousal: 3 });
  expect(summaryWords(summarizeTimeline([values(1, 0, 1), values(4, 1, 3)])).headline).toBe(
    "arousal 3.00 on average",
  );
});

it("gives shares that sum to 1 and a time that is the windows' union, whatever the windows", () => {
  const said = fc.constantFrom<string | { reason: AbstainReason }>(
    "happy",
    "sad",
    "angry",
    { reason: "uncertain" },
    { reason: "no-speech" },
  );
  const windows = fc.array(fc.tuple(said, fc.nat(50), fc.integer({ min: 1, max: 20 })), { minLength: 1 });
  fc.assert(
    fc.property(windows, (list) => {
      const timeline = list.map(([one, start, length]) => window(one, start, start + length));
      const { seconds, shares, silent, label } = summarizeTimeline(timeline);
      const all = [...Object.values(shares), ...Object.values(silent)];
      expect(all.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      const covered = Array.from({ length: 70 }, (_, t) =>
        timeline.some(({ start, end }) => start <= t && t < end),
      );
      expect(seconds).toBeCloseTo(covered.filter(Boolean).length, 9);
      if (label !== null) expect(Object.keys(shares)[0]).toBe(label);
    }),
  );
});
