/** Ridge on the products of all pairs of features: for problems that are longer than wide. */
import {
  addGram,
  addProduct,
  type Block,
  block,
  choleskyInPlace,
  mirrorLower,
  solveCholeskyInto,
} from "../../math/linear-algebra.js";
import {
  foldIterations,
  foldTolerance,
  outputMeans,
  partOfTargets,
  type RidgeRows,
  type RidgeSystem,
  weightedMeans,
} from "./ridge-system.js";
import { solveShifted } from "./solve-shifted.js";

/** Returns the problem in its primal form: (Σ weight·x·xᵀ + alpha·I)·W = Σ weight·x·targets, x and targets about their weighted means. */
export function primalRidge({ x, targets, weights }: RidgeRows): RidgeSystem {
  const [n, width, outputs] = [x.rows, x.cols, targets.rows];
  const means = weightedMeans(x, weights);
  const centred = block(n, width);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < width; j++) centred.data[i * width + j] = x.data[i * width + j] - means[j];
  const all = Array.from({ length: n }, (_, i) => i);
  const products = productsOf(centred, weights, all);
  let squares = 0;
  for (const value of centred.data) squares += value * value;

  return {
    outputs,
    scale: squares / n,
    solve(alpha) {
      const factor = block(width, width, products.data.slice());
      for (let j = 0; j < width; j++) factor.data[j * width + j] += alpha;
      choleskyInPlace(factor);
      const targetMeans = outputMeans(targets, weights);
      const solution = crossProducts(centred, targets, { weights, targetMeans, rows: all });
      solveCholeskyInto(factor, solution);
      const bias = targetMeans.map((mean, k) => {
        let shift = 0;
        for (let j = 0; j < width; j++) shift += solution.data[k * width + j] * means[j];
        return mean - shift;
      });
      return { weights: solution, bias };
    },
    valuesWithout(held, alphas) {
      const outside = all.filter(held);
      const inside = all.filter((i) => !held(i));
      const own = weights.map((weight, i) => (held(i) ? 0 : weight));
      const total = own.reduce((a, b) => a + b, 0);
      const shift = weightedMeans(centred, own);
      const targetMeans = outputMeans(targets, own);
      const part = productsOf(centred, weights, outside);
      for (let i = 0; i < width; i++) {
        for (let j = 0; j <= i; j++) {
          const at = i * width + j;
          part.data[at] = products.data[at] - part.data[at] - total * shift[i] * shift[j];
        }
      }
      mirrorLower(part);
      // Targets about their mean: what x is measured from makes no difference.
      const wanted = crossProducts(centred, targets, { weights, targetMeans, rows: inside });
      const operator = {
        size: width,
        apply(vectors: Float64Array, count: number, out: Float64Array): void {
          out.fill(0);
          addProduct(block(count, width, out), block(count, width, vectors), part);
        },
      };
      const options = {
        shifts: alphas,
        count: outputs,
        tolerance: foldTolerance,
        maxIterations: foldIterations,
      };
      return solveShifted(operator, wanted.data, options).map((solution) => {
        const values = block(outputs, n);
        addProduct(values, block(outputs, width, solution), centred);
        for (let k = 0; k < outputs; k++) {
          let offset = targetMeans[k];
          for (let j = 0; j < width; j++) offset -= solution[k * width + j] * shift[j];
          for (let i = 0; i < n; i++) values.data[k * n + i] += offset;
        }
        return values;
      });
    },
    part: (some, rows = Int32Array.from(all)) =>
      primalRidge({
        x: block(
          rows.length,
          width,
          Float64Array.from(
            { length: rows.length * width },
            (_, at) => x.data[rows[Math.floor(at / width)] * width + (at % width)],
          ),
        ),
        targets: partOfTargets(targets, some, rows),
        weights: Float64Array.from(rows, (i) => weights[i]),
      }),
  };
}

/** Returns features × features sums of weight·x·xᵀ over the given rows, in the lower triangle. */
function productsOf(x: Block, weights: Float64Array, rows: readonly number[]): Block {
  const { cols } = x;
  const turned = block(cols, rows.length);
  rows.forEach((i, s) => {
    const root = Math.sqrt(weights[i]);
    for (let j = 0; j < cols; j++) turned.data[j * rows.length + s] = root * x.data[i * cols + j];
  });
  const products = block(cols, cols);
  addGram(products, turned);
  return products;
}

/** Returns outputs × features sums of weight·(target − mean)·x over the given rows. */
function crossProducts(
  x: Block,
  targets: Block,
  about: { weights: Float64Array; targetMeans: Float64Array; rows: readonly number[] },
): Block {
  const { cols } = x;
  const sums = block(targets.rows, cols);
  for (const i of about.rows) {
    for (let k = 0; k < targets.rows; k++) {
      const value = about.weights[i] * (targets.data[k * targets.cols + i] - about.targetMeans[k]);
      for (let j = 0; j < cols; j++) sums.data[k * cols + j] += value * x.data[i * cols + j];
    }
  }
  return sums;
}
