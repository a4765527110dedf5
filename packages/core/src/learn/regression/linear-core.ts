/** The core of regressors whose values are a linear map of the features. */
import type { ValueCore } from "../define-regressor.js";
import { applyLinear, emitLinear, linearMap } from "../linear/linear-core.js";
import type { LinearSolution } from "../linear/minimize.js";

/** Returns the core of a solution. */
export function linearValues(solution: LinearSolution): ValueCore {
  const map = linearMap(solution);
  return { values: (rows) => applyLinear(map, rows), emit: (graph, input) => emitLinear(map, graph, input) };
}
