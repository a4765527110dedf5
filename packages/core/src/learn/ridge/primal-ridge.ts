/** Ridge on the products of all pairs of features: for problems that are longer than wide. */
import {
  addGram,
  addProduct,
  type Block,
  block,
  choleskyInPlace,
  mirrorLower,
  solveCholeskyInto,
  transposed,
} from "../../math/linear-algebra.js";
import { matrix } from "../../math/matrix.js";
import { scatterMatrix } from "../../math/row-products.js";
import {
  foldIterations,
  foldTolerance,
  productWith,
  type RidgePart,
  type RidgeRows,
  type RidgeSystem,
  rowsByFold,
  weightedMeans,
} from "./ridge-system.js";
import { solveShifted } from "./solve-shifted.js";

/** Rows whose products are summed between two rests. */
const band = 2048;

/** The weighted sums of a fold's rows, by which every problem of whole folds is known without its rows; x less the common origin. */
interface FoldSums {
  readonly rows: Int32Array;
  readonly weight: number;
  readonly x: Float64Array;
  readonly targets: Float64Array;
  /** Outputs × features sums of target·x. */
  readonly cross: Block;
  /** Features × features sums of x·xᵀ, in the lower triangle. */
  readonly products: Block;
}

interface PrimalProblem extends Pick<RidgeRows, "x"> {
  readonly origin: Float64Array;
  readonly rough: boolean;
}

/**
 * Returns the problem in its primal form: (Σ weight·x·xᵀ + alpha·I)·W = Σ weight·x·targets, x and targets about their weighted means. The sums are
 * taken once, fold by fold: those of a part, or of all folds but one, are sums of them.
 */
export async function primalRidge(rows: RidgeRows): Promise<RidgeSystem> {
  const { x, targets, weights, rough = false, rest } = rows;
  const origin = weightedMeans(x, weights);
  const problem = { x, origin, rough };
  const folds = new Map<number, FoldSums>();
  let squares = 0;
  for (const [fold, own] of rowsByFold(rows)) {
    const sums = emptySums(own, targets.rows, x.cols);
    let weight = 0;
    for (let from = 0; from < own.length; from += band) {
      const some = own.subarray(from, from + band);
      const centred = centredRows(problem, some);
      for (const value of centred.data) squares += value * value;
      addSums(sums, centred, { rows: some, targets, weights });
      addProducts(sums.products, centred, { rows: some, weights, rough });
      for (const i of some) weight += weights[i];
      await rest?.();
    }
    folds.set(fold, { ...sums, weight });
  }
  const all = targetIndices(targets);
  return {
    ...partOf(problem, folds, all),
    scale: squares / x.rows,
    part: (outputs, some) =>
      partOf(problem, some ? new Map([...folds].filter(([fold]) => some.has(fold))) : folds, outputs),
  };
}

function targetIndices(targets: Block): number[] {
  return Array.from({ length: targets.rows }, (_, k) => k);
}

function emptySums(rows: Int32Array, outputs: number, width: number): Omit<FoldSums, "weight"> {
  return {
    rows,
    x: new Float64Array(width),
    targets: new Float64Array(outputs),
    cross: block(outputs, width),
    products: block(width, width),
  };
}

/** Returns rows less the origin. */
function centredRows({ x, origin }: PrimalProblem, rows: Int32Array): Block {
  const width = x.cols;
  const centred = block(rows.length, width);
  rows.forEach((i, s) => {
    for (let j = 0; j < width; j++) centred.data[s * width + j] = x.data[i * width + j] - origin[j];
  });
  return centred;
}

function addSums(
  sums: Omit<FoldSums, "weight">,
  { data, cols }: Block,
  { rows, targets, weights }: Pick<RidgeRows, "targets" | "weights"> & { rows: Int32Array },
): void {
  rows.forEach((i, s) => {
    const own = data.subarray(s * cols, (s + 1) * cols);
    addTo(sums.x, own, weights[i]);
    for (let k = 0; k < targets.rows; k++) {
      const value = weights[i] * targets.data[k * targets.cols + i];
      sums.targets[k] += value;
      addTo(sums.cross.data.subarray(k * cols, (k + 1) * cols), own, value);
    }
  });
}

