/** The transformer of all feature selections, and the choice of the best columns. */

import { UndertoneError } from "../../errors.js";
import { takeColumns } from "../../math/matrix.js";
import { int } from "../../onnx/graph-builder.js";
import type { FittedColumns, TrainingRows } from "./step.js";

/**
 * Returns the step that keeps the given columns, in ascending order.
 * @throws UndertoneError `learn/bad-parameter` when there are none.
 */
export function keepColumns(
  kind: string,
  { x, names }: TrainingRows,
  kept: readonly number[],
): FittedColumns {
  if (kept.length === 0) {
    throw new UndertoneError(
      "learn/bad-parameter",
      `'${kind}' keeps none of ${x.cols} columns, expected a setting that keeps at least one`,
    );
  }
  const columns = [...kept].sort((a, b) => a - b);
  return {
    names: columns.map((j) => names[j]),
    transformer: {
      kind,
      inputs: x.cols,
      outputs: columns.length,
      transform: (given) => takeColumns(given, columns),
      emit: (graph, input) =>
        graph.node("Gather", [input, graph.integers("columns", columns)], { attributes: { axis: int(1) } }),
    },
  };
}

/** Returns the `count` columns of highest score, the lower index first where scores are equal; NaN is below all. */
export function bestColumns(scores: Float64Array, count: number): number[] {
  const value = (j: number): number => (Number.isNaN(scores[j]) ? Number.NEGATIVE_INFINITY : scores[j]);
  return Array.from(scores.keys())
    .sort((a, b) => (value(a) === value(b) ? a - b : value(b) - value(a)))
    .slice(0, count);
}
