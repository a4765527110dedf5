/** Keeps the columns that correlate most with the values. */
import type { Matrix } from "../../math/matrix.js";
import { integerFrom } from "../parameters.js";
import { bestColumns, keepColumns } from "./keep-columns.js";
import { columnStep } from "./step.js";

/**
 * Returns the F value of each column's correlation r with the values, r² (n − 2) / (1 − r²) (scikit-learn's f_regression), the largest over the
 * names; NaN for a constant column.
 */
export function correlationF(x: Matrix, values: Matrix): Float64Array {
  const best = new Float64Array(x.cols).fill(Number.NaN);
  const targets = Array.from({ length: values.cols }, (_, k) => centred(values, k));
  for (let j = 0; j < x.cols; j++) {
    const own = centred(x, j);
    for (const target of targets) {
      const r = dot(own, target) / Math.sqrt(dot(own, own) * dot(target, target));
      const f = (r * r * (x.rows - 2)) / Math.max(0, 1 - r * r);
      if (!(best[j] >= f)) best[j] = f;
    }
  }
  return best;
}

function centred({ data, rows, cols }: Matrix, column: number): Float64Array {
  const values = Float64Array.from({ length: rows }, (_, i) => data[i * cols + column]);
  // Equal values have no spread, whatever rounding says.
  if (values.every((value) => value === values[0])) return values.fill(0);
  const mean = values.reduce((a, b) => a + b, 0) / rows;
  return values.map((value) => value - mean);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Keeps the `k` columns of largest F with some of the values (scikit-learn's SelectKBest(f_regression)), all where there are fewer. */
export const selectCorrelation = columnStep({
  kind: "select-correlation",
  summary: "Keeps the k columns that correlate most with arousal, valence or dominance",
  parameters: { k: integerFrom(1, 100) },
  learnsFrom: "values",
  takesMissing: false,
  fit: (rows, { k }) =>
    keepColumns("select-correlation", rows, bestColumns(correlationF(rows.x, rows.values!), k)),
});
