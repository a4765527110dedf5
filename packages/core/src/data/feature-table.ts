/** Features of many utterances in one buffer. */
import { type Matrix, matrix } from "../math/matrix.js";

/**
 * Rows of features; utterance i (named `ids[i]`) owns the rows offsets[i]..offsets[i+1] of `frames`. NaN is a missing value: none of our feature
 * sets has any, a table that was made elsewhere may (F0 of a clip without voice), and estimators take it only after a step such as `median-impute`.
 */
export interface FeatureTable {
  readonly ids: readonly string[];
  /** Column names, `frames.cols` of them. */
  readonly names: readonly string[];
  readonly frames: Matrix;
  /** Length `ids.length + 1`, starts with 0, ends with `frames.rows`, never falls. */
  readonly offsets: Uint32Array;
}

/** Returns a table with one row an utterance, as functionals give it. */
export function functionalsTable(
  ids: readonly string[],
  names: readonly string[],
  frames: Matrix,
): FeatureTable {
  if (frames.rows !== ids.length || frames.cols !== names.length) {
    throw new RangeError(
      `functionalsTable: got ${frames.rows} × ${frames.cols} values for ${ids.length} ids and ${names.length} names`,
    );
  }
  return { ids, names, frames, offsets: Uint32Array.from({ length: ids.length + 1 }, (_, i) => i) };
}

/** Returns the table of the given utterances (by index), in the given order. */
export function takeUtterances(table: FeatureTable, indices: ArrayLike<number>): FeatureTable {
  const offsets = new Uint32Array(indices.length + 1);
  for (let i = 0; i < indices.length; i++) {
    offsets[i + 1] = offsets[i] + table.offsets[indices[i] + 1] - table.offsets[indices[i]];
  }
  const { cols } = table.frames;
  const frames = matrix(offsets[indices.length], cols);
  for (let i = 0; i < indices.length; i++) {
    const from = table.offsets[indices[i]] * cols;
    const to = table.offsets[indices[i] + 1] * cols;
    frames.data.set(table.frames.data.subarray(from, to), offsets[i] * cols);
  }
  return { ids: Array.from(indices, (i) => table.ids[i]), names: table.names, frames, offsets };
}

/** One way of playing recordings, and their features then: at a speed, as `changeSpeed` does. */
export interface FeatureView {
  readonly speed: number;
  readonly table: FeatureTable;
  /** What they went through before, in words; absent for nothing. */
  readonly through?: string;
}

/** Returns the rows of several tables of the same columns, one table after the other. */
export function stackTables(tables: readonly FeatureTable[]): FeatureTable {
  const [first] = tables;
  if (!first) throw new RangeError("stackTables: got no table");
  const utterances = tables.reduce((sum, { ids }) => sum + ids.length, 0);
  const frames = matrix(
    tables.reduce((sum, table) => sum + table.frames.rows, 0),
    first.frames.cols,
  );
  const offsets = new Uint32Array(utterances + 1);
  let utterance = 0;
  let row = 0;
  for (const table of tables) {
    if (table.frames.cols !== first.frames.cols)
      throw new RangeError(`stackTables: got ${table.frames.cols} and ${first.frames.cols} columns`);
    frames.data.set(table.frames.data, row * frames.cols);
    table.ids.forEach((_, i) => {
      offsets[++utterance] = row + table.offsets[i + 1];
    });
    row += table.frames.rows;
  }
  return { ids: tables.flatMap(({ ids }) => ids), names: first.names, frames, offsets };
}
