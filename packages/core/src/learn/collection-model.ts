/** How far apart a model's scores of different classes lie in a collection: what left-out collections of its training part tell. */
import { symmetricEigen } from "../math/symmetric-eigen.js";
import { logitsOf, meanOfRows } from "./learn-speaker.js";

/** How log scores lie where nothing tells of the collection. */
export interface CollectionModel {
  /**
   * The directions along which classes differ most beside what varies within them, two at most: weights of the centred log scores, so scaled
   * that recordings in equal parts of all classes have variance 1 along each.
   */
  readonly spread: readonly (readonly number[])[];
}

/** Scores of a recording by a model that had not heard its collection. */
export interface CollectionRow {
  readonly scores: readonly number[];
  readonly label: number;
  readonly speaker: string;
  /** The speaker where nothing tells of collections: they then differ as speakers do. */
  readonly collection: string;
}

/** Scores below it tell nothing more: some models give 0 or nearly so. */
const leastScore = 1e-4;
/** Part of the mean variance in the covariance, without which few recordings would say too much of directions. */
const withinShrinkage = 0.3;
/** A collection's recordings share speakers: this part of what speakers vary counts as their own. */
const speakerPart = 0.5;
/** Rounds in which what is a collection's and what is a class's are told apart. */
const passes = 20;
/** Directions at most: recordings of one class may differ along one of them, hardly along two. */
const mostDirections = 2;

/** Returns log scores about their mean, none without end. */
export function collectionLogits(scores: ArrayLike<number>): Float64Array {
  return logitsOf(Array.from(scores, (score) => Math.max(leastScore, score)));
}

/** Returns the model, by the classes that are in a collection; undefined of fewer than two collections or such classes. */
export function fitCollections(rows: readonly CollectionRow[], classes: number): CollectionModel | undefined {
  const logits = rows.map(({ scores }) => collectionLogits(scores));
  const cells = cellsOf(rows, ({ collection, label }) => [collection, label]);
  const collections = [...new Set(rows.map(({ collection }) => collection))];
  const labels = [...new Set(rows.map(({ label }) => label))].sort((a, b) => a - b);
  if (collections.length < 2 || labels.length < 2) return undefined;
  const centres = cells.map(({ key, members }) => ({
    collection: key[0],
    label: key[1],
    mean: meanOfRows(
      members.map((i) => logits[i]),
      classes,
    ),
  }));
  const offset = new Map<string, Float64Array>(collections.map((name) => [name, new Float64Array(classes)]));
  let means = new Map<number, Float64Array>();
  for (let pass = 0; pass < passes; pass++) {
    means = new Map(
      labels.map((k) => [
        k,
        meanOfRows(
          centres
            .filter(({ label }) => label === k)
            .map((one) => minus(one.mean, offset.get(one.collection)!)),
          classes,
        ),
      ]),
    );
    for (const name of collections)
      offset.set(
        name,
        meanOfRows(
          centres
            .filter((one) => one.collection === name)
            .map((one) => minus(one.mean, means.get(one.label)!)),
          classes,
        ),
      );
    const common = meanOfRows([...offset.values()], classes);
    for (const [name, value] of offset) offset.set(name, minus(value, common));
    for (const [k, mean] of means)
      means.set(
        k,
        mean.map((value, j) => value + common[j]),
      );
  }
  const rest = logits.map((own, i) =>
    minus(minus(own, means.get(rows[i].label)!), offset.get(rows[i].collection)!),
  );
  const within = square(classes);
  const perCollection = new Map(
    collections.map((name) => [name, cells.filter(({ key }) => key[0] === name).length]),
  );
  for (const { key, members } of cells)
    for (const i of members)
      addSquare(within, rest[i], 1 / members.length / perCollection.get(key[0])! / collections.length);
  const speakers = cellsOf(rows, ({ collection, speaker }) => [`${collection}/${speaker}`, 0]);
  for (const { members } of speakers)
    addSquare(
      within,
      meanOfRows(
        members.map((i) => rest[i]),
        classes,
      ),
      speakerPart / speakers.length,
    );
  return { spread: widestDirections([...means.values()], shrunk(within, withinShrinkage)) };
}

/** Returns the directions in which means lie apart most where what varies about them is as `within` (Fisher 1936), in the scale of `CollectionModel`. */
function widestDirections(means: readonly Float64Array[], within: Float64Array): number[][] {
  const n = means[0].length;
  const { values, vectors } = symmetricEigen(within, n);
  const white = rowsOf(vectors, n).map((axis, a) => axis.map((value) => value / Math.sqrt(values[a])));
  const placed = means.map((mean) => Float64Array.from(white, (axis) => dot(axis, mean)));
  const middle = meanOfRows(placed, n);
  const between = square(n);
  for (const mean of placed) addSquare(between, minus(mean, middle), 1 / means.length);
  const widest = symmetricEigen(between, n, Math.min(mostDirections, means.length - 1));
  return rowsOf(widest.vectors, n).map((turn, a) => {
    const direction = Float64Array.from({ length: n }, (_, j) =>
      dot(
        turn,
        white.map((axis) => axis[j]),
      ),
    );
    const scale = Math.sqrt(1 + widest.values[a]);
    return Array.from(facing(direction), (value) =>
      // What rounding alone leaves is nothing, so that every runtime writes the same.
      Math.abs(value / scale) < 1e-9 ? 0 : Number((value / scale).toPrecision(7)),
    );
  });
}

/** Returns an eigenvector or its opposite, whichever is positive where it is first large: which of them comes out, rounding decides. */
function facing(vector: Float64Array): Float64Array {
  const most = vector.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  return vector.find((value) => Math.abs(value) > most / 2)! < 0 ? vector.map((value) => -value) : vector;
}

function cellsOf(
  rows: readonly CollectionRow[],
  keyOf: (row: CollectionRow) => readonly [string, number],
): { readonly key: readonly [string, number]; readonly members: number[] }[] {
  const cells = new Map<string, { key: readonly [string, number]; members: number[] }>();
  rows.forEach((row, i) => {
    const key = keyOf(row);
    const name = JSON.stringify(key);
    const cell = cells.get(name) ?? { key, members: [] };
    cell.members.push(i);
    cells.set(name, cell);
  });
  return [...cells.values()];
}

const square = (n: number): Float64Array => new Float64Array(n * n);

function addSquare(sum: Float64Array, value: Float64Array, weight: number): void {
  const n = value.length;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum[i * n + j] += weight * value[i] * value[j];
}

/** Returns a covariance drawn towards one of equal, independent variances. */
function shrunk(covariance: Float64Array, part: number): Float64Array {
  const n = Math.sqrt(covariance.length);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += covariance[i * n + i];
  const even = Math.max(trace / n, 1e-9);
  return covariance.map((value, at) => (1 - part) * value + (at % (n + 1) === 0 ? part * even : 0));
}

function rowsOf(data: Float64Array, n: number): Float64Array[] {
  return Array.from({ length: data.length / n }, (_, i) => data.subarray(i * n, (i + 1) * n));
}

function minus(a: Float64Array, b: ArrayLike<number>): Float64Array {
  return a.map((value, j) => value - b[j]);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}
