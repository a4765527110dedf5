/** Marks in closed form: uncorrelated, of variance 1, and blind to who speaks. */
import { expect, it } from "vitest";
import { functionalsTable } from "../data/feature-table.js";
import { columnMoments } from "../data/standardized.js";
import { matrix } from "../math/matrix.js";
import { random } from "../math/random.js";
import { fitMarks, marksOf } from "./recording-marks.js";

const [speakers, each, cols] = [6, 40, 5];
const stream = random(11);
const voices = Array.from({ length: speakers * cols }, () => 20 * stream.normal());
const groups = Int32Array.from({ length: speakers * each }, (_, i) => Math.floor(i / each));
const table = functionalsTable(
  Array.from(groups, (_, i) => `u${i}`),
  ["a:x", "a:y", "b:x", "b:y", "b:z"],
  matrix(
    groups.length,
    cols,
    Float32Array.from(
      { length: groups.length * cols },
      (_, at) =>
        voices[groups[Math.floor(at / cols)]! * cols + (at % cols)]! + (1 + (at % cols)) * stream.normal(),
    ),
  ),
);
const moments = columnMoments(table);
const axes = fitMarks(table, { groups, moments });
const marks = Array.from(groups, (_, i) =>
  marksOf(table.frames.data.subarray(i * cols, (i + 1) * cols), { axes, moments }),
);

it("has uncorrelated marks of variance 1 about each speaker's mean, whatever the speakers' distances", () => {
  expect(axes).toHaveLength(cols);
  const means = Array.from({ length: speakers }, (_, s) =>
    axes.map((_, a) => marks.reduce((sum, mark, i) => sum + (groups[i] === s ? mark[a]! / each : 0), 0)),
  );
  for (let a = 0; a < cols; a++)
    for (let b = 0; b <= a; b++) {
      const covariance =
        marks.reduce(
          (sum, mark, i) => sum + (mark[a]! - means[groups[i]!]![a]!) * (mark[b]! - means[groups[i]!]![b]!),
          0,
        ) /
        (marks.length - 1);
      // Eight bits a value leave half a percent.
      expect(covariance).toBeAllClose(a === b ? 1 : 0, { atol: 0.03 });
    }
});

it("keeps eight bits a value, no direction that nothing varies in, and none of too few rows", () => {
  for (const { steps } of axes) {
    expect(steps.every((step) => Number.isInteger(step) && Math.abs(step) <= 127)).toBe(true);
    expect(Math.max(...steps.map(Math.abs))).toBe(127);
  }
  const flat = functionalsTable(
    table.ids,
    ["x", "y"],
    matrix(
      groups.length,
      2,
      new Float32Array(2 * groups.length).map((_, at) => (at % 2 === 0 ? at % 7 : 3)),
    ),
  );
  expect(fitMarks(flat, { groups, moments: columnMoments(flat) })).toHaveLength(1);
  const few = functionalsTable(["u"], ["x"], matrix(1, 1, Float32Array.of(2)));
  expect(fitMarks(few, { groups: Int32Array.of(0), moments: columnMoments(few) })).toEqual([]);
  expect(marksOf([2], { axes: [], moments: columnMoments(few) })).toEqual([]);
});
