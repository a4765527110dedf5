/** An estimator with steps of preparation before it: all of it is fitted on the training rows, all of it is one model and one graph. */
import { type FeatureTable, functionalsTable } from "../../data/feature-table.js";
import { UndertoneError } from "../../errors.js";
import type { Matrix } from "../../math/matrix.js";
import { graphBuilder } from "../../onnx/graph-builder.js";
import { expectOneRowEach } from "../check-table.js";
import { checkpoint } from "../checkpoint.js";
import type { ClassTargets, Estimator, FitContext, Model } from "../estimator.js";
import type { Transformer } from "../transformer.js";
import { type ChosenStep, parsePreparation, preparationSpecs } from "./index.js";
import { sampleRows } from "./sample-rows.js";
import type { TrainingRows } from "./step.js";

/**
 * Returns the estimator with the steps that the specs name before it, the estimator itself when there are none. Its parameters are the
 * estimator's and `prepare`, the specs with commas between. Missing values (NaN) are taken where the steps take them.
 * @throws UndertoneError `learn/bad-parameter`.
 */
export function prepared(specs: readonly string[], estimator: Estimator): Estimator {
  const steps = parsePreparation(specs);
  if (steps.length === 0) return estimator;
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
  let rows = trainingRows(table, targets);
  expectClasses(estimator.kind, rows, targets.classes);
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
  const { x, names, labels, votes, weights, groups } = rows;
  const ids = Array.from({ length: x.rows }, (_, i) => `row ${i + 1}`);
  const same = x.rows === table.ids.length && !steps.some(({ step }) => step.changes === "rows");
  const model = await estimator.fit(
    functionalsTable(same ? table.ids : ids, names, x),
    {
      classes: targets.classes,
      labels,
      ...(votes && { votes }),
      ...(weights && { weights }),
      ...(groups && { groups }),
    },
    context,
  );
  return preparedModel(model, transformers, table.frames.cols);
}

/** Returns the rows that weigh something. @throws UndertoneError `learn/not-finite` for an infinite value, `features/mismatch`. */
function trainingRows(table: FeatureTable, targets: ClassTargets): TrainingRows {
  expectOneRowEach("prepare", table);
  refuseInfinite(table);
  const { frames, names } = table;
  const { labels, votes, weights, groups, classes } = targets;
  const all = {
    x: frames,
    names,
    labels,
    classes: classes.length,
    ...(votes && { votes }),
    ...(weights && { weights }),
    ...(groups && { groups }),
  };
  const kept = Array.from(labels.keys()).filter((i) => weights?.[i] !== 0);
  return kept.length === labels.length ? all : sampleRows(all, kept);
}

/** @throws UndertoneError `learn/too-few-rows` or `learn/single-class`: no step has anything to learn from then. */
function expectClasses(kind: string, { x, labels }: TrainingRows, classes: readonly string[]): void {
  if (x.rows < 2) {
    throw new UndertoneError(
      "learn/too-few-rows",
      `'${kind}' got ${x.rows} rows to learn from, expected at least 2`,
    );
  }
  if (labels.every((label) => label === labels[0])) {
    throw new UndertoneError(
      "learn/single-class",
      `'${kind}' got rows of the class '${classes[labels[0]!]}' only, expected at least 2 classes`,
    );
  }
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

/** Returns the model that takes what the first step takes. */
function preparedModel(model: Model, transformers: readonly Transformer[], features: number): Model {
  const { kind, classes } = model;
  const emit: Model["emit"] = (graph, input) =>
    model.emit(
      graph,
      transformers.reduce((name, step) => step.emit(graph, name), input),
    );
  return {
    kind,
    classes,
    features,
    async predict(table) {
      if (table.frames.cols !== features) {
        throw new UndertoneError(
          "features/mismatch",
          `The model '${kind}' got ${table.frames.cols} features, expected ${features}`,
        );
      }
      expectOneRowEach(kind, table);
      refuseInfinite(table);
      const x = transformers.reduce<Matrix>((held, step) => step.transform(held), table.frames);
      const names = Array.from({ length: x.cols }, (_, j) =>
        x.cols === features ? table.names[j]! : `prepared ${j + 1}`,
      );
      return model.predict(functionalsTable(table.ids, names, x));
    },
    emit,
    toOnnx() {
      const graph = graphBuilder(kind);
      const input = graph.input("features", ["N", features]);
      graph.output("scores", emit(graph, input), ["N", classes.length]);
      return graph.toBytes();
    },
  };
}
