/** Syllable nuclei: loud, voiced peaks between dips of the intensity (de Jong & Wempe 2009). */
import { percentiles } from "../math/statistics.js";
import type { PitchContour } from "./autocorrelation-pitch.js";
import type { IntensityContour } from "./intensity.js";

export interface SyllableOptions {
  /** F0 of the same recording: a nucleus is voiced. */
  readonly pitch: PitchContour;
  /** Peaks more than this below the loudest hundredth of the frames are no nuclei. Default 25. */
  readonly belowDb?: number | undefined;
  /** How far below the lower one of two nuclei the intensity dips between them. Default 3. */
  readonly dipDb?: number | undefined;
}

/**
 * Returns the times of the nuclei in seconds, ascending; the intensity's floor is to be 50 Hz, or single periods make peaks. Of two peaks without a dip between them the
 * higher one counts. Deviations: the threshold is taken from the loudest frames, as in the authors' later scripts, since the median of a clip with silence around
 * it is that of silence; and a dip is one of 3 dB instead of 2, which finds the syllables of the sentences of RAVDESS and TESS with the least error.
 */
export function syllableNuclei(
  contour: IntensityContour,
  { pitch, belowDb = 25, dipDb = 3 }: SyllableOptions,
): number[] {
  const { levelDb, firstSeconds, stepSeconds } = contour;
  if (levelDb.length === 0) return [];
  const threshold = percentiles(levelDb, [99])[0] - belowDb;
  const nuclei: number[] = [];
  let dip = Number.POSITIVE_INFINITY;
  for (let t = 0; t < levelDb.length; t++) {
    const level = levelDb[t];
    dip = Math.min(dip, level);
    const peak = (t === 0 || level > levelDb[t - 1]) && (t === levelDb.length - 1 || level >= levelDb[t + 1]);
    if (!peak || level < threshold) continue;
    const frame = Math.round((firstSeconds + t * stepSeconds - pitch.firstSeconds) / pitch.stepSeconds);
    if (!(pitch.f0Hz[frame] > 0)) continue;
    const last = nuclei.at(-1);
    if (last === undefined || Math.min(level, levelDb[last]) - dip >= dipDb) nuclei.push(t);
    else if (level > levelDb[last]) nuclei[nuclei.length - 1] = t;
    else continue;
    dip = level;
  }
  return nuclei.map((t) => firstSeconds + t * stepSeconds);
}
