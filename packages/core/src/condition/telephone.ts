/** Keeps the band that a telephone keeps, so that recordings of both kinds are alike. */
import { bandLimit } from "../audio/augment/band-limit.js";
import { random } from "../math/random.js";
import type { Conditioner } from "./conditioner.js";

/** 300 to 3400 Hz, the band of ITU-T G.712. */
export const telephone: Conditioner<"lowHz" | "highHz"> = {
  kind: "telephone",
  summary: "Keeps 300 to 3400 Hz, as a telephone does.",
  parameters: {
    lowHz: { default: 300, least: 0, most: 24000 },
    highHz: { default: 3400, least: 100, most: 24000 },
  },
  keepsLength: true,
  apply: (wave, values) => bandLimit.apply(wave, values, { random: random(0) }),
};
