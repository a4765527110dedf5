/** Ridge on the products of all pairs of rows: for problems that are wider than long. */
import {
  addProduct,
  type Block,
  block,
  choleskyInPlace,
  mirrorLower,
  solveCholeskyInto,
  subBlock,
  transposed,
} from "../../math/linear-algebra.js";
import { type Matrix, matrix } from "../../math/matrix.js";
import { rowProducts } from "../../math/row-products.js";
import type { LinearSolution } from "../linear/minimize.js";
import {
  foldIterations,
  foldTolerance,
  outputMeans,
  type RidgeRows,
  type RidgeSystem,
  weightedMeans,
} from "./ridge-system.js";
import { solveShifted } from "./solve-shifted.js";

/** Rows of products between two rests; a multiple of four. */
const band = 256;

/** What the machines of a problem share. */
interface DualProblem extends Pick<RidgeRows, "targets" | "weights"> {
  /** Weighted means of the columns, and the rows less them. */
  readonly means: Float64Array;
  readonly centred: Block;
  /** Products of all pairs of centred rows. */
  readonly gram: Block;
}

/**
 * Returns the problem in its dual form. With S = diag(√weight), H the projection that takes weighted means away and K = X·Xᵀ, the
 * coefficients c solve (S·H·K·Hᵀ·S + alpha·I)·c = S·(targets − mean), and W = cᵀ·S·H·X.
 */
export async function dualRidge(rows: RidgeRows): Promise<RidgeSystem> {
  const { x, targets, weights, rough = false } = rows;
  const n = x.rows;
  const means = weightedMeans(x, weights);
  const centred = block(n, x.cols);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < x.cols; j++) centred.data[i * x.cols + j] = x.data[i * x.cols + j] - means[j];
  const gram = await pairProducts(centred, rows);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += gram.data[i * n + i];
  const problem = { targets, weights, means, centred, gram };
  return {
    outputs: targets.rows,
    scale: trace / n,
    solve: (alpha) => solveAll(problem, alpha),
    valuesWithout: (held, alphas) =>
      solveWithout(
        problem,
        Int32Array.from({ length: n }, (_, i) => i).filter((i) => !held(i)),
        {
          alphas,
          rough,
        },
      ),
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
function solveAll({ targets, weights, means, centred, gram }: DualProblem, alpha: number): LinearSolution {
  const [n, cols, outputs] = [centred.rows, centred.cols, targets.rows];
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
  addProduct(solution, coefficients, transposed(centred.data, n, cols));
  const bias = targetMeans.map((mean, k) => {
    let shift = 0;
    for (let j = 0; j < cols; j++) shift += solution.data[k * cols + j] * means[j];
    return mean - shift;
  });
  return { weights: solution, bias };
}

/** Returns, for each strength, outputs × rows values of the machine of the rows inside. */
function solveWithout(
  { targets, weights, gram }: DualProblem,
  inside: Int32Array,
  { alphas, rough }: { alphas: readonly number[]; rough: boolean },
): Block[] {
  const [n, m, outputs] = [gram.rows, inside.length, targets.rows];
  const own = Float64Array.from(inside, (i) => weights[i]);
  const roots = own.map(Math.sqrt);
  const total = own.reduce((a, b) => a + b, 0);
  const part = block(m, m);
  inside.forEach((i, s) => {
    for (let t = 0; t < m; t++) part.data[s * m + t] = gram.data[i * n + inside[t]];
  });
  const ownTargets = block(outputs, m);
  for (let k = 0; k < outputs; k++)
    for (let s = 0; s < m; s++) ownTargets.data[k * m + s] = targets.data[k * n + inside[s]];
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
  const values = block(m, outputs);
  const fill = rough ? roughFill(part, outputs) : (): void => addProduct(values, part, factors);
  const operator = {
    size: m,
    apply(vectors: Float64Array, _: number, out: Float64Array): void {
      factorsInto(factors.data, vectors);
      values.data.fill(0);
      fill(values, factors);
      for (let k = 0; k < outputs; k++) {
        let mean = 0;
        for (let s = 0; s < m; s++) mean += (own[s] * values.data[s * outputs + k]) / total;
        for (let s = 0; s < m; s++) out[k * m + s] = roots[s] * (values.data[s * outputs + k] - mean);
      }
    },
  };
  const options = { shifts: alphas, count: outputs, tolerance: foldTolerance, maxIterations: foldIterations };
  const rightSides = rootedTargets(ownTargets, targetMeans, roots);
  return solveShifted(operator, rightSides.data, options).map((coefficients) => {
    factorsInto(factors.data, coefficients);
    const everywhere = block(outputs, n);
    for (let k = 0; k < outputs; k++)
      for (let s = 0; s < m; s++) everywhere.data[k * n + inside[s]] = factors.data[k * m + s];
    const result = block(outputs, n);
    addProduct(result, everywhere, gram);
    for (let k = 0; k < outputs; k++) {
      let mean = 0;
      for (let s = 0; s < m; s++) mean += (own[s] * result.data[k * n + inside[s]]) / total;
      for (let i = 0; i < n; i++) result.data[k * n + i] += targetMeans[k] - mean;
    }
    return result;
  });
}

function rounded({ data, rows, cols }: Block): Matrix {
  return matrix(rows, cols, Float32Array.from(data));
}

/** Returns what writes the products of a square block with the rows of another to a third, in float32. */
function roughFill(square: Block, outputs: number): (values: Block, factors: Block) => void {
  const n = square.rows;
  const products = rowProducts(rounded(square), matrix(outputs, n));
  return (values, factors) => {
    products.setRight(rounded(factors));
    for (let from = 0; from < n; from += band) {
      const to = Math.min(n, from + band);
      const { data, at, stride } = products.tile(from, to, 0, outputs);
      for (let i = from; i < to; i++)
        for (let k = 0; k < outputs; k++) values.data[i * outputs + k] = data[at + (i - from) * stride + k];
    }
  };
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
