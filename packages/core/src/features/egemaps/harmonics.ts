/** Levels of harmonics relative to one another and at the formants. */
import type { VoiceAnalyzer } from "./voice.js";

/** Half the width of the band around a formant in which its strongest harmonic is sought, as a share of its frequency. */
const formantReach = 0.2;

/**
 * Writes H1–H2, H1–A3 and the levels of the formants' harmonics over that of F0, all in dB, to `levels`. As the reference implementation
 * does it, H1 is the first harmonic *above* F0 and H2 the second; A3 is the strongest harmonic within 20 % of F3.
 */
export function harmonicLevels(
  voice: VoiceAnalyzer,
  { f0Hz, formantsHz }: { readonly f0Hz: number; readonly formantsHz: Float64Array },
  levels: Float64Array,
): void {
  const fundamental = voice.levelDb(f0Hz);
  const first = voice.levelDb(2 * f0Hz);
  levels[0] = first - voice.levelDb(3 * f0Hz);
  for (let i = 0; i < formantsHz.length; i++) {
    const formant = formantsHz[i];
    const from = Math.max(1, Math.ceil((formant * (1 - formantReach)) / f0Hz));
    const to = Math.floor((formant * (1 + formantReach)) / f0Hz);
    let best = Number.NEGATIVE_INFINITY;
    for (let n = from; n <= to; n++) best = Math.max(best, voice.levelDb(n * f0Hz));
    // No harmonic within the band: the one below it.
    if (best === Number.NEGATIVE_INFINITY) best = voice.levelDb(Math.max(1, from - 1) * f0Hz);
    levels[2 + i] = best - fundamental;
    if (i === formantsHz.length - 1) levels[1] = first - best;
  }
}
