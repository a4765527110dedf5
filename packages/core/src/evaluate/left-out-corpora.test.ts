/** What is said of left-out corpora: by hand, and that the tested corpus has no part in what judges it. */
import { describe, expect, it } from "vitest";
import { functionalsTable } from "../data/feature-table.js";
import { identityLabelMap } from "../data/label-maps/identity.js";
import { corpusFolds } from "../data/splits/corpus-folds.js";
import type { Dataset, Utterance } from "../data/utterance.js";
import { estimator } from "../learn/estimators.js";
import { matrix } from "../math/matrix.js";
import { random } from "../math/random.js";
import { crossValidate } from "./cross-validate.js";
import type { ScoredUtterance } from "./evaluation-result.js";
import { areLeftOut, leftOutCorpora, viewedAs } from "./left-out-corpora.js";

const classes = ["calm", "angry", "happy"];
const corpora = ["a", "b", "c", "d"];

/** Returns an utterance of a corpus that is taken for the class of its highest score. */
function said(
  corpus: string,
  truth: string,
  scores: readonly number[],
  speaker = `${corpus}1`,
): ScoredUtterance {
  const predicted = classes[scores.indexOf(Math.max(...scores))];
  return {
    id: `${corpus}-${truth}-${scores}-${speaker}`,
    speaker,
    fold: `to-${corpus}`,
    truth,
    predicted,
    scores,
    corpus,
  };
}

/** Four corpora of four speakers and three classes; a corpus moves all features, and the last lacks the last class. */
function made(turn = (label: string, _corpus: string): string => label) {
  const chance = random("left-out");
  const utterances: Utterance[] = [];
  const rows: number[][] = [];
  for (const [c, corpus] of corpora.entries())
    for (let i = 0; i < 72; i++) {
      const label = classes[i % (corpus === "d" ? 2 : 3)];
      const id = `${corpus}${i}`;
      utterances.push({
        id,
        file: id,
        speaker: `${corpus}${i % 4}`,
        label: turn(label, corpus),
        attributes: { corpus },
      });
      rows.push(
        Array.from(
          { length: 6 },
          (_, j) => chance.normal() + (j === classes.indexOf(label) ? 2 : 0) + (j === 3 + (c % 3) ? 1.5 : 0),
        ),
      );
    }
  const table = functionalsTable(
    utterances.map(({ id }) => id),
    rows[0].map((_, j) => `f${j}`),
    matrix(rows.length, 6, Float32Array.from(rows.flat())),
  );
  return { dataset: { name: "made", utterances } satisfies Dataset, table };
}

const evaluated = async (data: ReturnType<typeof made>, more: object = {}) =>
  (
    await crossValidate({
      ...data,
      splits: corpusFolds(data.dataset),
      labelMap: identityLabelMap("made", classes),
      estimator: estimator("logistic-regression", { C: 0.1 }),
      ...{ seed: 1, leaks: [], foldsName: "corpus", featureSet: "made", samples: 50 },
      ...more,
    })
  ).classes!;

