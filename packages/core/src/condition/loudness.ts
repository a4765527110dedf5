/** Brings every recording to one loudness. */
import { loudnessLufs } from "../audio/loudness.js";
import type { Conditioner } from "./conditioner.js";

/** Scales to `lufs`; what no block of is above −70 LUFS is left alone: it is silence, and would become noise. */
export const loudness: Conditioner<"lufs"> = {
  kind: "loudness",
  summary: "Scales to one loudness by ITU-R BS.1770, without clipping.",
  parameters: { lufs: { default: -23, least: -60, most: 0 } },
  keepsLength: true,
  apply(wave, { lufs }) {
    const measured = loudnessLufs(wave);
    if (measured === Number.NEGATIVE_INFINITY) return wave;
    const factor = 10 ** ((lufs - measured) / 20);
    return { samples: wave.samples.map((x) => factor * x), sampleRate: wave.sampleRate };
  },
};
