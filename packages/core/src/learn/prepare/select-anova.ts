/** Keeps the columns whose means differ most between classes. */
import { integerFrom } from "../parameters.js";
import { bestColumns, keepColumns } from "./keep-columns.js";
import { columnStep, type TrainingRows } from "./step.js";

/**
 * Returns the F value of each column's one-way analysis of variance: variance between the classes' means over variance within classes
 * (scikit-learn's f_classif); NaN for a constant column.
 */
export function anovaF({ x, labels, classes }: Pick<TrainingRows, "x" | "labels" | "classes">): Float64Array {
  const { data, rows, cols } = x;
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label]++;
  const present = counts.filter((count) => count > 0).length;
  const result = new Float64Array(cols);
  const sums = new Float64Array(classes);
  for (let j = 0; j < cols; j++) {
    sums.fill(0);
    for (let i = 0; i < rows; i++) sums[labels[i]] += data[i * cols + j];
    const centre = sums.reduce((a, b) => a + b, 0) / rows;
    let between = 0;
    for (let k = 0; k < classes; k++)
      if (counts[k] > 0) between += counts[k] * (sums[k] / counts[k] - centre) ** 2;
    let within = 0;
    for (let i = 0; i < rows; i++) {
      const k = labels[i];
      within += (data[i * cols + j] - sums[k] / counts[k]) ** 2;
    }
    result[j] = between / (present - 1) / (within / (rows - present));
  }
  return result;
}

/** Keeps the `k` columns of largest F (scikit-learn's SelectKBest(f_classif)), all where there are fewer. */
export const selectAnova = columnStep({
  kind: "select-anova",
  summary: "Keeps the k columns whose means differ most between classes (ANOVA F)",
  parameters: { k: integerFrom(1, 100) },
  learnsFrom: "classes",
  takesMissing: false,
  fit: (rows, { k }) => keepColumns("select-anova", rows, bestColumns(anovaF(rows), k)),
});
