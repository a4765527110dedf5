/** Calibrators against closed forms, scikit-learn and their contract. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../../../test/corpora.js";
import { nodeRuntime } from "../../../../node/src/runtime/node-runtime.js";
import { random } from "../../math/random.js";
import { graphBuilder } from "../../onnx/graph-builder.js";
import { expectedCalibrationError, reliabilityBins } from "../metrics/calibration.js";
import type { CalibrationRows } from "./calibrator.js";
import {
  applyCalibration,
  calibrationGraph,
  calibrators,
  fitCalibration,
  parseCalibration,
} from "./index.js";
import { isotonicLine } from "./isotonic.js";

const golden = JSON.parse(readFileSync(join(root, "test/golden/sklearn-calibration.json"), "utf8")) as {
  classes: number;
  truth: number[];
  scores: number[];
  platt: number[];
  isotonic: number[];
  tolerance: { platt: number; isotonic: number };
};

function rowsOf(truth: readonly number[], scores: readonly number[], classCount: number): CalibrationRows {
  return { classCount, truth: Int32Array.from(truth), scores: Float64Array.from(scores) };
}

/** Returns rows whose scores are true probabilities, sharpened by `power`. */
function sharpened(power: number, { n = 4000, seed = 7 } = {}): CalibrationRows {
  const { next } = random(seed);
  const truth: number[] = [];
  const scores: number[] = [];
  for (let i = 0; i < n; i++) {
    const raw = [0, 1, 2].map(() => -Math.log(next()));
    const sum = raw.reduce((a, b) => a + b, 0);
    const draw = next() * sum;
    truth.push(draw < raw[0] ? 0 : draw < raw[0] + raw[1] ? 1 : 2);
    const sharp = raw.map((value) => (value / sum) ** power);
    const total = sharp.reduce((a, b) => a + b, 0);
    scores.push(...sharp.map((value) => value / total));
  }
  return rowsOf(truth, scores, 3);
}

function eceOf(
  { truth, scores, classCount }: CalibrationRows,
  apply: (scores: number[]) => number[],
): number {
  const after = Array.from(truth, (_, i) => apply([...scores.slice(i * classCount, (i + 1) * classCount)]));
  const predicted = Int32Array.from(after, (row) => row.indexOf(Math.max(...row)));
  return expectedCalibrationError(
    reliabilityBins({ truth, predicted, scores: Float64Array.from(after.flat()), classCount }),
  );
}

describe("calibrators", () => {
  it.each([0.5, 1, 2, 3])("temperature %d undoes the sharpening by it", (power) => {
    const found = fitCalibration("temperature", sharpened(power));
    expect((found as { temperature: number }).temperature / power).toBeAllClose(1, { rtol: 0.06 });
  });
  it.each(["platt", "isotonic"] as const)("%s gives scikit-learn's probabilities", (kind) => {
    const rows = rowsOf(golden.truth, golden.scores, golden.classes);
    const calibration = fitCalibration(kind, rows);
    const found = golden.truth.flatMap((_, i) =>
      applyCalibration(golden.scores.slice(i * golden.classes, (i + 1) * golden.classes), calibration),
    );
    expect(found).toBeAllClose(golden[kind], { rtol: 0, atol: golden.tolerance[kind] });
  });
  it.each(calibrators.map(({ kind }) => kind))(
    "%s brings the error of too bold scores down, on new data",
    (kind) => {
      const calibration = fitCalibration(kind, sharpened(3));
      const fresh = sharpened(3, { seed: 8 });
      expect(eceOf(fresh, (scores) => scores)).toBeGreaterThan(0.12);
      expect(eceOf(fresh, (scores) => applyCalibration(scores, calibration))).toBeLessThan(0.035);
    },
  );
  it.each(calibrators.map(({ kind }) => kind))(
    "%s keeps to probabilities at the edges and survives JSON",
    (kind) => {
      const calibration = fitCalibration(kind, sharpened(2, { n: 60 }));
      const again = parseCalibration(JSON.parse(JSON.stringify(calibration)), 3)!;
      expect(again).toEqual(calibration);
      for (const scores of [
        [0, 1, 0],
        [0, 0, 0],
        [1 / 3, 1 / 3, 1 / 3],
        [1e-30, 1, 0],
      ]) {
        const found = applyCalibration(scores, again);
        expect(found.every((p) => p >= 0 && p <= 1)).toBe(true);
        expect(found.reduce((a, b) => a + b, 0)).toBeAllClose(1, { rtol: 1e-12 });
      }
      expect(parseCalibration(calibration, 4) === undefined || kind === "temperature").toBe(true);
    },
  );
  it.each(["none", ...calibrators.map(({ kind }) => kind)])("%s is the same as a graph", async (kind) => {
    const rows = sharpened(2, { n: 300 });
    const calibration = fitCalibration(kind, rows);
    const graph = graphBuilder();
    const scores = graph.input("scores", [1, 3]);
    graph.output("chances", calibrationGraph(graph, scores, calibration), [1, 3]);
    const session = await nodeRuntime().load(graph.toBytes());
    const cases = [
      ...Array.from({ length: 40 }, (_, i) => Array.from(rows.scores.subarray(3 * i, 3 * i + 3))),
    ];
    for (const row of [...cases, [1, 0, 0], [0, 0, 0], [0.5, 0.5, 0]]) {
      const data = Float32Array.from(row);
      const { chances } = await session.run({ scores: { dims: [1, 3], data } });
      const expected = applyCalibration(Array.from(data), calibration);
      expect(chances!.data as Float32Array).toBeAllClose(expected, { rtol: 0, atol: 2e-6 });
    }
    await session.close();
  });

  it("pools adjacent violators by hand", () => {
    expect(isotonicLine([1, 2, 3, 4, 5], [1, 3, 2, 4, 4])).toEqual({
      x: [1, 2, 3, 4, 5],
      y: [1, 2.5, 2.5, 4, 4],
    });
    expect(isotonicLine([3, 1, 1], [0, 1, 0])).toEqual({ x: [1, 3], y: [1 / 3, 1 / 3] });
  });
  it("refuses an unknown kind, no rows, and what is no calibration", () => {
    const none = rowsOf([], [], 2);
    expect(() => fitCalibration("magic", none)).toThrow(/none, temperature, platt, isotonic or dirichlet/);
    expect(() => fitCalibration("platt", none)).toThrow(/got 0 scored utterances/);
    expect(applyCalibration([0.2, 0.8], fitCalibration("none", none))).toEqual([0.2, 0.8]);
    for (const bad of [
      null,
      3,
      { kind: "magic" },
      { kind: "temperature" },
      { kind: "temperature", temperature: 0 },
    ])
      expect(parseCalibration(bad, 2)).toBeUndefined();
    const falling = {
      kind: "isotonic",
      lines: [
        { x: [0, 1], y: [1, 0] },
        { x: [0], y: [1] },
      ],
    };
    expect(parseCalibration(falling, 2)).toBeUndefined();
    expect(parseCalibration({ kind: "platt", slopes: [1, Number.NaN], offsets: [0, 0] }, 2)).toBeUndefined();
  });
});
