/** What preparation does: the checks, the fit of the steps, the rows on their way through them. */
import { type FeatureTable, functionalsTable } from "../../data/feature-table.js";
import { UndertoneError } from "../../errors.js";
import type { Matrix } from "../../math/matrix.js";
import { expectOneRowEach } from "../check-table.js";
import { checkpoint } from "../checkpoint.js";
import { expectFeatures, withGraph } from "../compose-model.js";
import type { Estimator, FitContext, Model, Targets } from "../estimator.js";
import type { Transformer } from "../transformer.js";
import type { ChosenStep } from "./index.js";
import { sampleRows } from "./sample-rows.js";
import type { TrainingRows } from "./step.js";

/** @throws UndertoneError `learn/bad-parameter` for a step that learns from what the estimator does not. */
export function refuseOthers({ kind, learns }: Estimator, steps: readonly ChosenStep[]): void {
  const wrong = steps.find(({ step }) => step.learnsFrom !== undefined && step.learnsFrom !== learns);
  if (!wrong) return;
  const instead = { classes: "select-anova", values: "select-correlation", both: "select-variance" }[learns];
  throw new UndertoneError(
    "learn/bad-parameter",
    `'${kind}' learns ${learns}, got the step '${wrong.step.kind}', which learns from ${wrong.step.learnsFrom}; expected one that does not, such as ${instead}`,
  );
}

/** Steps fitted on training rows: what they have become, and the table that the model after them learns from. */
export interface FittedSteps {
  readonly transformers: readonly Transformer[];
  readonly rows: TrainingRows;
  readonly table: FeatureTable;
}

/** Returns the steps fitted one after the other. @throws UndertoneError `learn/not-finite`, `learn/bad-parameter`, `cancelled`. */
export async function fitSteps(
  steps: readonly ChosenStep[],
  table: FeatureTable,
  { rows: given, context }: { rows: TrainingRows; context: FitContext },
): Promise<FittedSteps> {
  let rows = given;
  const transformers: Transformer[] = [];
  for (const [s, { step, params }] of steps.entries()) {
    await checkpoint(context);
    if (!step.takesMissing) refuseMissing(step.kind, rows);
    const own = { ...context, random: context.random.fork(`prepare-${s}`) };
    if (step.changes === "rows") rows = step.change(rows, params, own);
    else {
      const { transformer, names } = await step.fit(rows, params, own);
      transformers.push(transformer);
      rows = { ...rows, names, x: transformer.transform(rows.x) };
    }
  }
  const { x, names } = rows;
  const ids = Array.from({ length: x.rows }, (_, i) => `row ${i + 1}`);
  const same = x.rows === table.ids.length && !steps.some(({ step }) => step.changes === "rows");
  return { transformers, rows, table: functionalsTable(same ? table.ids : ids, names, x) };
}

/**
 * Returns the rows that weigh something, at least two.
 * @throws UndertoneError `learn/not-finite` for an infinite value, `features/mismatch`, `learn/too-few-rows`.
 */
export function trainingRows(kind: string, table: FeatureTable, targets: Targets): TrainingRows {
  expectOneRowEach("prepare", table);
  refuseInfinite(table);
  const { weights, groups, domains } = targets;
  const all: TrainingRows = {
    x: table.frames,
    names: table.names,
    labels: "labels" in targets ? targets.labels : new Int32Array(targets.values.rows),
    classes: "labels" in targets ? targets.classes.length : 1,
    votes: "labels" in targets ? targets.votes : undefined,
    values: "values" in targets ? targets.values : undefined,
    weights,
    groups,
    domains,
  };
  const kept = Array.from(all.labels.keys()).filter((i) => weights?.[i] !== 0);
  const rows = kept.length === all.labels.length ? all : sampleRows(all, kept);
  if (rows.x.rows >= 2) return rows;
  throw new UndertoneError(
    "learn/too-few-rows",
    `'${kind}' got ${rows.x.rows} rows to learn from, expected at least 2`,
  );
}

/** Returns the model that takes what the first step takes: so many features. */
export function afterSteps(model: Model, transformers: readonly Transformer[], features: number): Model {
  const { kind } = model;
  return withGraph({
    ...model,
    features,
    async predict(table) {
      expectFeatures({ kind, features }, table);
      refuseInfinite(table);
      const x = transformers.reduce<Matrix>((held, step) => step.transform(held), table.frames);
      const names = Array.from({ length: x.cols }, (_, j) =>
        x.cols === features ? table.names[j] : `prepared ${j + 1}`,
      );
      return model.predict(functionalsTable(table.ids, names, x));
    },
    emit: (graph, input) =>
      model.emit(
        graph,
        transformers.reduce((name, step) => step.emit(graph, name), input),
      ),
  });
}

function refuseInfinite({ ids, names, frames }: FeatureTable): void {
  const at = frames.data.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
  if (at < 0) return;
  const { cols, data } = frames;
  throw new UndertoneError(
    "learn/not-finite",
    `Preparation got ${data[at]} in the feature '${names[at % cols]}' of '${ids[Math.floor(at / cols)]}', expected finite numbers or NaN for a missing one`,
  );
}

function refuseMissing(kind: string, { x, names }: TrainingRows): void {
  const at = x.data.findIndex(Number.isNaN);
  if (at < 0) return;
  throw new UndertoneError(
    "learn/not-finite",
    `The step '${kind}' got a missing value in the feature '${names[at % x.cols]}', expected a step such as median-impute before it`,
  );
}
