/** Cuts silence from both ends by an energy gate. */
import { sounding } from "../audio/sounding.js";
import type { Conditioner } from "./conditioner.js";

/** Keeps what lies between the first and the last frame within `belowDb` of the loudest one, and a margin around it. */
export const trim: Conditioner<"belowDb" | "marginSeconds"> = {
  kind: "trim",
  summary: "Cuts what is quiet from both ends, by an energy gate relative to the loudest 20 ms.",
  parameters: {
    belowDb: { default: 35, least: 5, most: 90 },
    marginSeconds: { default: 0.05, least: 0, most: 10 },
  },
  keepsLength: false,
  apply(wave, { belowDb, marginSeconds }) {
    const { samples, sampleRate } = wave;
    const { start, end } = sounding(wave, { belowDb });
    const from = Math.max(0, Math.round((start - marginSeconds) * sampleRate));
    const to = Math.min(samples.length, Math.round((end + marginSeconds) * sampleRate));
    return { samples: samples.slice(from, to), sampleRate };
  },
};
