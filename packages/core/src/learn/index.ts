/** The estimators: a new one is one file and one line here. */
import { listChoices, UndertoneError } from "../errors.js";
import { decisionTree } from "./decision-tree.js";
import { memberList } from "./ensemble/members.js";
import type { Estimator, EstimatorFactory } from "./estimator.js";
import { extraTrees } from "./extra-trees.js";
import { gaussianNaiveBayes } from "./gaussian-naive-bayes.js";
import { histGradientBoosting } from "./hist-gradient-boosting.js";
import { kNearestNeighbours } from "./k-nearest-neighbours.js";
import { linearDiscriminantAnalysis } from "./linear-discriminant-analysis.js";
import { linearSvm } from "./linear-svm.js";
import { logisticRegression } from "./logistic-regression.js";
import { randomForest } from "./random-forest.js";
import { rbfSvm } from "./rbf-svm.js";
import { ridgeClassifier } from "./ridge-classifier.js";
import { stackingOf } from "./stacking.js";
import { votingOf } from "./voting.js";

/** Those that can be members of an ensemble. */
const single: readonly EstimatorFactory[] = [
  logisticRegression,
  ridgeClassifier,
  linearSvm,
  rbfSvm,
  linearDiscriminantAnalysis,
  gaussianNaiveBayes,
  kNearestNeighbours,
  decisionTree,
  randomForest,
  extraTrees,
  histGradientBoosting,
];
const list = memberList(single);

/** Every estimator that can be named. */
export const estimators: readonly EstimatorFactory[] = [...single, votingOf(list), stackingOf(list)];

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
