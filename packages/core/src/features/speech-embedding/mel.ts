/** The mel spectrum that Google's speech_embedding was trained on, of a clip brought to one level. */
import { applyFilterBank } from "../../dsp/filter-bank.js";
import { melFilterBank } from "../../dsp/mel.js";
import { powerSpectrogram } from "../../dsp/stft.js";
import { hann } from "../../dsp/window.js";
import { scaledLogarithms } from "../../math/row-loops.js";
import { seedFraming } from "../speech-level.js";
import { melBands } from "./network.js";

const { sampleRate, frameSamples, hopSamples } = seedFraming;
/** 25 ms in the middle of the transform's 32 ms. */
export const melWindow = hann(400);
export const melBank = melFilterBank({
  sampleRate,
  fftSize: frameSamples,
  bands: melBands,
  lowHz: 60,
  highHz: 3800,
});

/**
 * Lowest mel level in dB re one step of 16 bits. Speech at −26 dBFS peaks at 97 ± 3 dB, so this is about 60 dB below. openWakeWord's front-end
 * cuts 80 dB below the loudest value of what it is given, which depends on where the audio is cut; a fixed floor does not, and is above that one.
 */
export const floorDb = 37;

/** Frames that are taken at a time: few enough for their spectra to stay near the processor. */
const framesAtOnce = 64;
/** Work memory of `fillMel`, which holds nothing from call to call. */
const powerMemory = new Float32Array(framesAtOnce * (frameSamples / 2 + 1));
/** Power below which a band has no level; it is far below the floor at any gain. */
const leastPower = 1e-30;

/** What the network takes of a level in dB (openWakeWord). */
export function networkInput(db: number): number {
  return db / 10 + 2;
}

/**
 * Fills `out` with mel frames first..first + count − 1 (row-major, 32 a frame) of 16 kHz samples times `gain`; frames outside the clip hold the floor.
 * Periodic Hann of 400 samples in the middle of 512, every 160, no centring, power, 32 Slaney bands from 60 to 3800 Hz, 10 log10, divided by 10, plus 2:
 * the values of openWakeWord's melspectrogram.onnx followed by its scaling, except for the floor.
 */
export function fillMel(
  out: Float32Array,
  samples: Float32Array,
  { gain, first, count }: { readonly gain: number; readonly first: number; readonly count: number },
): void {
  const frames = 1 + Math.floor((samples.length - frameSamples) / hopSamples);
  const from = Math.max(0, first);
  const to = Math.min(frames, first + count);
  const low = Math.fround(networkInput(floorDb));
  out.fill(low, 0, count * melBands);
  if (to <= from) return;
  const offset = Math.log10((32768 * gain) ** 2) + 2;
  for (let at = from; at < to; at += framesAtOnce) {
    const end = Math.min(to, at + framesAtOnce);
    const part = samples.subarray(at * hopSamples, (end - 1) * hopSamples + frameSamples);
    const options = { fftSize: frameSamples, hopSamples, window: melWindow, center: false };
    const mel = applyFilterBank(powerSpectrogram(part, { ...options, memory: powerMemory }), melBank);
    const { data } = mel;
    scaledLogarithms(data, data, { floor: leastPower, scale: 1 / Math.LN10, offset, least: low });
    out.set(data, (at - first) * melBands);
  }
}
