/** The table of contents of @undertone/core: every public name, once. */

export { errorCodes, isUndertoneError, listChoices, UndertoneError, type ErrorCode } from "./errors.js";

// math
export { matrix, matrixFromRows, row, takeColumns, takeRows, type Matrix } from "./math/matrix.js";
export { random, type Random } from "./math/random.js";

// audio
export { durationSeconds, type Waveform } from "./audio/waveform.js";

// data
export { functionalsTable, takeUtterances, type FeatureTable } from "./data/feature-table.js";
export { mapLabel, type LabelMap } from "./data/label-map.js";
export type { Split } from "./data/split.js";
export type { Dataset, Utterance } from "./data/utterance.js";

// features
export type { FeatureSet } from "./features/feature-set.js";

// onnx
export type { OnnxRuntime, OnnxSession, Tensor } from "./onnx/runtime.js";

// learn
export type { ClassTargets, Estimator, FitContext, Model } from "./learn/estimator.js";

// evaluate
export { bootstrapIntervals } from "./evaluate/bootstrap.js";
export { crossValidate, type CrossValidation } from "./evaluate/cross-validate.js";
export { describeProtocol, type ProtocolInput } from "./evaluate/describe-protocol.js";
export { evaluatePredictions, meanOverFolds, type EvaluationOptions } from "./evaluate/evaluate-predictions.js";
export { computeScores, metrics } from "./evaluate/metrics/index.js";
export type { Metric, Scored } from "./evaluate/metrics/scored.js";
export { scoreTable } from "./evaluate/score-table.js";
export type {
  ClassResult,
  EvaluationResult,
  GroupResult,
  Interval,
  Leak,
  Protocol,
  ReliabilityBin,
  ScoredUtterance,
  Scores,
} from "./evaluate/evaluation-result.js";

// artifact
export type { AbstainReason, Prediction } from "./artifact/prediction.js";
