/** The table of contents of @undertone/core/learn: estimators and preparation. */

export { centreGroups } from "./centre-groups.js";
export type {
  ClassTargets,
  Estimator,
  EstimatorFactory,
  FitContext,
  Heads,
  Model,
  PerHead,
  TargetKind,
  Targets,
  ValueTargets,
} from "./estimator.js";
export { estimator, estimators, estimatorsOf } from "./estimators.js";
export { groupIndices } from "./group-indices.js";
export { type CollectionKind, fewestOfCollection } from "./learn-collection.js";
export { defaultShrinkage } from "./learn-speaker.js";
export { joinModels, pairOf } from "./pair.js";
export { type ChosenStep, parsePreparation, preparationSpecs, preparationSteps } from "./prepare/index.js";
export { prepared } from "./prepare/prepared.js";
export type { AnyStep } from "./prepare/step.js";
export { fitMarks } from "./recording-marks.js";
