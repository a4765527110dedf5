/** `conditions-v1`: what a person would say of a recording beside its emotion: pitch, liveliness, tempo, voice, noise. */
import { effectiveBandHz } from "../audio/effective-band.js";
import { applyFilterBank } from "../dsp/filter-bank.js";
import { melFilterBank } from "../dsp/mel.js";
import { powerSpectrogram } from "../dsp/stft.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { mean, percentiles } from "../math/statistics.js";
import { checkWaveform } from "./check-waveform.js";
import type { FeatureSet } from "./feature-set.js";
import { seedV1 } from "./seed-v1.js";
import { openSpeechGate } from "./speech-activity.js";
import { type SpeechFrames, speechFrames } from "./speech-frames.js";
import { seedFraming } from "./speech-level.js";

const { sampleRate, frameSamples, hopSamples } = seedFraming;

/** The values that are those of `seed-v1` under the same names. */
const ofSeed = [
  "f0.voiced.p50",
  "f0.voiced.p90-p10",
  "voiced.runsPerSecond",
  "pause.share",
  "harmonicity.mean",
] as const;
const seedColumns = ofSeed.map((name) => seedV1.names.indexOf(name));

/** The bands that noise is looked for in: those of a telephone, so that a missing band is not taken for quiet. */
const noiseBank = melFilterBank({ sampleRate, fftSize: frameSamples, bands: 16, lowHz: 300, highHz: 3400 });
/** A band is not held to be quieter: digital silence has no level. */
const mostDb = 60;

/**
 * Returns by how much speech stands above what is between it, in dB: the mean over 16 bands (300–3400 Hz) of the distance of the 95th from the 10th
 * percentile of their levels from the first to the last active frame. Even without a pause each band has its quiet moments.
 */
function foregroundDb(frames: SpeechFrames): number {
  const { first, last } = frames.activity({ first: 0, count: frames.end }, "conditions-v1");
  const samples = frames.samples({ first, count: last - first + 1 });
  const spectrogram = powerSpectrogram(samples, { fftSize: frameSamples, hopSamples, center: false });
  const { rows, cols, data } = applyFilterBank(spectrogram, noiseBank);
  const distances = Float64Array.from({ length: cols }, (_, b) => {
    const powers = Float64Array.from({ length: rows }, (_, t) => data[t * cols + b]);
    const [low, high] = percentiles(powers, [10, 95]) as [number, number];
    return high > 0 ? Math.min(mostDb, 10 * Math.log10(high / Math.max(low, Number.MIN_VALUE))) : 0;
  });
  return mean(distances);
}

/**
 * Values that tell in what recordings of speech differ, whatever was felt: five of `seed-v1` under its names, by how much speech stands above
 * what is between it in dB, its band, its level, and the seconds that the speech gate finds active and voiced, 0 where it finds no speech.
 */
export const conditionsV1: FeatureSet = {
  id: "conditions-v1",
  level: "functionals",
  names: [...ofSeed, "foregroundDb", "bandHz", "levelDbfs", "speech.activeSeconds", "speech.voicedSeconds"],
  sampleRate,
  levelFree: false,
  extract(wave) {
    checkWaveform(wave, { asker: "conditions-v1", sampleRate, minSamples: frameSamples });
    const frames = speechFrames(wave.samples);
    const window = { first: 0, count: frames.end };
    const seed = seedV1.openWindows!(frames).row(window) as Matrix;
    const { speech, activeSeconds, voicedSeconds, levelDbfs } = openSpeechGate(frames)(window);
    const values = [
      ...seedColumns.map((j) => seed.data[j]),
      foregroundDb(frames),
      effectiveBandHz(wave),
      levelDbfs,
      speech ? activeSeconds : 0,
      speech ? voicedSeconds : 0,
    ];
    return matrix(1, values.length, Float32Array.from(values));
  },
};
