/** Louder or softer. */
import { defineAugmentation } from "./augmentation.js";

/** Every sample times 10^(decibels / 20); nothing is clipped. */
export const gain = defineAugmentation({
  kind: "gain",
  summary: "Louder or softer, in dB.",
  parameters: { decibels: { least: -120, most: 60 } },
  apply({ samples, sampleRate }, { decibels }) {
    const factor = 10 ** (decibels / 20);
    return { samples: samples.map((sample) => sample * factor), sampleRate };
  },
});
