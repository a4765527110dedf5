/** Conjugate gradients for one symmetric matrix under several ridges at once. */

/** A symmetric positive semidefinite matrix known by what it does: writes A·p to `out` for each of the `count` vectors of `size` values. */
export interface SymmetricOperator {
  readonly size: number;
  apply(vectors: Float64Array, count: number, out: Float64Array): void;
}

/** Options of `solveShifted`. */
export interface SolveShiftedOptions {
  /** Positive, in rising order. */
  readonly shifts: readonly number[];
  /** Right-hand sides, `count` vectors one after the other. */
  readonly count: number;
  /** Largest residual of the smallest shift's systems, relative to their right-hand sides. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

/**
 * Returns, for each shift s, the solutions of (A + s·I)·x = b. All shifts share the Krylov space of the smallest one, whose system is the
 * hardest, so that the others cost no product of their own (B. Jegerlehner, "Krylov space solvers for shifted linear systems",
 * hep-lat/9612014, CG-M).
 */
export function solveShifted(
  operator: SymmetricOperator,
  rightSides: Float64Array,
  { shifts, count, tolerance, maxIterations }: SolveShiftedOptions,
): Float64Array[] {
  const { size } = operator;
  const [base = 1] = shifts;
  const solutions = shifts.map(() => new Float64Array(size * count));
  const directions = shifts.map(() => rightSides.slice());
  const residuals = rightSides.slice();
  const product = new Float64Array(size * count);
  const lines = Array.from({ length: count }, (_, c) =>
    startOf(rightSides.subarray(c * size, (c + 1) * size), shifts.length),
  );
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (lines.every(({ square, first }) => square <= tolerance * tolerance * first)) break;
    operator.apply(directions[0], count, product);
    lines.forEach((line, c) => {
      if (line.square <= tolerance * tolerance * line.first) return;
      const from = c * size;
      const to = from + size;
      const p = directions[0];
      let curvature = 0;
      for (let i = from; i < to; i++) curvature += p[i] * (product[i] + base * p[i]);
      if (!(curvature > 0)) {
        line.square = 0;
        return;
      }
      const step = line.square / curvature;
      let square = 0;
      for (let i = from; i < to; i++) {
        residuals[i] -= step * (product[i] + base * p[i]);
        square += residuals[i] * residuals[i];
      }
      const growth = square / line.square;
      shifts.forEach((shift, k) => {
        // With ζ the ratio of a shifted system's residual to the first one's; 1 for the first itself.
        const { now, before } = line.ratios[k];
        const next =
          (now * before * line.step) /
          (step * line.growth * (before - now) + before * line.step * (1 + (shift - base) * step));
        const own = now === 0 ? 0 : (step * next) / now;
        const ownGrowth = now === 0 ? 0 : growth * (next / now) ** 2;
        const x = solutions[k];
        const d = directions[k];
        for (let i = from; i < to; i++) {
          x[i] += own * d[i];
          d[i] = next * residuals[i] + ownGrowth * d[i];
        }
        line.ratios[k] = { now: next, before: now };
      });
      line.square = square;
      line.step = step;
      line.growth = growth;
    });
  }
  return solutions;
}

interface Line {
  /** Squared length of the residual, now and at the start. */
  square: number;
  readonly first: number;
  step: number;
  growth: number;
  readonly ratios: { now: number; before: number }[];
}

function startOf(rightSide: Float64Array, shifts: number): Line {
  const square = rightSide.reduce((sum, value) => sum + value * value, 0);
  const ratios = Array.from({ length: shifts }, () => ({ now: 1, before: 1 }));
  return { square, first: square, step: 1, growth: 0, ratios };
}
