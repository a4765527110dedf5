/** Level and spectrum of one 20 ms frame: loudness, alpha ratio, Hammarberg index, slopes, flux and MFCC 1–4. */
import { melFilterBank } from "../../dsp/mel.js";
import { windowedPower } from "../../math/windowed-power.js";
import { fullScale, hamming, sampleRate, shortFft, shortFrame } from "./framing.js";

/** Values of one frame, in this order. */
export const spectrumNames = [
  "loudness",
  "alphaRatio",
  "hammarbergIndex",
  "slope0-500",
  "slope500-1500",
  "spectralFlux",
  "mfcc1",
  "mfcc2",
  "mfcc3",
  "mfcc4",
] as const;

const bands = 26;
/** Bins of 31.25 Hz: up to 1 kHz, 2 kHz, 5 kHz (the last one of the upper bands). */
const oneKhz = 32;
const twoKhz = 64;
const fiveKhz = 160;
/** Powers below are not told apart in logarithms of bins and of mel bands ((1/32768)², a 16-bit step). */
const powerFloor = 1e-14;
const melFloor = 1 / 32768 ** 2;
const fullBank = melFilterBank({
  sampleRate,
  fftSize: shortFft,
  bands,
  lowHz: 20,
  highHz: 8000,
  scale: "htk",
  norm: "none",
  sides: "mel",
});
/** As in HTK, the bins begin above the lower edge plus one: bin 1 (31 Hz) belongs to no band. */
const melBank = { ...fullBank, weights: fullBank.weights.map((weight, i) => (i === 0 ? 0 : weight)) };

/** Measures frames one after the other; it remembers the last spectrum for the flux. */
export interface SpectrumAnalyzer {
  /** Writes the `spectrumNames` of the frame that starts at `start` to `out` from `at` on; returns the frame's mean square. */
  analyze(samples: Float32Array, start: number, out: Float64Array, at: number): number;
}

/** Returns an analyzer for a new signal. Definitions: Eyben et al. 2016, section 3 and its appendix; Eyben 2016 (thesis), chapter 2.2. */
export function spectrumAnalyzer(): SpectrumAnalyzer {
  const measure = windowedPower(
    hamming(shortFrame).map((value) => value * fullScale),
    { size: shortFft },
  );
  const logPower = new Float64Array(49);
  let magnitude = new Float64Array(fiveKhz);
  let before = new Float64Array(fiveKhz);
  let first = true;
  const mel = new Float64Array(bands);

  return {
    analyze(samples, start, out, at) {
      measure.load(samples, start);
      const power = measure.power();

      out[at] = loudness(power, mel);
      out[at + 1] = alphaRatio(power);
      out[at + 2] = hammarbergIndex(power);
      for (let k = 0; k < logPower.length; k++) logPower[k] = Math.log(Math.max(power[k], powerFloor));
      out[at + 3] = bandSlope(logPower, lowSlope);
      out[at + 4] = bandSlope(logPower, middleSlope);

      let flux = 0;
      for (let k = 0; k < fiveKhz; k++) {
        magnitude[k] = Math.sqrt(power[k]);
        flux += (magnitude[k] - before[k]) ** 2;
      }
      out[at + 5] = first ? 0 : Math.sqrt(flux / fiveKhz);
      first = false;
      [magnitude, before] = [before, magnitude];

      for (let n = 0; n < 4; n++) {
        let sum = 0;
        for (let b = 0; b < bands; b++) sum += cosines[n * bands + b] * mel[b];
        out[at + 6 + n] = sum;
      }
      return (measure.energy() * fullScale * fullScale) / shortFrame;
    },
  };
}

/**
 * Weight of each band: Hermansky's equal-loudness curve (1990, equation 9, without the term for high frequencies), a roll-off above
 * 4.6 kHz and a scale, both measured on the reference implementation, whose 26 weights it meets within 1 %; the band's power is compressed
 * by 0.33.
 */
const compression = 0.33;
const loudnessWeights = Float64Array.from({ length: bands }, (_, b) => {
  const mel = (hz: number): number => 2595 * Math.log10(1 + hz / 700);
  const centre = mel(20) + ((b + 1) * (mel(8000) - mel(20))) / (bands + 1);
  const omega = 2 * Math.PI * 700 * (10 ** (centre / 2595) - 1);
  const square = omega * omega;
  const curve = ((square + 56.8e6) * square * square) / ((square + 6.3e6) ** 2 * (square + 0.38e9));
  return 0.06902 * (curve / (1 + omega ** 7 / 1.695e31)) ** compression;
});

/** Returns the loudness, the sum of the compressed and weighted bands; leaves the logarithms of their powers, from `melFloor` on, in `mel`. */
function loudness(power: Float64Array, mel: Float64Array): number {
  const { starts, offsets, weights } = melBank;
  let total = 0;
  for (let b = 0; b < bands; b++) {
    let sum = 0;
    for (let w = offsets[b], k = starts[b], end = offsets[b + 1]; w < end; w++, k++)
      sum += weights[w] * power[k];
    // The power by way of the logarithm, which is needed too: half the time.
    const level = Math.log(Math.max(sum, melFloor));
    mel[b] = level;
    total += loudnessWeights[b] * Math.exp(compression * level);
  }
  return total;
}

/** Energy of 1–5 kHz over that up to 1 kHz, in dB; 0 in digital silence. */
function alphaRatio(power: Float64Array): number {
  let low = 0;
  let high = 0;
  for (let k = 0; k < oneKhz; k++) low += power[k];
  for (let k = oneKhz; k <= fiveKhz; k++) high += power[k];
  return low > 0 && high > 0 ? 10 * Math.log10(high / low) : 0;
}

/** Strongest bin up to 2 kHz over the strongest of 2–5 kHz, in dB; 0 in digital silence. */
function hammarbergIndex(power: Float64Array): number {
  let low = 0;
  let high = 0;
  for (let k = 0; k < twoKhz; k++) if (power[k] > low) low = power[k];
  for (let k = twoKhz; k <= fiveKhz; k++) if (power[k] > high) high = power[k];
  return low > 0 && high > 0 ? 10 * Math.log10(low / high) : 0;
}

interface SlopeBand {
  readonly from: number;
  /** Weight of the natural logarithm of each bin's power; the sum is in dB/Hz. */
  readonly weights: Float64Array;
}

/**
 * The slope of a line through the levels of bins from..to. As in the reference implementation the count of bins enters the sums as
 * to − from, one less than there are.
 */
function slopeBand(from: number, to: number): SlopeBand {
  const count = to - from;
  let sum = 0;
  let squares = 0;
  for (let k = from; k <= to; k++) {
    sum += k;
    squares += k * k;
  }
  const scale = ((count * squares - sum * sum) * (sampleRate / shortFft) * Math.LN10) / 10;
  return {
    from,
    weights: Float64Array.from({ length: count + 1 }, (_, i) => (count * (from + i) - sum) / scale),
  };
}

const lowSlope = slopeBand(0, 16);
const middleSlope = slopeBand(16, 48);

function bandSlope(levels: Float64Array, { from, weights }: SlopeBand): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i] * levels[from + i];
  return sum;
}

/** DCT-II of 26 natural logarithms, √(2/26) scaled, times the lifter 1 + 11 sin(πn/22), as HTK. */
const cosines = Float64Array.from({ length: 4 * bands }, (_, i) => {
  const n = Math.floor(i / bands) + 1;
  const b = i % bands;
  return (
    Math.sqrt(2 / bands) *
    (1 + 11 * Math.sin((Math.PI * n) / 22)) *
    Math.cos((Math.PI * n * (b + 0.5)) / bands)
  );
});
