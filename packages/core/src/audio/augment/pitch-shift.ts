/** Another pitch at the same tempo. */
import { changeSpeed } from "../change-speed.js";
import { defineAugmentation } from "./augmentation.js";
import { stretch } from "./time-stretch.js";

/** Stretched by the interval and played that much faster: pitch and formants move together by `semitones`, the length stays. */
export const pitchShift = defineAugmentation({
  kind: "pitch-shift",
  summary: "Moves pitch and formants up or down at the same tempo, in semitones.",
  parameters: { semitones: { default: 1, least: -12, most: 12 } },
  apply(wave, { semitones }) {
    const factor = 2 ** (semitones / 12);
    const samples = new Float32Array(wave.samples.length);
    const shifted = changeSpeed(stretch(wave, factor), factor).samples;
    samples.set(shifted.subarray(0, samples.length));
    return { samples, sampleRate: wave.sampleRate };
  },
});
