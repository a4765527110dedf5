/** Values pooled over folds of unseen speakers. */
import { describe, expect, it } from "vitest";
import { sharedTrunk } from "../../../../test/contracts/shared-trunk.js";
import { functionalsTable } from "../data/feature-table.js";
import type { Utterance } from "../data/utterance.js";
import { estimator } from "../learn/estimators.js";
import { pairOf } from "../learn/pair.js";
import { matrixFromRows } from "../math/matrix.js";
import { random } from "../math/random.js";
import { type CrossValidation, crossValidate } from "./cross-validate.js";
import { evaluationDocument, type ValueEvaluation } from "./evaluation-result.js";
import { computeValueScores } from "./metrics/index.js";

/** Five speakers of twelve clips; arousal is 2 + 3x, valence noise; the last clip of each is not rated. */
function input(): CrossValidation {
  const stream = random(5);
  const utterances: Utterance[] = [];
  const rows: number[][] = [];
  for (let i = 0; i < 60; i++) {
    const x = stream.normal();
    rows.push([x, stream.normal()]);
    utterances.push({
      id: `clip-${i}`,
      file: `clip-${i}.wav`,
      speaker: `s${Math.floor(i / 12)}`,
      ...(i % 12 < 11 && { dimensions: { arousal: 2 + 3 * x, valence: stream.normal() } }),
      attributes: {},
    });
  }
  const ids = utterances.map(({ id }) => id);
  const speaker = (n: number): string[] => ids.slice(12 * n, 12 * (n + 1));
  return {
    dataset: { name: "made", utterances },
    table: functionalsTable(ids, ["x", "noise"], matrixFromRows(rows)),
    values: ["arousal", "valence"],
    splits: [0, 1, 2, 3, 4].map((n) => ({
      name: `s${n}`,
      train: ids.filter((id) => !speaker(n).includes(id)),
      dev: [],
      test: speaker(n),
    })),
    estimator: estimator("ridge-regression", { alpha: 1e-6 }, "values"),
    leaks: [],
    seed: 1,
    foldsName: "loso",
    featureSet: "made",
    samples: 200,
  };
}

const crossValidateValues = async (given: CrossValidation): Promise<ValueEvaluation> =>
  (await crossValidate(given)).values!;

