/** The estimators: a new one is one file and one line here. */
import { listChoices, UndertoneError } from "../errors.js";
import type { Estimator, EstimatorFactory } from "./estimator.js";
import { linearSvm } from "./linear-svm.js";
import { logisticRegression } from "./logistic-regression.js";
import { randomForest } from "./random-forest.js";
import { rbfSvm } from "./rbf-svm.js";
import { ridgeClassifier } from "./ridge-classifier.js";

/** Every estimator that can be named. */
export const estimators: readonly EstimatorFactory[] = [
  logisticRegression,
  ridgeClassifier,
  linearSvm,
  rbfSvm,
  randomForest,
];

/**
 * Returns the estimator of that kind.
 * @throws UndertoneError `learn/unknown-model`, `learn/bad-parameter`.
 */
export function estimator(kind: string, params: Readonly<Record<string, unknown>> = {}): Estimator {
  const factory = estimators.find((candidate) => candidate.kind === kind);
  if (!factory) {
    throw new UndertoneError(
      "learn/unknown-model",
      `Unknown model '${kind}', expected ${listChoices(estimators.map((candidate) => candidate.kind))}`,
    );
  }
  return factory.create(params);
}
