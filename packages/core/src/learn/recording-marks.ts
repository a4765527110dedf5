/** A few numbers that tell one recording of a speaker from the speaker's others, and how speakers and classes differ in them. */
import { pca } from "../cluster/pca.js";
import type { FeatureTable } from "../data/feature-table.js";
import { type Moments, standardized } from "../data/standardized.js";
import { alongAxes, type CoarseAxis, coarseAxis } from "../math/coarse-axes.js";
import { addGram, block, choleskyInPlace, solveLower, solveLowerTransposed } from "../math/linear-algebra.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { symmetricEigen } from "../math/symmetric-eigen.js";
import { centreGroups } from "./centre-groups.js";
import { columnWeights } from "./ridge/column-weights.js";

/** Principal components that marks are made of, and directions of manners at most: chosen on inner folds of RAVDESS's training speakers. */
const [mostComponents, mostManners] = [128, 64];
/** Rows that a component needs at least to be known. */
const rowsPerComponent = 10;
/** Rounds in which what is a speaker's and what is a class's are told apart; more change nothing where all speakers say all classes. */
const rounds = 5;
/** With fewer speakers there is no telling what a speaker's manner is. */
const fewestSpeakers = 8;
/** The least variance of voices and manners, in units of that of recordings of one speaker and class. */
const leastVariance = 1e-3;

/**
 * What speakers and classes do to marks. A mark of a recording is taken for a sum: the class's mean, the speaker's voice, the speaker's
 * manner of that class, and the recording's own part, which is uncorrelated between marks and has variance 1.
 */
export interface MarkVariances {
  /** Of the average voice: classes × marks. */
  readonly means: readonly (readonly number[])[];
  /** Variance between speakers of the voice, for each mark. */
  readonly voice: readonly number[];
  /** Variance between speakers of the manner, for each mark. */
  readonly manner: readonly number[];
}

/** Axes of marks over the standardized features, and what is known of marks along them. */
export interface RecordingMarks {
  /** None where there are too few rows. */
  readonly axes: readonly CoarseAxis[];
  /** Absent where there are too few speakers. */
  readonly variances?: MarkVariances | undefined;
}

/** Whose and of what the rows of a table are. */
interface MarkTargets {
  /** Speaker of each row. */
  readonly groups: Int32Array;
  /** Class of each row, 0..classes − 1. */
  readonly labels: Int32Array;
  readonly classes: number;
  readonly moments: Moments;
  /** Whether the rows are of several corpora: what speakers differ by is then, for the most part, what corpora do. Default no. */
  readonly severalCorpora?: boolean | undefined;
}

/**
 * Returns the marks in which speakers' manners differ most beside what varies between recordings of one speaker and class (the generalized
 * eigenvectors of both covariances, as in Ioffe 2006, "Probabilistic linear discriminant analysis"), among the principal components of the
 * standardized features, each block of columns counting alike, after each speaker's own mean has been taken off. With fewer than eight
 * speakers, where they say no class twice, and of several corpora, marks are these components, whitened, and no variances are known. None for fewer
 * than ten rows.
 * @param table one row an utterance, no value missing; `groups` and `labels` are in its order.
 */
export function fitMarks(table: FeatureTable, targets: MarkTargets): RecordingMarks {
  const { groups, moments } = targets;
  const { data, rows, cols } = table.frames;
  const count = Math.min(mostComponents, cols, Math.floor(rows / rowsPerComponent));
  if (count < 1) return { axes: [] };
  const weights = columnWeights(table.names);
  const x = matrix(rows, cols);
  for (let i = 0; i < rows; i++)
    x.data.set(
      standardized(data.subarray(i * cols, (i + 1) * cols), moments).map((value, j) => value * weights[j]),
      i * cols,
    );
  const found = pca(centreGroups(x, groups, 1), { components: count });
  // Of the features' own variance: where each speaker is heard once, rounding is all that is left.
  const least = 1e-9 * weights.reduce((sum, weight) => sum + weight ** 2, 0);
  const components = found.variance.filter((variance) => variance > least).length;
  const z = matrix(rows, components);
  for (let i = 0; i < rows; i++)
    for (let a = 0; a < components; a++) {
      let sum = 0;
      for (let j = 0; j < cols; j++) sum += x.data[i * cols + j] * found.components.data[a * cols + j];
      z.data[i * components + a] = sum / Math.sqrt(found.variance[a]);
    }
  const told = new Set(groups).size >= fewestSpeakers && !targets.severalCorpora;
  const parts = told ? tellApart(z, targets) : undefined;
  const width = targets.severalCorpora ? components : Math.min(mostManners, components);
  const directions =
    parts?.directions ??
    Array.from({ length: width }, (_, r) => ({
      direction: Float64Array.from({ length: components }, (__, a) => (a === r ? 1 : 0)),
      variance: 1,
    }));
  const along = (values: ArrayLike<number>, direction: Float64Array): number =>
    direction.reduce((sum, weight, a) => sum + weight * values[a], 0);
  const digits = (value: number): number => Math.fround(Number(value.toPrecision(5)));
  const axes = directions.map(({ direction }) =>
    coarseAxis(
      weights.map((w, j) => {
        let sum = 0;
        for (let a = 0; a < components; a++)
          sum += (direction[a] * found.components.data[a * cols + j]) / Math.sqrt(found.variance[a]);
        return w * sum;
      }),
    ),
  );
  if (!parts) return { axes };
  const variances = {
    means: parts.classMeans.map((mean) => directions.map(({ direction }) => digits(along(mean, direction)))),
    voice: directions.map(({ direction }) => {
      const own = parts.voices.map((voice) => along(voice, direction));
      const mean = own.reduce((sum, value) => sum + value / own.length, 0);
      const squares = own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return digits(Math.max(leastVariance, squares / (own.length - 1) - own.length / rows));
    }),
    manner: directions.map(({ variance }) => digits(Math.max(leastVariance, variance))),
  };
  return { axes, variances };
}

