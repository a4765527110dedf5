import { random } from "@undertone/core";
import { describe, expect, it } from "vitest";
import { calibrate } from "./calibrate.js";

const classes = ["a", "b", "c"];

/** Returns predictions whose scores are true probabilities, sharpened by `power`. */
function predictionsSharpenedBy(power: number) {
  const { next } = random(7);
  return Array.from({ length: 6000 }, (_, i) => {
    const raw = classes.map(() => -Math.log(next()));
    const sum = raw.reduce((total, value) => total + value, 0);
    const honest = raw.map((value) => value / sum);
    const draw = next();
    const truth = draw < honest[0]! ? 0 : draw < honest[0]! + honest[1]! ? 1 : 2;
    const sharp = honest.map((value) => value ** power);
    const total = sharp.reduce((all, value) => all + value, 0);
    return {
      id: `u${i}`,
      speaker: "s",
      fold: "f",
      truth: classes[truth]!,
      predicted: "a",
      scores: sharp.map((value) => value / total),
    };
  });
}

describe("calibrate", () => {
  it.each([0.5, 1, 2, 3])("finds the temperature %d that undoes the sharpening", (power) => {
    const calibration = calibrate({ predictions: predictionsSharpenedBy(power), classes });
    expect(calibration.kind).toBe("temperature");
    if (calibration.kind === "temperature")
      expect(calibration.temperature / power).toBeAllClose(1, { rtol: 0.06 });
  });

  it("survives scores of zero", () => {
    const predictions = [{ id: "u", speaker: "s", fold: "f", truth: "a", predicted: "b", scores: [0, 1, 0] }];
    expect(calibrate({ predictions, classes })).toEqual({
      kind: "temperature",
      temperature: expect.any(Number),
    });
  });
});
