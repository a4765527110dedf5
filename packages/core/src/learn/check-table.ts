/** Checks of tables that estimators and models share. */
import type { FeatureTable } from "../data/feature-table.js";
import { UndertoneError } from "../errors.js";

/**
 * Returns when every utterance owns one row, as functionals do.
 * @throws UndertoneError `features/mismatch`.
 */
export function expectOneRowEach(kind: string, { ids, offsets }: FeatureTable): void {
  for (let i = 0; i < ids.length; i++) {
    const own = offsets[i + 1] - offsets[i];
    if (own !== 1) {
      throw new UndertoneError(
        "features/mismatch",
        `'${kind}' got ${own} rows for '${ids[i]}', expected one row an utterance`,
      );
    }
  }
}

/**
 * Returns when every feature is finite.
 * @throws UndertoneError `learn/not-finite`, naming the first one that is not.
 */
export function expectFinite(kind: string, { ids, names, frames }: FeatureTable): void {
  const at = frames.data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const [row, column] = [Math.floor(at / frames.cols), at % frames.cols];
  throw new UndertoneError(
    "learn/not-finite",
    `'${kind}' got ${frames.data[at]} in the feature '${names[column]}' of '${ids[row]}', expected finite numbers`,
  );
}
