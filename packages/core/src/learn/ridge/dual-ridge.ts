/** Ridge on the products of all pairs of rows: for problems that are wider than long. */
import {
  addProduct,
  type Block,
  block,
  choleskyInPlace,
  dot,
  mirrorLower,
  solveCholeskyInto,
  subBlock,
  transposed,
} from "../../math/linear-algebra.js";
import { rowProducts } from "../../math/row-products.js";
import type { LinearSolution } from "../linear/minimize.js";
import {
  foldIterations,
  foldTolerance,
  outputMeans,
  partOfTargets,
  productWith,
  type RidgePart,
  type RidgeRows,
  type RidgeSystem,
  rounded,
  rowsByFold,
  weightedMeans,
} from "./ridge-system.js";
import { solveShifted } from "./solve-shifted.js";

/** Rows of products between two rests; a multiple of four. */
const band = 256;

/** What the machines of a problem share. */
interface DualProblem extends Pick<RidgeRows, "targets" | "weights"> {
  /** Weighted means of the columns. */
  readonly means: Float64Array;
  /** All rows less the mean of all, those of `rows` the problem's own. */
  readonly centred: Block;
  readonly rows: Int32Array;
  /** Which of the problem's rows each fold has. */
  readonly folds: ReadonlyMap<number, Int32Array>;
  /** Products of all pairs of the problem's rows less its means. */
  readonly gram: Block;
  readonly rough: boolean;
}

/**
 * Returns the problem in its dual form. With S = diag(√weight), H the projection that takes weighted means away and K = X·Xᵀ, the
 * coefficients c solve (S·H·K·Hᵀ·S + alpha·I)·c = S·(targets − mean), and W = cᵀ·S·H·X.
 */
export async function dualRidge(given: RidgeRows): Promise<RidgeSystem> {
  const { x, targets, weights, rough = false } = given;
  const n = x.rows;
  const means = weightedMeans(x, weights);
  const centred = block(n, x.cols);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < x.cols; j++) centred.data[i * x.cols + j] = x.data[i * x.cols + j] - means[j];
  const gram = await pairProducts(centred, given);
  const folds = rowsByFold(given);
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  const whole = { targets, weights, means, centred, rows, folds, gram, rough };
  let trace = 0;
  for (let i = 0; i < n; i++) trace += gram.data[i * n + i];
  return {
    ...solverOf(whole),
    scale: trace / n,
    part: (outputs, some) =>
      solverOf(
        some ? partOf(whole, outputs, some) : { ...whole, targets: partOfTargets(targets, outputs, rows) },
      ),
  };
}

function solverOf(problem: DualProblem): RidgePart {
  return {
    outputs: problem.targets.rows,
    solve: (alpha) => solveAll(problem, alpha),
    valuesWithout: (fold, alphas) => solveWithout(problem, fold, alphas),
  };
}

/** Returns the problem of some folds, whose products are those of all less the part's own means. */
function partOf(whole: DualProblem, outputs: readonly number[], some: ReadonlySet<number>): DualProblem {
  const { centred, gram } = whole;
  const kept = [...whole.folds].filter(([fold]) => some.has(fold));
  const rows = Int32Array.from(kept.flatMap(([, own]) => [...own])).sort();
  const [n, m] = [gram.rows, rows.length];
  const place = new Map(Array.from(rows, (i, s) => [i, s]));
  const weights = Float64Array.from(rows, (i) => whole.weights[i]);
  const total = weights.reduce((a, b) => a + b, 0);
  // The products of each row with the part's mean, and the mean's with itself.
  const withMean = Float64Array.from(rows, (i) => {
    let sum = 0;
    for (let t = 0; t < m; t++) sum += weights[t] * gram.data[i * n + rows[t]];
    return sum / total;
  });
  let square = 0;
  for (let s = 0; s < m; s++) square += (weights[s] * withMean[s]) / total;
  const products = block(m, m);
  for (let s = 0; s < m; s++)
    for (let t = 0; t < m; t++)
      products.data[s * m + t] = gram.data[rows[s] * n + rows[t]] - withMean[s] - withMean[t] + square;
  const everywhere = new Float64Array(n);
  rows.forEach((i, s) => {
    everywhere[i] = weights[s];
  });
  const shift = weightedMeans(centred, everywhere);
  return {
    ...whole,
    targets: partOfTargets(whole.targets, outputs, rows),
    weights,
    means: whole.means.map((mean, j) => mean + shift[j]),
    rows,
    folds: new Map(kept.map(([fold, own]) => [fold, own.map((i) => place.get(i)!)])),
    gram: products,
  };
}

/** Returns the products of all pairs of rows; `rough` ones have factors in float32. */
async function pairProducts(rows: Block, { rough, rest }: Pick<RidgeRows, "rough" | "rest">): Promise<Block> {
  const n = rows.rows;
  const gram = block(n, n);
  const roughProducts = rough ? rowProducts(rounded(rows)) : undefined;
  for (let from = 0; from < n; from += band) {
    const to = Math.min(n, from + band);
    if (roughProducts) {
      const { data, at, stride } = roughProducts.tile(from, to, 0, to);
      for (let i = from; i < to; i++)
        gram.data.set(data.subarray(at + (i - from) * stride, at + (i - from) * stride + to), i * n);
    } else {
      const own = subBlock(rows, from, 0, to - from, rows.cols);
      addProduct(subBlock(gram, from, 0, to - from, to), own, subBlock(rows, 0, 0, to, rows.cols));
    }
    await rest?.();
  }
  mirrorLower(gram);
  return gram;
}

