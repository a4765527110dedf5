/** Marks against the sums that they are made of: what is the voice's, the manner's and the recording's own comes out again. */
import { expect, it } from "vitest";
import { functionalsTable } from "../data/feature-table.js";
import { columnMoments } from "../data/standardized.js";
import { matrix } from "../math/matrix.js";
import { random } from "../math/random.js";
import { fitMarks, marksOf } from "./recording-marks.js";

const [speakers, classes, each, cols] = [30, 4, 8, 3];
const stream = random(11);
/** In units of a recording's own part, by column. */
const [voiceVariance, mannerVariance] = [
  [9, 1, 4],
  [4, 2, 0.25],
];
const scales = [1, 5, 0.2];
const draw = (variances: readonly number[]): number[] =>
  variances.map((variance) => Math.sqrt(variance) * stream.normal());
const classMeans = Array.from({ length: classes }, () => draw([2, 2, 2]));
const voices = Array.from({ length: speakers }, () => draw(voiceVariance!));
const manners = Array.from({ length: speakers * classes }, () => draw(mannerVariance!));
const rows = speakers * classes * each;
const groups = Int32Array.from({ length: rows }, (_, i) => Math.floor(i / (classes * each)));
const labels = Int32Array.from({ length: rows }, (_, i) => Math.floor(i / each) % classes);
const table = functionalsTable(
  Array.from(groups, (_, i) => `u${i}`),
  ["a:x", "a:y", "a:z"],
  matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, (_, at) => {
      const [i, j] = [Math.floor(at / cols), at % cols];
      const [s, k] = [groups[i], labels[i]];
      return scales[j] * (classMeans[k][j] + voices[s][j] + manners[s * classes + k][j] + stream.normal());
    }),
  ),
);
const moments = columnMoments(table);
const targets = { groups, labels, classes, moments };
const { axes, variances } = fitMarks(table, targets);
const fitted = { axes, ...variances! };
const marks = Array.from(groups, (_, i) =>
  marksOf(table.frames.data.subarray(i * cols, (i + 1) * cols), { axes: fitted.axes, moments }),
);

it("finds the directions of manners, with the variances of voices and manners in units of a recording's own part", () => {
  expect(fitted.axes).toHaveLength(cols);
  fitted.manner.forEach((value, a) => {
    // Thirty speakers, 90 degrees of freedom of manners: three deviations of the estimate.
    expect(value).toBeAllClose(mannerVariance![[0, 1, 2][a]], { rtol: 0.6, atol: 0.2 });
  });
  fitted.voice.forEach((value, a) => {
    expect(value).toBeAllClose(voiceVariance![a], { rtol: 0.8, atol: 0.8 });
  });
});

it("leaves recordings of one speaker and class uncorrelated, of variance 1, about the means", () => {
  const average = (keep: (i: number) => boolean): number[] => {
    const own = marks.filter((_, i) => keep(i));
    return fitted.axes.map((_, a) => own.reduce((sum, mark) => sum + mark[a] / own.length, 0));
  };
  const residuals = marks.map((mark, i) => ({ mark, pair: groups[i] * classes + labels[i] }));
  const means = manners.map((_, pair) => average((i) => groups[i] * classes + labels[i] === pair));
  for (let a = 0; a < cols; a++)
    for (let b = 0; b <= a; b++) {
      const covariance = residuals.reduce(
        (sum, { mark, pair }) => sum + (mark[a] - means[pair][a]) * (mark[b] - means[pair][b]),
        0,
      );
      expect(covariance / (rows - means.length)).toBeAllClose(a === b ? 1 : 0, { atol: 0.03 });
    }
  for (let k = 0; k < classes; k++)
    expect(average((i) => labels[i] === k)).toBeAllClose(
      fitted.means[k].map((value, a) => value + average(() => true)[a] - meanOver(fitted.means, a)),
      { atol: 0.02 },
    );
});

it("keeps eight bits a value, knows no variances where speakers are few, and no axes of too few rows", () => {
  for (const { steps } of fitted.axes) {
    expect(steps.every((step) => Number.isInteger(step) && Math.abs(step) <= 127)).toBe(true);
    expect(Math.max(...steps.map(Math.abs))).toBe(127);
  }
  const once = { ...targets, groups: Int32Array.from({ length: rows }, (_, i) => i) };
  expect(fitMarks(table, once).axes).toEqual([]);
  const seven = fitMarks(table, { ...targets, groups: groups.map((group) => group % 7) });
  expect(seven.axes).toHaveLength(cols);
  expect(seven.variances).toBeUndefined();
  const few = functionalsTable(["u"], ["x"], matrix(1, 1, Float32Array.of(2)));
  const one = { groups: Int32Array.of(0), labels: Int32Array.of(0), classes: 2, moments: columnMoments(few) };
  expect(fitMarks(few, one).axes).toEqual([]);
  expect(marksOf([2], { axes: [], moments: columnMoments(few) })).toEqual([]);
});

function meanOver(means: readonly (readonly number[])[], a: number): number {
  return means.reduce((sum, mean) => sum + mean[a] / means.length, 0);
}
