/** The likeliest path through voiced and unvoiced pitch bins (Viterbi 1967), in the log domain. */

export interface PitchPathOptions {
  /** Pitch bins, at most 32767; states 0..bins − 1 are voiced, bins..2 bins − 1 the same pitches unvoiced. */
  readonly bins: number;
  readonly frames: number;
  /** Bins by which the pitch may move from frame to frame, with triangular probabilities. */
  readonly reachBins: number;
  /** Probability that voicing changes from frame to frame. */
  readonly switchProbability: number;
}

/** Takes the frames one after the other. */
export interface PitchPath {
  /** Adds a frame: the probability of each voiced bin, and of each unvoiced one. */
  add(voiced: Float64Array, unvoiced: number): void;
  /** Returns the state of every frame. */
  finish(): Uint16Array;
}

/** Added to every probability before its logarithm, as librosa does: the least normal float64. */
const tiny = 2.2250738585072014e-308;
const logTiny = Math.log(tiny);

/** With unvoiced bins likelier than this, one that is not seen is e^600 times less likely as voiced than as unvoiced. */
const leastUnvoiced = 1e-40;
/** With more bins than this, looking at all is as quick. */
const mostSeen = 40;

/**
 * Returns a path finder with the values of `librosa.sequence.viterbi` on `transition_loop(2) ⊗ transition_local(bins, triangle)` and
 * a uniform start, at O(bins log bins) a frame instead of O(bins²): the logarithm of a triangle is concave, so the best predecessor of a
 * higher bin is never a lower one, and halving finds all of them.
 */
export function pitchPath({ bins, frames, reachBins, switchProbability }: PitchPathOptions): PitchPath {
  const states = 2 * bins;
  const triangle = Float64Array.from({ length: 2 * reachBins + 1 }, (_, d) =>
    Math.log(1 - Math.abs(d - reachBins) / (reachBins + 1)),
  );
  const topStep = 2 ** Math.floor(Math.log2(bins));
  const rowLog = rowLogSums(bins, reachBins);
  const stay = Math.log(1 - switchProbability);
  const change = Math.log(switchProbability);
  const pointers = new Uint16Array(frames * states);
  const previous = new Float64Array(states);
  // Best predecessor of each bin among the voiced and among the unvoiced states, and its value.
  const scores = new Float64Array(bins);
  const best = [new Float64Array(bins), new Float64Array(bins)] as const;
  const from = [new Uint16Array(bins), new Uint16Array(bins)] as const;
  /** Bins with a probability in the last frame, if they are all that counts. */
  const seen: number[] = [];
  let onlySeen = false;
  let t = 0;

  /** Fills `best[half]` and `from[half]`: every second bin, then the ones half way between, whose predecessors lie between theirs. */
  function search(half: 0 | 1): void {
    const own = from[half];
    for (let step = topStep; step >= 1; step /= 2) {
      for (let bin = step - 1; bin < bins; bin += 2 * step) {
        const low = bin >= step ? own[bin - step] : 0;
        const high = bin + step < bins ? own[bin + step] : bins - 1;
        let at = Math.max(low, bin - reachBins);
        let greatest = Number.NEGATIVE_INFINITY;
        for (let k = at, end = Math.min(high, bin + reachBins), d = k - bin + reachBins; k <= end; k++, d++) {
          const value = scores[k] + triangle[d];
          if (value > greatest) {
            greatest = value;
            at = k;
          }
        }
        best[half][bin] = greatest;
        own[bin] = at;
      }
    }
  }

  /**
   * As `search(0)` when only the bins seen last time count: any other voiced bin is so unlikely (its probability was `tiny`) that the unvoiced state of the same
   * pitch is the better predecessor of everything.
   */
  function searchSeen(): void {
    best[0].fill(Number.NEGATIVE_INFINITY);
    for (const k of seen) {
      const score = scores[k];
      const last = Math.min(bins - 1, k + reachBins);
      for (let bin = Math.max(0, k - reachBins), d = k - bin + reachBins; bin <= last; bin++, d--) {
        const value = score + triangle[d];
        if (value > best[0][bin]) {
          best[0][bin] = value;
          from[0][bin] = k;
        }
      }
    }
  }

  /** Notes the bins seen in this frame, none where there are too many or the unvoiced states are unlikely as well. */
  function note(voiced: Float64Array, unvoiced: number): void {
    seen.length = 0;
    onlySeen = unvoiced > leastUnvoiced;
    for (let j = 0; onlySeen && j < bins; j++) {
      if (voiced[j] === 0) continue;
      seen.push(j);
      if (seen.length > mostSeen) onlySeen = false;
    }
  }

  return {
    add(voiced, unvoiced) {
      const unvoicedLog = Math.log(unvoiced + tiny);
      if (t === 0) {
        const start = Math.log(1 / states);
        for (let j = 0; j < bins; j++) {
          previous[j] = Math.log(voiced[j] + tiny) + start;
          previous[bins + j] = unvoicedLog + start;
        }
        note(voiced, unvoiced);
        t++;
        return;
      }
      // A step out of reach costs the logarithm of `tiny`, from wherever it starts.
      let top = 0;
      for (let k = 1; k < states; k++) if (previous[k] > previous[top]) top = k;
      const jump = previous[top] + logTiny;
      for (const half of [0, 1] as const) {
        for (let k = 0; k < bins; k++) scores[k] = previous[half * bins + k] - rowLog[k];
        if (half === 0 && onlySeen) searchSeen();
        else search(half);
      }
      for (const half of [0, 1] as const) {
        for (let j = 0; j < bins; j++) {
          const fromVoiced = best[0][j] + (half === 0 ? stay : change);
          const fromUnvoiced = best[1][j] + (half === 0 ? change : stay);
          let value = fromVoiced;
          let state = from[0][j];
          if (fromUnvoiced > value) {
            value = fromUnvoiced;
            state = bins + from[1][j];
          }
          if (jump > value) {
            value = jump;
            state = top;
          }
          pointers[t * states + half * bins + j] = state;
          previous[half * bins + j] =
            value + (half === 1 ? unvoicedLog : voiced[j] === 0 ? logTiny : Math.log(voiced[j] + tiny));
        }
      }
      note(voiced, unvoiced);
      t++;
    },
    finish() {
      const path = new Uint16Array(t);
      if (t === 0) return path;
      let state = 0;
      for (let k = 1; k < states; k++) if (previous[k] > previous[state]) state = k;
      for (let i = t - 1; i >= 0; i--) {
        path[i] = state;
        state = pointers[i * states + state];
      }
      return path;
    },
  };
}

/** Logarithm of each bin's triangle's sum: a triangle cut off at the ends is scaled to sum 1 again. */
function rowLogSums(bins: number, reach: number): Float64Array {
  return Float64Array.from({ length: bins }, (_, k) => {
    let sum = 0;
    for (let j = Math.max(0, k - reach); j <= Math.min(bins - 1, k + reach); j++)
      sum += 1 - Math.abs(j - k) / (reach + 1);
    return Math.log(sum);
  });
}