/** Returns the machine of all rows. */
function solveAll(
  { targets, weights, means, centred, rows, gram }: DualProblem,
  alpha: number,
): LinearSolution {
  const [n, cols, outputs] = [gram.rows, centred.cols, targets.rows];
  const roots = weights.map(Math.sqrt);
  const factor = block(n, n);
  // The rows are centred with these very weights, so that H changes nothing.
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) factor.data[i * n + j] = roots[i] * roots[j] * gram.data[i * n + j];
    factor.data[i * n + i] += alpha;
  }
  choleskyInPlace(factor);
  const targetMeans = outputMeans(targets, weights);
  const coefficients = rootedTargets(targets, targetMeans, roots);
  solveCholeskyInto(factor, coefficients);
  for (let k = 0; k < outputs; k++) for (let i = 0; i < n; i++) coefficients.data[k * n + i] *= roots[i];
  const solution = block(outputs, cols);
  // The coefficients sum to 0, so that it makes no difference what the rows are measured from.
  addProduct(
    solution,
    spread(coefficients, rows, centred.rows),
    transposed(centred.data, centred.rows, cols),
  );
  const bias = targetMeans.map((mean, k) => {
    let shift = 0;
    for (let j = 0; j < cols; j++) shift += solution.data[k * cols + j] * means[j];
    return mean - shift;
  });
  return { weights: solution, bias };
}

/** Returns outputs × count values, those given at `places` and 0 elsewhere. */
function spread({ data, rows, cols }: Block, places: Int32Array, count: number): Block {
  const everywhere = block(rows, count);
  for (let k = 0; k < rows; k++)
    places.forEach((i, s) => {
      everywhere.data[k * count + i] = data[k * cols + s];
    });
  return everywhere;
}

/** Returns, for each strength, outputs × rows values of the fold's rows by the machine of the others. */
function solveWithout(
  { targets, weights, gram, folds, rough }: DualProblem,
  fold: number,
  alphas: readonly number[],
): Block[] {
  const held = folds.get(fold)!;
  const inside = Int32Array.from(
    [...folds].flatMap(([name, rows]) => (name === fold ? [] : [...rows])),
  ).sort();
  const [m, outputs] = [inside.length, targets.rows];
  const own = Float64Array.from(inside, (i) => weights[i]);
  const roots = own.map(Math.sqrt);
  const total = own.reduce((a, b) => a + b, 0);
  const part = subGram(gram, inside, inside);
  const ownTargets = partOfTargets(
    targets,
    Array.from({ length: outputs }, (_, k) => k),
    inside,
  );
  const targetMeans = outputMeans(ownTargets, own);

  /** Writes Hᵀ·S·c, the factors of the rows in the function. */
  const factorsInto = (out: Float64Array, c: Float64Array): void => {
    for (let k = 0; k < outputs; k++) {
      let sum = 0;
      for (let s = 0; s < m; s++) sum += roots[s] * c[k * m + s];
      for (let s = 0; s < m; s++) out[k * m + s] = roots[s] * c[k * m + s] - (own[s] * sum) / total;
    }
  };
  const factors = block(outputs, m);
  const fill = productWith(part, rough);
  const operator = {
    size: m,
    apply(vectors: Float64Array, count: number, out: Float64Array): void {
      factorsInto(factors.data, vectors);
      fill(factors.data, count, out);
      outputMeans(block(outputs, m, out), own).forEach((mean, k) => {
        for (let s = 0; s < m; s++) out[k * m + s] = roots[s] * (out[k * m + s] - mean);
      });
    },
  };
  const options = { shifts: alphas, count: outputs, tolerance: foldTolerance, maxIterations: foldIterations };
  const rightSides = rootedTargets(ownTargets, targetMeans, roots);
  const across = subGram(gram, held, inside);
  const withMean = weightedMeans(part, own);
  return solveShifted(operator, rightSides.data, options).map((coefficients) => {
    factorsInto(factors.data, coefficients);
    const values = block(outputs, held.length);
    addProduct(values, factors, across);
    targetMeans.forEach((target, k) => {
      const offset = target - dot(factors.data, k * m, withMean, 0, m);
      for (let s = 0; s < held.length; s++) values.data[k * held.length + s] += offset;
    });
    return values;
  });
}

/** Returns the products of some rows with others. */
function subGram(gram: Block, rows: Int32Array, others: Int32Array): Block {
  const [n, m] = [gram.rows, others.length];
  const part = block(rows.length, m);
  rows.forEach((i, s) => {
    for (let t = 0; t < m; t++) part.data[s * m + t] = gram.data[i * n + others[t]];
  });
  return part;
}

/** Returns outputs × rows values √weight · (target − mean). */
function rootedTargets(targets: Block, means: Float64Array, roots: Float64Array): Block {
  const { rows, cols } = targets;
  const result = block(rows, cols);
  for (let k = 0; k < rows; k++)
    for (let i = 0; i < cols; i++)
      result.data[k * cols + i] = roots[i] * (targets.data[k * cols + i] - means[k]);
  return result;
}