describe("crossValidate of values", () => {
  it("finds what is linear in the features and nothing in noise, on every rated clip once", async () => {
    const result = await crossValidateValues(input());
    expect(result.predictions).toHaveLength(55);
    expect(result.protocol).toMatchObject({
      utterances: 55,
      speakers: 5,
      leftOut: 5,
      speakerIndependent: true,
    });
    expect(result.protocol.summary).toContain("5 folds of one unseen speaker (loso)");
    expect(result.scores.arousal!.ccc).toBeCloseTo(1, 5);
    expect(result.scores.arousal!.mae).toBeLessThan(1e-3);
    expect(Math.abs(result.scores.valence!.ccc!)).toBeLessThan(0.4);
    expect(result.folds.map(({ name, trainCount, testCount }) => [name, trainCount, testCount])).toEqual(
      [0, 1, 2, 3, 4].map((n) => [`s${n}`, 44, 11]),
    );
  });

  it("pools: the measures are those of all predictions, inside their interval", async () => {
    const { predictions, scores, ci } = await crossValidateValues(input());
    const pairs = {
      truth: predictions.map(({ truth }) => truth[1]),
      predicted: predictions.map(({ predicted }) => predicted[1]),
    };
    expect(scores.valence).toEqual(computeValueScores(pairs));
    expect(ci.ccc.valence!.low).toBeLessThanOrEqual(scores.valence!.ccc!);
    expect(ci.ccc.valence!.high).toBeGreaterThanOrEqual(scores.valence!.ccc!);
    expect(ci.method).toContain("5 speakers");
  });

  it("never sees the test speakers: what they were rated changes no prediction of theirs", async () => {
    const first = await crossValidateValues(input());
    const other = input();
    const utterances = other.dataset.utterances.map((utterance) =>
      utterance.speaker === "s2" && utterance.dimensions
        ? { ...utterance, dimensions: { arousal: -50, valence: 50 } }
        : utterance,
    );
    const second = await crossValidateValues({ ...other, dataset: { ...other.dataset, utterances } });
    const of = (result: typeof first) =>
      result.predictions.filter(({ speaker }) => speaker === "s2").map(({ predicted }) => predicted);
    expect(of(second)).toEqual(of(first));
  });

  it("learns from copies at other speeds, and averages over the ways in which a test clip is heard", async () => {
    const whole = input();
    const heard = (speed: number, offset: number) => {
      const { frames } = whole.table;
      const data = frames.data.map((value, at) => (at % 2 === 0 ? value + offset : value));
      return { speed, table: { ...whole.table, frames: { ...frames, data } } };
    };
    const { predictions, protocol } = await crossValidateValues({
      ...whole,
      values: ["arousal"],
      train: [heard(1, 0), heard(0.9, 1)],
      test: [heard(1, 0), heard(1.1, -1)],
    });
    // Copies that lie one higher with the same rating halve the spread that is explained; the exact line is that of least squares by hand.
    const train = predictions.filter(({ fold }) => fold !== "s0").map(({ truth }) => (truth[0] - 2) / 3);
    const xs = [...train, ...train.map((x) => x + 1)];
    const ys = [...train, ...train].map((x) => 2 + 3 * x);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const [mx, my] = [mean(xs), mean(ys)];
    const slope =
      xs.reduce((sum, x, i) => sum + (x - mx) * (ys[i] - my), 0) /
      xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
    const tested = predictions.filter(({ fold }) => fold === "s0");
    // The other feature is noise and takes a little of the line.
    for (const { truth, predicted } of tested)
      expect(predicted[0]).toBeAllClose(my + slope * ((truth[0] - 2) / 3 - 0.5 - mx), {
        atol: 0.35,
        rtol: 0,
      });
    expect(protocol.summary).toContain("training copies at speed 1; 0.9, values averaged over speed 1; 1.1");
  });

  it("refuses a split of nobody rated, an unknown utterance and a table without a row", async () => {
    const whole = input();
    const splits = (test: string[]) => [{ ...whole.splits[0], test }];
    for (const [change, code] of [
      [{ splits: splits(["clip-11"]) }, "split/invalid"],
      [{ splits: splits(["clip-99"]) }, "split/invalid"],
      [{ splits: [] }, "split/invalid"],
      [{ table: { ...whole.table, ids: whole.table.ids.map((id) => `${id}-x`) } }, "features/mismatch"],
      [{ signal: AbortSignal.abort() }, "cancelled"],
    ] as const)
      await expect(crossValidateValues({ ...whole, ...change })).rejects.toMatchObject({ code });
  });

  it("of classes beside values finds of each what it finds alone", async () => {
    const whole = input();
    const labelMap = { id: "sides", classes: ["left", "right"], words: { l: "left", r: "right" } };
    const utterances = whole.dataset.utterances.map((utterance, i) =>
      i % 7 === 3 ? utterance : { ...utterance, label: whole.table.frames.data[2 * i]! < 0 ? "l" : "r" },
    );
    const dataset = { ...whole.dataset, utterances };
    const [ofClasses, ofValues] = [estimator("ridge-classifier"), whole.estimator];
    const asked = { ...whole, dataset, labelMap, calibration: "temperature" };
    const found = await crossValidate({ ...asked, estimator: pairOf(ofClasses, ofValues) });
    expect(found.classes!.predictions).toHaveLength(51);
    expect(found).toEqual({
      ...(await crossValidate({ ...asked, estimator: ofClasses })),
      ...(await crossValidate({ ...asked, estimator: ofValues })),
    });
    expect(evaluationDocument(found)).toMatchObject({ uar: found.classes!.uar, values: found.values });
  });

  it("takes a network of both heads, which learns them in one fit", async () => {
    const whole = input();
    const labelMap = { id: "sides", classes: ["left", "right"], words: { l: "left", r: "right" } };
    const utterances = whole.dataset.utterances.map((utterance, i) => ({
      ...utterance,
      label: whole.table.frames.data[2 * i]! < 0 ? "l" : "r",
    }));
    const { classes, values } = await crossValidate({
      ...whole,
      dataset: { ...whole.dataset, utterances },
      labelMap,
      estimator: sharedTrunk.create({}, "both"),
      calibration: "temperature",
    });
    expect(classes!.uar).toBeGreaterThan(0.85);
    expect(values!.scores.arousal!.ccc).toBeGreaterThan(0.9);
    expect([classes!, values!].map(({ protocol }) => protocol.model.kind)).toEqual([
      "shared-trunk",
      "shared-trunk",
    ]);
    expect([classes!.predictions.length, values!.predictions.length]).toEqual([60, 55]);
  });
});
