/** Cross-validation with a small real estimator: the nearest class mean. */
import { describe, expect, it } from "vitest";
import { type FeatureTable, functionalsTable } from "../data/feature-table.js";
import type { LabelMap } from "../data/label-map.js";
import type { Split } from "../data/split.js";
import type { Dataset } from "../data/utterance.js";
import { isUndertoneError } from "../errors.js";
import type { ClassTargets, Estimator, Model } from "../learn/estimator.js";
import { estimator } from "../learn/estimators.js";
import { matrix, row } from "../math/matrix.js";
import { random } from "../math/random.js";
import { type CrossValidation, crossValidate as crossValidateAll } from "./cross-validate.js";
import { evaluatePredictions, meanOverFolds } from "./evaluate-predictions.js";
import type { EvaluationResult, Leak } from "./evaluation-result.js";
import { compareEvaluations } from "./paired-comparison.js";

const crossValidate = async (input: CrossValidation): Promise<EvaluationResult> =>
  (await crossValidateAll(input)).classes!;

const labelMap: LabelMap = {
  id: "toy-3",
  classes: ["calm", "angry", "happy"],
  words: { ca: "calm", an: "angry", ha: "happy", noise: null },
};
const words = ["ca", "an", "ha"];

/** The nearest class mean, scored by a softmax of negative squared distances. */
function nearestMean(onFit: (table: FeatureTable, targets: ClassTargets) => void = () => {}): Estimator {
  return {
    kind: "nearest-mean",
    learns: "classes",
    params: { temperature: 1, standardize: true },
    async fit(table, given) {
      const targets = given as ClassTargets;
      onFit(table, targets);
      const present = targets.classes.filter((_, k) => targets.labels.includes(k));
      const means = present.map((name) => {
        const sum = new Float64Array(table.frames.cols);
        let count = 0;
        targets.labels.forEach((label, i) => {
          if (targets.classes[label] !== name) return;
          row(table.frames, i).forEach((value, j) => {
            sum[j] += value;
          });
          count++;
        });
        return sum.map((value) => value / count);
      });
      const model: Model = {
        kind: "nearest-mean",
        heads: { scores: { classes: present } },
        features: table.frames.cols,
        async predict(test) {
          const scores = matrix(test.ids.length, present.length);
          test.ids.forEach((_, i) => {
            const x = row(test.frames, i);
            const closeness = means.map(
              (mean) => Math.exp(-mean.reduce((d, m, j) => d + (x[j] - m) ** 2, 0)) + 1e-12,
            );
            const sum = closeness.reduce((a, b) => a + b, 0);
            row(scores, i).set(closeness.map((value) => value / sum));
          });
          return { scores };
        },
        emit: () => {
          throw new TypeError("the nearest mean has no graph");
        },
        toOnnx: () => {
          throw new TypeError("the nearest mean has no graph");
        },
      };
      return model;
    },
  };
}

/** Six speakers × three classes × four takes; `shift` moves each speaker's features. */
function toy({ separation = 3, shift = 0 } = {}): { dataset: Dataset; table: FeatureTable } {
  const chance = random("toy");
  const utterances = Array.from({ length: 72 }, (_, i) => {
    const speaker = Math.floor(i / 12);
    return {
      id: `s${speaker}/${i}.wav`,
      file: `s${speaker}/${i}.wav`,
      speaker: `s${speaker}`,
      label: words[i % 3],
      attributes: { sex: speaker % 2 ? "male" : "female", sentence: `t${(i >> 1) % 2}`, corpus: "toy" },
    };
  });
  const frames = matrix(72, 2);
  utterances.forEach(({ speaker }, i) => {
    const move = shift * Number(speaker.slice(1));
    frames.data[2 * i] = chance.normal() * 0.5 + (i % 3 === 0 ? separation : 0) + move;
    frames.data[2 * i + 1] = chance.normal() * 0.5 + (i % 3 === 1 ? separation : 0) + move;
  });
  return {
    dataset: { name: "Toy", utterances },
    table: functionalsTable(
      utterances.map(({ id }) => id),
      ["x", "y"],
      frames,
    ),
  };
}

function speakerSplits(dataset: Dataset, folds: readonly (readonly string[])[]): Split[] {
  return folds.map((test, f) => ({
    name: `fold-${f + 1}`,
    train: dataset.utterances.filter(({ speaker }) => !test.includes(speaker)).map(({ id }) => id),
    dev: [],
    test: dataset.utterances.filter(({ speaker }) => test.includes(speaker)).map(({ id }) => id),
  }));
}

