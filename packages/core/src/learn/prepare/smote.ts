/** New training rows between neighbours of one class. */
import { matrix, row } from "../../math/matrix.js";
import { integerFrom } from "../parameters.js";
import { rowsByClass, sampleRows } from "./sample-rows.js";
import { rowStep, type TrainingRows } from "./step.js";

/**
 * Adds rows to the smaller classes until each has as many as the largest: each lies at a random place on the line from a row to one of its
 * `neighbours` nearest of the same class (Chawla et al. 2002, SMOTE). With groups, neighbours are looked for in the row's own group, so that
 * no new row mixes speakers and folds inside the fit stay apart; a row without a neighbour is repeated. Scale the columns first.
 */
export const smote = rowStep({
  kind: "smote",
  summary:
    "Adds training rows between neighbours of one class and speaker until each class has as many as the largest",
  parameters: { neighbours: integerFrom(1, 5) },
  learnsFrom: "classes",
  takesMissing: false,
  change(rows, { neighbours }, { random }) {
    const stream = random.fork("smote");
    const byClass = rowsByClass(rows);
    const most = Math.max(...byClass.map((own) => own.length));
    const bases: number[] = [];
    const made: Float32Array[] = [];
    for (const own of byClass) {
      const near = new Map<number, readonly number[]>();
      for (let count = own.length; count < most; count++) {
        const base = own[stream.integer(own.length)];
        const found = near.get(base) ?? nearest(rows, base, own, neighbours);
        near.set(base, found);
        const other = found.length > 0 ? found[stream.integer(found.length)] : base;
        const part = stream.next();
        const [from, to] = [row(rows.x, base), row(rows.x, other)];
        bases.push(base);
        made.push(from.map((value, j) => value + part * (to[j] - value)));
      }
    }
    const sampled = sampleRows(rows, [...rows.labels.keys(), ...bases]);
    const x = matrix(sampled.x.rows, sampled.x.cols, sampled.x.data);
    made.forEach((values, i) => {
      row(x, rows.x.rows + i).set(values);
    });
    return sampled;
  },
});

/** Returns up to `count` of the candidates nearest to row `base` in its own group, the nearest first. */
function nearest(
  { x, groups }: TrainingRows,
  base: number,
  candidates: readonly number[],
  count: number,
): number[] {
  const from = row(x, base);
  return candidates
    .filter((i) => i !== base && (!groups || groups[i] === groups[base]))
    .map((i) => ({ i, distance: row(x, i).reduce((sum, value, j) => sum + (value - from[j]) ** 2, 0) }))
    .sort((a, b) => a.distance - b.distance || a.i - b.i)
    .slice(0, count)
    .map(({ i }) => i);
}
