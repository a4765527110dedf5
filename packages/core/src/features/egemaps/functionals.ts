/** The functionals of eGeMAPS: what the descriptors of a whole recording come down to. */
import { mean, percentiles, standardDeviation } from "../../math/statistics.js";
import { contourSlopes } from "./contour.js";
import type { Descriptors } from "./descriptors.js";
import { hopSamples, sampleRate } from "./framing.js";
import { segmentStatistics } from "./segments.js";
import { smooth, smoothNonZero } from "./smoothing.js";
import { voiceNames } from "./voice-track.js";

const stepSeconds = hopSamples / sampleRate;

/**
 * Returns the 88 functionals by name, in the order of eGeMAPS v02. As in the reference implementation those of voiced and of unvoiced frames end where
 * the search for F0 had not yet decided when the recording ended: two frames before the last as a rule, more where it ends in a voiced sound.
 */
export function egemapsFunctionals({
  spectrum,
  voice,
  meanSquare,
  settledFrames,
}: Descriptors): Map<string, number> {
  const values = new Map<string, number>();
  const f0 = voice.get("F0semitoneFrom27.5Hz")!;
  const spread = (name: string, all: Float64Array): void => {
    const centre = all.length > 0 ? mean(all) : 0;
    values.set(`${name}_amean`, centre);
    values.set(`${name}_stddevNorm`, centre === 0 ? 0 : standardDeviation(all) / centre);
  };
  const contour = (name: string, all: Float64Array): void => {
    spread(name, all);
    const [low, middle, high] = all.length > 0 ? percentiles(all, [20, 50, 80]) : [0, 0, 0];
    const slopes = contourSlopes(all, stepSeconds);
    values.set(`${name}_percentile20.0`, low!);
    values.set(`${name}_percentile50.0`, middle!);
    values.set(`${name}_percentile80.0`, high!);
    values.set(`${name}_pctlrange0-2`, high! - low!);
    values.set(`${name}_meanRisingSlope`, slopes.meanRising);
    values.set(`${name}_stddevRisingSlope`, slopes.deviationRising);
    values.set(`${name}_meanFallingSlope`, slopes.meanFalling);
    values.set(`${name}_stddevFallingSlope`, slopes.deviationFalling);
  };

  const seen = (track: Float64Array): Float64Array =>
    nonZero(smoothNonZero(track).subarray(0, settledFrames));

  const loudness = smooth(spectrum.get("loudness")!);
  contour("F0semitoneFrom27.5Hz_sma3nz", seen(f0));
  contour("loudness_sma3", loudness);
  for (const name of ["spectralFlux", "mfcc1", "mfcc2", "mfcc3", "mfcc4"])
    spread(`${name}_sma3`, smooth(spectrum.get(name)!));

  for (const name of voiceNames.slice(1)) spread(`${name}_sma3nz`, seen(voice.get(name)!));

  for (const [name, title] of ofVoiced) {
    const track = spectrum.get(name)!;
    spread(`${title("V")}_sma3nz`, seen(f0.map((on, t) => (on > 0 ? track[t] : 0))));
  }
  for (const [name, title] of ofVoiced.slice(0, 5)) {
    const track = spectrum.get(name)!;
    const all = seen(f0.map((on, t) => (on > 0 ? 0 : track[t])));
    values.set(`${title("UV")}_sma3nz_amean`, all.length > 0 ? mean(all) : 0);
  }

  values.set(
    "loudnessPeaksPerSec",
    contourSlopes(loudness, stepSeconds).peaks / (loudness.length * stepSeconds),
  );
  const segments = segmentStatistics(f0.subarray(0, settledFrames), stepSeconds);
  values.set("VoicedSegmentsPerSec", segments.voicedPerSecond);
  values.set("MeanVoicedSegmentLengthSec", segments.meanVoicedSeconds);
  values.set("StddevVoicedSegmentLengthSec", segments.deviationVoicedSeconds);
  values.set("MeanUnvoicedSegmentLength", segments.meanUnvoicedSeconds);
  values.set("StddevUnvoicedSegmentLength", segments.deviationUnvoicedSeconds);
  values.set("equivalentSoundLevel_dBp", 10 * Math.log10(mean(meanSquare)));
  return values;
}

/** Descriptors of the spectrum that are also taken over the voiced frames alone, and the first five over the unvoiced ones. */
const ofVoiced: readonly (readonly [string, (part: "V" | "UV") => string])[] = [
  ["alphaRatio", (part) => `alphaRatio${part}`],
  ["hammarbergIndex", (part) => `hammarbergIndex${part}`],
  ["slope0-500", (part) => `slope${part}0-500`],
  ["slope500-1500", (part) => `slope${part}500-1500`],
  ["spectralFlux", (part) => `spectralFlux${part}`],
  ["mfcc1", (part) => `mfcc1${part}`],
  ["mfcc2", (part) => `mfcc2${part}`],
  ["mfcc3", (part) => `mfcc3${part}`],
  ["mfcc4", (part) => `mfcc4${part}`],
];

function nonZero(values: Float64Array): Float64Array {
  const kept = new Float64Array(values.length);
  let count = 0;
  for (const value of values) if (value !== 0) kept[count++] = value;
  return kept.subarray(0, count);
}
