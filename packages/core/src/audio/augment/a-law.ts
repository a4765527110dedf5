/** The codec of the telephone outside North America and Japan: ITU-T G.711 A-law, 8 bits a sample. */
import { defineAugmentation } from "./augmentation.js";
import { throughLine } from "./line.js";

/** Returns what G.711 A-law makes of a 16-bit sample, coded and decoded: −32256..32256, never 0. */
export function throughALaw(sample: number): number {
  // A negative sample is coded as its complement, so that −1 is the mirror of 0.
  const magnitude = sample < 0 ? ~sample : sample;
  const segment = Math.max(0, 31 - Math.clz32(magnitude) - 7);
  const step = Math.max(4, segment + 3);
  const decoded = ((magnitude >> step) << step) + (1 << (step - 1));
  return sample < 0 ? -decoded : decoded;
}

/** The waveform at `codecRate` Hz in 8-bit A-law, and back at its own rate; samples beyond −1..1 are clipped. */
export const aLaw = defineAugmentation({
  kind: "a-law",
  summary: "Coded for the telephone and back: G.711 A-law at 8 kHz.",
  parameters: { codecRate: { default: 8000, least: 1000, most: 192000 } },
  apply: (wave, { codecRate }) => throughLine(wave, codecRate, (samples) => samples.map(throughALaw)),
});
