/** Tells whether a feature table was scaled over all its rows before it came here. */
import { percentileOfSorted } from "../../math/statistics.js";
import type { FeatureTable } from "../feature-table.js";

/** How far the places of a scaled column may be from where they should be, for tables written with few digits. */
const near = 2e-3;

/** Fewer rows than this may look scaled by chance. */
const fewestRows = 10;

/**
 * Returns the scaling whose marks every column bears over all rows: `standard` (mean 0, deviation 1, either divisor), `min-max` (from 0 to 1 or
 * −1 to 1) or `robust` (median 0, interquartile range 1); null where no scaling explains the table. Constant columns and missing values do not count.
 * Such a table was scaled before any split, and its test rows are in its training rows' scale.
 */
export function tableScaling({
  frames,
}: Pick<FeatureTable, "frames">): "standard" | "min-max" | "robust" | null {
  const { data, rows, cols } = frames;
  let candidates: ("standard" | "min-max" | "robust")[] = ["standard", "min-max", "robust"];
  let seen = 0;
  const column = new Float64Array(rows);
  for (let j = 0; j < cols && candidates.length > 0; j++) {
    let count = 0;
    for (let i = 0; i < rows; i++) {
      const value = data[i * cols + j];
      if (!Number.isNaN(value)) column[count++] = value;
    }
    const values = column.subarray(0, count).sort();
    if (count < fewestRows || values[0] === values[count - 1]) continue;
    seen++;
    candidates = candidates.filter((scaling) => bears(values, scaling));
  }
  return seen > 0 ? (candidates[0] ?? null) : null;
}

function bears(sorted: Float64Array, scaling: "standard" | "min-max" | "robust"): boolean {
  const count = sorted.length;
  if (scaling === "min-max") {
    const [low, high] = [sorted[0], sorted[count - 1]];
    return Math.abs(high - 1) < near && (Math.abs(low) < near || Math.abs(low + 1) < near);
  }
  if (scaling === "robust") {
    const range = percentileOfSorted(sorted, 75) - percentileOfSorted(sorted, 25);
    return Math.abs(percentileOfSorted(sorted, 50)) < near && Math.abs(range - 1) < near;
  }
  let sum = 0;
  let square = 0;
  for (const value of sorted) {
    sum += value;
    square += value * value;
  }
  const centre = sum / count;
  const variance = square / count - centre * centre;
  return (
    Math.abs(centre) < near &&
    (Math.abs(variance - 1) < near || Math.abs(variance - (count - 1) / count) < near)
  );
}
