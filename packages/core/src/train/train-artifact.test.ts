/** Training with nothing but a feature table: no file, no thread, no clock. */
import { describe, expect, it } from "vitest";
import { readArtifact } from "../artifact/read-artifact.js";
import { besideOf, recordingsBeside } from "../data/beside.js";
import { functionalsTable } from "../data/feature-table.js";
import { identityLabelMap } from "../data/label-maps/identity.js";
import { featureSet } from "../features/feature-sets.js";
import { matrix } from "../math/matrix.js";
import { random } from "../math/random.js";
import { checkedSplits } from "./checked-splits.js";
import { type TrainingPlan, trainArtifact } from "./train-artifact.js";
import type { TrainingData } from "./training-data.js";

const set = featureSet("seed-v1");
const labels = ["angry", "calm", "happy"];

/** Returns data in which the classes differ in a few columns, and arousal is the class's number with noise. */
function made(): TrainingData {
  const chance = random("made");
  const utterances = Array.from({ length: 72 }, (_, i) => ({
    id: `u${i}`,
    file: `u${i}`,
    speaker: `s${i % 6}`,
    label: labels[Math.floor(i / 6) % 3],
    dimensions: { arousal: (Math.floor(i / 6) % 3) + 0.1 * chance.normal() },
    attributes: {},
  }));
  const frames = matrix(utterances.length, set.names.length);
  for (let i = 0; i < frames.data.length; i++) {
    const [row, column] = [Math.floor(i / frames.cols), i % frames.cols];
    const own = labels.indexOf(utterances[row].label) === column % 3 && column < 12;
    frames.data[i] = chance.normal() + (own ? 2 : 0);
  }
  const table = functionalsTable(
    utterances.map(({ id }) => id),
    set.names,
    frames,
  );
  const views = [{ speed: 1, table }];
  return {
    ...{ dataset: { name: "made", utterances }, table, train: views, test: views },
    ...{ featureSet: set.id, corpus: "made", labelMap: identityLabelMap("made", labels) },
    ...{ values: ["arousal"], duplicates: [] },
  };
}

const classes = { kind: "logistic-regression", params: { C: 0.1 } };
const values = { kind: "ridge-regression", params: { alpha: 10 } };
const about = { name: "made", created: "2026-01-01T00:00:00Z", undertone: "0.1.0", featureSet: set };
const train = (data: TrainingData, plan: Omit<TrainingPlan, "seed">, more: object = {}) =>
  trainArtifact(
    data,
    { ...plan, seed: 1 },
    { ...about, ...more, splits: checkedSplits(data, { folds: "speaker:3", seed: 1 }) },
  );

