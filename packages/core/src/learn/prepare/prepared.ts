/** An estimator with steps of preparation before it: all of it is fitted on the training rows, all of it is one model and one graph. */
import type { FeatureTable } from "../../data/feature-table.js";
import { UndertoneError } from "../../errors.js";
import type { ClassTargets, Estimator, FitContext, Model } from "../estimator.js";
import { afterSteps, fitSteps, refuseOthers, trainingRows } from "./fit-steps.js";
import { type ChosenStep, parsePreparation, preparationSpecs } from "./index.js";
import type { TrainingRows } from "./step.js";

/**
 * Returns the estimator with the steps that the specs name before it, the estimator itself when there are none. Its parameters are the
 * estimator's and `prepare`, the specs with commas between. Missing values (NaN) are taken where the steps take them.
 * @throws UndertoneError `learn/bad-parameter`.
 */
export function prepared(specs: readonly string[], estimator: Estimator): Estimator {
  const steps = parsePreparation(specs);
  if (steps.length === 0) return estimator;
  refuseOthers(estimator.kind, steps, "classes");
  const bent = steps.find(({ step }) => step.bends);
  if (bent && typeof estimator.params.speakerCentring === "number") {
    throw new UndertoneError(
      "learn/bad-parameter",
      `'${estimator.kind}' got speakerCentring after the step '${bent.step.kind}', expected steps that let a speaker's mean be taken off before them, such as robust-scale`,
    );
  }
  return {
    kind: estimator.kind,
    params: Object.freeze({ ...estimator.params, prepare: preparationSpecs(steps).join(",") }),
    fit: (table, targets, context) => fitPrepared({ steps, estimator, table, targets, context }),
  };
}

async function fitPrepared({
  steps,
  estimator,
  table,
  targets,
  context,
}: {
  steps: readonly ChosenStep[];
  estimator: Estimator;
  table: FeatureTable;
  targets: ClassTargets;
  context: FitContext;
}): Promise<Model> {
  const { classes, labels, votes, weights, groups } = targets;
  const rows = trainingRows(estimator.kind, table, {
    labels,
    classes: classes.length,
    votes,
    weights,
    groups,
  });
  expectClasses(estimator.kind, rows, classes);
  const fitted = await fitSteps(steps, table, { rows, context });
  const own = fitted.rows;
  const model = await estimator.fit(
    fitted.table,
    {
      classes,
      labels: own.labels,
      votes: own.votes,
      weights: own.weights,
      groups: own.groups,
    },
    context,
  );
  return afterSteps(model, fitted.transformers, {
    features: table.frames.cols,
    output: { name: "scores", columns: classes.length },
  });
}

/** @throws UndertoneError `learn/single-class`: no step has anything to learn from then. */
function expectClasses(kind: string, { labels }: TrainingRows, classes: readonly string[]): void {
  if (!labels.every((label) => label === labels[0])) return;
  throw new UndertoneError(
    "learn/single-class",
    `'${kind}' got rows of the class '${classes[labels[0]]}' only, expected at least 2 classes`,
  );
}
