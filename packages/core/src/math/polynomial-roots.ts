/** Roots of polynomials with real coefficients. */

/** A planned search of one degree: work memory is made once. Not for concurrent use. */
export interface RootFinder {
  /** Real and imaginary parts of the roots last found, in no order. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Finds the roots of zⁿ + c₁ zⁿ⁻¹ + … + cₙ from `coefficients` = (1, c₁, …, cₙ). */
  find(coefficients: Float64Array): void;
}

const mostIterations = 60;
const tolerance = 1e-12;

/**
 * Plans the search by the method of Ehrlich (1967) and Aberth (1973): all roots at once, from a circle, cubic convergence to simple roots.
 * Stops when no root moves by more than 10⁻¹² or after 60 rounds.
 */
export function rootFinder(degree: number): RootFinder {
  if (!Number.isInteger(degree) || degree < 1)
    throw new RangeError(`rootFinder: got degree ${degree}, expected an integer ≥ 1`);
  const re = new Float64Array(degree);
  const im = new Float64Array(degree);
  return {
    re,
    im,
    find(c) {
      if (c.length !== degree + 1 || c[0] !== 1)
        throw new RangeError(`rootFinder: got ${c.length} coefficients, expected ${degree + 1} from 1 on`);
      const radius = Math.max(0.5, Math.min(2, Math.abs(c[degree]) ** (1 / degree)));
      for (let i = 0; i < degree; i++) {
        const angle = (2 * Math.PI * i) / degree + 0.35;
        re[i] = radius * Math.cos(angle);
        im[i] = radius * Math.sin(angle);
      }
      for (let round = 0; round < mostIterations; round++) {
        let moved = 0;
        for (let i = 0; i < degree; i++) {
          const x = re[i];
          const y = im[i];
          // Horner's scheme for the value p and the derivative d at once.
          let pr = 1;
          let pi = 0;
          let dr = 0;
          let di = 0;
          for (let n = 1; n <= degree; n++) {
            const nextDr = dr * x - di * y + pr;
            di = dr * y + di * x + pi;
            dr = nextDr;
            const nextPr = pr * x - pi * y + c[n];
            pi = pr * y + pi * x;
            pr = nextPr;
          }
          const slope = dr * dr + di * di;
          if (slope === 0) continue;
          const nr = (pr * dr + pi * di) / slope;
          const ni = (pi * dr - pr * di) / slope;
          let sr = 0;
          let si = 0;
          for (let j = 0; j < degree; j++) {
            if (j === i) continue;
            const ur = x - re[j];
            const ui = y - im[j];
            const square = ur * ur + ui * ui;
            if (square === 0) continue;
            sr += ur / square;
            si -= ui / square;
          }
          const qr = 1 - (nr * sr - ni * si);
          const qi = -(nr * si + ni * sr);
          const size = qr * qr + qi * qi;
          if (size === 0) continue;
          const wr = (nr * qr + ni * qi) / size;
          const wi = (ni * qr - nr * qi) / size;
          re[i] = x - wr;
          im[i] = y - wi;
          moved = Math.max(moved, Math.abs(wr), Math.abs(wi));
        }
        if (moved < tolerance) return;
      }
    },
  };
}