describe("trainArtifact", () => {
  it("counts what it learnt from, not what could be tested", async () => {
    const data = made();
    const own = (speaker: string, label?: string) => (label === labels[2] ? speaker === "s0" : true);
    const utterances = data.dataset.utterances.map((one) =>
      own(one.speaker, one.label) ? one : { ...one, label: labels[0] },
    );
    const dataset = { name: "made", utterances };
    const { bytes, card, classes: result } = await train({ ...data, dataset }, { model: classes });
    expect(result?.protocol).toMatchObject({ utterances: 68, leftOut: 4 });
    expect(readArtifact(bytes).manifest.training).toEqual({ dataset: "made", utterances: 72, speakers: 6 });
    expect(card.data).toContain("72 utterances (6 speakers)");
  });
  it("learns from what is beside in every fold and in the end, tests nobody of it, and says so", async () => {
    const data = made();
    const { utterances } = data.dataset;
    const others = utterances.map((one) => ({
      ...one,
      label: { angry: "Wut", calm: "boredom", happy: "joie" }[one.label!],
    }));
    const open = {
      name: "open",
      corpus: "emodb",
      dataset: { name: "emodb", utterances: others },
      table: data.table,
    };
    // Half of the columns of the run's own say nothing, so that what the others teach shows.
    const frames = {
      ...data.table.frames,
      data: data.table.frames.data.map((value, i) => (i % 7 ? 0 : value)),
    };
    const table = { ...data.table, frames };
    const views = [{ speed: 1, table }];
    const own = { ...data, table, train: views, test: views };
    const beside = [besideOf(open, own)];
    const alone = await train(own, { model: classes });
    const { bytes, card, classes: result } = await train({ ...own, beside }, { model: classes });
    expect(result!.predictions.map(({ id }) => id)).toEqual(alone.classes!.predictions.map(({ id }) => id));
    expect(result!.predictions.map(({ scores }) => scores)).not.toEqual(
      alone.classes!.predictions.map(({ scores }) => scores),
    );
    expect(result!.protocol.summary).toContain(
      "trained with open (48 utterances of EMO-DB, 24 more of classes that are not learnt) beside",
    );
    expect(result!.protocol).toMatchObject({ utterances: 72, speakers: 6 });
    expect(result!.folds.map(({ train: count }) => count)).toEqual(
      alone.classes!.folds.map(({ train: count }) => count),
    );
    expect(readArtifact(bytes).manifest.training).toEqual({
      dataset: "made + emodb",
      utterances: 120,
      speakers: 12,
    });
    expect(card.data).toMatch(
      /^made: 72 utterances \(6 speakers\).* Beside them 'open', which taught and was not tested: 48 utterances \(6 speakers\) of Berlin/,
    );
    expect(card.licence).toBe(
      "unknown: the licence of the training recordings holds (made); CC0 1.0 (EMO-DB)",
    );
  });
  it("refuses what is beside where it holds the run's own speakers or recordings", () => {
    const data = made();
    const emodb = data.dataset.utterances.map((one) => ({ ...one, attributes: { corpus: "emodb" } }));
    const open = {
      name: "open",
      corpus: "emodb",
      dataset: { name: "emodb", utterances: emodb },
      table: data.table,
    };
    const own = { ...data, dataset: { name: "made", utterances: emodb } };
    const split = (given: TrainingData) => checkedSplits(given, { folds: "speaker:3", seed: 1 });
    expect(() => split({ ...own, beside: [besideOf(open, own)] })).toThrow(
      expect.objectContaining({ code: "split/leak", message: expect.stringContaining("6 speakers in both") }),
    );
    const beside = besideOf(open, data);
    const duplicates = recordingsBeside(data.table, beside);
    expect(duplicates).toContainEqual(["u0", "open:u0"]);
    expect(duplicates.length).toBe(72);
    expect(() => split({ ...data, beside: [beside], duplicates })).toThrow(
      expect.objectContaining({
        code: "split/leak",
        message: expect.stringContaining("72 recordings in both"),
      }),
    );
  });
  it("gives an artifact of classes that is calibrated, bounded and described; equal arguments give equal bytes", async () => {
    const plan = { model: classes, maxRisk: 0.4, calibration: "platt" };
    const { bytes, classes: result, values: none, abstention } = await train(made(), plan);
    const { manifest } = readArtifact(bytes);
    expect(manifest).toMatchObject({
      classes: labels,
      calibration: { kind: "platt" },
      minConfidence: abstention!.minConfidence,
      conformal: { level: 0.9 },
      training: { dataset: "made", utterances: 72, speakers: 6 },
      evaluation: { uar: result!.uar, leaks: [] },
    });
    expect(result!.uar).toBeGreaterThan(0.6);
    expect(manifest.speakers).toBeUndefined();
    expect(manifest.collections!.of).toBe("speakers");
    expect(manifest.collections!.spread.map(({ length }) => length)).toEqual([3, 3]);
    expect(manifest.collections!.axes!.length).toBeGreaterThan(0);
    expect(manifest.card.data).toBe("made: 72 utterances (6 speakers), classes angry, calm, happy.");
    expect(none).toBeUndefined();
    expect((await train(made(), plan)).bytes).toEqual(bytes);
  });
  it("gives values alone, and values beside classes", async () => {
    const alone = await train({ ...made(), labelMap: identityLabelMap("none", []) }, { valueModel: values });
    expect(readArtifact(alone.bytes).manifest).toMatchObject({ classes: [], evaluation: null });
    expect(readArtifact(alone.bytes).manifest.collections).toBeUndefined();
    expect(alone.values!.scores.arousal.ccc).toBeGreaterThan(0.5);
    const both = readArtifact((await train(made(), { model: classes, valueModel: values })).bytes).manifest;
    expect(both.classes).toEqual(labels);
    expect(both.dimensions!.values.map(({ name }) => name)).toEqual(["arousal"]);
  });
  it("knows its speakers where the model adapts to them", async () => {
    const adaptable = { kind: "ridge-classifier", params: { alpha: 100, speakerCentring: 1 } };
    const { manifest } = readArtifact((await train(made(), { model: adaptable })).bytes);
    expect(manifest.speakers!.calibration!.kind).toBe("temperature");
    // One set of axes serves both.
    expect(manifest.speakers!.axes!.length).toBeGreaterThan(0);
    expect(manifest.collections!.axes).toBeUndefined();
    await expect(train(made(), { model: adaptable, valueModel: values })).rejects.toMatchObject({
      code: "learn/bad-parameter",
    });
  });
  it("of several corpora is bounded by what its like says of corpora that they have not heard, whatever the folds", async () => {
    const data = made();
    const utterances = data.dataset.utterances.map((one, i) => ({
      ...one,
      speaker: `${one.speaker}-${i % 3}`,
      attributes: { corpus: ["a", "b", "c"][i % 3] },
    }));
    const several = { ...data, dataset: { name: "made", utterances } };
    const { bytes, classes: result, abstention } = await train(several, { model: classes });
    const { manifest } = readArtifact(bytes);
    expect(result!.protocol.folds).toContain("speaker:3");
    const told = manifest.evaluation!.corpora!;
    expect(told.map(({ corpus, utterances: n }) => [corpus, n])).toEqual([
      ["a", 24],
      ["b", 24],
      ["c", 24],
    ]);
    expect(result!.corpora!.rows[0]).toMatchObject(told[0]);
    for (const { answered, setSize } of told) {
      expect(answered).toBeNull();
      expect(setSize).toBeGreaterThan(0);
    }
    expect(manifest.minConfidence).toBe(abstention!.minConfidence);
    expect(manifest.outOfDistribution!.abstainAbove).toBe(0.999);
    expect(manifest.card.limits).toContain("left out");
  });
  it("stops on request, tells how far it is, and asks before it fits all the data", async () => {
    const told: number[] = [];
    await train(
      made(),
      { model: classes },
      { onProgress: (_: string, done: number, total: number) => told.push(done / total) },
    );
    expect(told.at(-1)).toBe(1);
    const refused = new Error("refused");
    await expect(
      train(
        made(),
        { model: classes },
        {
          check() {
            throw refused;
          },
        },
      ),
    ).rejects.toBe(refused);
    const signal = { aborted: true };
    await expect(train(made(), { model: classes }, { signal })).rejects.toMatchObject({ code: "cancelled" });
  });
  it("refuses a table with missing values, and splits that leak", async () => {
    const data = made();
    data.table.frames.data[5] = Number.NaN;
    await expect(train(data, { model: classes })).rejects.toMatchObject({ code: "learn/not-finite" });
    expect(() => checkedSplits(made(), { folds: "random:3", seed: 1 })).toThrow(
      expect.objectContaining({ code: "split/leak" }),
    );
  });
});
