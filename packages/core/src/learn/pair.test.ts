/** A pair learns from each row what the row has, as its parts do alone. */
import { describe, expect, it } from "vitest";
import { functionalsTable, takeUtterances } from "../data/feature-table.js";
import { matrix, takeRows } from "../math/matrix.js";
import { random } from "../math/random.js";
import { estimator } from "./estimators.js";
import { joinModels, pairOf } from "./pair.js";
import { prepared } from "./prepare/prepared.js";

const stream = random("pair");
const rows = 60;
const x = matrix(rows, 3);
for (let at = 0; at < x.data.length; at++) x.data[at] = stream.normal();
const ids = Array.from({ length: rows }, (_, i) => `row-${i}`);
const table = functionalsTable(ids, ["a", "b", "c"], x);
const labels = Int32Array.from({ length: rows }, (_, i) => (i < 12 ? -1 : Number(x.data[3 * i] > 0)));
const values = matrix(rows, 1);
for (let i = 0; i < rows; i++) values.data[i] = i % 5 === 0 ? Number.NaN : x.data[3 * i + 1];
const groups = Int32Array.from({ length: rows }, (_, i) => i % 7);
const classes = ["no", "yes"];
const names = ["arousal"];
const ofClasses = estimator("ridge-classifier");
const ofValues = estimator("random-forest", { trees: 5 }, "values");
const context = () => ({ random: random(3) });

describe("pairOf", () => {
  it("gives what its parts give, each fitted on the rows that have its targets", async () => {
    const targets = { classes, labels, names, values, groups };
    const model = await pairOf(ofClasses, ofValues).fit(table, targets, context());
    const [labelled, valued] = [
      [...ids.keys()].filter((i) => labels[i]! >= 0),
      [...ids.keys()].filter((i) => i % 5 !== 0),
    ];
    const first = await ofClasses.fit(
      takeUtterances(table, labelled),
      { classes, labels: labels.slice(12), groups: groups.slice(12) },
      context(),
    );
    const second = await ofValues.fit(
      takeUtterances(table, valued),
      { names, values: takeRows(values, valued) },
      context(),
    );
    expect(model.heads).toEqual({ scores: { classes }, dimensions: { names } });
    expect(await model.predict(table)).toEqual({
      scores: (await first.predict(table)).scores,
      dimensions: (await second.predict(table)).dimensions,
    });
    expect(model.toOnnx()).toEqual(joinModels(first, second).toOnnx());
  });

  it("is prepared part by part", async () => {
    const steps = ["standard-scale", "pca:components=2"];
    const targets = { classes, labels, names, values, groups };
    const whole = await prepared(steps, pairOf(ofClasses, ofValues)).fit(table, targets, context());
    const parts = pairOf(prepared(steps, ofClasses), prepared(steps, ofValues));
    expect(whole.toOnnx()).toEqual((await parts.fit(table, targets, context())).toOnnx());
    expect(() => prepared(["select-anova"], pairOf(ofClasses, ofValues))).toThrow(
      expect.objectContaining({ code: "learn/bad-parameter" }),
    );
  });

  it("refuses parts that learn something else, and models of other features", async () => {
    expect(() => pairOf(ofValues, ofClasses)).toThrow(RangeError);
    const [a, b] = await Promise.all(
      [2, 3].map((cols) => {
        const some = matrix(rows, cols);
        some.data.forEach((_, at) => {
          some.data[at] = x.data[at]!;
        });
        const narrow = functionalsTable(ids, ["a", "b", "c"].slice(0, cols), some);
        return ofClasses.fit(narrow, { classes, labels: labels.map(Math.abs) }, context());
      }),
    );
    expect(() => joinModels(a!, b!)).toThrow(RangeError);
  });
});
