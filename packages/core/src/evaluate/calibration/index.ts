/** The list of calibrators: a new one is one file and one line here. */
import { expectedOneOf, UndertoneError } from "../../errors.js";
import type { GraphBuilder } from "../../onnx/graph-builder.js";
import type { CalibrationRows, Calibrator } from "./calibrator.js";
import { type DirichletCalibration, dirichlet } from "./dirichlet.js";
import { type IsotonicCalibration, isotonic } from "./isotonic.js";
import { type PlattCalibration, platt } from "./platt.js";
import { type TemperatureCalibration, temperature } from "./temperature.js";

/** How raw scores become probabilities: as they are, or by what a calibrator found. */
export type Calibration =
  | { readonly kind: "none" }
  | TemperatureCalibration
  | PlattCalibration
  | DirichletCalibration
  | IsotonicCalibration;

/** Every calibrator. */
export const calibrators: readonly Calibrator<Calibration>[] = [
  temperature,
  platt,
  isotonic,
  dirichlet,
] as unknown as readonly Calibrator<Calibration>[];

/** The kinds that can be asked for. */
export const calibrationKinds: readonly string[] = ["none", ...calibrators.map(({ kind }) => kind)];

/**
 * Returns the calibration of that kind for scores of speakers whom the model had not heard.
 * @throws UndertoneError `learn/bad-parameter` for an unknown kind, `learn/too-few-rows` without rows.
 */
export function fitCalibration(kind: string, rows: CalibrationRows): Calibration {
  if (kind === "none") return { kind };
  const found = calibrators.find((calibrator) => calibrator.kind === kind);
  if (!found)
    throw new UndertoneError(
      "learn/bad-parameter",
      `Unknown calibration '${kind}', ${expectedOneOf(kind, calibrationKinds)}`,
    );
  if (rows.truth.length === 0)
    throw new UndertoneError(
      "learn/too-few-rows",
      `Calibration '${kind}' got 0 scored utterances, expected at least 1`,
    );
  return found.fit(rows);
}

/** Returns the calibrated probabilities of one utterance's scores. */
export function applyCalibration(scores: readonly number[], calibration: Calibration): number[] {
  if (calibration.kind === "none") return [...scores];
  return calibrators.find(({ kind }) => kind === calibration.kind)!.apply(scores, calibration);
}

/** Adds nodes that do to the scores, [1, classes], what `applyCalibration` does, and returns the name of the probabilities. */
export function calibrationGraph(graph: GraphBuilder, scores: string, calibration: Calibration): string {
  if (calibration.kind === "none") return scores;
  return calibrators.find(({ kind }) => kind === calibration.kind)!.emit(graph, scores, calibration);
}

/** Returns a calibration found in a file, or undefined when it is none that this code knows. */
export function parseCalibration(value: unknown, classCount: number): Calibration | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { kind } = value as { kind?: unknown };
  if (kind === "none") return { kind };
  return calibrators
    .find((calibrator) => calibrator.kind === kind)
    ?.parse(value as Record<string, unknown>, classCount);
}
