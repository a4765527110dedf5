/** Two estimators as one that learns classes and values, each by its own. */
import { type FeatureTable, takeUtterances } from "../data/feature-table.js";
import { takeRows } from "../math/matrix.js";
import { withGraph } from "./compose-model.js";
import type { ClassTargets, Estimator, FitContext, Model, TargetRows, ValueTargets } from "./estimator.js";
import { groupIndices } from "./group-indices.js";

/**
 * Returns the estimator whose classes `classes` learns and whose values `values` does, from the same features; each learns from the rows that have its
 * targets, as it does alone. Kind and hyper-parameters are those of both, one after the other.
 * @throws RangeError when the first does not learn classes or the second does not learn values.
 */
export function pairOf(classes: Estimator, values: Estimator): Estimator {
  if (classes.learns !== "classes" || values.learns !== "values")
    throw new RangeError(`pairOf: got estimators of ${classes.learns} and ${values.learns}`);
  return {
    kind: `${classes.kind}+${values.kind}`,
    learns: "both",
    params: Object.freeze({ classes: classes.params, values: values.params }),
    parts: { classes, values },
    async fit(table, targets, context) {
      if (!("labels" in targets && "values" in targets))
        throw new TypeError("pairOf: got targets of one kind, expected classes and values");
      const labelled = rowsWhere(table, (i) => targets.labels[i] >= 0);
      const { names } = targets;
      const valued = rowsWhere(table, (i) =>
        names.some((_, k) => !Number.isNaN(targets.values.data[i * names.length + k])),
      );
      const ofClasses: ClassTargets = {
        classes: targets.classes,
        labels: labelled.map((i) => targets.labels[i]),
        votes: targets.votes && takeRows(targets.votes, labelled),
        ...takeAbout(targets, labelled),
      };
      const ofValues: ValueTargets = {
        names,
        values: takeRows(targets.values, valued),
        ...takeAbout(targets, valued),
      };
      return joinModels(
        await classes.fit(takeUtterances(table, labelled), ofClasses, half(context, 0)),
        await values.fit(takeUtterances(table, valued), ofValues, half(context, 0.5)),
      );
    },
  };
}

/**
 * Returns one model of the classes of the first and the values of the second; its kind is the first's.
 * @throws RangeError when they take different numbers of features.
 */
export function joinModels(scores: Model, values: Model): Model {
  const { kind, features } = scores;
  if (features !== values.features)
    throw new RangeError(
      `joinModels: '${kind}' takes ${features} features, '${values.kind}' ${values.features}`,
    );
  return withGraph<Omit<Model, "toOnnx">>({
    kind,
    features,
    heads: { scores: scores.heads.scores, dimensions: values.heads.dimensions },
    predict: async (table) => ({ ...(await scores.predict(table)), ...(await values.predict(table)) }),
    emit: (graph, input) => ({ ...scores.emit(graph, input), ...values.emit(graph, input) }),
  });
}

function rowsWhere({ ids }: FeatureTable, has: (row: number) => boolean): Int32Array {
  return Int32Array.from(ids.keys()).filter(has);
}

/** Returns what goes with the rows, groups numbered anew. */
function takeAbout({ weights, groups, domains }: TargetRows, rows: Int32Array): TargetRows {
  return {
    weights: weights && Float32Array.from(rows, (i) => weights[i]),
    groups: groups && groupIndices(Array.from(rows, (i) => groups[i])),
    domains: domains && groupIndices(Array.from(rows, (i) => domains[i])),
  };
}

/** Returns the context of a half of the fit: the same chance, progress from `from` on. */
function half({ onProgress, ...context }: FitContext, from: number): FitContext {
  return { ...context, ...(onProgress && { onProgress: (part: number) => onProgress(from + part / 2) }) };
}
