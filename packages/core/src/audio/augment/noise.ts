/** Coloured noise at a given signal-to-noise ratio. */
import { realFft } from "../../math/fft.js";
import type { Random } from "../../math/random.js";
import { defineAugmentation } from "./augmentation.js";
import { mixNoise } from "./speech-level.js";

/** Power falls with f to this: 0, 3 and 6 dB an octave. */
const exponents: Readonly<Record<string, number>> = { white: 0, pink: 1, brown: 2 };

/** Frequencies below this one, in Hz, are not louder than it: nobody hears them, and they would take all the power. */
const lowestHz = 20;

/** Returns `length` samples of Gaussian noise with power ∝ 1 / f^exponent from 20 Hz on, at any level. */
function colouredNoise(length: number, sampleRate: number, exponent: number, random: Random): Float32Array {
  if (exponent === 0) return Float32Array.from({ length }, () => random.normal());
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, length)));
  const fft = realFft(size);
  const samples = Float64Array.from({ length: size }, () => random.normal());
  const re = new Float64Array(fft.bins);
  const im = new Float64Array(fft.bins);
  fft.forwardInto(samples, re, im);
  for (let k = 0; k < fft.bins; k++) {
    const scale = Math.max(lowestHz, (k * sampleRate) / size) ** (-exponent / 2);
    re[k] *= scale;
    im[k] *= scale;
  }
  fft.inverseInto(re, im, samples);
  return Float32Array.from(samples.subarray(0, length));
}

/** White, pink or brown noise, `snrDb` below the power of the speech (pauses do not count; see `speechPower`). */
export const noise = defineAugmentation({
  kind: "noise",
  summary: "White, pink or brown noise at a signal-to-noise ratio in dB.",
  parameters: {
    snrDb: { least: -40, most: 100 },
    colour: { default: "white", choices: ["white", "pink", "brown"] },
  },
  apply(wave, { snrDb, colour }, { random }) {
    const { samples, sampleRate } = wave;
    return mixNoise(wave, colouredNoise(samples.length, sampleRate, exponents[colour], random), snrDb);
  },
});
