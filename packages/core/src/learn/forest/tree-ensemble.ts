/** Scores of a set of trees, in TypeScript and as one node of the graph. */
import { type Matrix, matrix } from "../../math/matrix.js";
import { floats, type GraphBuilder, int, ints, text, texts } from "../../onnx/graph-builder.js";
import type { Tree } from "./grow-tree.js";

/** Returns rows × classes: the mean over the trees of the shares at the leaf that a row comes to. */
export function averageTrees(trees: readonly Tree[], x: Matrix, classes: number): Matrix {
  const out = matrix(x.rows, classes);
  const sums = new Float64Array(x.rows * classes);
  for (const tree of trees) {
    for (let i = 0; i < x.rows; i++) {
      let node = 0;
      while (tree.feature[node]! >= 0) {
        node =
          x.data[i * x.cols + tree.feature[node]!]! <= tree.threshold[node]!
            ? tree.left[node]!
            : tree.right[node]!;
      }
      for (let k = 0; k < classes; k++) sums[i * classes + k]! += tree.shares[node * classes + k]!;
    }
  }
  for (let at = 0; at < sums.length; at++) out.data[at] = sums[at]! / trees.length;
  return out;
}

/** Adds the trees as a TreeEnsembleRegressor (ai.onnx.ml), one target a class; returns the name of the scores. */
export function emitTrees(
  trees: readonly Tree[],
  classes: number,
  { graph, input }: { graph: GraphBuilder; input: string },
): string {
  const nodes = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const [treeIds, nodeIds, features, yes, no] = Array.from({ length: 5 }, () => new Int32Array(nodes)) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const values = new Float32Array(nodes);
  const modes: string[] = [];
  const targets: { tree: number; node: number; target: number; weight: number }[] = [];
  trees.forEach((tree, t) => {
    for (let node = 0; node < tree.feature.length; node++) {
      const at = modes.length;
      const leaf = tree.feature[node]! < 0;
      treeIds[at] = t;
      nodeIds[at] = node;
      modes.push(leaf ? "LEAF" : "BRANCH_LEQ");
      if (leaf) {
        for (let target = 0; target < classes; target++) {
          const weight = tree.shares[node * classes + target]!;
          if (weight > 0) targets.push({ tree: t, node, target, weight });
        }
        continue;
      }
      features[at] = tree.feature[node]!;
      values[at] = tree.threshold[node]!;
      yes[at] = tree.left[node]!;
      no[at] = tree.right[node]!;
    }
  });
  const attributes = {
    n_targets: int(classes),
    aggregate_function: text("AVERAGE"),
    post_transform: text("NONE"),
    nodes_treeids: ints(treeIds),
    nodes_nodeids: ints(nodeIds),
    nodes_featureids: ints(features),
    nodes_values: floats(values),
    nodes_modes: texts(modes),
    nodes_truenodeids: ints(yes),
    nodes_falsenodeids: ints(no),
    target_treeids: ints(targets.map(({ tree }) => tree)),
    target_nodeids: ints(targets.map(({ node }) => node)),
    target_ids: ints(targets.map(({ target }) => target)),
    target_weights: floats(targets.map(({ weight }) => weight)),
  };
  return graph.node("TreeEnsembleRegressor", [input], { domain: "ai.onnx.ml", attributes });
}
