/** The codec of the telephone in North America and Japan: ITU-T G.711 µ-law, 8 bits a sample. */
import { defineAugmentation } from "./augmentation.js";
import { throughLine } from "./line.js";

const bias = 132;
const clip = 32635;

/** Returns what G.711 µ-law makes of a 16-bit sample, coded and decoded: −32124..32124. */
export function throughMuLaw(sample: number): number {
  const magnitude = Math.min(clip, Math.abs(Math.trunc(sample))) + bias;
  const segment = 31 - Math.clz32(magnitude) - 7;
  const mantissa = (magnitude >> (segment + 3)) & 15;
  const decoded = (((mantissa << 3) + bias) << segment) - bias;
  return sample < 0 ? 0 - decoded : decoded;
}

/** The waveform at `codecRate` Hz in 8-bit µ-law, and back at its own rate; samples beyond −1..1 are clipped. */
export const muLaw = defineAugmentation({
  kind: "mu-law",
  summary: "Coded for the telephone and back: G.711 µ-law at 8 kHz.",
  parameters: { codecRate: { default: 8000, least: 1000, most: 192000 } },
  apply: (wave, { codecRate }) => throughLine(wave, codecRate, (samples) => samples.map(throughMuLaw)),
});
