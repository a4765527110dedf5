/** The rows that a fit learns from: checked, those of weight 0 left out. */
import type { FeatureTable } from "../data/feature-table.js";
import { UndertoneError } from "../errors.js";
import { type Matrix, takeRows } from "../math/matrix.js";
import { expectFinite, expectOneRowEach } from "./check-table.js";
import type { Targets } from "./estimator.js";

/**
 * Returns the features of the rows that weigh something, and which they are.
 * @throws UndertoneError `learn/not-finite`, `learn/too-few-rows`, `features/mismatch`.
 */
export function readRows(
  kind: string,
  table: FeatureTable,
  targets: Targets,
): { features: Matrix; kept: readonly number[] } {
  const { frames, offsets, ids } = table;
  const rows = ids.length;
  const { weights, groups, domains } = targets;
  const labels = "labels" in targets ? targets.labels.length : rows;
  const values = "values" in targets ? targets.values.rows : rows;
  const beside = [weights, groups, domains].map((one) => one?.length);
  const wrong = [labels, values, ...beside].find((count = rows) => count !== rows);
  if (wrong !== undefined) throw new RangeError(`'${kind}' got ${wrong} targets for ${rows} utterances`);
  if ("values" in targets && (targets.names.length === 0 || targets.values.cols !== targets.names.length))
    throw new RangeError(
      `'${kind}' got ${targets.values.cols} columns of values for ${targets.names.length} names`,
    );
  expectOneRowEach(kind, table);
  if (frames.rows !== offsets[rows] || frames.cols === 0)
    throw new RangeError(`'${kind}' got a table without features`);
  for (let i = 0; i < rows; i++) {
    const weight = weights?.[i] ?? 1;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new UndertoneError(
        "learn/not-finite",
        `'${kind}' got the weight ${weight} for '${ids[i]}', expected a finite number from 0 on`,
      );
    }
  }
  expectFinite(kind, table);
  const kept = Array.from({ length: rows }, (_, i) => i).filter((i) => weights?.[i] !== 0);
  if (kept.length < 2) {
    throw new UndertoneError(
      "learn/too-few-rows",
      `'${kind}' got ${kept.length} rows to learn from, expected at least 2`,
    );
  }
  return { features: kept.length === rows ? frames : takeRows(frames, kept), kept };
}
