/** Which candidate of F0 holds in each frame, or none: the path of least cost by Viterbi's search. */

/** Hears the candidates of F0 frame by frame and says what holds as soon as nothing that may follow can change it. */
export interface PitchSearch {
  /** Takes the next frame: the first `count` numbers of `hz` (Hz) and `salience` (at most 1) are its candidates. */
  push(hz: Float64Array, salience: Float64Array, count: number): void;
  /** Returns F0 in Hz of the first frame that is settled and was not taken yet, 0 where it is unvoiced; undefined where there is none. */
  take(): number | undefined;
  /** Settles all frames: the recording ends here. */
  finish(): void;
}

export interface PitchSearchOptions {
  /** Most candidates of a frame. */
  readonly most: number;
  /** Frames after which the path that is the best so far is settled even if another may still overtake it. Default: never. */
  readonly longestDelay?: number | undefined;
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
 * Returns a search. A candidate costs 2 |ln salience|, how far it is from 100–350 Hz, and ∓ 4 above and below the
 * threshold; being unvoiced ± 4. A step costs 10 |ln ratio| and, as openSMILE 3.0 does it where one would expect the change of the step, once
 * more that for the first candidate, for another one 10 |ln ratio| to the candidate before it in its own frame. Measured on openSMILE with
 * candidates made for the purpose; for equal candidates the paths are equal.
 *
 * A frame is settled when the best paths to all states of the newest frame have it in common, so that what is settled is the path of least cost of the
 * whole. As in openSMILE, where the end of a recording shows what was settled, a frame of fewer than `most` candidates has one state more, which comes
 * from the unvoiced one and leads nowhere. With `longestDelay` paths that do not share what was settled early are dropped, and memory is bounded.
 */
export function pitchSearch({
  most,
  longestDelay = Number.POSITIVE_INFINITY,
}: PitchSearchOptions): PitchSearch {
  const unvoiced = most;
  const states = most + 1;
  // By frame, round and round: where the best path to each state comes from, and what the states are in Hz.
  let places = Math.min(64, longestDelay + 2);
  let from = new Uint8Array(places * states);
  let f0Hz = new Float64Array(places * states);
  let logHz = new Float64Array(most);
  let logBefore = new Float64Array(most);
  let cost = new Float64Array(states);
  let next = new Float64Array(states);
  /** State of each path at the first frame that is not settled. */
  let roots = new Uint8Array(states);
  let nextRoots = new Uint8Array(states);
  const live = new Uint8Array(states);
  let lives = 0;
  let before = 0;
  let heard = 0;
  let settled = 0;
  let taken = 0;

  const grow = (): void => {
    const larger = 2 * places;
    const movedFrom = new Uint8Array(larger * states);
    const movedHz = new Float64Array(larger * states);
    for (let t = taken; t < heard; t++) {
      const at = (t % places) * states;
      movedFrom.set(from.subarray(at, at + states), (t % larger) * states);
      movedHz.set(f0Hz.subarray(at, at + states), (t % larger) * states);
    }
    places = larger;
    from = movedFrom;
    f0Hz = movedHz;
  };

  /** Puts the F0 of the path through `state` at frame `last` in the first place of each frame from there back to the first unsettled one. */
  const settle = (last: number, state: number): void => {
    for (let t = last, at = state; t >= settled; t--) {
      const row = (t % places) * states;
      const before = from[row + at];
      f0Hz[row] = f0Hz[row + at];
      at = before;
    }
    settled = last + 1;
  };

  /** Follows the paths of the live states back to where they are one, settles what they have in common and finds the roots of what is left. */
  const settleCommon = (): void => {
    for (let n = 0; n < lives; n++) nextRoots[live[n]] = live[n];
    let t = heard - 1;
    while (t >= settled) {
      const first = nextRoots[live[0]];
      let one = true;
      for (let n = 1; n < lives; n++) if (nextRoots[live[n]] !== first) one = false;
      if (one) break;
      for (let n = 0; n < lives; n++) roots[live[n]] = nextRoots[live[n]];
      const row = (t % places) * states;
      for (let n = 0; n < lives; n++) nextRoots[live[n]] = from[row + nextRoots[live[n]]];
      t--;
    }
    if (t >= settled) settle(t, nextRoots[live[0]]);
  };

  const best = (): number => {
    let state = unvoiced;
    for (let i = 0; i < before; i++) if (cost[i] < cost[state]) state = i;
    return state;
  };

  return {
    push(hz, salience, count) {
      if (heard - taken === places) grow();
      const row = (heard % places) * states;
      let strongest = 0;
      for (let j = 0; j < count; j++) {
        strongest = Math.max(strongest, salience[j]);
        logHz[j] = Math.log(hz[j]);
        f0Hz[row + j] = hz[j];
      }
      f0Hz[row + unvoiced] = 0;
      lives = 0;
      for (let state = 0; state <= count; state++) {
        const j = state < count ? state : unvoiced;
        let least = cost[unvoiced] + (j === unvoiced ? restCost : turnCost);
        let origin = unvoiced;
        if (heard === 0) least = j === unvoiced ? 0 : turnCost;
        for (let i = 0; i < before; i++) {
          let step = turnCost;
          if (j !== unvoiced) {
            const ratio = Math.abs(logHz[j] - logBefore[i]);
            step = stepWeight * (ratio + (i === 0 ? ratio : Math.abs(logBefore[i] - logBefore[i - 1])));
          }
          if (cost[i] + step < least) {
            least = cost[i] + step;
            origin = i;
          }
        }
        from[row + j] = origin;
        nextRoots[j] = heard === settled ? j : roots[origin];
        next[j] =
          least +
          (j === unvoiced
            ? Math.sign(strongest - voicedSalience) * thresholdWeight
            : candidateCost(hz[j], salience[j]));
        if (next[j] < Number.POSITIVE_INFINITY) live[lives++] = j;
      }
      if (count < most && cost[unvoiced] < Number.POSITIVE_INFINITY) {
        from[row + count] = unvoiced;
        nextRoots[count] = heard === settled ? count : roots[unvoiced];
        live[lives++] = count;
      }
      [cost, next] = [next, cost];
      [roots, nextRoots] = [nextRoots, roots];
      [logHz, logBefore] = [logBefore, logHz];
      before = count;
      heard++;

      let common = true;
      for (let n = 1; n < lives; n++) if (roots[live[n]] !== roots[live[0]]) common = false;
      if (!common && heard - settled > longestDelay) {
        const root = roots[best()];
        let kept = 0;
        for (let n = 0; n < lives; n++) {
          if (roots[live[n]] === root) live[kept++] = live[n];
          else cost[live[n]] = Number.POSITIVE_INFINITY;
        }
        lives = kept;
        common = true;
      }
      if (common) settleCommon();
    },
    take() {
      return taken < settled ? f0Hz[(taken++ % places) * states] : undefined;
    },
    finish() {
      if (heard > settled) settle(heard - 1, best());
    },
  };
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
