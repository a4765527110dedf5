/** The table of contents of @undertone/core/train: training a whole artifact. */
export { type CheckedSplits, checkedSplits, type FoldPlan } from "./checked-splits.js";
export {
  changesNote,
  type EvaluationExtras,
  evaluatePlan,
  type ModelPlan,
  type PlannedModels,
  plannedEstimator,
} from "./evaluate-plan.js";
export { type Abstention, fitFamiliarity, fitTrust } from "./fit-trust.js";
export {
  type ArtifactContext,
  type TrainedArtifact,
  type TrainingPlan,
  trainArtifact,
} from "./train-artifact.js";
export { refuseMissingSpeakers, type TrainingContext, type TrainingData } from "./training-data.js";