/** The toy's table with every value moved, as if heard otherwise. */
function moved({ ids, names, frames }: FeatureTable, by: number): FeatureTable {
  return functionalsTable(ids, names, { ...frames, data: frames.data.map((value) => value + by) });
}

function inputOf(change: Partial<CrossValidation> = {}): CrossValidation {
  const { dataset, table } = toy();
  return {
    dataset,
    table,
    labelMap,
    splits: speakerSplits(dataset, [
      ["s0", "s1"],
      ["s2", "s3"],
      ["s4", "s5"],
    ]),
    estimator: nearestMean(),
    leaks: [],
    seed: 1,
    foldsName: "speaker:3",
    featureSet: "toy-v1",
    samples: 100,
    ...change,
  };
}

describe("crossValidate", () => {
  it("separates what is separable and tests every utterance once", async () => {
    const result = await crossValidate(inputOf());
    expect(result.uar).toBeGreaterThan(0.97);
    expect(new Set(result.predictions.map(({ id }) => id)).size).toBe(72);
    expect(result.folds.map(({ name, train, test }) => [name, train, test])).toEqual([
      ["fold-1", 48, 24],
      ["fold-2", 48, 24],
      ["fold-3", 48, 24],
    ]);
    expect(result.ci.uar.low).toBeLessThanOrEqual(result.uar);
    expect(result.ci.uar.high).toBeGreaterThanOrEqual(result.uar);
  });
  it("copies the training part only, and averages the scores of the test part", async () => {
    const { dataset, table } = toy();
    const seen: { ids: readonly string[]; speakers: number }[] = [];
    const spied = nearestMean((fitted, { groups }) => {
      seen.push({ ids: fitted.ids, speakers: new Set(groups).size });
    });
    const heard = (bys: readonly number[]) =>
      bys.map((by) => ({ speed: 1 + by, table: by === 0 ? table : moved(table, by) }));
    const input = inputOf({
      dataset,
      table,
      estimator: spied,
      train: heard([-0.1, 0, 0.1]),
      test: heard([0, 0.2]),
    });
    const result = await crossValidate(input);
    input.splits.forEach((split, f) => {
      expect(seen[f]).toEqual({ ids: [...split.train, ...split.train, ...split.train], speakers: 4 });
    });
    expect(result.predictions).toHaveLength(72);
    expect(result.folds.map(({ train, test }) => [train, test])).toEqual([
      [48, 24],
      [48, 24],
      [48, 24],
    ]);
    const each = await Promise.all(heard([0, 0.2]).map((view) => crossValidate({ ...input, test: [view] })));
    result.predictions.forEach(({ scores }, i) => {
      const [a, b] = each.map(({ predictions }) => predictions[i].scores);
      expect(scores).toBeAllClose(
        a!.map((value, k) => (value + b![k]) / 2),
        { atol: 1e-6 },
      );
    });
    expect(result.protocol.summary).toContain(
      "training copies at speed 0.9; 1; 1.1, scores averaged over speed 1; 1.2",
    );
    await expect(
      crossValidate({
        ...input,
        train: [{ speed: 1, table: functionalsTable([], table.names, matrix(0, 2)) }],
      }),
    ).rejects.toMatchObject({ code: "features/mismatch" });
  });

  it("adapts to speakers by unlabelled utterances: with all of them, as each speaker's features would be moved", async () => {
    const { dataset, table } = toy({ shift: 6 });
    const learner = estimator("logistic-regression", { speakerCentring: 1 });
    const uar = async (utterances?: number | "all") => {
      const adapt = utterances === undefined ? {} : { adapt: { utterances, shrinkage: 0 } };
      return crossValidate(inputOf({ dataset, table, estimator: learner, ...adapt }));
    };
    const [without, few, all] = [await uar(), await uar(4), await uar("all")];
    expect(without.uar).toBeLessThan(0.6);
    const sayings = ({ predictions }: typeof all): (readonly number[])[] =>
      predictions.map(({ scores }) => scores);
    expect(sayings(few)).not.toEqual(sayings(without));
    expect(all.uar).toBeGreaterThan(without.uar + 0.05);
    expect(without.protocol.summary).toContain("no speaker statistics");
    expect(few.protocol.summary).toContain("ADAPTED to each test speaker by 4 drawn of");
    expect((await uar(4)).predictions).toEqual(few.predictions);
    expect((await uar(4000)).uar).toBe(all.uar);
  });

  it("hears the scored utterance too: the one that was not drawn is scored as if all were known", async () => {
    const { dataset, table } = toy({ shift: 6 });
    const learner = estimator("logistic-regression", { speakerCentring: 1 });
    const scored = async (utterances: number | "all") =>
      (
        await crossValidate(
          inputOf({ dataset, table, estimator: learner, adapt: { utterances, shrinkage: 4 } }),
        )
      ).predictions;
    const [butOne, all] = [await scored(11), await scored("all")];
    for (const speaker of new Set(all.map((one) => one.speaker))) {
      const same = butOne.filter(
        (one, i) =>
          one.speaker === speaker &&
          one.scores.every((score, k) => Math.abs(score - all[i].scores[k]) < 1e-12),
      );
      expect(same).toHaveLength(1);
    }
  });

  it("adapts to collections by unlabelled utterances, without asking who speaks", async () => {
    // What moves with the speaker tells what may move with a channel, through which the test corpus is heard.
    const { dataset, table } = toy({ shift: 0.8 });
    const channel = new Set(dataset.utterances.filter(({ speaker }) => speaker > "s2").map(({ id }) => id));
    const corpora = dataset.utterances.map((one) => ({
      ...one,
      attributes: { ...one.attributes, corpus: channel.has(one.id) ? "far" : "near" },
    }));
    const input = inputOf({
      dataset: { ...dataset, utterances: corpora },
      table,
      estimator: estimator("logistic-regression", { C: 0.1 }),
      splits: speakerSplits(dataset, [["s3", "s4", "s5"]]),
    });
    const found = (utterances: number | "all", given = input) =>
      crossValidate({ ...given, adapt: { to: "collection", utterances, shrinkage: 1 } });
    const [without, one, few, all] = [
      await crossValidate(input),
      await found(1),
      await found(16),
      await found("all"),
    ];
    expect(without.uar).toBeLessThan(0.75);
    expect(one.uar).toBe(without.uar);
    const sayings = ({ predictions }: typeof all): (readonly number[])[] =>
      predictions.map(({ scores }) => scores);
    expect(sayings(few)).not.toEqual(sayings(without));
    expect(all.uar).toBeGreaterThan(without.uar + 0.05);
    expect(one.protocol).toMatchObject({ adapt: "collection:1" });
    expect(all.protocol).toMatchObject({ adapt: "collection" });
    expect(few.protocol.summary).toContain("ADAPTED to each test corpus as one collection by 16 drawn of");
    // Names of those who speak in it change nothing.
    const renamed = corpora.map((one) =>
      channel.has(one.id) ? { ...one, speaker: `${one.id} alone` } : one,
    );
    const byName = await found("all", { ...input, dataset: { ...dataset, utterances: renamed } });
    expect(byName.predictions.map(({ scores }) => scores)).toEqual(
      all.predictions.map(({ scores }) => scores),
    );
    expect(() => compareEvaluations(few, all)).toThrow("'collection:16' of each test corpus");
  });

  it("calibrates scores of known speakers on inner folds of speakers who are known as far", async () => {
    const { dataset, table } = toy({ shift: 6, separation: 1.5 });
    const learner = estimator("logistic-regression", { speakerCentring: 1 });
    const logLoss = async (calibration: string) => {
      const { predictions, classes, protocol } = await crossValidate(
        inputOf({
          dataset,
          table,
          estimator: learner,
          adapt: { utterances: 6, shrinkage: 4 },
          calibration,
        }),
      );
      expect(protocol.summary).toContain("ADAPTED");
      const losses = predictions.map(({ truth, scores }) => -Math.log(scores[classes.indexOf(truth)]));
      return losses.reduce((sum, loss) => sum + loss / losses.length, 0);
    };
    expect(await logLoss("temperature")).toBeLessThan(await logLoss("none"));
  });

  it("is at chance when the features say nothing", async () => {
    const { dataset, table } = toy({ separation: 0 });
    const result = await crossValidate(inputOf({ dataset, table, samples: 1000 }));
    expect(Math.abs(result.uar - 1 / 3)).toBeLessThan(0.15);
    expect(result.ci.uar.low).toBeLessThan(1 / 3);
  });
  it("shows the estimator the training part of each split only", async () => {
    const seen: string[][] = [];
    const input = inputOf();
    const splits = input.splits.map((split) => ({
      ...split,
      train: split.train.slice(5),
      dev: split.train.slice(0, 5),
    }));
    await crossValidate({ ...input, splits, estimator: nearestMean((table) => seen.push([...table.ids])) });
    expect(seen).toEqual(splits.map(({ train }) => [...train]));
  });
  it("does not depend on the order of the splits", async () => {
    const input = inputOf();
    const forward = await crossValidate(input);
    const backward = await crossValidate({ ...input, splits: [...input.splits].reverse() });
    expect(backward.confusion).toEqual(forward.confusion);
    expect(backward.rocAuc).toBeAllClose(forward.rocAuc!, { rtol: 1e-12 });
  });
  it("leaves out what the label map leaves out, and counts it", async () => {
    const input = inputOf();
    const utterances = input.dataset.utterances.map((utterance, i) =>
      i < 3 ? { ...utterance, label: "noise" } : utterance,
    );
    const result = await crossValidate({ ...input, dataset: { name: "Toy", utterances } });
    expect(result.protocol).toMatchObject({ utterances: 69, leftOut: 3 });
    expect(result.protocol.summary).toContain("69 utterances (3 more left out by toy-3)");
  });
  it("leaves test utterances out whose class the training part lacks, and says so", async () => {
    const input = inputOf();
    const [split] = input.splits;
    const train = split!.train.filter(
      (id) => !input.dataset.utterances.some((u) => u.id === id && u.label === "ha"),
    );
    const result = await crossValidate({ ...input, splits: [{ ...split!, train }] });
    expect(result.predictions.some(({ truth }) => truth === result.classes[2])).toBe(false);
    expect(result.protocol).toMatchObject({ utterances: 16, leftOut: 8 });
    expect(result.protocol.summary).toContain("16 utterances (8 more not scored)");
    expect(result.predictions.every(({ scores }) => scores[2] === 0)).toBe(true);
    expect(result.uar).toBe((result.perClass[0].recall + result.perClass[1].recall) / 2);
    expect(result.protocol.warnings).toContainEqual(
      `8 test clips are left out of the figures, as no model that tests them has learnt their class (${result.classes[2]} (8))`,
    );
  });
  it("writes the protocol that the splits show", async () => {
    const { protocol } = await crossValidate(inputOf());
    expect(protocol).toMatchObject({
      speakerIndependent: true,
      sentenceIndependent: false,
      featureSet: "toy-v1",
      features: 2,
      seed: 1,
    });
    expect(protocol.summary).toBe(
      "Toy, 72 utterances, 6 speakers, 3 classes, 3 folds of unseen speakers (speaker:3), features toy-v1 (2), " +
        "nearest mean (temperature = 1), scaler fitted inside each training part, no speaker statistics, seed 1, " +
        "measures pooled over all test utterances",
    );
  });
  it("says so when speakers are on both sides, and carries the leaks along", async () => {
    const input = inputOf();
    const ids = input.dataset.utterances.map(({ id }) => id);
    const splits = [
      {
        name: "random-1",
        train: ids.filter((_, i) => i % 4 > 0),
        dev: [],
        test: ids.filter((_, i) => i % 4 === 0),
      },
    ];
    const leaks: Leak[] = [
      {
        kind: "speaker",
        splits: ["random-1"],
        examples: ["s0"],
        count: 6,
        message: "6 speakers are on both sides",
      },
    ];
    const result = await crossValidate({ ...input, splits, leaks, foldsName: "random:4" });
    expect(result.protocol.speakerIndependent).toBe(false);
    expect(result.protocol.summary).toContain("1 fold with test speakers also in training (random:4)");
    expect(result.leaks).toEqual(leaks);
  });
  it("tables by speaker and by sex add up", async () => {
    const { dataset, table } = toy({ shift: 1 });
    const result = await crossValidate(inputOf({ dataset, table }));
    expect(
      result.perSpeaker.map(({ name, utterances, attributes }) => [name, utterances, attributes.sex]),
    ).toEqual(["s0", "s1", "s2", "s3", "s4", "s5"].map((name, s) => [name, 12, s % 2 ? "male" : "female"]));
    expect(
      result.perSex.map(({ name, utterances, attributes }) => [name, utterances, attributes.speakers]),
    ).toEqual([
      ["female", 36, "3"],
      ["male", 36, "3"],
    ]);
    const mean = result.perSpeaker.reduce((sum, { accuracy }) => sum + accuracy, 0) / 6;
    expect(mean).toBeAllClose(result.accuracy, { rtol: 1e-12 });
    expect(meanOverFolds(result, "accuracy").mean).toBeAllClose(result.accuracy, { rtol: 1e-12 });
  });
  it("survives JSON, and the predictions alone give the same result", async () => {
    const input = inputOf();
    const result = await crossValidate(input);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    const again = evaluatePredictions(result.predictions, {
      classes: result.classes,
      protocol: result.protocol,
      leaks: [],
      dataset: input.dataset,
      trainCounts: { "fold-1": 48, "fold-2": 48, "fold-3": 48 },
      samples: 100,
    });
    expect(again).toEqual(result);
  });
  it("tells how far it is, rising from 0 to 1", async () => {
    const parts: number[] = [];
    await crossValidate(inputOf({ onProgress: (part) => parts.push(part) }));
    expect(parts[0]).toBe(0);
    expect(parts.at(-1)).toBe(1);
    expect([...parts].sort((a, b) => a - b)).toEqual(parts);
  });
  it("stops when asked, between folds", async () => {
    const controller = new AbortController();
    let fits = 0;
    const estimator = nearestMean(() => {
      fits++;
      controller.abort();
    });
    await expect(crossValidate(inputOf({ estimator, signal: controller.signal }))).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(fits).toBe(1);
  });
});

