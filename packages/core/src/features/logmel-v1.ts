/** `logmel-v1`: 80 log-mel bands every 10 ms, the frames that networks take. */
import { applyFilterBank } from "../dsp/filter-bank.js";
import { melFilterBank } from "../dsp/mel.js";
import { hann } from "../dsp/window.js";
import { realFft } from "../math/fft.js";
import { type Matrix, matrix } from "../math/matrix.js";
import { checkWaveform } from "./check-waveform.js";
import type { FeatureSet } from "./feature-set.js";
import { frameStream } from "./feature-stream.js";
import { framePower, seedFraming } from "./speech-level.js";

/** Rate in Hz, frame (25 ms), hop (10 ms) and transform in samples, number of bands, and the power added before the logarithm. */
export const logMelFraming = {
  sampleRate: 16000,
  frameSamples: 400,
  hopSamples: 160,
  fftSize: 512,
  bands: 80,
  floor: 1e-4,
} as const;

const { sampleRate, frameSamples, hopSamples, fftSize, bands, floor } = logMelFraming;

/** Periodic Hann window over one frame, and 80 triangles of height 1 from 20 to 8000 Hz, equally wide in Slaney's mel. */
export const logMelWindow = hann(frameSamples);
export const logMelBank = melFilterBank({
  sampleRate,
  fftSize,
  bands,
  lowHz: 20,
  highHz: 8000,
  norm: "none",
});

/** Returns what computes frames × 80 values of at least one frame of samples; its tables are made once. */
export function logMelRows(): (samples: Float32Array) => Matrix {
  const plan = realFft(fftSize);
  const frame = new Float64Array(fftSize);
  return (samples) => {
    const frames = 1 + Math.floor((samples.length - frameSamples) / hopSamples);
    const power = matrix(frames, plan.bins);
    for (let t = 0; t < frames; t++) {
      const start = t * hopSamples;
      for (let i = 0; i < frameSamples; i++) frame[i] = samples[start + i] * logMelWindow[i];
      plan.powerInto(frame, power.data, t * plan.bins);
    }
    const result = applyFilterBank(power, logMelBank);
    const { data } = result;
    for (let i = 0; i < data.length; i++) data[i] = Math.log(data[i] + floor);
    return result;
  };
}

const id = "logmel-v1";

/**
 * Frames × 80 natural logarithms, ln(power + 1e−4), −9.2 (silence) to about 10: frame t holds the samples 160 t … 160 t + 399 under a Hann window,
 * transformed by 512, |X|² summed by 80 Slaney triangles from 20 to 8000 Hz. The floor is that of white noise at −62 dBFS; above it float32 is exact
 * enough for `logMelGraph`, the same as ONNX.
 */
export const logmelV1: FeatureSet = {
  id,
  level: "lld",
  names: Array.from({ length: bands }, (_, i) => `logmel${String(i + 1).padStart(2, "0")}`),
  sampleRate,
  levelFree: false,
  extract(wave) {
    checkWaveform(wave, { asker: id, sampleRate, minSamples: seedFraming.frameSamples });
    framePower(wave.samples, id);
    return logMelRows()(wave.samples);
  },
  openStream: () => frameStream({ asker: id, frameSamples, hopSamples, cols: bands }, logMelRows()),
};
