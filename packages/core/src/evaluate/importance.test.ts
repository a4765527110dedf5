/** Importance of features of a model whose workings are known. */
import { describe, expect, it } from "vitest";
import { functionalsTable } from "../data/feature-table.js";
import { estimator } from "../learn/estimators.js";
import { matrixFromRows, row } from "../math/matrix.js";
import { random } from "../math/random.js";
import { mean, standardDeviation } from "../math/statistics.js";
import type { ScoredUtterance } from "./evaluation-result.js";
import { featureFamily, featureImportance, type TestedFold } from "./importance.js";
import { linearCoefficients } from "./linear-coefficients.js";

const classes = ["low", "high"];
const names = ["mel1.mean", "mel2.mean", "f0.mean", "noise.mean"];

/** A fold whose model looks at f0 (twice as much) and at the sum of both mels, and never at noise. */
function knownFold(seed: number): TestedFold {
  const stream = random(seed);
  const rows = Array.from({ length: 200 }, () => names.map(() => stream.normal()));
  const table = functionalsTable(
    rows.map((_, i) => `${seed}-${i}`),
    names,
    matrixFromRows(rows),
  );
  const scoreViews: TestedFold["fold"]["scoreViews"] = async ([view]) =>
    Array.from({ length: view!.frames.rows }, (_, i) => {
      const [mel1, mel2, f0] = row(view!.frames, i);
      const high = 1 / (1 + Math.exp(-2 * (2 * f0! + 0.5 * (mel1! + mel2!))));
      return [1 - high, high];
    });
  const predictions = rows.map(([mel1, mel2, f0], i): ScoredUtterance => {
    const truth = classes[2 * f0! + 0.5 * (mel1! + mel2!) > 0 ? 1 : 0];
    return {
      id: `${seed}-${i}`,
      speaker: `s${i % 4}`,
      fold: `f${seed}`,
      truth,
      predicted: truth,
      scores: [0.5, 0.5],
    };
  });
  return { fold: { test: [table], scoreViews }, predictions };
}

describe("featureImportance", () => {
  it("ranks families by what the model needs; what it never looks at loses nothing", async () => {
    const seen: number[] = [];
    const found = await featureImportance([knownFold(1), knownFold(2)], {
      classes,
      random: random(1),
      onProgress: (done, total) => seen.push(done / total),
    });
    expect(found.families.map(({ family, features }) => [family, features])).toEqual([
      ["f0", 1],
      ["mel", 2],
      ["noise", 1],
    ]);
    const [f0, mel, noise] = found.families;
    // Shuffling f0 leaves the mels: the angle between old and new weights decides, 2 : 0.71 (Sheppard 1899).
    expect(f0!.loss).toBeGreaterThan(0.35);
    expect(mel!.loss).toBeGreaterThan(0.05);
    expect(mel!.loss).toBeLessThan(0.25);
    expect([noise!.loss, noise!.deviation]).toEqual([0, 0]);
    expect(seen.at(-1)).toBe(1);
  });
  it("tells which way a feature moves a class", async () => {
    const { effects } = await featureImportance([knownFold(3)], { classes, random: random(1), repeats: 1 });
    const of = (name: string, feature: string) =>
      effects.find((one) => one.class === name && one.feature === feature)!.effect;
    expect(of("high", "f0.mean")).toBeGreaterThan(0.6);
    expect(of("low", "f0.mean")).toBeCloseTo(-of("high", "f0.mean"), 10);
    expect(of("high", "mel1.mean")).toBeGreaterThan(0.05);
    expect(Math.abs(of("high", "noise.mean"))).toBe(0);
  });
  it("reads the coefficients of a linear model, and none off one that is not linear", async () => {
    const tested = [knownFold(4), knownFold(5)];
    const about = { classes, random: random(1), repeats: 1 };
    const { coefficients } = await featureImportance(tested, about);
    // The logit of high is 2 (2 f0 + ½ mels); less the mean over both classes that is half of it.
    const spread = (fold: TestedFold, j: number): number => {
      const { data, rows, cols } = fold.fold.test[0].frames;
      return standardDeviation(Float64Array.from({ length: rows }, (_, i) => data[i * cols + j]));
    };
    for (const [j, slope] of [0.5, 0.5, 2, 0].entries()) {
      const spreads = tested.map((fold) => spread(fold, j));
      for (const [name, sign] of [
        ["high", 1],
        ["low", -1],
      ] as const) {
        const found = coefficients.find((one) => one.class === name && one.feature === names[j])!;
        expect(found.coefficient).toBeAllClose(sign * slope * mean(spreads), { atol: 2e-3, rtol: 0 });
        expect(found.deviation).toBeAllClose(slope * standardDeviation(spreads), { atol: 2e-3, rtol: 0 });
      }
    }
    expect(coefficients[0]).toMatchObject({ class: "low", feature: "f0.mean" });
    const bent = tested.map(({ fold, predictions }) => ({
      predictions,
      fold: {
        ...fold,
        scoreViews: async (views: Parameters<typeof fold.scoreViews>[0]) =>
          (await fold.scoreViews(views)).map(([, high]) => [1 - high! ** 2, high! ** 2]),
      },
    }));
    expect((await featureImportance(bent, about)).coefficients).toEqual([]);
  });

  it("gives the standardized weights of logistic regression, and none of a forest", async () => {
    const { fold } = knownFold(6);
    const [table] = fold.test;
    const labels = Int32Array.from({ length: 200 }, (_, i) => {
      const [mel1, , f0] = row(table!.frames, i);
      return f0! > 0.8 ? 2 : mel1! > 0 ? 1 : 0;
    });
    const three = ["a", "b", "c"];
    const coefficientsBy = async (kind: string) => {
      const model = await estimator(kind, kind === "random-forest" ? { trees: 5 } : {}).fit(
        table!,
        { classes: three, labels },
        { random: random(1) },
      );
      const scoreViews = async ([view]: Parameters<typeof fold.scoreViews>[0]) => {
        const scores = (await model.predict(view!)).scores!;
        return Array.from({ length: scores.rows }, (_, i) => Array.from(row(scores, i)));
      };
      return linearCoefficients([{ test: [table!], scoreViews }], { classes: three, kept: 4 });
    };
    const found = await coefficientsBy("logistic-regression");
    const of = (name: string, feature: string) =>
      found.find((one) => one.class === name && one.feature === feature)!.coefficient;
    expect(found[8]).toMatchObject({ class: "c", feature: "f0.mean" });
    expect(of("c", "f0.mean")).toBeGreaterThan(1);
    expect(of("b", "mel1.mean")).toBeGreaterThan(of("a", "mel1.mean"));
    for (const feature of names)
      expect(of("a", feature) + of("b", feature) + of("c", feature)).toBeAllClose(0, { atol: 1e-3 });
    expect(await coefficientsBy("random-forest")).toEqual([]);
  });

  it("reads families off names", () => {
    expect(
      [
        "mel12.std",
        "slope0-500.std",
        "f0.voiced.mean",
        "a10:c06.b0.dev",
        "loudness_sma3_amean",
        "mfcc1V_sma3",
        "e00",
      ].map(featureFamily),
    ).toEqual(["mel", "slope", "f0", "a10", "loudness", "mfcc1V", "e00"]);
  });
});
