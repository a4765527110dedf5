/** `egemaps-v02`: the 88 functionals of the extended Geneva minimalistic acoustic parameter set. */
import { UndertoneError } from "../errors.js";
import { matrix } from "../math/matrix.js";
import { checkWaveform } from "./check-waveform.js";
import { egemapsDescriptors } from "./egemaps/descriptors.js";
import { longFrame, sampleRate } from "./egemaps/framing.js";
import { egemapsFunctionals } from "./egemaps/functionals.js";
import { egemapsNames } from "./egemaps/names.js";
import type { FeatureSet } from "./feature-set.js";

/** Returns the set of the named functionals of eGeMAPS v02. */
export function egemapsSet(id: string, names: readonly string[]): FeatureSet {
  return {
    id,
    level: "functionals",
    names,
    sampleRate,
    levelFree: false,
    extract(wave) {
      checkWaveform(wave, { asker: id, sampleRate, minSamples: longFrame });
      const descriptors = egemapsDescriptors(wave.samples);
      if (!(Math.max(...descriptors.meanSquare) > silentMeanSquare)) {
        throw new UndertoneError(
          "audio/silent",
          `Silent audio for ${id}: got no frame above −100 dBFS in ${wave.samples.length} samples, expected sound`,
        );
      }
      const values = egemapsFunctionals(descriptors);
      return matrix(
        1,
        names.length,
        Float32Array.from(names, (name) => values.get(name)!),
      );
    },
  };
}

const silentMeanSquare = 1e-10;

/**
 * The set of Eyben et al. 2016 (IEEE Trans. Affective Computing 7, 190–202), extended, version 02, with its published names, in its
 * order. Written from the published descriptions; where they leave a choice, the choice was measured on openSMILE 3.0's output
 * (docs/egemaps.md has the agreement of every value). A recording without voiced frames has 0 in the values of voiced frames.
 */
export const egemapsV02: FeatureSet = egemapsSet("egemaps-v02", egemapsNames);
