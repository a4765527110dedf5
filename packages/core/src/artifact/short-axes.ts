/** Axes in half a byte a value, as an artifact carries them: rounded so that what training recordings are along them stays what it was. */
import type { FeatureTable } from "../data/feature-table.js";
import { standardized } from "../data/standardized.js";
import type { CoarseAxis } from "../math/coarse-axes.js";
import type { ArtifactManifest } from "./manifest.js";

/** The largest number of a short axis. */
const mostSteps = 7;
/** Parts of the greatest magnitude at which the steps may end: a few values are large, most are small. */
const ends = Array.from({ length: 18 }, (_, i) => 0.15 + 0.05 * i);
/** Recordings that are looked at, and passes over the values of an axis. */
const [mostRows, passes] = [1024, 3];
/** What a value's own error counts beside its part in the recordings', of which others have other ones. */
const ownWeight = 0.5;
/** An axis stays as it is where recordings would move along it by more than this part of their deviation (root mean square). */
const mostMoved = 0.05;

/** The parts of a manifest that have axes, and the moments of the features under them. */
type WithAxes = Pick<ArtifactManifest, "reference"> &
  Partial<Pick<ArtifactManifest, "outOfDistribution" | "speakers" | "collections">>;

/**
 * Returns the description with short axes, or as it is where axes are few: what they take is then not worth a rounding.
 * @param table rows of features as the model was trained on, without missing values; `fewest` values of all axes are rounded.
 */
export function withShortAxes<T extends WithAxes>(
  described: T,
  table: FeatureTable,
  { fewest = 2 ** 15 }: { readonly fewest?: number } = {},
): T {
  const { reference, outOfDistribution, speakers, collections } = described;
  const found = [...(outOfDistribution?.axes ?? []), ...(speakers?.axes ?? []), ...(collections?.axes ?? [])];
  if (found.length * reference.mean.length < fewest) return described;
  const { data, rows, cols } = table.frames;
  const count = Math.min(rows, mostRows);
  const columns = Array.from({ length: cols }, () => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    const at = Math.floor((i * rows) / count) * cols;
    standardized(data.subarray(at, at + cols), reference).forEach((value, j) => {
      columns[j][i] = value;
    });
  }
  const short = (axes: readonly CoarseAxis[]): CoarseAxis[] => axes.map((axis) => shortAxis(axis, columns));
  return {
    ...described,
    ...(outOfDistribution && {
      outOfDistribution: { ...outOfDistribution, axes: short(outOfDistribution.axes) },
    }),
    ...(speakers?.axes && { speakers: { ...speakers, axes: short(speakers.axes) } }),
    ...(collections?.axes && { collections: { ...collections, axes: short(collections.axes) } }),
  };
}

/** Returns a scale for the values: where the squared error of the steps is least, the part along the direction being what it was. */
function shortScale(values: Float64Array): number {
  const top = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  let best = { error: Number.POSITIVE_INFINITY, scale: 1 };
  for (const end of ends) {
    const size = (end * top) / mostSteps;
    let [error, along, squares] = [0, 0, 0];
    for (const value of values) {
      const rounded = size * nearestStep(value / size);
      error += (value - rounded) ** 2;
      along += value * rounded;
      squares += value ** 2;
    }
    if (error < best.error) best = { error, scale: along > 0 ? (size * squares) / along : size };
  }
  return Math.fround(best.scale);
}

function nearestStep(value: number): number {
  return Math.max(-mostSteps, Math.min(mostSteps, Math.round(value))) + 0;
}

/**
 * Returns the axis in whole numbers −7..7, each in turn set to where the recordings' squared error, and a little of its own, is least: errors of
 * features that go together then cancel (coordinate descent on the rounding, as in Nagel et al. 2020, "Up or down?", without its relaxation).
 * @param columns the recordings' standardized features, one array a feature.
 */
function shortAxis(axis: CoarseAxis, columns: readonly Float64Array[]): CoarseAxis {
  const values = Float64Array.from(axis.steps, (step) => axis.scale * step);
  const scale = shortScale(values);
  const steps = Array.from(values, (value) => nearestStep(value / scale));
  const rows = columns[0].length;
  const moved = new Float64Array(rows);
  const along = new Float64Array(rows);
  columns.forEach((column, j) => {
    const error = values[j] - scale * steps[j];
    for (let i = 0; i < rows; i++) {
      moved[i] += error * column[i];
      along[i] += values[j] * column[i];
    }
  });
  const own = ownWeight * rows;
  const weights = columns.map((column) => scale * (squaresOf(column) + own));
  for (let pass = 0; pass < passes; pass++) {
    columns.forEach((column, j) => {
      let slope = own * (values[j] - scale * steps[j]);
      for (let i = 0; i < rows; i++) slope += column[i] * moved[i];
      const step = nearestStep(steps[j] + Math.round(slope / weights[j]));
      const change = scale * (step - steps[j]);
      if (change === 0) return;
      steps[j] = step;
      for (let i = 0; i < rows; i++) moved[i] -= change * column[i];
    });
  }
  return squaresOf(moved) <= mostMoved ** 2 * squaresOf(along) ? { scale, steps } : axis;
}

function squaresOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value ** 2;
  return sum;
}
