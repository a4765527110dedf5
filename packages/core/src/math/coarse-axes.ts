/** Directions in a space of many dimensions, kept in eight bits a value. */

/** A direction: whole numbers −127..127, times `scale`. */
export interface CoarseAxis {
  readonly scale: number;
  readonly steps: readonly number[];
}

/** The largest number of an axis as it is stored. */
const mostSteps = 127;

/** Returns the direction rounded to 255 steps between the values of its greatest magnitude; the scale to seven digits. */
export function coarseAxis(direction: ArrayLike<number>): CoarseAxis {
  let top = 0;
  for (let j = 0; j < direction.length; j++) top = Math.max(top, Math.abs(direction[j]));
  if (top === 0) top = 1;
  return {
    scale: Number((top / mostSteps).toPrecision(7)),
    steps: Array.from(direction, (value) => Math.round((value / top) * mostSteps) + 0),
  };
}

/** Returns the products of a vector with each axis. */
export function alongAxes(x: ArrayLike<number>, axes: readonly CoarseAxis[]): number[] {
  const vector = new Float64Array(x);
  return axes.map(({ scale, steps }) => scale * along(vector, steps));
}

function along(vector: Float64Array, steps: readonly number[]): number {
  let sum = 0;
  for (let j = 0; j < steps.length; j++) sum += vector[j] * steps[j];
  return sum;
}
