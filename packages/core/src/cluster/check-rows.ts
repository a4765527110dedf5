/** What every method of this folder asks of its rows and numbers. */
import { UndertoneError } from "../errors.js";
import { allFinite } from "../math/all-finite.js";
import type { Matrix } from "../math/matrix.js";

/**
 * Returns when there are at least `atLeast` rows of at least one column, all finite.
 * @throws UndertoneError `learn/too-few-rows`, `learn/not-finite`.
 */
export function expectRows(kind: string, { data, rows, cols }: Matrix, atLeast = 1): void {
  if (rows < atLeast || cols < 1) {
    throw new UndertoneError(
      "learn/too-few-rows",
      `'${kind}' got ${rows} rows of ${cols} columns, expected at least ${atLeast} of 1`,
    );
  }
  if (allFinite(data)) return;
  for (let at = 0; at < data.length; at++) {
    if (!Number.isFinite(data[at])) {
      throw new UndertoneError(
        "learn/not-finite",
        `'${kind}' got ${data[at]} in column ${at % cols} of row ${Math.floor(at / cols)}, expected finite numbers`,
      );
    }
  }
}

/**
 * Returns when `value` is a whole number of low..high.
 * @throws UndertoneError `learn/bad-parameter`.
 */
export function expectWhole(
  kind: string,
  name: string,
  value: number,
  { low, high }: { low: number; high: number },
): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new UndertoneError(
      "learn/bad-parameter",
      `'${kind}' got ${name} ${value}, expected a whole number of ${low} to ${high}`,
    );
  }
}

/**
 * Returns when `clusters` is a whole number up to that of the rows that differ: equal rows cannot be told apart.
 * @throws UndertoneError `learn/bad-parameter`.
 */
export function expectClusters(kind: string, clusters: number, data: Matrix): void {
  expectWhole(kind, "clusters", clusters, { low: 1, high: data.rows });
  const distinct = distinctRows(data, clusters);
  if (distinct >= clusters) return;
  throw new UndertoneError(
    "learn/bad-parameter",
    `'${kind}' got clusters ${clusters} for ${data.rows} rows of which only ${distinct} differ, expected a whole number of 1 to ${distinct}`,
  );
}

/** Returns how many rows differ from all before them, counted up to `most`. */
export function distinctRows({ data, rows, cols }: Matrix, most = rows): number {
  const seen = new Set<string>();
  for (let i = 0; i < rows && seen.size < most; i++) seen.add(data.subarray(i * cols, (i + 1) * cols).join());
  return seen.size;
}

/**
 * Returns when `value` is a number above 0.
 * @throws UndertoneError `learn/bad-parameter`.
 */
export function expectPositive(kind: string, name: string, value: number): void {
  if (!(value > 0) || value === Number.POSITIVE_INFINITY) {
    throw new UndertoneError(
      "learn/bad-parameter",
      `'${kind}' got ${name} ${value}, expected a number above 0`,
    );
  }
}
