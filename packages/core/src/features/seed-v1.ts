/** `seed-v1`: 416 functionals of spectrum, modulation, pitch, voice quality and tempo that do not depend on the recording level. */
import { type Matrix, matrix } from "../math/matrix.js";
import { checkWaveform } from "./check-waveform.js";
import type { FeatureSet } from "./feature-set.js";
import { openSeedDescriptors } from "./seed-descriptors.js";
import { seedFunctionalNames, seedFunctionals } from "./seed-functionals.js";
import { expectFrames, type FrameWindow, type SpeechFrames, speechFrames } from "./speech-frames.js";
import { seedFraming } from "./speech-level.js";

const names = seedFunctionalNames();

function seedSet(id: string, keepLevel: boolean): FeatureSet {
  const openRows = (frames: SpeechFrames): ((window: FrameWindow) => Matrix) => {
    const describe = openSeedDescriptors(frames, { keepLevel, asker: id });
    return (window) => {
      expectFrames(window, id);
      const { values } = seedFunctionals(describe(window));
      return matrix(1, values.length, Float32Array.from(values));
    };
  };
  return {
    id,
    level: "functionals",
    names,
    sampleRate: seedFraming.sampleRate,
    levelFree: !keepLevel,
    openWindows: (frames) => ({ row: openRows(frames) }),
    extract(wave) {
      checkWaveform(wave, {
        asker: id,
        sampleRate: seedFraming.sampleRate,
        minSamples: seedFraming.frameSamples,
      });
      const frames = speechFrames(wave.samples);
      return openRows(frames)({ first: 0, count: frames.end });
    },
  };
}

/**
 * The level-free set: the active frames (within 35 dB of the loudest) are brought to −26 dBFS first. Chosen on the training folds of RAVDESS
 * only. Definitions: `seed-descriptors.ts` and `seed-functionals.ts`; the independent implementation that it is held to is
 * `test/golden/scripts/seed_v1.py`. A clip without voiced frames takes its pitch statistics over the active frames; a statistic
 * without data (no pause, no pair of voiced frames) is 0.
 */
export const seedV1: FeatureSet = seedSet("seed-v1", false);

/** The same 416 values at the level of the recording, with the floor of the mel levels at −100 instead of −60 dB. */
export const seedV1Level: FeatureSet = seedSet("seed-v1-level", true);
