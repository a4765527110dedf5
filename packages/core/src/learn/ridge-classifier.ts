/** Ridge classifier: least squares on ±1 targets in closed form, blocks of features weighted alike, with probabilities. */
import { type Block, block } from "../math/linear-algebra.js";
import type { Matrix } from "../math/matrix.js";
import { checkpoint } from "./checkpoint.js";
import { defineClassifier } from "./define-estimator.js";
import { innerFolds } from "./inner-folds.js";
import { linearMap, logitMap, softmaxCore } from "./linear/linear-core.js";
import { choice, integerFrom, positive, wordOr } from "./parameters.js";
import { columnWeights } from "./ridge/column-weights.js";
import { dualRidge } from "./ridge/dual-ridge.js";
import { primalRidge } from "./ridge/primal-ridge.js";
import type { RidgeSystem } from "./ridge/ridge-system.js";
import { fitSlope } from "./softmax-slope.js";

/**
 * The strengths that "auto" tries, in units of the mean squared length of a row. A wide problem can be met exactly, so that a weak ridge never
 * wins there and would only slow the folds down.
 */
const strengths = {
  wide: [0.25, 0.4, 0.6, 0.9, 1.3, 2, 4, 16],
  long: [1e-3, 1e-2, 0.05, 0.2, 0.5, 1, 2.5, 10],
};

/** With fewer rows there is nothing to gain from rounded products. */
const fewestRough = 512;

/** With up to so many rows for each column, products of rows serve the folds better than products of columns. */
const longestDual = 2;

/**
 * Ridge classifier as scikit-learn's RidgeClassifier has it: for each class, minimizes Σᵢ weightᵢ · (yᵢ − w·xᵢ − b)² + alpha · ‖w‖² with
 * y = 1 for its own rows and −1 for the rest. `alpha` "auto" takes the strength whose probabilities have the least log loss on `folds`
 * inner folds, which keep groups together. `blockWeights` "width" divides the squares of each block of columns by its width, so that a wide
 * block counts no more than a narrow one; what stands before the last colon of a column's name is its block. Scores are the softmax of the
 * decision values times one slope, of largest likelihood on the inner folds.
 */
export const ridgeClassifier = defineClassifier({
  kind: "ridge-classifier",
  summary: "Ridge classifier in closed form, blocks of features weighted alike",
  parameters: {
    alpha: wordOr(["auto"], positive(1)),
    blockWeights: choice(["width", "none"]),
    folds: integerFrom(2, 5),
  },
  standardize: true,
  async fitCore({ x, names, labels, classes, weights, groups, params, context }) {
    const scaling = params.blockWeights === "width" ? columnWeights(names) : new Float64Array(x.cols).fill(1);
    const targets = block(classes, x.rows);
    for (let k = 0; k < classes; k++)
      for (let i = 0; i < x.rows; i++) targets.data[k * x.rows + i] = labels[i] === k ? 1 : -1;
    const rough = params.alpha === "auto" && x.rows >= fewestRough;
    const rows = { x: scaled(x, scaling), targets, weights, rough, rest: () => checkpoint(context) };
    const wide = x.rows <= longestDual * x.cols;
    const system = wide ? await dualRidge(rows) : primalRidge(rows);

    const alphas =
      params.alpha === "auto"
        ? strengths[wide ? "wide" : "long"].map((s) => s * (system.scale || 1))
        : [params.alpha];
    const folds = innerFolds({ labels, groups, count: params.folds, random: context.random.fork("ridge") });
    const unseen = await unseenValues(system, {
      alphas,
      folds,
      rest: (part) => checkpoint(context, 0.3 + 0.5 * part),
    });
    await checkpoint(context, 0.8);
    const fits = unseen.map((values) => fitSlope(values, labels, weights));
    const losses = fits.map(({ loss }) => loss);
    const best = fits.length > 0 ? losses.indexOf(Math.min(...losses)) : Math.floor(alphas.length / 2);
    const solution = system.solve(alphas[best]);
    for (let k = 0; k < classes; k++)
      for (let j = 0; j < x.cols; j++) solution.weights.data[k * x.cols + j] *= scaling[j];
    const map = linearMap(solution);
    return softmaxCore(logitMap(map, fits[best]?.slope ?? 1), map);
  },
});

/** Returns, for each strength, outputs × rows values of machines that have not seen the row's fold; none when there is one fold only. */
async function unseenValues(
  system: RidgeSystem,
  {
    alphas,
    folds,
    rest,
  }: { alphas: readonly number[]; folds: Int32Array; rest: (part: number) => Promise<void> },
): Promise<Block[]> {
  const names = [...new Set(folds)];
  if (names.length < 2) return [];
  const unseen = alphas.map(() => block(system.outputs, folds.length));
  for (const [f, name] of names.entries()) {
    await rest(f / names.length);
    system
      .valuesWithout((row) => folds[row] === name, alphas)
      .forEach((values, a) => {
        const all = unseen[a];
        for (let k = 0; k < values.rows; k++)
          for (let i = 0; i < values.cols; i++)
            if (folds[i] === name) all.data[k * values.cols + i] = values.data[k * values.cols + i];
      });
  }
  return unseen;
}

function scaled({ data, rows, cols }: Matrix, scaling: Float64Array): Block {
  const result = block(rows, cols);
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < cols; j++, at++) result.data[at] = data[at] * scaling[j];
  return result;
}
