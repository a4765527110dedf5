/** An estimator with steps of preparation before it: all of it is fitted on the training rows, all of it is one model and one graph. */
import type { FeatureTable } from "../../data/feature-table.js";
import { UndertoneError } from "../../errors.js";
import type { Estimator, FitContext, Model, Targets } from "../estimator.js";
import { pairOf } from "../pair.js";
import { afterSteps, fitSteps, refuseOthers, trainingRows } from "./fit-steps.js";
import { type ChosenStep, parsePreparation, preparationSpecs } from "./index.js";

/**
 * Returns the estimator with the steps that the specs name before it, the estimator itself when there are none. Its parameters are the
 * estimator's and `prepare`, the specs with commas between. Of a pair each part is prepared by itself. Missing features (NaN) are taken where the steps take them.
 * @throws UndertoneError `learn/bad-parameter`, for a step that learns from what the estimator does not.
 */
export function prepared(specs: readonly string[], estimator: Estimator): Estimator {
  const steps = parsePreparation(specs);
  if (steps.length === 0) return estimator;
  const { parts } = estimator;
  if (parts) return pairOf(prepared(specs, parts.classes), prepared(specs, parts.values));
  refuseOthers(estimator, steps);
  const bent = steps.find(({ step }) => step.bends);
  if (bent && typeof estimator.params.speakerCentring === "number") {
    throw new UndertoneError(
      "learn/bad-parameter",
      `'${estimator.kind}' got speakerCentring after the step '${bent.step.kind}', expected steps that let a speaker's mean be taken off before them, such as robust-scale`,
    );
  }
  return {
    ...estimator,
    params: Object.freeze({ ...estimator.params, prepare: preparationSpecs(steps).join(",") }),
    fit: (table, targets, context) => fitPrepared(estimator, steps, { table, targets, context }),
  };
}

async function fitPrepared(
  estimator: Estimator,
  steps: readonly ChosenStep[],
  { table, targets, context }: { table: FeatureTable; targets: Targets; context: FitContext },
): Promise<Model> {
  const given = trainingRows(estimator.kind, table, targets);
  if (!("values" in targets)) expectClasses(estimator.kind, given.labels, targets.classes);
  const { table: learnt, transformers, rows } = await fitSteps(steps, table, { rows: given, context });
  const { labels, votes, values, weights, groups, domains } = rows;
  const own = {
    ...targets,
    ...("labels" in targets && { labels, votes }),
    ...("values" in targets && { values: values! }),
    weights,
    groups,
    domains,
  };
  return afterSteps(await estimator.fit(learnt, own, context), transformers, table.frames.cols);
}

/** @throws UndertoneError `learn/single-class`: no step has anything to learn from then. */
function expectClasses(kind: string, labels: Int32Array, classes: readonly string[]): void {
  if (!labels.every((label) => label === labels[0])) return;
  throw new UndertoneError(
    "learn/single-class",
    `'${kind}' got rows of the class '${classes[labels[0]]}' only, expected at least 2 classes`,
  );
}
