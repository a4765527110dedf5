/** Clips are known again by their features, however these were rounded, and others are not. */
import { describe, expect, it } from "vitest";
import { functionalsTable } from "../data/feature-table.js";
import { matrix } from "../math/matrix.js";
import { random } from "../math/random.js";
import { markClips, marksPerClip, openLearntClips } from "./learnt-clips.js";
import { referenceProfile } from "./reference-profile.js";
import { type ScoringModel, score } from "./score.js";

/** Returns clips whose features hang together, as those of voices do: eight hidden numbers, and a little of their own. */
function made(cols: number, rows = 300) {
  const stream = random("clips");
  const mixing = Float64Array.from({ length: 8 * cols }, () => stream.normal());
  const frames = matrix(rows, cols);
  for (let i = 0; i < rows; i++) {
    const hidden = Array.from({ length: 8 }, () => stream.normal());
    for (let j = 0; j < cols; j++)
      frames.data[i * cols + j] =
        7 * hidden.reduce((sum, value, h) => sum + value * mixing[h * cols + j]!, 0.3 * stream.normal());
  }
  const ids = Array.from({ length: rows }, (_, i) => `clip${i}`);
  const names = Array.from({ length: cols }, (_, j) => `f${j}`);
  return functionalsTable(ids, names, frames);
}

describe("marks of clips", () => {
  const table = made(60);
  const { data, cols } = table.frames;
  const reference = referenceProfile(table);
  const row = (i: number): Float32Array => data.subarray(i * cols, (i + 1) * cols);
  const half = functionalsTable(table.ids.slice(0, 150), table.names, {
    ...{ rows: 150, cols, data: data.subarray(0, 150 * cols) },
  });
  const learntClips = markClips([half], reference)!;
  const isLearnt = openLearntClips({ learntClips, reference })!;

  it("know each clip again, and when each feature is off by a twentieth of its deviation at random", () => {
    expect(learntClips).toHaveLength(150 * marksPerClip);
    const stream = random("noise");
    for (let i = 0; i < 150; i++) {
      expect(isLearnt(row(i))).toBe(true);
      const off = row(i).map((value, j) => value + 0.05 * reference.deviation[j]! * (2 * stream.next() - 1));
      expect(isLearnt(off)).toBe(true);
    }
  });

  it("take no other clip for one of them, nor what is at the end of every scale", () => {
    const others = Array.from({ length: 150 }, (_, i) => isLearnt(row(150 + i)));
    expect(others.filter(Boolean)).toEqual([]);
    expect(isLearnt(new Float32Array(cols).fill(1e9))).toBe(false);
  });

  it("tell of whole recordings, not of windows", async () => {
    const manifest = { reference, learntClips, features: { count: cols }, classes: [], input: "x" };
    const model = { session: { run: async () => ({}), close: async () => undefined }, manifest };
    const heard = (["recording", "window"] as const).flatMap((part) =>
      [0, 150].map((i) => ({ part, hearing: { rows: [row(i)], start: 0, end: 2 } })),
    );
    const predictions = await score(heard, model as unknown as ScoringModel);
    expect(predictions.map((one) => one.learnt)).toEqual([true, undefined, undefined, undefined]);
  });

  it("are not made of features too few to tell clips apart, and say nothing where there are none", () => {
    const few = made(12);
    expect(markClips([few], referenceProfile(few))).toBeUndefined();
    expect(openLearntClips({ reference })).toBeUndefined();
  });
});
