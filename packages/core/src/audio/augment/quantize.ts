/** What storing audio as whole numbers leaves of it. */
import { defineAugmentation } from "./augmentation.js";

/** Samples clipped to −1..1 and rounded to whole numbers of `bits` bits, as in a WAV or FLAC file: a quiet recording keeps few of its steps. */
export const quantize = defineAugmentation({
  kind: "quantize",
  summary: "Clipped and rounded to so many bits, as a file stores it.",
  parameters: { bits: { default: 16, least: 2, most: 24 } },
  apply({ samples, sampleRate }, { bits }) {
    const steps = 2 ** (bits - 1);
    const stored = (x: number): number => Math.max(-steps, Math.min(steps - 1, Math.round(x * steps)));
    return { samples: samples.map((x) => stored(x) / steps), sampleRate };
  },
});
