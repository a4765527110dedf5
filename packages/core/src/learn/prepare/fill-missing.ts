/** Puts one value of each column where a value is missing: mean or median of the training part. */
import { matrix } from "../../math/matrix.js";
import { mean, percentiles } from "../../math/statistics.js";
import type { Transformer } from "../transformer.js";
import { ofColumns } from "./present-values.js";
import { type AnyStep, columnStep } from "./step.js";

/** Returns the transformer that puts `fill[j]` where column j is NaN. */
export function fillMissing(kind: string, fill: Float32Array): Transformer {
  const cols = fill.length;
  return {
    kind,
    inputs: cols,
    outputs: cols,
    transform: (x) =>
      matrix(
        x.rows,
        cols,
        x.data.map((value, at) => (Number.isNaN(value) ? fill[at % cols] : value)),
      ),
    emit: (graph, input) =>
      graph.node("Where", [graph.node("IsNaN", [input]), graph.constant("fill", [cols], fill), input]),
  };
}

function fillStep(kind: string, summary: string, measure: (values: Float64Array) => number): AnyStep {
  return columnStep({
    kind,
    summary,
    parameters: {},
    takesMissing: true,
    // A column without any value becomes 0, as scikit-learn's SimpleImputer(keep_empty_features=True) has it.
    fit: ({ x, names }) => ({
      transformer: fillMissing(
        kind,
        Float32Array.from(ofColumns(x, (values) => (values.length > 0 ? measure(values) : 0))),
      ),
      names,
    }),
  });
}

/** Missing values become the column's mean (scikit-learn's SimpleImputer). */
export const meanImpute = fillStep("mean-impute", "Missing values become the column's mean", mean);

/** Missing values become the column's median (scikit-learn's SimpleImputer, strategy "median"). */
export const medianImpute = fillStep(
  "median-impute",
  "Missing values become the column's median",
  (values) => percentiles(values, [50])[0],
);
