/** What `prosody-v1` measures in a clip before it takes statistics. */
import { resample } from "../../audio/resample.js";
import { autocorrelationPitch, type PitchContour } from "../../dsp/autocorrelation-pitch.js";
import { type FormantFrame, formantTrack } from "../../dsp/formant-track.js";
import { glottalPulses } from "../../dsp/glottal-pulses.js";
import { harmonicity } from "../../dsp/harmonicity.js";
import { type IntensityContour, intensity } from "../../dsp/intensity.js";
import { type Jitter, jitter } from "../../dsp/jitter.js";
import { type Shimmer, shimmer } from "../../dsp/shimmer.js";
import { soundingIntervals, type TimeSpan } from "../../dsp/sounding-intervals.js";
import { syllableNuclei } from "../../dsp/syllable-nuclei.js";
import { mean } from "../../math/statistics.js";

/** In Hz. */
export const prosodyRate = 16000;
/** Formants are sought up to 5500 Hz. */
const formantRate = 11000;
/** Intensity by which syllables are told apart: single periods must not show. */
const syllableFloorHz = 50;
/** Samples of the longest window, the one that syllables are found with. */
export const longestWindow = (6.4 * prosodyRate) / syllableFloorHz;

/** Contours and measures of one clip; frames 10 ms apart. */
export interface ProsodyDescriptors {
  readonly pitch: PitchContour;
  readonly jitter: Jitter;
  readonly shimmer: Shimmer;
  /** In dB, of the frames that have one. */
  readonly hnrDb: Float64Array;
  readonly intensity: IntensityContour;
  /** Formants of the voiced frames, as many as were found in each. */
  readonly formants: readonly FormantFrame[];
  readonly sounding: readonly TimeSpan[];
  /** Times of the syllable nuclei in seconds. */
  readonly syllables: readonly number[];
}

/** Returns the descriptors of 16 kHz samples, at least one window of them, less their mean: an offset would make all periods alike. */
export function prosodyDescriptors(recorded: Float32Array): ProsodyDescriptors {
  const offset = mean(recorded);
  const samples = recorded.map((value) => value - offset);
  const options = { sampleRate: prosodyRate };
  const pitch = autocorrelationPitch(samples, options);
  const pulses = glottalPulses(samples, { ...options, pitch });
  const contour = intensity(samples, options);
  const low = resample({ samples, ...options }, formantRate);
  return {
    pitch,
    jitter: jitter(pulses),
    shimmer: shimmer(samples, { ...options, pulses }),
    hnrDb: harmonicity(samples, options).hnrDb.filter((value) => !Number.isNaN(value)),
    intensity: contour,
    formants: formantTrack(low.samples, {
      sampleRate: formantRate,
      only: (seconds) => isVoiced(pitch, seconds),
    }),
    sounding: soundingIntervals(contour),
    syllables: syllableNuclei(intensity(samples, { ...options, floorHz: syllableFloorHz }), { pitch }),
  };
}

function isVoiced({ f0Hz, firstSeconds, stepSeconds }: PitchContour, seconds: number): boolean {
  return f0Hz[Math.round((seconds - firstSeconds) / stepSeconds)] > 0;
}
