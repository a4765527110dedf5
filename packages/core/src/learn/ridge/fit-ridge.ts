/** Least squares with an L2 penalty, by products of the columns or of the rows, whichever are fewer. */
import { type Block, transposed } from "../../math/linear-algebra.js";
import { checkpoint } from "../checkpoint.js";
import type { ValueRows } from "../define-estimator.js";
import type { LinearSolution } from "../linear/minimize.js";
import { dualRidge } from "./dual-ridge.js";
import { primalRidge } from "./primal-ridge.js";

/** Returns the minimum of Σᵢ weightᵢ(yᵢ − w·xᵢ − b)² + alpha‖w‖² for each output; `alphaOf` is told the mean squared length of a row. */
export async function fitRidge(
  rows: ValueRows<unknown>,
  alphaOf: (scale: number) => number,
): Promise<LinearSolution> {
  const { x, weights, context } = rows;
  const problem = {
    x,
    targets: targetsByOutput(rows),
    weights,
    rest: () => checkpoint(context),
  };
  const system = x.rows <= x.cols ? await dualRidge(problem) : await primalRidge(problem);
  return system.solve(alphaOf(system.scale || 1));
}

/** Returns the targets as outputs × rows. */
export function targetsByOutput({ targets, outputs, x }: ValueRows<unknown>): Block {
  return transposed(targets, x.rows, outputs);
}
