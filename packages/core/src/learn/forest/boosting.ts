/** The rounds of gradient boosting, for any loss. */
import type { Matrix } from "../../math/matrix.js";
import { checkpoint } from "../checkpoint.js";
import type { FitContext } from "../estimator.js";
import { integerFrom, nonNegative, type ParameterValues, positive, wordOr } from "../parameters.js";
import { binColumns } from "./bin-columns.js";
import { boostMemory, growBoostedTree } from "./grow-boosted-tree.js";
import type { Tree } from "./grow-tree.js";
import type { TreeEnsemble } from "./tree-ensemble.js";

/** Hyper-parameters of boosting, with scikit-learn's defaults. */
export const boostingParameters = {
  rounds: integerFrom(1, 100),
  learningRate: positive(0.1),
  maxLeaves: integerFrom(2, 31),
  maxDepth: wordOr(["none"], integerFrom(1, 1)),
  minLeaf: integerFrom(1, 20),
  l2: nonNegative(0),
};

/** A loss of the raw predictions, rows × outputs. */
export interface BoostingLoss {
  readonly outputs: number;
  /** The best constant prediction of each output. */
  readonly base: Float64Array;
  /** Writes the derivatives by raw prediction, one array an output. */
  derive(raw: Float64Array, gradients: readonly Float32Array[], hessians: readonly Float32Array[]): void;
}

/** Returns the boosted trees: in each round one for each output. */
export async function boost({
  x,
  loss,
  params,
  context,
}: {
  x: Matrix;
  loss: BoostingLoss;
  params: ParameterValues<typeof boostingParameters>;
  context: FitContext;
}): Promise<TreeEnsemble> {
  const { outputs } = loss;
  const { rounds, learningRate, maxLeaves, minLeaf, l2 } = params;
  const columns = binColumns(x);
  const memory = boostMemory(columns, maxLeaves);
  const base = Float32Array.from(loss.base);
  const raw = Float64Array.from({ length: x.rows * outputs }, (_, at) => base[at % outputs]);
  const arrays = (): Float32Array[] => Array.from({ length: outputs }, () => new Float32Array(x.rows));
  const [gradients, hessians] = [arrays(), arrays()];
  const trees: Tree[] = [];
  const maxDepth = params.maxDepth === "none" ? Number.POSITIVE_INFINITY : params.maxDepth;
  for (let round = 0; round < rounds; round++) {
    loss.derive(raw, gradients, hessians);
    for (let k = 0; k < outputs; k++) {
      await checkpoint(context, (round + k / outputs) / rounds);
      const sides = { gradients: gradients[k], hessians: hessians[k], raw, stride: outputs, offset: k };
      trees.push(
        growBoostedTree({ columns, learningRate, maxLeaves, maxDepth, minLeaf, l2, ...sides }, memory),
      );
    }
  }
  return { trees, valuesPerLeaf: 1, outputs, combine: "sum", base };
}