describe("leftOutCorpora", () => {
  const judged = {
    predictions: [
      said("a", "calm", [0.9, 0.1, 0]),
      said("a", "calm", [0.1, 0.2, 0.7]),
      said("a", "angry", [0.2, 0.6, 0.2]),
      said("b", "happy", [0.25, 0.3, 0.45]),
    ],
    heldOut: new Map(
      corpora.slice(0, 2).map((name) => [
        `to-${name}`,
        ["x", "y", "z"].flatMap((inside) =>
          [0.9, 0.8, 0.6, 0.4].map((sure, i) =>
            said(
              inside,
              sure > 0.5 ? "calm" : "angry",
              [sure, 1 - sure, 0].map((p) => (i === 3 && p === 0.6 ? 0.3 : p)),
              `${inside}${i}`,
            ),
          ),
        ),
      ]),
    ),
  };
  it("is a row a corpus over the classes that it has, and the mean of the rows", () => {
    const { rows, mean } = leftOutCorpora(judged, { classes, seed: 1, samples: 20 });
    const [a, b] = rows;
    expect(a).toMatchObject({ corpus: "a", utterances: 3, speakers: 1, classes: ["calm", "angry"] });
    expect(a.uar).toBe(0.75);
    expect(a.accuracy).toBeAllClose(2 / 3);
    // Three of four of each corpus held out reach 0.6 and are right: what is below is refused, here b's only clip.
    expect(a).toMatchObject({ answered: 1, accuracyAnswered: 2 / 3 });
    expect(b).toMatchObject({ answered: 0, accuracyAnswered: null, uar: 1, rocAuc: null });
    expect(mean.uar).toBeAllClose(0.875);
    expect(mean.answered).toBe(0.5);
    expect(mean.rocAuc).toBeNull();
    // What two corpora say of each other is no limit for a third.
    const two = new Map(
      [...judged.heldOut].map(([fold, own]) => [fold, own.filter(({ corpus }) => corpus !== "z")]),
    );
    const few = leftOutCorpora({ ...judged, heldOut: two }, { classes, seed: 1, samples: 20 }).rows[0];
    expect(few.answered).toBeNull();
    expect(few.setSize).toBe(a.setSize);
    expect(
      leftOutCorpora({ predictions: judged.predictions }, { classes, seed: 1, samples: 20 }).rows[0],
    ).toMatchObject({
      answered: null,
      setSize: null,
    });
  });
  it("a view has its classes only, with scores that add up to 1", () => {
    const { predictions } = viewedAs(judged, { classes, view: ["calm", "angry"] });
    expect(predictions.map(({ truth }) => truth)).toEqual(["calm", "calm", "angry"]);
    expect(predictions[1].predicted).toBe("angry");
    expect(predictions[1].scores).toBeAllClose([1 / 3, 2 / 3]);
  });
});

describe("evaluations of left-out corpora", () => {
  it("are those whose splits test one corpus each that training has nothing of", () => {
    const { dataset } = made();
    const splits = corpusFolds(dataset);
    expect(areLeftOut(splits, dataset)).toBe(true);
    expect(areLeftOut(corpusFolds(dataset, "b"), dataset)).toBe(true);
    const [first, ...others] = splits;
    expect(areLeftOut([{ ...first, train: [...first.train, first.test[0]] }, ...others], dataset)).toBe(
      false,
    );
    expect(areLeftOut([first, first], dataset)).toBe(false);
  });
  it.each(["temperature", "dirichlet"])(
    "judge a corpus, calibrated by %s, by nothing that is of it",
    async (calibration) => {
      const views = [{ id: "two", classes: classes.slice(0, 2) }];
      const before = await evaluated(made(), { calibration, views });
      const turned = await evaluated(
        made((label, corpus) => (corpus === "b" ? classes[(classes.indexOf(label) + 1) % 3] : label)),
        { calibration },
      );
      const of = (result: typeof before) =>
        result.predictions.filter(({ corpus }) => corpus === "b").map(({ scores }) => scores);
      expect(of(turned)).toEqual(of(before));
      const row = (result: typeof before) => result.corpora!.rows.find(({ corpus }) => corpus === "b")!;
      expect(row(turned).answered).toBe(row(before).answered);
      expect(row(turned).setSize).toBe(row(before).setSize);
      expect(row(before).uar).toBeGreaterThan(0.6);
      expect(row(before).answered).toBeGreaterThan(0.5);
      expect(before.views!.map(({ labelMap, rows }) => [labelMap, rows.length])).toEqual([["two", 4]]);
      expect(before.corpora!.rows.at(-1)!.classes).toEqual(["calm", "angry"]);
    },
  );
  it("ask for nothing more than the scores where no calibration is", async () => {
    const { corpora: found, trust } = await evaluated(made());
    expect(found!.rows.map(({ answered }) => answered)).toEqual([null, null, null, null]);
    expect(trust.calibration).toBe("temperature");
  });
});
