/** Loudness as broadcasting measures it: ITU-R BS.1770-5, one channel. */
import { type Biquad, filterBiquad } from "./biquad.js";
import type { Waveform } from "./waveform.js";

/** Blocks in seconds, and from one block's start to the next one's. */
const blockSeconds = 0.4;
const stepSeconds = 0.1;
/** Blocks below this do not count, in LUFS, nor those this much below the mean of the others. */
const absoluteGate = -70;
const relativeGateDb = 10;

/**
 * Returns the two filters of the K weighting at any sample rate: a shelf for the head and a high-pass. BS.1770 gives coefficients at 48 kHz
 * only; these are the analogue filters behind them (Mansbridge, Finn and Reiss 2012, "Implementation and evaluation of autonomous
 * multi-track fader control", AES 132), which at 48 kHz are the standard's own to 1e-9.
 */
export function kWeighting(sampleRate: number): readonly [Biquad, Biquad] {
  const shelf = { hz: 1681.974450955533, gainDb: 3.999843853973347, q: 0.7071752369554196 };
  let k = Math.tan((Math.PI * shelf.hz) / sampleRate);
  const high = 10 ** (shelf.gainDb / 20);
  const band = high ** 0.4996667741545416;
  let norm = 1 + k / shelf.q + k * k;
  const head: Biquad = {
    b: [
      (high + (band * k) / shelf.q + k * k) / norm,
      (2 * (k * k - high)) / norm,
      (high - (band * k) / shelf.q + k * k) / norm,
    ],
    a: [(2 * (k * k - 1)) / norm, (1 - k / shelf.q + k * k) / norm],
  };
  const pass = { hz: 38.13547087602444, q: 0.5003270373238773 };
  k = Math.tan((Math.PI * pass.hz) / sampleRate);
  norm = 1 + k / pass.q + k * k;
  const highPass: Biquad = {
    b: [1, -2, 1],
    a: [(2 * (k * k - 1)) / norm, (1 - k / pass.q + k * k) / norm],
  };
  return [head, highPass];
}

/**
 * Returns the integrated, gated loudness in LUFS; −Infinity when no block of 0.4 s is above −70 LUFS. A waveform shorter than a block is
 * taken as one block, where the standard has no answer.
 */
export function loudnessLufs({ samples, sampleRate }: Waveform): number {
  const [head, highPass] = kWeighting(sampleRate);
  const weighted = filterBiquad(filterBiquad(samples, head), highPass);
  const block = Math.min(weighted.length, Math.round(blockSeconds * sampleRate));
  const step = Math.max(1, Math.round(stepSeconds * sampleRate));
  const powers: number[] = [];
  for (let from = 0; from + block <= weighted.length && block > 0; from += step) {
    let sum = 0;
    for (let i = from; i < from + block; i++) sum += weighted[i] ** 2;
    powers.push(sum / block);
  }
  const audible = powers.filter((power) => lufs(power) > absoluteGate);
  if (audible.length === 0) return Number.NEGATIVE_INFINITY;
  const gate = lufs(mean(audible)) - relativeGateDb;
  return lufs(mean(audible.filter((power) => lufs(power) > gate)));
}

const lufs = (power: number): number => -0.691 + 10 * Math.log10(power);
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
