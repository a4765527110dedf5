/** `prosody-v1`: functionals of pitch, voice quality, intensity, formants and rhythm, measured as Praat measures them. */
import { matrix } from "../math/matrix.js";
import { checkWaveform } from "./check-waveform.js";
import type { FeatureSet } from "./feature-set.js";
import { longestWindow, prosodyDescriptors, prosodyRate } from "./prosody/descriptors.js";
import { prosodyFunctionalNames, prosodyFunctionals } from "./prosody/functionals.js";
import { framePower } from "./speech-level.js";

const id = "prosody-v1";
const names = prosodyFunctionalNames();

/**
 * The set for those who want to read their features: every value has a unit and a definition of its own (docs/features.md), and F0, jitter, shimmer, HNR, intensity
 * and formants are held to Praat's (`test/golden/scripts/praat_prosody.py`). A statistic without data, such as all of F0 in a clip without voice, is 0.
 */
export const prosodyV1: FeatureSet = {
  id,
  level: "functionals",
  names,
  sampleRate: prosodyRate,
  levelFree: false,
  extract(wave) {
    checkWaveform(wave, { asker: id, sampleRate: prosodyRate, minSamples: longestWindow });
    framePower(wave.samples, id);
    const { values } = prosodyFunctionals(prosodyDescriptors(wave.samples));
    return matrix(1, values.length, Float32Array.from(values));
  },
};