/** Returns the marks of a recording's features. */
export function marksOf(
  features: ArrayLike<number>,
  { axes, moments }: { readonly axes: readonly CoarseAxis[]; readonly moments: Moments },
): number[] {
  return axes.length > 0 ? alongAxes(standardized(features, moments), axes) : [];
}

/** Returns the means of the rows of each key less an offset of the row, and how many rows each has. */
function meansBy(
  { data, rows, cols }: Matrix,
  keys: ArrayLike<number>,
  { count, less }: { count: number; less: (i: number) => ArrayLike<number> | undefined },
): { means: Float64Array[]; counts: Float64Array } {
  const counts = new Float64Array(count);
  const means = Array.from({ length: count }, () => new Float64Array(cols));
  for (let i = 0; i < rows; i++) {
    const [own, off] = [means[keys[i]], less(i)];
    counts[keys[i]]++;
    for (let j = 0; j < cols; j++) own[j] += data[i * cols + j] - (off ? off[j] : 0);
  }
  means.forEach((mean, k) => {
    if (counts[k] > 0) for (let j = 0; j < cols; j++) mean[j] /= counts[k];
  });
  return { means, counts };
}

/**
 * Returns the directions in which manners differ most, with their variance where the recordings' own is 1, the voices and the classes' means;
 * undefined where there is too little to tell.
 */
function tellApart(
  z: Matrix,
  { groups, labels, classes }: MarkTargets,
):
  | {
      directions: { direction: Float64Array; variance: number }[];
      voices: Float64Array[];
      classMeans: Float64Array[];
    }
  | undefined {
  const { rows, cols } = z;
  const speakers = [...new Set(groups)];
  const speaker = Int32Array.from(groups, (group) => speakers.indexOf(group));
  let voices = meansBy(z, speaker, { count: speakers.length, less: () => undefined }).means;
  const ofClasses = () => meansBy(z, labels, { count: classes, less: (i) => voices[speaker[i]] });
  let classMeans = ofClasses().means;
  for (let round = 0; round < rounds; round++) {
    voices = meansBy(z, speaker, { count: speakers.length, less: (i) => classMeans[labels[i]] }).means;
    classMeans = ofClasses().means;
  }
  const pairs = Int32Array.from(labels, (label, i) => speaker[i] * classes + label);
  const manners = meansBy(z, pairs, {
    count: speakers.length * classes,
    less: (i) => classMeans[labels[i]].map((mean, j) => mean + voices[speaker[i]][j]),
  });
  const said = [...manners.counts.keys()].filter((pair) => manners.counts[pair] > 1);
  const freedom = said.reduce((sum, pair) => sum + manners.counts[pair] - 1, 0);
  if (freedom <= cols || said.length < 2) return undefined;
  const residuals = block(cols, rows);
  for (let i = 0; i < rows; i++) {
    if (manners.counts[pairs[i]] < 2) continue;
    const [voice, mean, manner] = [voices[speaker[i]], classMeans[labels[i]], manners.means[pairs[i]]];
    for (let j = 0; j < cols; j++)
      residuals.data[j * rows + i] =
        (z.data[i * cols + j] - voice[j] - mean[j] - manner[j]) / Math.sqrt(freedom);
  }
  const within = block(cols, cols);
  addGram(within, residuals);
  choleskyInPlace(within);
  // Manners in units of the recordings' own part; their scatter has that part in it, and has lost what voices and means took.
  const presentClasses = new Set(labels).size;
  const kept = (1 - 1 / presentClasses) * (1 - 1 / speakers.length);
  const own = block(cols, said.length);
  said.forEach((pair, p) => {
    const manner = manners.means[pair].slice();
    solveLower(within, manner, 0);
    for (let j = 0; j < cols; j++)
      own.data[j * said.length + p] = manner[j] / Math.sqrt(said.length * Math.max(kept, 0.25));
  });
  const scatter = block(cols, cols);
  addGram(scatter, own);
  const noise = said.reduce((sum, pair) => sum + 1 / manners.counts[pair] / said.length, 0);
  const { values, vectors } = symmetricEigen(scatter.data, cols, Math.min(mostManners, cols));
  return {
    voices,
    classMeans,
    directions: Array.from(values, (value, r) => {
      const direction = vectors.slice(r * cols, (r + 1) * cols);
      solveLowerTransposed(within, direction, 0);
      return { direction, variance: value - noise };
    }),
  };
}
