/** A regressor with steps of preparation before it, as `prepared` has it for classes. */
import type { FeatureTable } from "../../data/feature-table.js";
import type { FitContext } from "../estimator.js";
import type { Regressor, ValueModel, ValueTargets } from "../regressor.js";
import { afterSteps, fitSteps, refuseOthers, trainingRows } from "./fit-steps.js";
import { type ChosenStep, parsePreparation, preparationSpecs } from "./index.js";

/**
 * Returns the regressor with the steps that the specs name before it, the regressor itself when there are none. Its parameters are the
 * regressor's and `prepare`, the specs with commas between. Missing features (NaN) are taken where the steps take them.
 * @throws UndertoneError `learn/bad-parameter`, for a step that learns from classes too.
 */
export function preparedRegressor(specs: readonly string[], regressor: Regressor): Regressor {
  const steps = parsePreparation(specs);
  if (steps.length === 0) return regressor;
  refuseOthers(regressor.kind, steps, "values");
  return {
    kind: regressor.kind,
    params: Object.freeze({ ...regressor.params, prepare: preparationSpecs(steps).join(",") }),
    fit: (table, targets, context) => fitPrepared({ steps, regressor, table, targets, context }),
  };
}

async function fitPrepared({
  steps,
  regressor,
  table,
  targets,
  context,
}: {
  steps: readonly ChosenStep[];
  regressor: Regressor;
  table: FeatureTable;
  targets: ValueTargets;
  context: FitContext;
}): Promise<ValueModel> {
  const { names, values, weights, groups } = targets;
  const rows = trainingRows(regressor.kind, table, {
    labels: new Int32Array(values.rows),
    classes: 1,
    values,
    weights,
    groups,
  });
  const fitted = await fitSteps(steps, table, { rows, context });
  const own = fitted.rows;
  const model = await regressor.fit(
    fitted.table,
    {
      names,
      values: own.values!,
      weights: own.weights,
      groups: own.groups,
    },
    context,
  );
  return afterSteps(model, fitted.transformers, {
    features: table.frames.cols,
    output: { name: "values", columns: names.length },
  });
}
