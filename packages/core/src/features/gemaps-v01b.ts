/** `gemaps-v01b`: the 62 functionals of the Geneva minimalistic acoustic parameter set. */
import { egemapsNames } from "./egemaps/names.js";
import { egemapsSet } from "./egemaps-v02.js";
import type { FeatureSet } from "./feature-set.js";

/** What the extended set adds: flux and MFCC, the bandwidths of F2 and F3, and the sound level. */
const extension = /spectralFlux|mfcc|F[23]bandwidth|equivalentSoundLevel/;

/** The set of Eyben et al. 2016, version 01b: those values of `egemaps-v02` that the minimalistic set names. */
export const gemapsV01b: FeatureSet = egemapsSet(
  "gemaps-v01b",
  egemapsNames.filter((name) => !extension.test(name)),
);
