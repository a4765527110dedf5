/** From a feature table to rows that distances make sense of. */
import { distinctRows, type Pca, pca } from "@undertone/core/cluster";
import { columnMoments, type FeatureTable } from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import { centreGroups, groupIndices } from "@undertone/core/learn";
import { type Matrix, matrix } from "@undertone/core/math";

/** Rows of equal rights: each feature in deviations from its mean. */
export interface PreparedRows {
  /** utterances × features; constant features are 0. */
  readonly standard: Matrix;
  /** utterances × components: the principal components of these. */
  readonly rows: Matrix;
  /** Rows that differ from all before them. */
  readonly distinct: number;
  readonly variance: number;
}

const mostComponents = 50;

/**
 * Returns the rows, centred on each speaker's mean where `speakers` (one for each row) are given.
 * @throws UndertoneError `features/mismatch` for a table of frames, `learn/not-finite`, `learn/too-few-rows` below 4 rows or
 * when all are equal.
 */
export function prepareRows(table: FeatureTable, speakers?: readonly string[]): PreparedRows {
  const { frames, ids, names, offsets } = table;
  if (frames.rows !== ids.length || offsets.some((offset, i) => offset !== i)) {
    throw new UndertoneError(
      "features/mismatch",
      `The features are ${frames.rows} frames of ${ids.length} utterances, expected a feature set with one row an utterance`,
    );
  }
  if (ids.length < 4) {
    throw new UndertoneError(
      "learn/too-few-rows",
      `There are ${ids.length} utterances with a class to explore, expected at least 4`,
    );
  }
  const bad = frames.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new UndertoneError(
      "learn/not-finite",
      `The feature '${names[bad % frames.cols]}' of '${ids[Math.floor(bad / frames.cols)]}' is ${frames.data[bad]}, expected a finite number`,
    );
  }
  const standard = standardize(speakers ? centreSpeakers(frames, speakers) : frames);
  const components = Math.min(mostComponents, standard.rows, standard.cols);
  const found: Pca = pca(standard, { components });
  const inComponents = found.transform(standard);
  const distinct = distinctRows(inComponents);
  if (distinct < 2) {
    throw new UndertoneError(
      "learn/too-few-rows",
      `The features of all ${ids.length} utterances are equal${speakers ? " but for each speaker's mean" : ""}, expected at least 2 that differ`,
    );
  }
  return {
    standard,
    rows: inComponents,
    distinct,
    variance: found.varianceRatio.reduce((sum, part) => sum + part, 0),
  };
}

/** Returns each row less what sets the mean of its speaker's rows apart from that of all. */
export function centreSpeakers(rows: Matrix, speakers: readonly string[]): Matrix {
  return centreGroups(rows, groupIndices(speakers), 1);
}

/** Returns each column in deviations from its mean; a column that hardly varies is 0. */
function standardize(frames: Matrix): Matrix {
  const { data, rows, cols } = frames;
  const { mean, deviation } = columnMoments({ frames });
  // Below the rounding of float32 a column is constant.
  const scale = deviation.map((own, j) => (own > 1e-6 * Math.abs(mean[j]) ? 1 / own : 0));
  return matrix(
    rows,
    cols,
    data.map((value, at) => (value - mean[at % cols]) * scale[at % cols]),
  );
}
