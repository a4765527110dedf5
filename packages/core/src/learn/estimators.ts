/** The estimators: a new one is one file and one line here. */
import { expectedOneOf, UndertoneError } from "../errors.js";
import { decisionTree, decisionTreeRegressor } from "./decision-tree.js";
import { elasticNet } from "./elastic-net.js";
import { memberList } from "./ensemble/members.js";
import type { Estimator, EstimatorFactory, TargetKind } from "./estimator.js";
import { extraTrees, extraTreesRegressor } from "./extra-trees.js";
import { gaussianNaiveBayes } from "./gaussian-naive-bayes.js";
import { histGradientBoosting, histGradientBoostingRegressor } from "./hist-gradient-boosting.js";
import { kNearestNeighbours, kNearestNeighboursRegressor } from "./k-nearest-neighbours.js";
import { kernelRidge } from "./kernel-ridge.js";
import { lasso } from "./lasso.js";
import { linearDiscriminantAnalysis } from "./linear-discriminant-analysis.js";
import { linearRegression } from "./linear-regression.js";
import { linearSvm } from "./linear-svm.js";
import { logisticRegression } from "./logistic-regression.js";
import { randomForest, randomForestRegressor } from "./random-forest.js";
import { rbfSvm } from "./rbf-svm.js";
import { ridgeClassifier } from "./ridge-classifier.js";
import { ridgeRegression } from "./ridge-regression.js";
import { stackingOf } from "./stacking.js";
import { supportVectorRegression } from "./support-vector-regression.js";
import { votingOf } from "./voting.js";

/** Those that can be members of an ensemble, where they learn classes. */
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
  linearRegression,
  ridgeRegression,
  lasso,
  elasticNet,
  kernelRidge,
  supportVectorRegression,
  kNearestNeighboursRegressor,
  decisionTreeRegressor,
  randomForestRegressor,
  extraTreesRegressor,
  histGradientBoostingRegressor,
];
const list = memberList(single);

/** Every estimator that can be named, by its kind and what it is to learn. */
export const estimators: readonly EstimatorFactory[] = [...single, votingOf(list), stackingOf(list)];

/** Returns the entries that may learn such targets, in the order of the list. */
export function estimatorsOf(learns: TargetKind): EstimatorFactory[] {
  return estimators.filter((factory) => factory.learns.includes(learns));
}

/** What an unknown model is called, by what it was to learn. */
const wanted = { classes: "model", values: "model of values", both: "model of classes and values" } as const;

/**
 * Returns the estimator of that kind which learns such targets.
 * @throws UndertoneError `learn/unknown-model`, `learn/bad-parameter`.
 */
export function estimator(
  kind: string,
  params: Readonly<Record<string, unknown>> = {},
  learns: TargetKind = "classes",
): Estimator {
  const able = estimatorsOf(learns);
  const factory = able.find((candidate) => candidate.kind === kind);
  if (factory) return factory.create(params, learns);
  throw new UndertoneError(
    "learn/unknown-model",
    `Unknown ${wanted[learns]} '${kind}', ${expectedOneOf(
      kind,
      able.map((candidate) => candidate.kind),
    )}`,
  );
}
