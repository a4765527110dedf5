/** Spaces, rounds and choices in closed form, and the nested search on data that have nothing to find. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { functionalsTable } from "../../data/feature-table.js";
import { identityLabelMap } from "../../data/label-maps/identity.js";
import { speakerFolds } from "../../data/splits/speaker-folds.js";
import type { Dataset } from "../../data/utterance.js";
import { matrix } from "../../math/matrix.js";
import { random } from "../../math/random.js";
import { computeScores } from "../metrics/index.js";
import { unweightedAverageRecall } from "../metrics/uar.js";
import { scoreTable } from "../score-table.js";
import { learningCurve } from "./curves.js";
import { withCandidate } from "./model-choice.js";
import { innerSplits, nestedSearch } from "./nested-search.js";
import { partOfTraining } from "./part-of-training.js";
import { defaultHalving, search, searchRounds } from "./search.js";
import { addCounts, classFindings, searchMeasure, searchMeasures } from "./search-measure.js";
import { gridCandidates, parseRange, randomCandidates } from "./search-space.js";
import { type RunTrials, runTrial, type Trial, type TrialData } from "./trial.js";

const refused = (code: string) => expect.objectContaining({ code });

/** Six speakers × two classes × five takes of three columns, of which the first tells the class by `separation`. */
function toy(separation: number): TrialData {
  const chance = random("toy");
  const utterances = Array.from({ length: 60 }, (_, i) => ({
    id: `u${i}`,
    file: `u${i}`,
    speaker: `s${Math.floor(i / 10)}`,
    label: i % 2 === 0 ? "calm" : "angry",
    attributes: {},
  }));
  const frames = matrix(60, 3);
  for (let at = 0; at < 180; at++)
    frames.data[at] = chance.normal() + (at % 3 === 0 && Math.floor(at / 3) % 2 === 0 ? separation : 0);
  const ids = utterances.map(({ id }) => id);
  const table = functionalsTable(ids, ["a", "b", "c"], frames);
  const views = [{ speed: 1, table }];
  return {
    dataset: { name: "toy", utterances },
    table,
    train: views,
    test: views,
    labelMap: identityLabelMap("toy", ["calm", "angry"]),
    seed: 1,
  };
}

const runOn =
  (data: TrialData): RunTrials =>
  (trials) =>
    Promise.all(trials.map((trial) => runTrial(data, trial)));
const model = { kind: "logistic-regression", params: {} };

