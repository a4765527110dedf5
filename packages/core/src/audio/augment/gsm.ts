/** A mobile telephone of the second generation. */
import { defineAugmentation } from "./augmentation.js";
import { throughGsm } from "./gsm-codec.js";
import { throughLine } from "./line.js";

/** The waveform at 8 kHz through GSM's full-rate codec, and back at its own rate; samples beyond −1..1 are clipped. */
export const gsm = defineAugmentation({
  kind: "gsm",
  summary: "Coded for a mobile telephone and back: GSM 06.10 full rate at 8 kHz.",
  parameters: {},
  apply: (wave) => throughLine(wave, 8000, throughGsm),
});
