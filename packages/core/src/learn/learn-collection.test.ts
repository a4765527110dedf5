/** Collections that are drawn from a model of offsets and marks: kinds of recordings are found, and one class is not taken for several. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Random, random } from "../math/random.js";
import { type CollectionRow, fitCollections } from "./collection-model.js";
import { type CollectionKind, learnCollection } from "./learn-collection.js";

const classes = 4;
const own = [
  [1.5, -0.5, -0.5, -0.5],
  [-0.5, 1.5, -0.5, -0.5],
  [-0.4, -0.4, 1.2, -0.4],
  [-0.5, -0.5, -0.5, 1.5],
];
const kinds: readonly CollectionKind[] = ["collection", "speaker"];

const softmax = (logits: readonly number[]): number[] => {
  const powers = logits.map(Math.exp);
  return powers.map((power) => power / powers.reduce((a, b) => a + b, 0));
};

interface Drawn extends CollectionRow {
  readonly marks: readonly number[];
}

/** Returns recordings of one collection, whose marks tell its classes apart in a way of its own; `count` says how many of each class. */
function collection(name: string, count: (k: number) => number): Drawn[] {
  const chance: Random = random(`collection ${name}`);
  const draw = (): number[] => own.map(() => chance.normal());
  const offset = draw().map((value) => 0.8 * value);
  const places = own.map(() => [...draw(), ...draw()]);
  return own.flatMap((mean, label) =>
    Array.from({ length: count(label) }, (_, i) => ({
      scores: softmax(mean.map((value, j) => value + offset[j] + 0.6 * chance.normal())),
      marks: places[label].map((value) => value + 0.5 * chance.normal()),
      label,
      speaker: `${name} ${i % 3}`,
      collection: name,
    })),
  );
}

const model = fitCollections(
  ["a", "b", "c", "d", "e", "f"].flatMap((name) => collection(name, () => 30)),
  classes,
)!;

const right = (scores: readonly (readonly number[])[], rows: readonly CollectionRow[]): number =>
  scores.filter((each, i) => each.indexOf(Math.max(...each)) === rows[i].label).length / rows.length;

/** Returns the parts that are right without and with the collection known, and how far it is believed. */
function compared(rows: readonly Drawn[], kind: CollectionKind = "collection") {
  const { trust, scoresOf } = learnCollection(rows, model, kind);
  return {
    before: right(
      rows.map(({ scores }) => scores),
      rows,
    ),
    after: right(rows.map(scoresOf), rows),
    trust,
  };
}

const names = Array.from({ length: 20 }, (_, i) => `new ${i}`);
const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value / values.length, 0);

describe("fitCollections", () => {
  it("scales its directions by equal parts of all classes, and needs two collections and two classes", () => {
    expect(model.spread.length).toBe(2);
    const logits = ["g", "h", "i", "j"].map((name) =>
      collection(name, () => 200).map(({ scores }) => {
        const logs = scores.map(Math.log);
        return logs.map((value) => value - meanOf(logs));
      }),
    );
    for (const direction of model.spread) {
      const variances = logits.map((each) => {
        const along = each.map((one) => one.reduce((sum, value, k) => sum + value * direction[k], 0));
        return meanOf(along.map((value) => (value - meanOf(along)) ** 2));
      });
      expect(meanOf(variances)).toBeAllClose(1, { atol: 0.1 });
    }
    expect(
      fitCollections(
        collection("a", () => 9),
        classes,
      ),
    ).toBeUndefined();
    const alone = ["a", "b"].flatMap((name) => collection(name, (k) => (k === 0 ? 9 : 0)));
    expect(fitCollections(alone, classes)).toBeUndefined();
  });

  it("goes by the classes that there are: one that no other corpus has told of takes nothing from the rest", () => {
    const lacking = ["a", "b", "c"].flatMap((name) => collection(name, (k) => (k === 0 ? 0 : 30)));
    const { spread } = fitCollections(lacking, classes)!;
    expect(spread.map(({ length }) => length)).toEqual([classes, classes]);
    const trusts = (count: (k: number) => number): number[] =>
      names.map((name) => learnCollection(collection(name, count), { spread }, "collection").trust);
    expect(meanOf(trusts((k) => (k === 0 ? 0 : 25)))).toBeGreaterThan(0.5);
    expect(Math.max(...trusts((k) => (k === 1 ? 40 : 0)))).toBe(0);
  });

  it("has one direction of two classes, and gives the very same along it", () => {
    const two = ["a", "b", "c"].flatMap((name) =>
      collection(name, (k) => (k < 2 ? 20 : 0)).map((one) => ({
        ...one,
        scores: softmax(one.scores.slice(0, 2).map(Math.log)),
      })),
    );
    expect(fitCollections(two, 2)!.spread.length).toBe(1);
  });
});

