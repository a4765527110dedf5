/** Principal component analysis. */
import { addGram, block } from "../math/linear-algebra.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { random as createRandom } from "../math/random.js";
import { scatterMatrix } from "../math/row-products.js";
import { leadingEigen, type SymmetricEigen, symmetricEigen } from "../math/symmetric-eigen.js";
import { expectOptions } from "./check-options.js";
import { expectRows, expectWhole } from "./check-rows.js";
import type { Projection } from "./clusterer.js";
import { columnMeans } from "./distances.js";

/** Settings of PCA. */
export interface PcaOptions {
  /** Components to keep; default all that there are, min(rows, columns). */
  readonly components?: number;
  /** Whether coordinates are divided by their deviation; default no. */
  readonly whiten?: boolean;
}

/** The directions in which rows differ most. */
export interface Pca {
  readonly mean: Float64Array;
  /** components × columns, each of length 1; its value of greatest magnitude is positive, as scikit-learn's `svd_flip` has it. */
  readonly components: Matrix;
  /** Variances along the components, divisor rows − 1, descending; and as parts of the whole variance. */
  readonly variance: Float64Array;
  readonly varianceRatio: Float64Array;
  /** Returns the coordinates of rows, rows × components. */
  transform(data: Matrix): Matrix;
}

/** Operations up to which sums of products are float64; above, float32 in chunks of 512 rows. */
const exactUpTo = 2e7;

/** Dimensions above which few components are found by subspace iteration. */
const directUpTo = 500;

/**
 * Returns the principal components (Pearson 1901; Hotelling 1933) by the eigenvectors of the covariance, or of the rows' products where
 * there are fewer rows than columns.
 * @throws UndertoneError `learn/too-few-rows` below 2 rows, `learn/not-finite`, `learn/bad-parameter`.
 */
export function pca(data: Matrix, options: PcaOptions = {}): Pca {
  expectOptions("pca", options, {
    components: null,
    whiten: { expected: "true or false", accepts: (value) => typeof value === "boolean" },
  });
  const { rows, cols } = data;
  const mean = columnMeans(data);
  // Means that are finite are of values that are finite, which saves looking at each.
  if (rows < 2 || cols < 1 || !mean.every(Number.isFinite)) expectRows("pca", data, 2);
  const { components: count = Math.min(rows, cols), whiten = false } = options;
  expectWhole("pca", "components", count, { low: 1, high: Math.min(rows, cols) });
  const wide = rows < cols;
  const scatter = wide ? rowScatter(data, mean) : columnScatter(data, mean);
  const size = Math.min(rows, cols);
  let whole = 0;
  for (let i = 0; i < size; i++) whole += scatter[i * size + i];
  const eigen: SymmetricEigen =
    size > directUpTo && count < size / 4
      ? leadingEigen(scatter, size, { count, random: createRandom("pca") })
      : symmetricEigen(scatter, size, count);
  const vectors = wide ? toColumns(eigen.vectors, data, mean) : eigen.vectors;
  const components = matrix(count, cols);
  for (let r = 0; r < count; r++) {
    let top = 0;
    let square = 0;
    for (let at = r * cols; at < (r + 1) * cols; at++) {
      const value = vectors[at];
      if (Math.abs(value) > Math.abs(top)) top = value;
      square += value * value;
    }
    const scale = square > 0 ? Math.sign(top) / Math.sqrt(square) : 0;
    for (let at = r * cols; at < (r + 1) * cols; at++) components.data[at] = scale * vectors[at];
  }
  const variance = eigen.values.map((value) => Math.max(0, value) / (rows - 1));
  const varianceRatio = eigen.values.map((value) => (whole > 0 ? Math.max(0, value) / whole : 0));
  const scales = variance.map((value) => (whiten ? (value > 0 ? 1 / Math.sqrt(value) : 0) : 1));
  return {
    mean,
    components,
    variance,
    varianceRatio,
    transform: (m) => transform(m, mean, components, scales),
  };
}

/** Returns Σ (x − mean)(x − mean)ᵀ, cols × cols. */
function columnScatter(data: Matrix, mean: Float64Array): Float64Array {
  const { rows, cols } = data;
  if (rows * cols * cols > exactUpTo) return scatterMatrix(data, mean);
  const columns = block(cols, rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) columns.data[j * rows + i] = data.data[i * cols + j] - mean[j];
  const result = block(cols, cols);
  addGram(result, columns);
  return result.data;
}

/** Returns the products of the centred rows, rows × rows (lower triangle). */
function rowScatter(data: Matrix, mean: Float64Array): Float64Array {
  const { rows, cols } = data;
  const centred = block(rows, cols);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) centred.data[i * cols + j] = data.data[i * cols + j] - mean[j];
  const result = block(rows, rows);
  addGram(result, centred);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < i; j++) result.data[j * rows + i] = result.data[i * rows + j];
  return result.data;
}

/** Returns the directions in column space that belong to eigenvectors of the rows' products. */
function toColumns(vectors: Float64Array, { data, rows, cols }: Matrix, mean: Float64Array): Float64Array {
  const count = vectors.length / rows;
  const result = new Float64Array(count * cols);
  for (let r = 0; r < count; r++) {
    const to = r * cols;
    for (let i = 0; i < rows; i++) {
      const weight = vectors[r * rows + i];
      for (let j = 0; j < cols; j++) result[to + j] += weight * (data[i * cols + j] - mean[j]);
    }
  }
  return result;
}

function transform(m: Matrix, mean: Float64Array, components: Matrix, scales: Float64Array): Matrix {
  const { rows: count, cols } = components;
  if (m.cols !== cols) throw new RangeError(`pca: got rows of ${m.cols} columns, expected ${cols}`);
  const result = matrix(m.rows, count);
  const line = new Float64Array(cols);
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < cols; j++) line[j] = m.data[i * cols + j] - mean[j];
    for (let r = 0; r < count; r++) {
      let sum = 0;
      for (let j = 0, at = r * cols; j < cols; j++, at++) sum += line[j] * components.data[at];
      result.data[i * count + r] = sum * scales[r];
    }
  }
  return result;
}

/** PCA as one of the list: the first two components (one column gives zeros as the second). */
export const pcaProjection: Projection = {
  kind: "pca",
  project(data) {
    expectRows("pca", data);
    const result = matrix(data.rows, 2);
    if (data.rows < 2) return result;
    const count = Math.min(2, data.rows, data.cols);
    const coordinates = pca(data, { components: count }).transform(data);
    for (let i = 0; i < data.rows; i++)
      for (let r = 0; r < count; r++) result.data[2 * i + r] = coordinates.data[i * count + r];
    return result;
  },
};
