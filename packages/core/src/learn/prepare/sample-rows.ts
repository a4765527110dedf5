/** Makes training rows of given rows, some repeated, some left out. */
import { takeRows } from "../../math/matrix.js";
import type { TrainingRows } from "./step.js";

/** Returns the rows named by `indices`, with all that goes with them. */
export function sampleRows(rows: TrainingRows, indices: readonly number[]): TrainingRows {
  const { x, labels, values, votes, weights, groups, domains } = rows;
  return {
    ...rows,
    x: takeRows(x, indices),
    labels: Int32Array.from(indices, (i) => labels[i]),
    ...(values && { values: takeRows(values, indices) }),
    ...(votes && { votes: takeRows(votes, indices) }),
    ...(weights && { weights: Float32Array.from(indices, (i) => weights[i]) }),
    ...(groups && { groups: Int32Array.from(indices, (i) => groups[i]) }),
    ...(domains && { domains: Int32Array.from(indices, (i) => domains[i]) }),
  };
}

/** Returns the rows of each class that has any, in ascending order. */
export function rowsByClass({ labels, classes }: Pick<TrainingRows, "labels" | "classes">): number[][] {
  const found = Array.from({ length: classes }, () => [] as number[]);
  labels.forEach((label, i) => {
    found[label].push(i);
  });
  return found.filter((rows) => rows.length > 0);
}
