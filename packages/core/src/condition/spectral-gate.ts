/** Noise suppression by spectral gating: what stands still in each band is taken for noise and turned down. */
import { istft } from "../dsp/istft.js";
import { stft } from "../dsp/stft.js";
import type { Matrix } from "../math/matrix.js";
import type { Conditioner } from "./conditioner.js";

/** Window of about 32 ms, a quarter of it from frame to frame. */
const windowSeconds = 0.032;
/** The share of a band's frames that are quieter than its noise: with half of a clip pause, about the pause's median. */
const noiseQuantile = 0.2;
/** That quantile of exponentially distributed power lies this far below its mean. */
const quantileToMean = -1 / Math.log(1 - noiseQuantile);
/** Weight of the last frame's estimate of the speech-to-noise ratio: Ephraim and Malah (1984), equation 51. */
const memory = 0.98;

/**
 * Wiener gains from the decision-directed speech-to-noise ratio of Ephraim and Malah (1984, "Speech enhancement using a minimum mean-square error
 * short-time spectral amplitude estimator"), noise as a low quantile over time of each band (Stahl, Fischer and Bippus 2000). Noise that moves
 * stays; give it a second or more of sound with pauses.
 */
export const spectralGate: Conditioner<"reductionDb"> = {
  kind: "spectral-gate",
  summary: "Turns steady noise down, band by band.",
  parameters: { reductionDb: { default: 15, least: 0, most: 60 } },
  keepsLength: true,
  apply({ samples, sampleRate }, { reductionDb }) {
    const fftSize = 2 ** Math.round(Math.log2(Math.max(16, windowSeconds * sampleRate)));
    const framing = { fftSize, hopSamples: fftSize / 4 };
    const spectrum = stft(samples, framing);
    const noise = noisePower(spectrum.re, spectrum.im);
    suppress(spectrum, noise, 10 ** (-reductionDb / 20));
    return { samples: istft(spectrum, { ...framing, length: samples.length }), sampleRate };
  },
};

function noisePower(re: Matrix, im: Matrix): Float64Array {
  const { rows, cols } = re;
  const track = new Float64Array(rows);
  return Float64Array.from({ length: cols }, (_, k) => {
    for (let t = 0; t < rows; t++) track[t] = re.data[t * cols + k] ** 2 + im.data[t * cols + k] ** 2;
    track.sort();
    return quantileToMean * track[Math.floor(noiseQuantile * (rows - 1))];
  });
}

function suppress({ re, im }: { re: Matrix; im: Matrix }, noise: Float64Array, least: number): void {
  const { rows, cols } = re;
  for (let k = 0; k < cols; k++) {
    if (noise[k] === 0) continue;
    let clean = 0;
    for (let t = 0, at = k; t < rows; t++, at += cols) {
      const ratio = (re.data[at] ** 2 + im.data[at] ** 2) / noise[k];
      const prior = memory * clean + (1 - memory) * Math.max(0, ratio - 1);
      const gain = Math.max(least, prior / (1 + prior));
      clean = gain * gain * ratio;
      re.data[at] *= gain;
      im.data[at] *= gain;
    }
  }
}
