/** Platt scaling: from a decision value to a probability. */

/** P(positive | f) = 1 / (1 + exp(slope · f + offset)). */
export interface PlattScaling {
  readonly slope: number;
  readonly offset: number;
}

/**
 * Returns the scaling of largest likelihood for decision values and weights of rows, with Platt's smoothed targets:
 * Newton's method with backtracking of Lin, Lin and Weng, "A note on Platt's probabilistic outputs for support vector
 * machines" (2007), appendix 3.
 */
export function fitPlatt(
  decisions: ArrayLike<number>,
  positive: (i: number) => boolean,
  weights: ArrayLike<number>,
): PlattScaling {
  const n = decisions.length;
  let up = 0;
  let down = 0;
  for (let i = 0; i < n; i++) {
    if (positive(i)) up += weights[i];
    else down += weights[i];
  }
  const high = (up + 1) / (up + 2);
  const low = 1 / (down + 2);
  const loss = (slope: number, offset: number): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const t = positive(i) ? high : low;
      const v = decisions[i] * slope + offset;
      sum += weights[i] * (v >= 0 ? t * v + Math.log1p(Math.exp(-v)) : (t - 1) * v + Math.log1p(Math.exp(v)));
    }
    return sum;
  };
  let slope = 0;
  let offset = Math.log((down + 1) / (up + 1));
  let value = loss(slope, offset);
  for (let iteration = 0; iteration < 100; iteration++) {
    let h11 = 1e-12;
    let h22 = 1e-12;
    let h21 = 0;
    let g1 = 0;
    let g2 = 0;
    for (let i = 0; i < n; i++) {
      const f = decisions[i];
      const v = f * slope + offset;
      const e = Math.exp(-Math.abs(v));
      const p = v >= 0 ? e / (1 + e) : 1 / (1 + e);
      const d2 = (weights[i] * e) / (1 + e) ** 2;
      h11 += f * f * d2;
      h22 += d2;
      h21 += f * d2;
      const d1 = weights[i] * ((positive(i) ? high : low) - p);
      g1 += f * d1;
      g2 += d1;
    }
    if (Math.abs(g1) < 1e-7 && Math.abs(g2) < 1e-7) break;
    const det = h11 * h22 - h21 * h21;
    const dSlope = -(h22 * g1 - h21 * g2) / det;
    const dOffset = -(-h21 * g1 + h11 * g2) / det;
    const descent = g1 * dSlope + g2 * dOffset;
    let step = 1;
    for (; step >= 1e-10; step /= 2) {
      const next = loss(slope + step * dSlope, offset + step * dOffset);
      if (next < value + 1e-4 * step * descent) {
        slope += step * dSlope;
        offset += step * dOffset;
        value = next;
        break;
      }
    }
    if (step < 1e-10) break;
  }
  return { slope, offset };
}
