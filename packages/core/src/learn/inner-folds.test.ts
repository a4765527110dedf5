/** Folds inside a fit: groups stay together, classes are spread. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random } from "../math/random.js";
import { groupIndices } from "./group-indices.js";
import { innerFolds } from "./inner-folds.js";

describe("innerFolds", () => {
  it("keeps a group in one fold and uses every fold", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 2, maxLength: 60 }),
        fc.integer({ min: 2, max: 4 }),
        (names, count) => {
          const groups = groupIndices(names);
          fc.pre(new Set(groups).size > 1);
          const folds = innerFolds({
            labels: new Int32Array(names.length),
            groups,
            count,
            random: random(1),
          });
          names.forEach((name, i) => {
            expect(folds[i]).toBe(folds[names.indexOf(name)]);
          });
          expect(new Set(folds).size).toBe(Math.min(count, new Set(names).size));
        },
      ),
    );
  });

  it("deals each class out over the folds when there are no groups, or only one", () => {
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 4);
    for (const groups of [undefined, new Int32Array(60)]) {
      const folds = innerFolds({ labels, groups, count: 5, random: random(2) });
      for (let fold = 0; fold < 5; fold++) {
        for (let label = 0; label < 4; label++)
          expect(labels.filter((own, i) => own === label && folds[i] === fold).length).toBe(3);
      }
    }
  });
});

describe("innerFolds of copies", () => {
  it("spreads groups of one class over the folds", () => {
    const groups = Int32Array.from({ length: 90 }, (_, i) => i % 30);
    const labels = groups.map((group) => group % 3);
    const folds = innerFolds({ labels, groups, count: 5, random: random(3) });
    for (let fold = 0; fold < 5; fold++)
      for (let label = 0; label < 3; label++)
        expect(labels.filter((own, i) => own === label && folds[i] === fold)).toHaveLength(6);
  });
});

describe("groupIndices", () => {
  it("numbers names by first appearance", () => {
    expect(groupIndices(["b", "a", "b", "c"])).toEqual(Int32Array.of(0, 1, 0, 2));
  });
});