describe("crossValidate with logistic regression", () => {
  it("fits it on every fold, and names its hyper-parameters and scaler in the protocol", async () => {
    const { uar, logLoss, protocol, folds } = await crossValidate(
      inputOf({ estimator: estimator("logistic-regression", { C: 1 }) }),
    );
    expect(uar).toBeGreaterThan(0.97);
    expect(logLoss).toBeLessThan(0.3);
    expect(folds).toHaveLength(3);
    expect(protocol.summary).toMatch(
      /logistic regression \(.*C = 1\b.*\), scaler fitted inside each training part/,
    );
    expect(protocol.model).toMatchObject({ kind: "logistic-regression", C: 1 });
  });
});

it("claims no unseen speakers while some are not known, who may be any of the others", async () => {
  const { dataset, table } = toy();
  const utterances = dataset.utterances.map((one) =>
    one.speaker === "s0" ? { ...one, speaker: "unknown" } : one,
  );
  const some = { name: dataset.name, utterances };
  const { protocol } = await crossValidate(
    inputOf({ dataset: some, table, splits: speakerSplits(some, [["unknown"], ["s1"], ["s2"]]) }),
  );
  expect(protocol.speakerIndependent).toBe(false);
  expect(protocol.summary).toMatch(/2 speakers and unknown ones.*test speakers who may be in training too/);
});

