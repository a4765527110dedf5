/** Random forest: bootstrapped Gini trees, probabilities averaged. */
import { checkpoint } from "./checkpoint.js";
import { defineClassifier } from "./define-classifier.js";
import { growTree, sortColumns, type Tree } from "./forest/grow-tree.js";
import { averageTrees, emitTrees } from "./forest/tree-ensemble.js";
import { integerFrom, wordOr } from "./parameters.js";

/**
 * Random forest as scikit-learn's RandomForestClassifier has it (Breiman 2001, with the trees' class shares averaged instead
 * of their votes): bootstrap samples, Gini impurity, exact splits, √features tried a node, trees grown to pure leaves. Not
 * standardized unless asked: the order of a feature's values is all that a tree sees.
 */
export const randomForest = defineClassifier({
  kind: "random-forest",
  summary: "Random forest of Gini trees",
  parameters: {
    trees: integerFrom(1, 300),
    maxFeatures: wordOr(["sqrt", "log2", "all"], integerFrom(1, 1)),
    maxDepth: wordOr(["none"], integerFrom(1, 1)),
    minLeaf: integerFrom(1, 1),
  },
  standardize: false,
  async fitCore({ x, labels, classes, weights, params, context }) {
    const { trees: count, maxFeatures, maxDepth, minLeaf } = params;
    const columns = sortColumns(x);
    const tried = { sqrt: Math.sqrt(x.cols), log2: Math.log2(x.cols), all: x.cols };
    const trees: Tree[] = [];
    for (let t = 0; t < count; t++) {
      await checkpoint(context, t / count);
      const random = context.random.fork(`tree-${t}`);
      const drawn = new Float64Array(x.rows);
      for (let i = 0; i < x.rows; i++) drawn[random.integer(x.rows)]!++;
      const tree = growTree({
        columns,
        labels,
        classes,
        weights: drawn.map((times, i) => times * weights[i]!),
        features: x.cols,
        tried: Math.max(
          1,
          Math.min(x.cols, Math.floor(typeof maxFeatures === "number" ? maxFeatures : tried[maxFeatures])),
        ),
        maxDepth: typeof maxDepth === "number" ? maxDepth : Number.POSITIVE_INFINITY,
        minLeaf,
        random,
      });
      trees.push(tree);
    }
    return {
      scores: (rows) => averageTrees(trees, rows, classes),
      emit: (graph, input) => emitTrees(trees, classes, { graph, input }),
    };
  },
});
