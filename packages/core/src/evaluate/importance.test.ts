/** Importance of features of a model whose workings are known. */
import { describe, expect, it } from "vitest";
import { functionalsTable } from "../data/feature-table.js";
import { matrixFromRows, row } from "../math/matrix.js";
import { random } from "../math/random.js";
import type { ScoredUtterance } from "./evaluation-result.js";
import { featureFamily, featureImportance, type TestedFold } from "./importance.js";

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
    const truth = classes[2 * f0! + 0.5 * (mel1! + mel2!) > 0 ? 1 : 0]!;
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
