/** The cheapest path through the pitch candidates of neighbouring frames (Boersma 1993, step 4). */

export interface CandidatePathOptions {
  readonly frames: number;
  /** Candidates of a frame at most, the unvoiced one included. */
  readonly candidates: number;
  /** Cost of a jump by an octave. */
  readonly octaveJumpCost: number;
  /** Cost of a change between voiced and unvoiced. */
  readonly voicingCost: number;
}

/** Takes the candidates of one frame after the other. */
export interface CandidatePath {
  /** Begins the next frame with the strength of its unvoiced candidate. */
  begin(unvoicedStrength: number): void;
  /** Adds a voiced candidate to the frame. */
  add(hz: number, strength: number): void;
  /** Returns the frequency of each frame on the path that gathers the greatest strength less the cost of its jumps; 0 for unvoiced. */
  finish(): Float64Array;
}

/** Returns a path finder by dynamic programming (Viterbi 1967), at O(candidates²) a frame. */
export function candidatePath(options: CandidatePathOptions): CandidatePath {
  const { frames, candidates, octaveJumpCost, voicingCost } = options;
  const counts = new Uint8Array(frames);
  const strengths = new Float64Array(frames * candidates);
  /** In Hz, 0 for unvoiced; and in octaves. */
  const pitches = new Float64Array(frames * candidates);
  const octaves = new Float64Array(frames * candidates);
  let frame = -1;

  return {
    begin(unvoicedStrength) {
      frame++;
      counts[frame] = 1;
      strengths[frame * candidates] = unvoicedStrength;
    },
    add(hz, strength) {
      const at = frame * candidates + counts[frame]++;
      strengths[at] = strength;
      pitches[at] = hz;
      octaves[at] = Math.log2(hz);
    },
    finish() {
      const from = new Uint8Array(frames * candidates);
      for (let t = 1; t < frames; t++) {
        const previous = (t - 1) * candidates;
        for (let i = t * candidates, end = i + counts[t]; i < end; i++) {
          let best = Number.NEGATIVE_INFINITY;
          for (let k = 0; k < counts[t - 1]; k++) {
            const j = previous + k;
            const voiced = pitches[i] > 0;
            const cost =
              voiced !== pitches[j] > 0
                ? voicingCost
                : voiced
                  ? octaveJumpCost * Math.abs(octaves[i] - octaves[j])
                  : 0;
            const value = strengths[j] - cost;
            if (value > best) {
              best = value;
              from[i] = k;
            }
          }
          strengths[i] += best;
        }
      }
      const path = new Float64Array(frames);
      let at = 0;
      for (let t = frames - 1; t >= 0; t--) {
        const row = t * candidates;
        if (t === frames - 1) {
          for (let k = 1; k < counts[t]; k++) if (strengths[row + k] > strengths[row + at]) at = k;
        }
        path[t] = pitches[row + at];
        at = from[row + at];
      }
      return path;
    },
  };
}
