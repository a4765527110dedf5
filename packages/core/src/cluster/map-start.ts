/** Where maps start: the first two principal components, small. */
import type { Matrix } from "../math/matrix.js";
import type { Random } from "../math/random.js";
import { standardDeviation } from "../math/statistics.js";
import { pcaProjection } from "./pca.js";

/**
 * Returns x, y of each row in turn: principal components scaled so that the first has the given deviation, with a little chance added (a
 * hundredth of it), which parts rows that are equal.
 */
export function startingPoints(
  data: Matrix,
  { deviation, random }: { deviation: number; random: Random },
): Float64Array {
  const start = pcaProjection.project(data, { random });
  const own = standardDeviation(start.data.filter((_, at) => at % 2 === 0));
  const scale = own > 0 ? deviation / own : 0;
  return Float64Array.from(start.data, (value) => value * scale + 0.01 * deviation * random.normal());
}
