/** How unlike the training recordings something sounds: the Mahalanobis distance in the space of probabilistic principal components. */
import type { FeatureTable } from "../data/feature-table.js";
import { standardized } from "../data/standardized.js";
import { groupIndices } from "../learn/group-indices.js";
import { innerFolds } from "../learn/inner-folds.js";
import { alongAxes, coarseAxis } from "../math/coarse-axes.js";
import { block, choleskyInPlace, solveCholeskyInto } from "../math/linear-algebra.js";
import type { Random } from "../math/random.js";
import { percentiles } from "../math/statistics.js";
import type { OutOfDistributionProfile, ReferenceProfile } from "./manifest.js";

/** Axes that are kept at most. */
const mostAxes = 16;
/** Passes over the data that turn the axes towards the largest variances. */
const passes = 3;
/** The score above which a recognizer stays silent. */
export const defaultAbstainAbove = 0.99;
/** The same where the score is of left-out corpora: among them distance does not tell right from wrong, so that it is to find what is no speech. */
const abstainAboveCorpora = 0.999;

type Geometry = Pick<OutOfDistributionProfile, "axes" | "precision" | "residualVariance">;

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}

/** Makes the vectors orthonormal in place (modified Gram-Schmidt, twice); one that depends on those before becomes 0. */
function orthonormalize(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, a) => {
    const before = Math.sqrt(dot(vector, vector));
    for (let round = 0; round < 2; round++) {
      for (const other of vectors.slice(0, a)) {
        const part = dot(vector, other);
        for (let j = 0; j < vector.length; j++) vector[j] -= part * other[j];
      }
    }
    const length = Math.sqrt(dot(vector, vector));
    const scale = length > 1e-9 * before ? 1 / length : 0;
    for (let j = 0; j < vector.length; j++) vector[j] *= scale;
  });
}

/**
 * Returns the principal axes by subspace iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4), rounded to 8 bits as they are stored,
 * the inverse covariance along them, and the mean variance across them (Tipping and Bishop 1999, equation 8).
 */
function fitGeometry(rows: readonly Float64Array[], random: Random): Geometry {
  const cols = rows[0].length;
  const count = Math.min(mostAxes, cols, Math.max(1, Math.floor(rows.length / 10)));
  const axes = Array.from({ length: count }, () =>
    Float64Array.from({ length: cols }, () => random.normal()),
  );
  orthonormalize(axes);
  for (let pass = 0; pass < passes; pass++) {
    const next = axes.map(() => new Float64Array(cols));
    for (const row of rows) {
      axes.forEach((axis, a) => {
        const part = dot(row, axis);
        const into = next[a];
        for (let j = 0; j < cols; j++) into[j] += part * row[j];
      });
    }
    axes.forEach((axis, a) => {
      axis.set(next[a]);
    });
    orthonormalize(axes);
  }
  const stored = axes.map(coarseAxis);
  const along = rows.map((row) => alongAxes(row, stored));
  const covariance = block(count, count);
  let total = 0;
  rows.forEach((row, i) => {
    const part = along[i];
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) covariance.data[a * count + b] += (part[a] * part[b]) / rows.length;
    }
    total += Math.max(0, dot(row, row) - dot(part, part)) / rows.length;
  });
  const residualVariance = Math.max(1e-6, total / Math.max(1, cols - count));
  for (let a = 0; a < count; a++) covariance.data[a * count + a] += residualVariance / rows.length;
  choleskyInPlace(covariance);
  const inverse = block(count, count);
  for (let a = 0; a < count; a++) inverse.data[a * count + a] = 1;
  solveCholeskyInto(covariance, inverse);
  return { axes: stored, precision: Array.from(inverse.data), residualVariance };
}

/** Returns the distance, in standard deviations of a training recording: about 1 for one of them. */
function distance(x: Float64Array, { axes, precision, residualVariance }: Geometry): number {
  const part = alongAxes(x, axes);
  let along = 0;
  for (let a = 0; a < part.length; a++)
    along += part[a] * dot(part, precision.slice(a * part.length, (a + 1) * part.length));
  const across = Math.max(0, dot(x, x) - dot(part, part)) / residualVariance;
  return Math.sqrt((along + across) / x.length);
}

/**
 * Returns what tells familiar recordings from others, or undefined where there are fewer than two speakers or twenty recordings. The
 * percentiles are those of the distances of speakers who were held out, five folds of them, so that a new speaker is not taken for news; of
 * several corpora, by those of each corpus from the others, so that another studio or language is none either.
 * @param table one row an utterance; `speakers` are theirs, in its order, and `corpora` by index where they are several.
 */
export function fitOutOfDistribution(
  table: FeatureTable,
  {
    speakers,
    corpora,
    reference,
    random,
  }: {
    speakers: readonly string[];
    corpora?: Int32Array | undefined;
    reference: ReferenceProfile;
    random: Random;
  },
): OutOfDistributionProfile | undefined {
  const groups = groupIndices(speakers);
  if (new Set(speakers).size < 2 || speakers.length < 20) return undefined;
  const { data, cols } = table.frames;
  const rows = speakers.map((_, i) => standardized(data.subarray(i * cols, (i + 1) * cols), reference));
  const folds =
    corpora ??
    innerFolds({
      labels: new Int32Array(rows.length),
      groups,
      count: 5,
      random: random.fork("folds"),
    });
  const distances: number[] = [];
  for (const fold of new Set(folds)) {
    const geometry = fitGeometry(
      rows.filter((_, i) => folds[i] !== fold),
      random.fork(`axes-${fold}`),
    );
    rows.forEach((row, i) => {
      if (folds[i] === fold) distances.push(distance(row, geometry));
    });
  }
  return {
    ...rounded(fitGeometry(rows, random.fork("axes"))),
    percentiles: percentiles(
      distances,
      Array.from({ length: 101 }, (_, k) => k),
    ).map(Math.fround),
    abstainAbove: corpora ? abstainAboveCorpora : defaultAbstainAbove,
  };
}

/**
 * Returns how unlike training a row of features is, 0..1: the part of held-out training recordings that were nearer. 1 is further away than
 * every one of them.
 */
export function outOfDistribution(
  features: ArrayLike<number>,
  profile: OutOfDistributionProfile,
  reference: ReferenceProfile,
): number {
  const at = distance(standardized(features, reference), profile);
  const { percentiles: known } = profile;
  const above = known.findIndex((value) => value > at);
  if (above < 0) return 1;
  if (above === 0) return 0;
  const low = known[above - 1];
  return (above - 1 + (at - low) / (known[above] - low)) / (known.length - 1);
}

function rounded({ axes, precision, residualVariance }: Geometry): Geometry {
  return {
    axes,
    precision: precision.map(Math.fround),
    residualVariance: Math.fround(residualVariance),
  };
}
