/** Faster or slower as a tape: tempo and pitch together. */
import { changeSpeed, speedLimits } from "../change-speed.js";
import { defineAugmentation } from "./augmentation.js";

/** `changeSpeed` as a step; 1.1 is a tenth faster and higher. */
export const speed = defineAugmentation({
  kind: "speed",
  summary: "Plays faster or slower: tempo and pitch change together.",
  parameters: { factor: { default: 1.1, least: speedLimits.slowest, most: speedLimits.fastest } },
  keepsLength: false,
  apply: (wave, { factor }) => changeSpeed(wave, factor),
});
