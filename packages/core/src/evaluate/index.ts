/** The table of contents of @undertone/core/evaluate: honest scores: folds, measures, intervals, calibration, search. */
export { bootstrapIntervals, percentileInterval, uarDraws } from "./bootstrap.js";
export {
  applyCalibration,
  type Calibration,
  calibrationKinds,
  calibrators,
  fitCalibration,
} from "./calibration/index.js";
export type { Adaptation, ClassFold } from "./class-fold.js";
export { type CrossValidation, crossValidate, poolFolds } from "./cross-validate.js";
export { type EvaluationOptions, evaluatePredictions, meanOverFolds } from "./evaluate-predictions.js";
export { evaluateValuePredictions } from "./evaluate-values.js";
export {
  type CalibrationResult,
  type ClassResult,
  type Evaluation,
  type EvaluationResult,
  evaluationDocument,
  type FeatureCoefficient,
  type FeatureEffect,
  type GroupGap,
  type GroupResult,
  type HeardClips,
  type ImportanceResult,
  type Interval,
  type LeftOutCorpora,
  type LeftOutCorpus,
  type LeftOutFigures,
  type Protocol,
  type RatedResult,
  type ReliabilityBin,
  type RobustnessResult,
  type ScoredUtterance,
  type Scores,
  type TrustResult,
  type ValuedUtterance,
  type ValueEvaluation,
  type ValueProtocol,
} from "./evaluation-result.js";
export type { FittedFold } from "./fit-folds.js";
export { featureFamily, featureImportance, type TestedFold } from "./importance.js";
export { type LabelDoubt, type LabelErrors, labelErrors } from "./label-errors.js";
export { computeScores, computeValueScores, metrics, valueMetrics } from "./metrics/index.js";
export { jensenShannon } from "./metrics/jensen-shannon.js";
export type { Metric, Scored, ValueMetric, ValuePairs } from "./metrics/scored.js";
export { compareEvaluations, type PairedComparison, type PairedMeasure } from "./paired-comparison.js";
export { ratedDistribution, ratedVotes } from "./rated-distribution.js";
export { calibrationRows, scoreTable } from "./score-table.js";
export { type CurvePoint, learningCurve, validationCurve } from "./search/curves.js";
export { estimatorOf, type ModelChoice, withCandidate } from "./search/model-choice.js";
export { innerSplits, type NestedSearch, nestedSearch, type OuterChoice } from "./search/nested-search.js";
export {
  defaultHalving,
  type Halving,
  type SearchPlan,
  type SearchResult,
  search,
  searchRounds,
  type TriedCandidate,
} from "./search/search.js";
export { type Findings, type SearchMeasure, searchMeasure, searchMeasures } from "./search/search-measure.js";
export {
  type Candidate,
  gridCandidates,
  type ParameterRange,
  parseRange,
  randomCandidates,
  type SearchSpace,
} from "./search/search-space.js";
export { type RunTrials, runTrial, type Trial, type TrialData, type TrialResult } from "./search/trial.js";
export { scoredUtterances, type TaughtRow, taughtRows, valuedUtterances, valuesOf } from "./taught-rows.js";
export { answersOf, conformalRows } from "./trust/answers.js";
export {
  type Conformal,
  type ConformalResult,
  type ConformalRow,
  conformalCoverage,
  fitConformal,
  predictionSet,
} from "./trust/conformal.js";
export { calibratedAcross, calibratedBy } from "./trust/cross-fit.js";
export { leastConfidence } from "./trust/limits.js";
export {
  type Answer,
  pointAtRisk,
  type RiskCoverage,
  type RiskPoint,
  riskCoverage,
} from "./trust/risk-coverage.js";
export { trustResult } from "./trust/trust-result.js";