describe("crossValidate refuses", () => {
  const codeOf = async (change: Partial<CrossValidation>): Promise<string> => {
    try {
      await crossValidate(inputOf(change));
    } catch (error) {
      if (isUndertoneError(error)) return error.code;
      throw error;
    }
    return "nothing";
  };
  const { dataset, table } = toy();
  const [first] = speakerSplits(dataset, [["s0"]]);

  it("no split", async () => expect(await codeOf({ splits: [] })).toBe("split/invalid"));
  it("an empty test part", async () =>
    expect(await codeOf({ splits: [{ ...first!, test: [] }] })).toBe("split/invalid"));
  it("an unknown utterance", async () =>
    expect(await codeOf({ splits: [{ ...first!, test: ["x"] }] })).toBe("split/invalid"));
  it("an utterance tested twice", async () =>
    expect(await codeOf({ splits: [first!, { ...first!, name: "again" }] })).toBe("split/invalid"));
  it("a table that lacks an utterance", async () => {
    const short = functionalsTable(
      table.ids.slice(1),
      table.names,
      matrix(71, 2, table.frames.data.slice(2)),
    );
    expect(await codeOf({ table: short })).toBe("features/mismatch");
  });
  it("a word that the label map does not know", async () => {
    const utterances = dataset.utterances.map((utterance, i) =>
      i === 0 ? { ...utterance, label: "??" } : utterance,
    );
    expect(await codeOf({ dataset: { name: "Toy", utterances } })).toBe("label-map/unmapped");
  });
  it("scores that are not numbers", async () => {
    const broken = {
      ...table,
      frames: matrix(
        72,
        2,
        table.frames.data.map((value, i) => (i === 0 ? Number.NaN : value)),
      ),
    };
    expect(await codeOf({ table: broken })).toBe("learn/not-finite");
  });
});
