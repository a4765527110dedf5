/** The one float matcher of the test suites: `expect(actual).toBeAllClose(expected, { rtol, atol })`. */
import { expect } from "vitest";

export interface Tolerance {
  /** Relative tolerance, as a part of the expected value's magnitude. */
  readonly rtol?: number;
  /** Absolute tolerance, in the unit of the values. */
  readonly atol?: number;
}

declare module "vitest" {
  interface Matchers<T> {
    /** Passes when |actual - expected| <= atol + rtol * |expected| everywhere, with NaN equal to NaN. */
    toBeAllClose(expected: ArrayLike<number> | number, tolerance?: Tolerance): T;
  }
}

expect.extend({
  toBeAllClose(received: unknown, expected: ArrayLike<number> | number, tolerance: Tolerance = {}) {
    const { rtol = 1e-5, atol = 1e-8 } = tolerance;
    const actual = (typeof received === "number" ? [received] : received) as ArrayLike<number>;
    const wanted = typeof expected === "number" ? [expected] : expected;
    if (actual?.length !== wanted.length) {
      return { pass: false, message: () => `expected ${wanted.length} values, got ${actual?.length}` };
    }
    let worst = -1;
    let worstExcess = 0;
    for (let i = 0; i < wanted.length; i++) {
      const a = actual[i];
      const w = wanted[i];
      if (Object.is(a, w) || a === w || (Number.isNaN(a) && Number.isNaN(w))) continue;
      const excess = Math.abs(a - w) - (atol + rtol * Math.abs(w));
      if (Number.isNaN(excess) || excess > worstExcess) {
        worst = i;
        worstExcess = Number.isNaN(excess) ? Number.POSITIVE_INFINITY : excess;
      }
    }
    return {
      pass: worst < 0,
      message: () =>
        worst < 0
          ? "expected the values to differ by more than the tolerance"
          : `value ${worst} of ${wanted.length}: expected ${wanted[worst]}, got ${actual[worst]} (rtol ${rtol}, atol ${atol})`,
    };
  },
});
