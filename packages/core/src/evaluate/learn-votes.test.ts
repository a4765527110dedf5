/** From raters' votes through folds to the distance between their distribution and the model's. */
import { describe, expect, it } from "vitest";
import { functionalsTable } from "../data/feature-table.js";

import { estimator } from "../learn/estimators.js";
import { matrix } from "../math/matrix.js";
import { random } from "../math/random.js";
import { type CrossValidation, crossValidate } from "./cross-validate.js";

/** Six speakers; along x, ten raters pass from hearing calm to hearing anger slowly, while the majority turns at once. */
function input(learnFrom: string): CrossValidation {
  const stream = random(8);
  const frames = matrix(120, 1);
  const utterances = Array.from({ length: 120 }, (_, i) => {
    const x = stream.normal();
    frames.data[i] = x;
    const angry = Math.round(10 / (1 + Math.exp(-x)));
    return {
      id: `clip-${i}`,
      file: `clip-${i}.wav`,
      speaker: `s${i % 6}`,
      label: angry > 5 ? "angry" : "calm",
      votes: { angry, calm: 10 - angry },
      attributes: {},
    };
  });
  const ids = utterances.map(({ id }) => id);
  const folds = [0, 1, 2].map((fold) => ids.filter((_, i) => i % 3 === fold));
  return {
    dataset: { name: "rated", utterances },
    table: functionalsTable(ids, ["x"], frames),
    labelMap: { id: "as-labelled", classes: ["angry", "calm"], words: { angry: "angry", calm: "calm" } },
    splits: folds.map((test, f) => ({
      name: `fold-${f}`,
      train: ids.filter((id) => !test.includes(id)),
      dev: [],
      test,
    })),
    estimator: estimator("logistic-regression", { C: 100, classWeight: "none", learnFrom }),
    leaks: [],
    seed: 1,
    foldsName: "made",
    featureSet: "made",
    samples: 10,
  };
}

describe("learning from votes", () => {
  it("brings the scores of unseen speakers nearer to what the raters said than learning their majority does", async () => {
    const [votes, labels] = await Promise.all(
      (["votes", "labels"] as const).map(async (from) => (await crossValidate(input(from))).classes!),
    );
    // The raters follow a logistic curve, so what is left of the distance is their rounding to tenths.
    expect(votes!.rated!.jensenShannon).toBeLessThan(0.04);
    expect(labels!.rated!.jensenShannon).toBeGreaterThan(5 * votes!.rated!.jensenShannon);
    expect(votes!.uar).toBeGreaterThan(0.9);
  });
});
