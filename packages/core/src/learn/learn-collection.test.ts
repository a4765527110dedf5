/** Collections whose recordings are drawn from the very model: offsets are found, and classes are not taken for offsets. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Random, random } from "../math/random.js";
import { type CollectionRow, fitCollections } from "./collection-model.js";
import { between, learnCollection } from "./learn-collection.js";

const classes = 4;
const own = [
  [1.5, -0.5, -0.5, -0.5],
  [-0.5, 1.5, -0.5, -0.5],
  [-0.4, -0.4, 1.2, -0.4],
  [-0.5, -0.5, -0.5, 1.5],
];

const softmax = (logits: readonly number[]): number[] => {
  const powers = logits.map(Math.exp);
  return powers.map((power) => power / powers.reduce((a, b) => a + b, 0));
};

interface Drawn extends CollectionRow {
  readonly raw: readonly number[];
}

/** Returns recordings of one collection; `count` says how many of each class. */
function collection(name: string, count: (k: number) => number, size = 0.8): Drawn[] {
  const chance: Random = random(`collection ${name}`);
  const offset = own.map(() => size * chance.normal());
  return own.flatMap((mean, label) =>
    Array.from({ length: count(label) }, (_, i) => {
      const raw = mean.map((value, j) => value + offset[j] + 0.5 * chance.normal());
      return { raw, scores: softmax(raw), label, speaker: `${name} ${i % 3}`, collection: name };
    }),
  );
}

const model = fitCollections(
  ["a", "b", "c", "d", "e", "f"].flatMap((name) => collection(name, () => 30)),
  classes,
)!;

const right = (scores: readonly (readonly number[])[], rows: readonly CollectionRow[]): number =>
  scores.filter((each, i) => each.indexOf(Math.max(...each)) === rows[i].label).length / rows.length;

/** Returns the parts that are right without and with the collection known, and how far it is believed. */
function compared(rows: readonly Drawn[]): {
  readonly before: number;
  readonly after: number;
  readonly trust: number;
} {
  const { trust, scoresOf } = learnCollection(rows, model);
  const after = rows.map((row) => between(row.scores, scoresOf(row), trust));
  return {
    before: right(
      rows.map(({ scores }) => scores),
      rows,
    ),
    after: right(after, rows),
    trust,
  };
}

const names = Array.from({ length: 20 }, (_, i) => `new ${i}`);
const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value / values.length, 0);

describe("fitCollections", () => {
  it("undoes its axes, and needs two collections and every class", () => {
    for (let i = 0; i < classes; i++)
      expect(
        model.axes.map((axis) => axis.reduce((sum, w, j) => sum + w * model.back[j][i], 0)),
      ).toBeAllClose(
        own.map((_, a) => (a === i ? 1 : 0)),
        { atol: 1e-5 },
      );
    expect(
      fitCollections(
        collection("a", () => 9),
        classes,
      ),
    ).toBeUndefined();
    const lacking = ["a", "b"].flatMap((name) => collection(name, (k) => (k === 0 ? 0 : 9)));
    expect(fitCollections(lacking, classes)).toBeUndefined();
  });
});

describe("learnCollection", () => {
  it("finds the offset of a collection of several classes, equal parts of them or not", () => {
    for (const count of [() => 10, (k: number) => [16, 8, 8, 8][k]]) {
      const found = names.map((name) => compared(collection(name, count)));
      expect(meanOf(found.map(({ before }) => before))).toBeLessThan(0.88);
      expect(meanOf(found.map(({ after }) => after))).toBeGreaterThan(0.93);
    }
  });

  it("does not take a class for an offset: recordings of one class, nine of ten of one, speakers of one each", () => {
    for (let k = 0; k < classes; k++) {
      const alone = names.map((name) => compared(collection(name, (j) => (j === k ? 40 : 0))));
      expect(Math.max(...alone.map(({ trust }) => trust))).toBeLessThan(0.2);
      expect(meanOf(alone.map(({ after, before }) => after - before))).toBeGreaterThan(-0.01);
      const most = names.map((name) =>
        compared(collection(name, (j) => (j === k ? 45 : j === (k + 1) % 4 ? 5 : 0))),
      );
      expect(meanOf(most.map(({ after, before }) => after - before))).toBeGreaterThan(-0.01);
    }
  });

  it("leaves scores as they are of a collection of fewer than three", () => {
    const logits = fc.tuple(...own.map(() => fc.double({ min: -5, max: 5, noNaN: true })));
    fc.assert(
      fc.property(fc.array(logits, { maxLength: 2 }), logits, (heard, one) => {
        const { trust, scoresOf } = learnCollection(
          heard.map((each) => ({ scores: softmax(each) })),
          model,
        );
        expect(trust).toBe(0);
        expect(scoresOf({ scores: softmax(one) })).toEqual(softmax(one));
      }),
    );
  });

  it("gives probabilities whatever was heard, equal recordings among them, in whatever order", () => {
    const scores = fc
      .tuple(...own.map(() => fc.double({ min: 0, max: 1, noNaN: true })))
      .map((parts) => ({ scores: parts.map((part) => part / (parts.reduce((a, b) => a + b, 0) || 1)) }));
    fc.assert(
      fc.property(
        fc.array(scores, { minLength: 3, maxLength: 12 }),
        scores,
        fc.integer({ min: 1, max: 4 }),
        (heard, one, times) => {
          const all = heard.flatMap((each) => Array.from({ length: times }, () => each));
          const known = learnCollection(all, model);
          const back = learnCollection([...all].reverse(), model);
          const adapted = between(one.scores, known.scoresOf(one), known.trust);
          expect(known.trust).toBeGreaterThanOrEqual(0);
          expect(known.trust).toBeLessThan(1);
          expect(adapted.every((value) => value >= 0 && value <= 1)).toBe(true);
          expect(adapted.reduce((sum, value) => sum + value, 0)).toBeAllClose(1, { rtol: 1e-9 });
          expect(back.trust).toBeAllClose(known.trust, { atol: 1e-9 });
        },
      ),
      { numRuns: 50 },
    );
    const same = Array.from({ length: 30 }, () => ({ scores: [0.7, 0.1, 0.1, 0.1] }));
    expect(learnCollection(same, model).trust).toBe(0);
  });
});
