/** Values of a set of trees, in TypeScript and as one node of the graph. */
import type { Matrix } from "../../math/matrix.js";
import { floats, type GraphBuilder, int, ints, text, texts } from "../../onnx/graph-builder.js";
import type { Tree } from "./grow-tree.js";

/** Trees whose leaves are averaged (a forest) or added up (boosting). */
export interface TreeEnsemble {
  readonly trees: readonly Tree[];
  /** Values at each leaf, and values in all: trees of fewer values take turns over the outputs. */
  readonly valuesPerLeaf: number;
  readonly outputs: number;
  readonly combine: "average" | "sum";
  /** Added to each output of a sum. */
  readonly base?: Float32Array;
}

/** Returns rows × outputs: what the trees say together of each row. */
export function ensembleValues(ensemble: TreeEnsemble, x: Matrix): Float64Array {
  const { trees, valuesPerLeaf, outputs, combine, base } = ensemble;
  const sums = new Float64Array(x.rows * outputs);
  trees.forEach((tree, t) => {
    const { feature, threshold, left, right, values } = tree;
    const first = (t * valuesPerLeaf) % outputs;
    for (let i = 0; i < x.rows; i++) {
      let node = 0;
      const row = i * x.cols;
      while (feature[node] >= 0)
        node = x.data[row + feature[node]] <= threshold[node] ? left[node] : right[node];
      for (let k = 0; k < valuesPerLeaf; k++)
        sums[i * outputs + first + k] += values[node * valuesPerLeaf + k];
    }
  });
  if (combine === "average") for (let at = 0; at < sums.length; at++) sums[at] /= trees.length;
  if (base) for (let at = 0; at < sums.length; at++) sums[at] += base[at % outputs];
  return sums;
}

/** Adds the trees as a TreeEnsembleRegressor (ai.onnx.ml), one target an output; returns the name of the values. */
export function emitTrees(ensemble: TreeEnsemble, graph: GraphBuilder, input: string): string {
  const { trees, valuesPerLeaf, outputs, combine, base } = ensemble;
  const nodes = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const column = (): Int32Array => new Int32Array(nodes);
  const [treeIds, nodeIds, features, yes, no] = [column(), column(), column(), column(), column()];
  const thresholds = new Float32Array(nodes);
  const modes: string[] = [];
  const targets: { tree: number; node: number; target: number; weight: number }[] = [];
  trees.forEach((tree, t) => {
    const first = (t * valuesPerLeaf) % outputs;
    for (let node = 0; node < tree.feature.length; node++) {
      const at = modes.length;
      const leaf = tree.feature[node] < 0;
      treeIds[at] = t;
      nodeIds[at] = node;
      modes.push(leaf ? "LEAF" : "BRANCH_LEQ");
      if (leaf) {
        for (let k = 0; k < valuesPerLeaf; k++) {
          const weight = tree.values[node * valuesPerLeaf + k];
          if (weight !== 0 || k === 0) targets.push({ tree: t, node, target: first + k, weight });
        }
        continue;
      }
      features[at] = tree.feature[node];
      thresholds[at] = tree.threshold[node];
      yes[at] = tree.left[node];
      no[at] = tree.right[node];
    }
  });
  const attributes = {
    n_targets: int(outputs),
    aggregate_function: text(combine === "average" ? "AVERAGE" : "SUM"),
    post_transform: text("NONE"),
    nodes_treeids: ints(treeIds),
    nodes_nodeids: ints(nodeIds),
    nodes_featureids: ints(features),
    nodes_values: floats(thresholds),
    nodes_modes: texts(modes),
    nodes_truenodeids: ints(yes),
    nodes_falsenodeids: ints(no),
    target_treeids: ints(targets.map(({ tree }) => tree)),
    target_nodeids: ints(targets.map(({ node }) => node)),
    target_ids: ints(targets.map(({ target }) => target)),
    target_weights: floats(targets.map(({ weight }) => weight)),
    ...(base ? { base_values: floats(base) } : {}),
  };
  return graph.node("TreeEnsembleRegressor", [input], { domain: "ai.onnx.ml", attributes });
}