describe("spaces", () => {
  it("reads lists and distributions", () => {
    expect(parseRange("x", "0.1,1,scale,true")).toEqual({ kind: "choice", values: [0.1, 1, "scale", true] });
    expect(parseRange("x", "choice:a:2")).toEqual({ kind: "choice", values: ["a", 2] });
    expect(parseRange("x", "log-uniform:0.01:10")).toEqual({ kind: "log-uniform", low: 0.01, high: 10 });
    for (const bad of ["", "1,,2", "uniform:1", "uniform:1:1", "uniform:a:b", "int:1:2.5", "log-uniform:0:1"])
      expect(() => parseRange("x", bad), bad).toThrow(refused("usage/bad-value"));
  });

  it("makes every combination, the last parameter fastest, and refuses too many", () => {
    const space = { a: parseRange("a", "1,2"), b: parseRange("b", "x,y,z") };
    expect(gridCandidates(space).map(({ a, b }) => `${a}${b}`)).toEqual(["1x", "1y", "1z", "2x", "2y", "2z"]);
    const wide = Object.fromEntries(
      ["a", "b", "c", "d", "e"].map((name) => [name, parseRange(name, "1,2,3,4,5,6,7,8")]),
    );
    expect(() => gridCandidates(wide)).toThrow(refused("usage/bad-value"));
    expect(() => gridCandidates({ a: parseRange("a", "int:1:2") })).toThrow(refused("usage/bad-value"));
  });

  it("draws inside the ranges, the same for a seed, no setting twice", () => {
    const space = {
      u: parseRange("u", "uniform:-1:1"),
      l: parseRange("l", "log-uniform:0.001:1000"),
      i: parseRange("i", "int:1:3"),
      c: parseRange("c", "a,b"),
    };
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const drawn = randomCandidates(space, 12, random(seed));
        expect(drawn).toEqual(randomCandidates(space, 12, random(seed)));
        expect(new Set(drawn.map((one) => JSON.stringify(one))).size).toBe(12);
        for (const one of drawn) {
          const { u, l, i, c } = one as { u: number; l: number; i: number; c: string };
          expect(Math.abs(u)).toBeLessThanOrEqual(1);
          expect(l >= 0.001 && l <= 1000 && [1, 2, 3].includes(i) && ["a", "b"].includes(c)).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
    const logs = randomCandidates({ l: space.l }, 400, random(1)).map(({ l }) => Math.log10(l as number));
    // Uniform from −3 to 3: mean 0, standard error √3 / 20.
    expect(Math.abs(logs.reduce((a, b) => a + b, 0) / 400)).toBeLessThan(0.26);
    expect(
      randomCandidates({ i: space.i }, 20, random(1))
        .map(({ i }) => i)
        .sort(),
    ).toEqual([1, 2, 3]);
  });

  it("puts values into the estimator and into the steps before it", () => {
    const with3 = withCandidate(
      { ...model, prepare: ["clip", "select-anova:k=9"] },
      { C: 2, "select-anova.k": 3, "clip.low": 5 },
    );
    expect(with3).toEqual({ ...model, params: { C: 2 }, prepare: ["clip:low=5", "select-anova:k=3"] });
    expect(() => withCandidate(model, { c: 2 })).toThrow(/did you mean 'C'\?/);
    expect(() => withCandidate(model, { "pca.components": 2 })).toThrow(refused("learn/bad-parameter"));
    expect(() => withCandidate({ ...model, prepare: ["pca"] }, { "pca.component": 2 })).toThrow(
      /did you mean 'components'\?/,
    );
  });
});

describe("successive halving", () => {
  it("has the rounds of scikit-learn's HalvingGridSearchCV: a third of the settings on three times as much", () => {
    expect(searchRounds(27, defaultHalving)).toEqual([
      { share: 0.1, candidates: 27 },
      { share: 1 / 9, candidates: 9 },
      { share: 1 / 3, candidates: 3 },
      { share: 1, candidates: 1 },
    ]);
    expect(searchRounds(4, defaultHalving).map(({ candidates }) => candidates)).toEqual([4, 2]);
    expect(searchRounds(5)).toEqual([{ share: 1, candidates: 5 }]);
    expect(searchRounds(1, defaultHalving)).toEqual([{ share: 1, candidates: 1 }]);
  });

  it("keeps the better settings, and takes the first of equal ones", async () => {
    const { dataset } = toy(1);
    const splits = speakerFolds(dataset, 3, 1);
    const seen: number[] = [];
    // Right out of 10 in each class, by C: what a trial would find.
    const right = new Map([
      [1, 3],
      [2, 8],
      [3, 9],
      [4, 9],
      [5, 1],
      [6, 2],
    ]);
    const result = await search(
      {
        model,
        candidates: [...right.keys()].map((C) => ({ C })),
        dataset,
        splits,
        measure: "uar",
        halving: defaultHalving,
        seed: 1,
      },
      async (trials) => {
        seen.push(trials.length);
        return trials.map(({ model: { params }, split }: Trial) => {
          const good = right.get(params.C as number)!;
          return {
            test: {
              confusion: [
                [good, 10 - good],
                [10 - good, good],
              ],
            },
            trainCount: split.train.length,
          };
        });
      },
    );
    expect(seen).toEqual([18, 6]);
    expect(result.best).toMatchObject({ candidate: { C: 3 }, score: 0.9, share: 1, mean: 0.9, deviation: 0 });
    expect(result.tried.map(({ candidate }) => candidate.C)).toEqual([3, 4, 2, 1, 6, 5]);
  });

  it("takes nested parts of the training part, all classes, no utterance of the test part", () => {
    const { dataset } = toy(1);
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.constantFrom("speaker" as const, "utterance" as const),
        (a, b, by) => {
          for (const split of speakerFolds(dataset, 3, 1)) {
            const [small, large] = [Math.min(a, b), Math.max(a, b)].map((share) =>
              partOfTraining(split, dataset, { share, by, seed: 1 }),
            );
            expect(small!.train.every((id) => large!.train.includes(id))).toBe(true);
            expect(large!.train.every((id) => split.train.includes(id))).toBe(true);
            expect(large!.test).toEqual(split.test);
            const labels = new Set(
              dataset.utterances.filter(({ id }) => small!.train.includes(id)).map(({ label }) => label),
            );
            expect(labels.size).toBe(2);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("nested search", () => {
  it("chooses on training speakers only: inner folds hold nobody of the outer test part", () => {
    const { dataset } = toy(1);
    const speakerOf = new Map(dataset.utterances.map(({ id, speaker }) => [id, speaker]));
    for (const outer of speakerFolds(dataset, 3, 1)) {
      const strangers = new Set(outer.test.map((id) => speakerOf.get(id)));
      for (const inner of innerSplits(outer, { dataset, folds: 2, seed: 1 })) {
        const heard = [...inner.train, ...inner.test];
        expect(heard.sort()).toEqual([...outer.train].sort());
        expect(heard.some((id) => strangers.has(speakerOf.get(id)))).toBe(false);
        const [train, test] = [inner.train, inner.test].map(
          (ids) => new Set(ids.map((id) => speakerOf.get(id))),
        );
        expect([...train!].some((speaker) => test!.has(speaker))).toBe(false);
      }
    }
    expect(() => innerSplits(speakerFolds(dataset, 3, 1)[0], { dataset, folds: 5, seed: 1 })).toThrow(
      refused("split/too-few-speakers"),
    );
  });

  it("finds nothing in noise, whatever the best of many settings seems to score", async () => {
    const data = toy(0);
    const candidates = gridCandidates({
      C: parseRange("C", "0.001,0.01,0.1,1,10,100"),
      standardize: parseRange("s", "true,false"),
    });
    const plan = { model, candidates, dataset: data.dataset as Dataset, measure: "uar", seed: 1 };
    const flattered = await search({ ...plan, splits: speakerFolds(data.dataset, 3, 1) }, runOn(data));
    const {
      findings: { scored: predictions },
      choices,
    } = await nestedSearch({ ...plan, outer: speakerFolds(data.dataset, 3, 1), innerFolds: 2 }, runOn(data));
    const right = predictions.filter(({ truth, predicted }) => truth === predicted).length / 60;
    expect(predictions.map(({ id }) => id).sort()).toEqual(data.table.ids.slice().sort());
    expect(choices.length).toBe(3);
    // Chance is ½ with a deviation of 0.065.
    expect(Math.abs(right - 0.5)).toBeLessThan(0.2);
    expect(flattered.best.score).toBeGreaterThanOrEqual(right - 1e-9);
  });
});

describe("curves", () => {
  it("tell that training parts are learnt by heart where there is nothing to learn, and less so with more speakers", async () => {
    const data = toy(0);
    const points = await learningCurve(
      {
        model: { ...model, params: { C: 100 } },
        dataset: data.dataset,
        splits: speakerFolds(data.dataset, 3, 1),
        measure: "uar",
        seed: 1,
        shares: [0.25, 1],
      },
      runOn(data),
    );
    expect(points.map(({ trainCount }) => trainCount)).toEqual([10, 40]);
    expect(points[0].train).toBeGreaterThan(points[1].train!);
    expect(points[0].train).toBeGreaterThan(points[0].test! + 0.1);
  });
});

describe("measures", () => {
  it("are those of reports, pooled over the folds: of all utterances together", () => {
    const chance = random("measures");
    const truth = Array.from({ length: 40 }, () => chance.integer(3));
    const scores = truth.map(() => {
      const raw = [chance.next(), chance.next(), chance.next()];
      const sum = raw[0] + raw[1] + raw[2];
      return raw.map((value) => value / sum);
    });
    const classes = ["a", "b", "c"];
    const predicted = scores.map((own) => classes[own.indexOf(Math.max(...own))]);
    const whole = computeScores(
      scoreTable(
        truth.map((k, i) => ({
          id: `${i}`,
          speaker: "s",
          fold: "f",
          truth: classes[k],
          predicted: predicted[i],
          scores: scores[i],
        })),
        classes,
      ),
    );
    for (const { id, learns, needsScores, of } of searchMeasures) {
      if (learns === "values") continue;
      const kept = { classCount: 3, keepScores: needsScores };
      const part = (from: number, to: number) =>
        classFindings(truth.slice(from, to), scores.slice(from, to), kept);
      const found = of([part(0, 10), part(10, 40)]);
      expect(found, id).toBeAllClose(whole[id as keyof typeof whole]!, { rtol: 1e-5, atol: 1e-6 });
    }
    expect(searchMeasures.filter(({ learns }) => learns === "values").map(({ id }) => id)).toEqual([
      "ccc",
      "mae",
      "rmse",
      "r2",
    ]);
    expect(() => searchMeasure("beauty")).toThrow(refused("usage/bad-value"));
  });

  it("choose by what they measure: a loss the smallest, a score the largest", async () => {
    const data = toy(1);
    const plan = {
      model,
      candidates: [1e-6, 10].map((C) => ({ C })),
      dataset: data.dataset,
      splits: speakerFolds(data.dataset, 3, 1),
      seed: 1,
    };
    const scoreOf = async (measure: string) => {
      const { best, tried } = await search({ ...plan, measure }, runOn(data));
      const scores = tried.map(({ score }) => score!);
      expect(best.score, measure).toBe(
        searchMeasure(measure).better === "higher" ? Math.max(...scores) : Math.min(...scores),
      );
      return best.candidate.C;
    };
    // Hardly any weights leave the order of the scores, and with it ROC-AUC, as good as any; their loss is that of a coin.
    expect(await scoreOf("logLoss")).toBe(10);
    expect(await scoreOf("brier")).toBe(10);
    for (const measure of ["rocAuc", "mcc", "kappa", "f1Weighted"]) await scoreOf(measure);
  });

  it("choose with a calibration inside each training part, and with speakers who are known", async () => {
    const data = toy(1);
    const plan = {
      model,
      candidates: [1e-3, 10].map((C) => ({ C })),
      dataset: data.dataset,
      splits: speakerFolds(data.dataset, 3, 1),
      measure: "logLoss",
      seed: 1,
    };
    const scoresOf = async (more: Partial<TrialData>) =>
      new Map(
        (await search(plan, runOn({ ...data, ...more }))).tried.map(({ candidate, score }) => [
          candidate.C,
          score!,
        ]),
      );
    const [raw, calibrated] = [await scoresOf({}), await scoresOf({ calibration: "temperature" })];
    // A temperature makes the scores of weak weights as bold as they deserve.
    expect(calibrated.get(1e-3)).toBeLessThan(raw.get(1e-3)! - 0.01);
    const moved = (data.table.frames.data as Float32Array).map(
      (value, at) => value + 5 * Math.floor(at / 30),
    );
    const strangers = { table: { ...data.table, frames: matrix(60, 3, moved) } };
    const known = await scoresOf({ ...strangers, adapt: { utterances: "all", shrinkage: 0 } });
    expect(known.get(10)).not.toBe((await scoresOf(strangers)).get(10));
  });

  it("choose regressors by values", async () => {
    const data = toy(2);
    const utterances = data.dataset.utterances.map((utterance, i) => {
      const arousal = data.table.frames.data[3 * i];
      return { ...utterance, dimensions: { arousal, valence: -2 * arousal } };
    });
    const dataset = { ...data.dataset, utterances };
    const rated: TrialData = { ...data, dataset, values: ["arousal", "valence"] };
    const plan = {
      model: { kind: "ridge-regression", params: {} },
      candidates: [1e-3, 1e3].map((alpha) => ({ alpha })),
      dataset,
      seed: 1,
    };
    const splits = speakerFolds(dataset, 3, 1);
    for (const measure of ["ccc", "mae", "rmse", "r2"]) {
      const { best } = await search({ ...plan, splits, measure }, runOn(rated));
      expect(best.candidate, measure).toEqual({ alpha: 1e-3 });
      if (measure === "ccc") expect(best.score).toBeCloseTo(1, 4);
    }
    const nested = await nestedSearch(
      { ...plan, measure: "rmse", outer: splits, innerFolds: 2 },
      runOn(rated),
    );
    expect(nested.findings.valued).toHaveLength(60);
    expect(nested.findings.scored).toEqual([]);
    const points = await learningCurve(
      { ...plan, model: { ...plan.model, params: { alpha: 1e-3 } }, splits, measure: "rmse", shares: [1] },
      runOn(rated),
    );
    expect(points[0].train).toBeLessThan(points[0].test! + 0.01);
  });
});

it("adds counts", () => {
  const sum = addCounts([
    [
      [1, 2],
      [3, 4],
    ],
    [
      [10, 20],
      [30, 40],
    ],
  ]);
  expect(sum).toEqual([
    [11, 22],
    [33, 44],
  ]);
  expect(unweightedAverageRecall(sum)).toBeCloseTo((11 / 33 + 44 / 77) / 2, 12);
});