describe("learnCollection", () => {
  it("learns a collection of several classes, equal parts of them or not, and a speaker too", () => {
    for (const kind of kinds) {
      for (const count of [() => 10, (k: number) => [16, 8, 8, 8][k]]) {
        const found = names.map((name) => compared(collection(name, count), kind));
        expect(meanOf(found.map(({ before }) => before))).toBeLessThan(0.87);
        expect(meanOf(found.map(({ after }) => after))).toBeGreaterThan(0.9);
      }
    }
  });

  it("does not take a class for several: recordings of one class, nine of ten of one", () => {
    for (const kind of kinds) {
      for (let k = 0; k < classes; k++) {
        const alone = names.map((name) =>
          compared(
            collection(name, (j) => (j === k ? 40 : 0)),
            kind,
          ),
        );
        expect(Math.max(...alone.map(({ trust }) => trust))).toBe(0);
        const most = names.map((name) =>
          compared(
            collection(name, (j) => (j === k ? 45 : j === (k + 1) % 4 ? 5 : 0)),
            kind,
          ),
        );
        expect(meanOf(most.map(({ after, before }) => after - before))).toBeGreaterThan(-0.01);
      }
    }
  });

  it("says of a recording that was heard what the others teach, as if it were new to them", () => {
    const rows = collection("left out", () => 12);
    const all = learnCollection(rows, model, "collection");
    const copy = { ...rows[5] };
    // What the recording itself is held for tells of a copy of it, not of itself.
    const [itself, told] = [all.scoresOf(rows[5]), all.scoresOf(copy)];
    expect(told[rows[5].label]).not.toBe(itself[rows[5].label]);
    expect(told.indexOf(Math.max(...told))).toBe(itself.indexOf(Math.max(...itself)));
  });

  it("is on average as sure as it was", () => {
    for (const kind of kinds) {
      const rows = collection("sure", () => 15);
      const { trust, scoresOf } = learnCollection(rows, model, kind);
      expect(trust).toBeGreaterThan(0.5);
      const sure = (scores: readonly (readonly number[])[]): number =>
        meanOf(scores.map((s) => Math.max(...s)));
      expect(sure(rows.map(scoresOf))).toBeAllClose(sure(rows.map(({ scores }) => scores)), { atol: 1e-6 });
    }
  });

  it("leaves scores as they are of fewer than three, and without marks", () => {
    const logits = fc.tuple(...own.map(() => fc.double({ min: -5, max: 5, noNaN: true })));
    fc.assert(
      fc.property(fc.array(logits, { maxLength: 2 }), logits, (heard, one) => {
        const few = heard.map((each) => ({ scores: softmax(each), marks: [1, 2] }));
        const { trust, scoresOf } = learnCollection(few, model, "collection");
        expect(trust).toBe(0);
        expect(scoresOf({ scores: softmax(one), marks: [0, 0] })).toEqual(softmax(one));
      }),
    );
    const bare = collection("bare", () => 10).map((one) => ({ ...one, marks: [] }));
    expect(learnCollection(bare, model, "collection").trust).toBe(0);
  });

  it("gives probabilities whatever was heard, equal recordings among them, in whatever order", () => {
    const recording = fc.record({
      scores: fc
        .tuple(...own.map(() => fc.double({ min: 0, max: 1, noNaN: true })))
        .map((parts) => parts.map((part) => part / (parts.reduce((a, b) => a + b, 0) || 1))),
      marks: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -9, max: 9, noNaN: true }))),
    });
    fc.assert(
      fc.property(
        fc.array(recording, { minLength: 3, maxLength: 12 }),
        recording,
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(...kinds),
        (heard, one, times, kind) => {
          const all = heard.flatMap((each) => Array.from({ length: times }, () => ({ ...each })));
          const known = learnCollection(all, model, kind);
          const back = learnCollection([...all].reverse(), model, kind);
          expect(known.trust).toBeGreaterThanOrEqual(0);
          expect(known.trust).toBeLessThan(1);
          for (const each of [one, all[0]]) {
            const adapted = known.scoresOf(each);
            expect(adapted.every((value) => value >= 0 && value <= 1)).toBe(true);
            expect(adapted.reduce((sum, value) => sum + value, 0)).toBeAllClose(1, { rtol: 1e-9 });
          }
          expect(back.trust).toBeAllClose(known.trust, { atol: 1e-9 });
        },
      ),
      { numRuns: 50 },
    );
    const same = Array.from({ length: 30 }, () => ({ scores: [0.7, 0.1, 0.1, 0.1], marks: [1, 2] }));
    expect(learnCollection(same, model, "collection").trust).toBe(0);
  });
});
