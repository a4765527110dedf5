/** The table of contents of @undertone/core/dsp: signal processing. */
export {
  type AutocorrelationPitchOptions,
  autocorrelationPitch,
  type PitchContour,
} from "./autocorrelation-pitch.js";
export { type BandBalanceOptions, type BandHz, bandBalance } from "./band-balance.js";
export { type ChromaOptions, chroma, chromaFilterBank } from "./chroma.js";
export { type DecibelOptions, powerToDb } from "./decibels.js";
export { type DeltaOptions, delta } from "./delta.js";
export { applyFilterBank, type FilterBank } from "./filter-bank.js";
export { type FormantFrame, type FormantTrackOptions, formantTrack } from "./formant-track.js";
export { type FramingOptions, frameCount } from "./framing.js";
export { type GlottalPulseOptions, glottalPulses } from "./glottal-pulses.js";
export { type HarmonicityContour, type HarmonicityOptions, harmonicity } from "./harmonicity.js";
export { type IntensityContour, type IntensityOptions, intensity } from "./intensity.js";
export { type IstftOptions, istft } from "./istft.js";
export { type Jitter, jitter } from "./jitter.js";
export { logMel } from "./log-mel.js";
export { hzToMel, type MelOptions, type MelScale, melFilterBank, melToHz } from "./mel.js";
export { type MfccOptions, mfcc } from "./mfcc.js";
export type { PeriodOptions } from "./normalized-difference.js";
export { type PitchTrack, type PitchTrackOptions, pitchTrack } from "./pitch-track.js";
export { type PyinTrack, pyin } from "./pyin.js";
export { rms } from "./rms.js";
export { type Shimmer, type ShimmerOptions, shimmer } from "./shimmer.js";
export { type SoundingOptions, soundingIntervals, type TimeSpan } from "./sounding-intervals.js";
export { spectralBandwidth } from "./spectral-bandwidth.js";
export { spectralCentroid } from "./spectral-centroid.js";
export { type ContrastOptions, spectralContrast } from "./spectral-contrast.js";
export { spectralFlatness } from "./spectral-flatness.js";
export { spectralFlux } from "./spectral-flux.js";
export { spectralRolloff } from "./spectral-rolloff.js";
export { type SpectralSlopeOptions, spectralSlopes } from "./spectral-slope.js";
export { type ComplexSpectrogram, magnitudes, powerSpectrogram, type StftOptions, stft } from "./stft.js";
export { type SyllableOptions, syllableNuclei } from "./syllable-nuclei.js";
export { tonnetz } from "./tonnetz.js";
export { hann } from "./window.js";
export { type YinOptions, type YinTrack, yin } from "./yin.js";
export { zeroCrossingRate } from "./zero-crossing-rate.js";
