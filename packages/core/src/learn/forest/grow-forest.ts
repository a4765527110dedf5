/** Forests: many trees of one kind, averaged, for classes and for values. */
import type { Matrix } from "../../math/matrix.js";
import { checkpoint } from "../checkpoint.js";
import type { FitContext } from "../estimator.js";
import { integerFrom, type ParameterSpec, type ParameterValues, wordOr } from "../parameters.js";
import { growTree, type Tree } from "./grow-tree.js";
import { sortColumns } from "./sort-columns.js";
import type { SplitTarget } from "./split-target.js";
import type { TreeEnsemble } from "./tree-ensemble.js";

/** Hyper-parameters of one tree. */
export const treeParameters = {
  maxDepth: wordOr(["none"], integerFrom(1, 1)),
  minLeaf: integerFrom(1, 1),
};

/** How many features a node tries, the first of `words` unless told. */
export function featuresTried(
  words: readonly ["sqrt" | "log2" | "all", ...("sqrt" | "log2" | "all")[]],
): ParameterSpec<"sqrt" | "log2" | "all" | number> {
  return wordOr(words, integerFrom(1, 1));
}

type TreeParams = ParameterValues<typeof treeParameters> & {
  readonly maxFeatures: "sqrt" | "log2" | "all" | number;
};

/** Returns the forest of `count` trees; `targetOf` gives the targets of a tree from the weights of its sample. */
export async function growForest({
  x,
  weights,
  targetOf,
  params,
  count,
  bootstrap,
  splits,
  context,
}: {
  x: Matrix;
  weights: Float64Array;
  targetOf: (weights: Float64Array) => SplitTarget;
  params: TreeParams;
  count: number;
  bootstrap: boolean;
  splits: "best" | "random";
  context: FitContext;
}): Promise<TreeEnsemble> {
  const { maxFeatures, maxDepth, minLeaf } = params;
  const columns = sortColumns(x);
  const wanted = { sqrt: Math.sqrt(x.cols), log2: Math.log2(x.cols), all: x.cols };
  const tried = Math.floor(typeof maxFeatures === "number" ? maxFeatures : wanted[maxFeatures]);
  const trees: Tree[] = [];
  let outputs = 0;
  for (let t = 0; t < count; t++) {
    await checkpoint(context, t / count);
    const random = context.random.fork(`tree-${t}`);
    const drawn = new Float64Array(x.rows).fill(bootstrap ? 0 : 1);
    if (bootstrap) for (let i = 0; i < x.rows; i++) drawn[random.integer(x.rows)]++;
    const target = targetOf(drawn.map((times, i) => times * weights[i]));
    outputs = target.outputs;
    trees.push(
      growTree({
        columns,
        target,
        splits,
        tried: Math.max(1, Math.min(x.cols, tried)),
        maxDepth: typeof maxDepth === "number" ? maxDepth : Number.POSITIVE_INFINITY,
        minLeaf,
        random,
      }),
    );
  }
  return { trees, valuesPerLeaf: outputs, outputs, combine: "average" };
}
