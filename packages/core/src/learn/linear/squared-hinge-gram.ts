/** Fits squared-hinge machines exactly, on the products of the rows: quick where few rows are inside the margin. */
import {
  addGram,
  type Block,
  block,
  choleskyInPlace,
  mirrorLower,
  solveCholeskyInto,
} from "../../math/linear-algebra.js";

/** One machine: w = Σ coefficientsᵢ · (xᵢ, 1), and the decision value of every row. */
export interface HingeMachine {
  readonly coefficients: Float64Array;
  readonly decisions: Float64Array;
}

/** Returns the products of all pairs of rows, each row with a 1 appended for the intercept. */
export function productsOfRows(x: Block): Block {
  const gram = block(x.rows, x.rows);
  gram.data.fill(1);
  addGram(gram, x);
  mirrorLower(gram);
  return gram;
}

/** Returns the minimum of ½‖w‖² + Σ weightᵢ(yᵢ − w·xᵢ)² for several targets: where the search for machines starts. */
export function leastSquaresStarts(
  gram: Block,
  targets: readonly Int8Array[],
  weights: Float64Array,
): HingeMachine[] {
  const n = gram.rows;
  const factor = block(n, n, gram.data.slice());
  for (let i = 0; i < n; i++) factor.data[i * n + i] += 1 / (2 * weights[i]);
  choleskyInPlace(factor);
  return targets.map((signs) => {
    const coefficients = block(1, n, Float64Array.from(signs));
    solveCholeskyInto(factor, coefficients);
    return { coefficients: coefficients.data, decisions: decisionsOf(gram, coefficients.data) };
  });
}

function decisionsOf(gram: Block, coefficients: Float64Array): Float64Array {
  const n = gram.rows;
  const decisions = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const c = coefficients[i];
    if (c !== 0) for (let t = 0, at = i * n; t < n; t++, at++) decisions[t] += c * gram.data[at];
  }
  return decisions;
}

/**
 * Returns the machine of least ½‖w‖² + Σ weightᵢ · max(0, 1 − yᵢ·w·xᵢ)²; a row with weight 0 takes no part. Newton's method
 * with the exact solution on the rows inside the margin (Chapelle, "Training a support vector machine in the primal", 2007),
 * which ends when those rows stay the same: at the minimum, up to rounding.
 * @returns null when it has not ended after `maxIterations`.
 */
export function fitHingeMachine(
  gram: Block,
  {
    signs,
    weights,
    start,
    maxIterations,
  }: { signs: Int8Array; weights: Float64Array; start: HingeMachine; maxIterations: number },
): HingeMachine | null {
  const n = gram.rows;
  const seen = start.coefficients.every((value, i) => value === 0 || weights[i] > 0);
  // A start that leans on rows which take no part is solved anew on those of its rows that do.
  let { coefficients, decisions } = seen
    ? start
    : solveInside(gram, {
        signs,
        weights,
        inside: rowsWhere((i) => start.coefficients[i] !== 0 && weights[i] > 0, n),
      });
  let before = "";
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const inside = rowsWhere((i) => weights[i] > 0 && signs[i] * decisions[i] < 1, n);
    const key = inside.join();
    if (key === before) return { coefficients, decisions };
    const { coefficients: wanted, decisions: wantedDecisions } = solveInside(gram, {
      signs,
      weights,
      inside,
    });
    const { length, gain } = searchLine({ signs, weights, coefficients, decisions, wanted, wantedDecisions });
    if (gain <= 1e-13 * objective({ signs, weights, coefficients, decisions }))
      return { coefficients, decisions };
    if (length === 1) {
      coefficients = wanted;
      decisions = wantedDecisions;
      before = key;
    } else {
      const mix = (from: Float64Array, to: Float64Array): Float64Array =>
        from.map((value, i) => value + length * (to[i] - value));
      coefficients = mix(coefficients, wanted);
      decisions = mix(decisions, wantedDecisions);
      before = "";
    }
  }
  return null;
}

function rowsWhere(holds: (i: number) => boolean, n: number): number[] {
  const rows: number[] = [];
  for (let i = 0; i < n; i++) if (holds(i)) rows.push(i);
  return rows;
}

/** Returns the least-squares machine of the given rows. */
function solveInside(
  gram: Block,
  { signs, weights, inside }: { signs: Int8Array; weights: Float64Array; inside: readonly number[] },
): HingeMachine {
  const n = gram.rows;
  const size = inside.length;
  const factor = block(size, size);
  const solved = block(1, size);
  for (let s = 0; s < size; s++) {
    const i = inside[s];
    for (let t = 0; t < s; t++) factor.data[s * size + t] = gram.data[i * n + inside[t]];
    factor.data[s * size + s] = gram.data[i * n + i] + 1 / (2 * weights[i]);
    solved.data[s] = signs[i];
  }
  choleskyInPlace(factor);
  solveCholeskyInto(factor, solved);
  const coefficients = new Float64Array(n);
  inside.forEach((i, s) => {
    coefficients[i] = solved.data[s];
  });
  return { coefficients, decisions: decisionsOf(gram, coefficients) };
}

interface Line {
  readonly signs: Int8Array;
  readonly weights: Float64Array;
  readonly coefficients: Float64Array;
  readonly decisions: Float64Array;
  readonly wanted: Float64Array;
  readonly wantedDecisions: Float64Array;
}

function objective({
  signs,
  weights,
  coefficients,
  decisions,
}: Omit<Line, "wanted" | "wantedDecisions">): number {
  let sum = 0;
  for (let i = 0; i < signs.length; i++) {
    const short = Math.max(0, 1 - signs[i] * decisions[i]);
    sum += (coefficients[i] * decisions[i]) / 2 + weights[i] * short * short;
  }
  return sum;
}

/**
 * Returns the step, at most 1, to the minimum on the line (the root of a slope that rises piecewise linearly), and the slope
 * at its start with the sign turned: what there is to gain.
 */
function searchLine({ signs, weights, coefficients, decisions, wanted, wantedDecisions }: Line): {
  length: number;
  gain: number;
} {
  // ½‖w + t·d‖² has the slope w·d + t·d·d, products of w being coefficients · decisions.
  let along = 0;
  let square = 0;
  for (let i = 0; i < signs.length; i++) {
    const d = wanted[i] - coefficients[i];
    along += d * decisions[i];
    square += d * (wantedDecisions[i] - decisions[i]);
  }
  const slopeAt = (t: number): { slope: number; curvature: number } => {
    let slope = along + t * square;
    let curvature = square;
    for (let i = 0; i < signs.length; i++) {
      const step = signs[i] * (wantedDecisions[i] - decisions[i]);
      const short = 1 - signs[i] * decisions[i] - t * step;
      if (short <= 0 || weights[i] === 0) continue;
      slope -= 2 * weights[i] * short * step;
      curvature += 2 * weights[i] * step * step;
    }
    return { slope, curvature };
  };
  const gain = -slopeAt(0).slope;
  const scale = Math.abs(gain);
  if (slopeAt(1).slope <= 1e-9 * scale) return { length: 1, gain };
  let low = 0;
  let high = 1;
  let t = 1;
  for (let tries = 0; tries < 60; tries++) {
    const { slope, curvature } = slopeAt(t);
    if (Math.abs(slope) <= 1e-9 * scale) break;
    if (slope > 0) high = t;
    else low = t;
    t -= slope / curvature;
    if (!(t > low && t < high)) t = (low + high) / 2;
  }
  return { length: t, gain };
}
