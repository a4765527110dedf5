/** Which candidate of F0 holds in each frame, or none: the path of least cost by Viterbi's search. */

/** Candidates of F0 of a recording, `most` places a frame; what a frame has stands in its first places. */
export interface PitchCandidates {
  readonly most: number;
  readonly counts: Uint8Array;
  /** Hz. */
  readonly hz: Float64Array;
  /** At most 1. */
  readonly salience: Float64Array;
}

/** Salience that speaks for a voiced frame when it is exceeded (Eyben et al. 2016). */
const voicedSalience = 0.7;
/** Weights of openSMILE's documentation: of −ln salience, of the threshold, of a step of F0 in ln Hz, of going voiced or unvoiced. */
const localWeight = 2;
const thresholdWeight = 4;
const stepWeight = 10;
const turnCost = 10;
/** Cost of staying unvoiced, measured; the documented weight of it has no effect in the reference implementation. */
const restCost = 1;

/**
 * Returns F0 in Hz, 0 where unvoiced. A candidate costs 2 |ln salience|, how far it is from 100–350 Hz, and ∓ 4 above and below the
 * threshold; being unvoiced ± 4. A step costs 10 |ln ratio| and, as openSMILE 3.0 does it where one would expect the change of the step, once
 * more that for the first candidate, for another one 10 |ln ratio| to the candidate before it in its own frame. Measured on openSMILE with
 * candidates made for the purpose; for equal candidates the paths are equal.
 */
export function pitchPath({ most, counts, hz, salience }: PitchCandidates): Float64Array {
  const frames = counts.length;
  const unvoiced = most;
  const from = new Uint8Array(frames * (most + 1));
  const logHz = hz.map((value) => (value > 0 ? Math.log(value) : 0));
  let cost = new Float64Array(most + 1);
  let next = new Float64Array(most + 1);
  let before = 0;
  for (let t = 0; t < frames; t++) {
    const count = counts[t];
    const row = t * most;
    const trace = t * (most + 1);
    let strongest = 0;
    for (let j = 0; j < count; j++) strongest = Math.max(strongest, salience[row + j]);
    for (let state = 0; state <= count; state++) {
      const j = state < count ? state : unvoiced;
      let least = cost[unvoiced] + (j === unvoiced ? restCost : turnCost);
      let origin = unvoiced;
      if (t === 0) least = j === unvoiced ? 0 : turnCost;
      for (let i = 0; i < before; i++) {
        let step = turnCost;
        if (j !== unvoiced) {
          const at = row - most + i;
          const ratio = Math.abs(logHz[row + j] - logHz[at]);
          step = stepWeight * (ratio + (i === 0 ? ratio : Math.abs(logHz[at] - logHz[at - 1])));
        }
        if (cost[i] + step < least) {
          least = cost[i] + step;
          origin = i;
        }
      }
      from[trace + j] = origin;
      next[j] =
        least +
        (j === unvoiced
          ? Math.sign(strongest - voicedSalience) * thresholdWeight
          : candidateCost(hz[row + j], salience[row + j]));
    }
    [cost, next] = [next, cost];
    before = count;
  }

  let state = unvoiced;
  for (let i = 0; i < before; i++) if (cost[i] < cost[state]) state = i;
  const path = new Float64Array(frames);
  for (let t = frames - 1; t >= 0; t--) {
    if (state !== unvoiced) path[t] = hz[t * most + state];
    state = from[t * (most + 1) + state];
  }
  return path;
}

function candidateCost(hz: number, salience: number): number {
  const threshold = salience > voicedSalience ? -thresholdWeight : thresholdWeight;
  return threshold + distanceFromSpeech(hz) - localWeight * Math.log(Math.max(salience, 1e-30));
}

function distanceFromSpeech(hz: number): number {
  if (hz < 100) return (100 - hz) / 100;
  if (hz <= 350) return 0;
  return hz <= 600 ? (hz - 350) / 250 : 1.2;
}
