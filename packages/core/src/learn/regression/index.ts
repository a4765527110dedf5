/** The estimators of values: a new one is one file and one line here. */
import { listChoices, UndertoneError } from "../../errors.js";
import type { Regressor, RegressorFactory } from "../regressor.js";
import { decisionTreeRegressor } from "./decision-tree.js";
import { elasticNet } from "./elastic-net.js";
import { extraTreesRegressor } from "./extra-trees.js";
import { histGradientBoostingRegressor } from "./hist-gradient-boosting.js";
import { kNearestNeighboursRegressor } from "./k-nearest-neighbours.js";
import { kernelRidge } from "./kernel-ridge.js";
import { lasso } from "./lasso.js";
import { linearRegression } from "./linear-regression.js";
import { randomForestRegressor } from "./random-forest.js";
import { ridgeRegression } from "./ridge-regression.js";
import { supportVectorRegression } from "./support-vector-regression.js";

/** Every regressor that can be named. */
export const regressors: readonly RegressorFactory[] = [
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

/**
 * Returns the regressor of that kind.
 * @throws UndertoneError `learn/unknown-model`, `learn/bad-parameter`.
 */
export function regressor(kind: string, params: Readonly<Record<string, unknown>> = {}): Regressor {
  const factory = regressors.find((candidate) => candidate.kind === kind);
  if (!factory) {
    throw new UndertoneError(
      "learn/unknown-model",
      `Unknown model of values '${kind}', expected ${listChoices(regressors.map((candidate) => candidate.kind))}`,
    );
  }
  return factory.create(params);
}
