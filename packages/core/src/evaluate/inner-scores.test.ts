/** Scores for calibration come from models that never heard the speaker. */
import { describe, expect, it } from "vitest";
import { functionalsTable, takeUtterances } from "../data/feature-table.js";
import type { FitContext } from "../learn/estimator.js";
import { estimator } from "../learn/estimators.js";
import { matrixFromRows } from "../math/matrix.js";
import { random } from "../math/random.js";
import { innerScores } from "./inner-scores.js";

describe("innerScores", () => {
  it("knows nothing of a speaker whose voice gives the label away, unlike a model that heard it", async () => {
    // Every speaker has one label, at random, and a feature of its own: memory is right always, anything else at chance.
    const stream = random(5);
    const speakers = 30;
    const labels = Int32Array.from({ length: 4 * speakers }, (_, i) =>
      Number(random(Math.floor(i / 4)).next() < 0.5),
    );
    const rows = Array.from(labels, (_, i) =>
      Array.from({ length: speakers }, (__, j) => Number(Math.floor(i / 4) === j) + 0.01 * stream.normal()),
    );
    const names = rows[0].map((_, j) => `f${j}`);
    const table = functionalsTable(
      rows.map((_, i) => String(i)),
      names,
      matrixFromRows(rows),
    );
    const classes = ["a", "b"];
    const logistic = estimator("logistic-regression", { C: 10 });
    const people = Array.from(labels, (label, i) => ({
      at: i,
      label,
      utterance: { speaker: `s${Math.floor(i / 4)}`, attributes: {} },
    }));
    const take = (some: typeof people) =>
      takeUtterances(
        table,
        some.map(({ at }) => at),
      );
    const fit = (some: readonly (typeof people)[number][], context: FitContext) => {
      const targets = { classes, labels: Int32Array.from(some, ({ label }) => label) };
      return logistic.fit(take([...some]), targets, context);
    };
    const right = (scores: ArrayLike<number>) =>
      labels.filter((label, i) => Number(scores[2 * i + 1] > 0.5) === label).length / labels.length;
    const context = { random: random(1) };
    const { scores: held, truth } = await innerScores(people, {
      classes,
      fit,
      scoreRows: async (model, some) => (await model.predict(take([...some]))).scores!,
      context,
    });
    const heard = (await (await fit(people, context)).predict(table)).scores!;
    expect(truth).toEqual(labels);
    expect(right(heard.data)).toBe(1);
    expect(right(held)).toBeLessThan(0.75);
    for (let i = 0; i < labels.length; i++)
      expect(held[2 * i] + held[2 * i + 1]).toBeAllClose(1, { rtol: 1e-6 });
  });
});