function addProducts(
  products: Block,
  { data, cols }: Block,
  { rows, weights, rough }: Pick<RidgeRows, "weights" | "rough"> & { rows: Int32Array },
): void {
  const rooted = rough ? new Float32Array(data.length) : data.slice();
  rows.forEach((i, s) => {
    const root = Math.sqrt(weights[i]);
    for (let at = s * cols; at < (s + 1) * cols; at++) rooted[at] = root * data[at];
  });
  if (rooted instanceof Float32Array)
    addTo(products.data, scatterMatrix(matrix(rows.length, cols, rooted), new Float64Array(cols)));
  else addGram(products, transposed(rooted, rows.length, cols));
}

function addTo(sums: Float64Array, values: Float64Array, factor = 1): void {
  for (let i = 0; i < sums.length; i++) sums[i] += factor * values[i];
}

/** The equations of the rows of some folds. */
interface Equations {
  /** Weighted means of the rows less the origin. */
  readonly means: Float64Array;
  readonly targetMeans: Float64Array;
  readonly products: Block;
  /** Outputs × features. */
  readonly right: Block;
}

function equationsOf(folds: readonly FoldSums[], outputs: readonly number[]): Equations {
  const width = folds[0].x.length;
  const total = folds.reduce((sum, { weight }) => sum + weight, 0);
  const means = new Float64Array(width);
  const targetMeans = new Float64Array(outputs.length);
  const products = block(width, width);
  const right = block(outputs.length, width);
  for (const own of folds) {
    addTo(means, own.x, 1 / total);
    addTo(products.data, own.products.data);
    outputs.forEach((k, o) => {
      targetMeans[o] += own.targets[k] / total;
      addTo(
        right.data.subarray(o * width, (o + 1) * width),
        own.cross.data.subarray(k * width, (k + 1) * width),
      );
    });
  }
  for (let i = 0; i < width; i++)
    for (let j = 0; j <= i; j++) products.data[i * width + j] -= total * means[i] * means[j];
  mirrorLower(products);
  targetMeans.forEach((mean, o) => {
    addTo(right.data.subarray(o * width, (o + 1) * width), means, -total * mean);
  });
  return { means, targetMeans, products, right };
}

/** Returns the intercepts beside weights (outputs × features) of rows less the origin, by which they are about their own means. */
function intercepts(weights: Block, targetMeans: Float64Array, means: Float64Array): Float64Array {
  return targetMeans.map((mean, k) => {
    let offset = mean;
    for (let j = 0; j < weights.cols; j++) offset -= weights.data[k * weights.cols + j] * means[j];
    return offset;
  });
}

function partOf(
  problem: PrimalProblem,
  folds: ReadonlyMap<number, FoldSums>,
  outputs: readonly number[],
): RidgePart {
  const { origin, rough } = problem;
  const width = origin.length;
  return {
    outputs: outputs.length,
    solve(alpha) {
      const { means, targetMeans, products, right } = equationsOf([...folds.values()], outputs);
      for (let j = 0; j < width; j++) products.data[j * width + j] += alpha;
      choleskyInPlace(products);
      solveCholeskyInto(products, right);
      const places = means.map((mean, j) => mean + origin[j]);
      return { weights: right, bias: intercepts(right, targetMeans, places) };
    },
    valuesWithout(fold, alphas) {
      const inside = [...folds].filter(([name]) => name !== fold).map(([, sums]) => sums);
      const { means, targetMeans, products, right } = equationsOf(inside, outputs);
      const operator = { size: width, apply: productWith(products, rough) };
      const options = {
        ...{ shifts: alphas, count: outputs.length },
        ...{ tolerance: foldTolerance, maxIterations: foldIterations },
      };
      const solutions = solveShifted(operator, right.data, options).map((data) =>
        block(outputs.length, width, data),
      );
      const { rows } = folds.get(fold)!;
      const values = solutions.map(() => block(outputs.length, rows.length));
      const offsets = solutions.map((weights) => intercepts(weights, targetMeans, means));
      for (let from = 0; from < rows.length; from += band) {
        const centred = centredRows(problem, rows.subarray(from, from + band));
        solutions.forEach((weights, a) => {
          const own = { ...values[a], offset: from, cols: centred.rows };
          addProduct(own, weights, centred);
        });
      }
      values.forEach(({ data }, a) => {
        offsets[a].forEach((offset, k) => {
          for (let s = 0; s < rows.length; s++) data[k * rows.length + s] += offset;
        });
      });
      return values;
    },
  };
}
