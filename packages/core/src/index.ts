/** The table of contents of @undertone/core: every public name, once. */

// artifact
export { type FeatureRows, type Hearing, hear, type NoFeatures, playingSpeeds } from "./artifact/hear.js";
export type {
  ArtifactManifest,
  DimensionHead,
  DimensionMeasures,
  DimensionRange,
  EvaluationSummary,
  ModelCard,
  OutOfDistributionProfile,
  ReferenceProfile,
  SpeechGate,
} from "./artifact/manifest.js";
export { fitOutOfDistribution, outOfDistribution } from "./artifact/out-of-distribution.js";
export type { AbstainReason, Prediction } from "./artifact/prediction.js";
export { type Artifact, type ReadArtifactOptions, readArtifact } from "./artifact/read-artifact.js";
export {
  openRecognizer,
  type Recognizer,
  type RecognizerOptions,
  type TimelineOptions,
} from "./artifact/recognizer.js";
export type {
  RecognizerStream,
  RecognizerStreamOptions,
  StreamLatency,
} from "./artifact/recognizer-stream.js";
export { referenceProfile } from "./artifact/reference-profile.js";
export {
  type ScoreRequest,
  type ScoringModel,
  type StretchScores,
  score,
  scoreRows,
} from "./artifact/score.js";
export { newSpeaker, type SpeakerProfile } from "./artifact/speaker-profile.js";
export {
  type EmbeddedEncoder,
  type StandaloneDescription,
  type StandaloneModel,
  standaloneKey,
  standaloneModel,
} from "./artifact/standalone/standalone-model.js";
export { type ArtifactDescription, defaultSettings, writeArtifact } from "./artifact/write-artifact.js";
// audio
export type {
  Augmentation,
  AugmentContext,
  AugmentParameter,
  AugmentStep,
  AugmentValues,
} from "./audio/augment/augmentation.js";
export { type Degradation, degradations, recordedDegradations } from "./audio/augment/degradations.js";
export { type CopyChain, describeCopies, drawCopy } from "./audio/augment/draw-copy.js";
export { augment, augmentations } from "./audio/augment/index.js";
export { changeSpeed, isSpeed, speedLimits } from "./audio/change-speed.js";
export {
  type Codec,
  type CodecName,
  type CodecOutput,
  type DecodeBytesOptions,
  type DecodedBytes,
  decodeBytes,
} from "./audio/decode-bytes.js";
export { type DecodeLimits, defaultDecodeLimits } from "./audio/decode-limits.js";
export { loudnessLufs } from "./audio/loudness.js";
export { mixToMono } from "./audio/mix-to-mono.js";
export type { CollectedAudio, Span } from "./audio/mono-collector.js";
export { resample } from "./audio/resample.js";
export { type AudioContainer, audioContainers, sniffContainer } from "./audio/sniff-container.js";
export { type Sounding, type SoundingMeter, sounding, soundingMeter, windowsIn } from "./audio/sounding.js";
export { type ByteSource, openWavStream, type WavStream } from "./audio/wav-stream.js";
export { durationSeconds, type Waveform } from "./audio/waveform.js";
// cluster
export { cutTree, type Linkage, linkage, linkages, type Merge } from "./cluster/agglomerative.js";
export { type ClusterChoice, type ClusterCount, chooseClusters } from "./cluster/choose-clusters.js";
export type { Clusterer, Clustering, OutlierDetector, Projection } from "./cluster/clusterer.js";
export { type DbscanOptions, type DbscanResult, dbscan, suggestRadius } from "./cluster/dbscan.js";
export {
  type GaussianMixtureOptions,
  type GaussianMixtureResult,
  gaussianMixture,
} from "./cluster/gaussian-mixture.js";
export { type HdbscanOptions, type HdbscanResult, hdbscan } from "./cluster/hdbscan.js";
export { clusterers, outlierDetectors, projections } from "./cluster/index.js";
export { type IsolationForestOptions, isolationForest } from "./cluster/isolation-forest.js";
export { type KMeansOptions, type KMeansResult, kMeans } from "./cluster/k-means.js";
export { localOutlierFactor } from "./cluster/local-outlier-factor.js";
export { type MiniBatchKMeansOptions, miniBatchKMeans } from "./cluster/mini-batch-k-means.js";
export { type NearestNeighbours, nearestNeighbours } from "./cluster/neighbours.js";
export { type Pca, type PcaOptions, pca } from "./cluster/pca.js";
export { type TsneOptions, type TsneResult, tsne } from "./cluster/t-sne.js";
export { trustworthiness } from "./cluster/trustworthiness.js";
export { type UmapOptions, umap } from "./cluster/umap.js";
export {
  adjustedRandIndex,
  type Contingency,
  contingency,
  daviesBouldin,
  normalizedMutualInformation,
  silhouette,
  silhouettes,
} from "./cluster/validity.js";
// condition
export type {
  Conditioner,
  ConditionParameter,
  ConditionResources,
  ConditionStep,
  Denoiser,
} from "./condition/conditioner.js";
export { type Conditioning, conditioners, openConditioning, parseConditionSteps } from "./condition/index.js";
export { type RnnoiseModule, rnnoiseDenoiser, rnnoiseFile } from "./condition/rnnoise.js";
export {
  openSileroVad,
  type SpeechSegment,
  type SpeechSegmentOptions,
  speechSegments,
  type VoiceActivityDetector,
  voiceActivityStepSeconds,
} from "./condition/silero-vad.js";
export { withAttributes } from "./data/attribute-columns.js";
export type { Corpus, DesignBlock, ParsedName } from "./data/corpora/corpus.js";
export { corpora } from "./data/corpora/index.js";
export {
  type FeatureTable,
  type FeatureView,
  functionalsTable,
  stackTables,
  takeUtterances,
} from "./data/feature-table.js";
export { guessSpeakerRule, parseFolderName, type SpeakerRule } from "./data/folder-names.js";
export { type ClassClue, classClue } from "./data/inspect/class-clue.js";
export { type DesignGaps, findDesignGaps } from "./data/inspect/design-gaps.js";
export { measureRecording, type RecordingMeasures } from "./data/inspect/measure-recording.js";
export {
  type Alignment,
  alignRecordings,
  recordingFingerprint,
  similarFingerprints,
} from "./data/inspect/same-recording.js";
export { type LabelMap, mapLabel } from "./data/label-map.js";
export { identityLabelMap } from "./data/label-maps/identity.js";
export { labelMap, labelMaps } from "./data/label-maps/index.js";
export { type Leak, type LeakKind, leakKinds } from "./data/leak.js";
export { assertNoLeaks, type FittedStep, findLeaks, type LeakGateOptions } from "./data/leak-gate.js";
export {
  type ManifestRow,
  type ParsedManifest,
  parseCsvManifest,
  parseJsonlManifest,
  parseManifestRows,
} from "./data/manifest.js";
// data
export type { Split } from "./data/split.js";
export {
  consecutiveFolds,
  explicitFolds,
  type Folds,
  fixedFolds,
  foldsFromSpec,
  groupFolds,
  leaveOneSpeakerOut,
  parseFolds,
  randomFolds,
  type SplitMaker,
  type SplitRequest,
  sentenceFolds,
  speakerAndSentenceFolds,
  speakerFolds,
  splitMakers,
  stratifiedFolds,
  stratifiedGroupFolds,
} from "./data/split-makers.js";
export { findSplitProblems, type SplitProblem } from "./data/split-problems.js";
export {
  type Dataset,
  type DimensionName,
  dimensionNames,
  type Utterance,
  unknownSpeaker,
} from "./data/utterance.js";
// dsp
export {
  type AutocorrelationPitchOptions,
  autocorrelationPitch,
  type PitchContour,
} from "./dsp/autocorrelation-pitch.js";
export { type BandBalanceOptions, type BandHz, bandBalance } from "./dsp/band-balance.js";
export { type ChromaOptions, chroma, chromaFilterBank } from "./dsp/chroma.js";
export { type DecibelOptions, powerToDb } from "./dsp/decibels.js";
export { type DeltaOptions, delta } from "./dsp/delta.js";
export { applyFilterBank, type FilterBank } from "./dsp/filter-bank.js";
export { type FormantFrame, type FormantTrackOptions, formantTrack } from "./dsp/formant-track.js";
export { type FramingOptions, frameCount } from "./dsp/framing.js";
export { type GlottalPulseOptions, glottalPulses } from "./dsp/glottal-pulses.js";
export { type HarmonicityContour, type HarmonicityOptions, harmonicity } from "./dsp/harmonicity.js";
export { type IntensityContour, type IntensityOptions, intensity } from "./dsp/intensity.js";
export { type IstftOptions, istft } from "./dsp/istft.js";
export { type Jitter, jitter } from "./dsp/jitter.js";
export { logMel } from "./dsp/log-mel.js";
export { hzToMel, type MelOptions, type MelScale, melFilterBank, melToHz } from "./dsp/mel.js";
export { type MfccOptions, mfcc } from "./dsp/mfcc.js";
export type { PeriodOptions } from "./dsp/normalized-difference.js";
export { type PitchTrack, type PitchTrackOptions, pitchTrack } from "./dsp/pitch-track.js";
export { type PyinTrack, pyin } from "./dsp/pyin.js";
export { rms } from "./dsp/rms.js";
export { type Shimmer, type ShimmerOptions, shimmer } from "./dsp/shimmer.js";
export { type SoundingOptions, soundingIntervals, type TimeSpan } from "./dsp/sounding-intervals.js";
export { spectralBandwidth } from "./dsp/spectral-bandwidth.js";
export { spectralCentroid } from "./dsp/spectral-centroid.js";
export { type ContrastOptions, spectralContrast } from "./dsp/spectral-contrast.js";
export { spectralFlatness } from "./dsp/spectral-flatness.js";
export { spectralFlux } from "./dsp/spectral-flux.js";
export { spectralRolloff } from "./dsp/spectral-rolloff.js";
export { type SpectralSlopeOptions, spectralSlopes } from "./dsp/spectral-slope.js";
export { type ComplexSpectrogram, magnitudes, powerSpectrogram, type StftOptions, stft } from "./dsp/stft.js";
export { type SyllableOptions, syllableNuclei } from "./dsp/syllable-nuclei.js";
export { tonnetz } from "./dsp/tonnetz.js";
export { hann } from "./dsp/window.js";
export { type YinOptions, type YinTrack, yin } from "./dsp/yin.js";
export { zeroCrossingRate } from "./dsp/zero-crossing-rate.js";
export {
  closest,
  type ErrorCode,
  errorCodes,
  errorFromPlain,
  errorToPlain,
  isUndertoneError,
  listChoices,
  type PlainError,
  UndertoneError,
} from "./errors.js";
// evaluate
export { bootstrapIntervals, percentileInterval, uarDraws } from "./evaluate/bootstrap.js";
export {
  applyCalibration,
  type Calibration,
  calibrationKinds,
  calibrators,
  fitCalibration,
} from "./evaluate/calibration/index.js";
export type { ClassFold, SpeakerAdaptation } from "./evaluate/class-fold.js";
export { type CrossValidation, crossValidate, poolFolds } from "./evaluate/cross-validate.js";
export {
  type EvaluationOptions,
  evaluatePredictions,
  meanOverFolds,
} from "./evaluate/evaluate-predictions.js";
export { evaluateValuePredictions } from "./evaluate/evaluate-values.js";
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
  type ImportanceResult,
  type Interval,
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
} from "./evaluate/evaluation-result.js";
export type { FittedFold } from "./evaluate/fit-folds.js";
export { featureFamily, featureImportance, type TestedFold } from "./evaluate/importance.js";
export { type LabelDoubt, type LabelErrors, labelErrors } from "./evaluate/label-errors.js";
export { computeScores, computeValueScores, metrics, valueMetrics } from "./evaluate/metrics/index.js";
export { jensenShannon } from "./evaluate/metrics/jensen-shannon.js";
export type { Metric, Scored, ValueMetric, ValuePairs } from "./evaluate/metrics/scored.js";
export {
  compareEvaluations,
  type PairedComparison,
  type PairedMeasure,
} from "./evaluate/paired-comparison.js";
export { ratedDistribution, ratedVotes } from "./evaluate/rated-distribution.js";
export { scoreTable } from "./evaluate/score-table.js";
export { type CurvePoint, learningCurve, validationCurve } from "./evaluate/search/curves.js";
export { estimatorOf, type ModelChoice, withCandidate } from "./evaluate/search/model-choice.js";
export {
  innerSplits,
  type NestedSearch,
  nestedSearch,
  type OuterChoice,
} from "./evaluate/search/nested-search.js";
export {
  defaultHalving,
  type Halving,
  type SearchPlan,
  type SearchResult,
  search,
  searchRounds,
  type TriedCandidate,
} from "./evaluate/search/search.js";
export {
  type Findings,
  type SearchMeasure,
  searchMeasure,
  searchMeasures,
} from "./evaluate/search/search-measure.js";
export {
  type Candidate,
  gridCandidates,
  type ParameterRange,
  parseRange,
  randomCandidates,
  type SearchSpace,
} from "./evaluate/search/search-space.js";
export {
  type RunTrials,
  runTrial,
  type Trial,
  type TrialData,
  type TrialResult,
} from "./evaluate/search/trial.js";
export { scoredUtterances, taughtRows, valuedUtterances, valuesOf } from "./evaluate/taught-rows.js";
export {
  type Conformal,
  type ConformalResult,
  type ConformalRow,
  conformalCoverage,
  fitConformal,
  predictionSet,
} from "./evaluate/trust/conformal.js";
export { crossFitCalibration } from "./evaluate/trust/cross-fit.js";
export {
  type Answer,
  pointAtRisk,
  type RiskCoverage,
  type RiskPoint,
  riskCoverage,
} from "./evaluate/trust/risk-coverage.js";
export {
  answersOf,
  conformalRows,
  trustResult,
} from "./evaluate/trust/trust-result.js";
// features
export { isEncoderSet } from "./features/composite-feature-set.js";
export {
  completeEncoderId,
  describeEncoder,
  type EncoderDescription,
} from "./features/encoder/complete-encoder-id.js";
export { encoderName, isEncoderId, parseEncoderRequest } from "./features/encoder/encoder-id.js";
export type {
  EncoderResources,
  EncoderSet,
  OpenFeatureSet,
} from "./features/encoder-set.js";
export type { FeatureSet, FeatureSetFacts } from "./features/feature-set.js";
export type { FeatureStream, FeatureStreamOptions } from "./features/feature-stream.js";
export {
  type FrameDescriptorOptions,
  type FrameDescriptors,
  frameDescriptors,
} from "./features/frame-descriptors.js";
export {
  anyFeatureSet,
  encoderSets,
  featureSet,
  featureSets,
  openFeatureSet,
} from "./features/index.js";
export { logMelGraph } from "./features/logmel-graph.js";
export { type SpecAugmentOptions, specAugment } from "./features/spec-augment.js";
export { type SpeechActivity, type SpeechVerdict, speechActivity } from "./features/speech-activity.js";
// learn
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
} from "./learn/estimator.js";
export { groupIndices } from "./learn/group-indices.js";
export { estimator, estimators, estimatorsOf } from "./learn/index.js";
export { defaultShrinkage } from "./learn/learn-speaker.js";
export { joinModels, pairOf } from "./learn/pair.js";
export {
  type ChosenStep,
  parsePreparation,
  preparationSpecs,
  preparationSteps,
} from "./learn/prepare/index.js";
export { prepared } from "./learn/prepare/prepared.js";
export type { AnyStep } from "./learn/prepare/step.js";
export { fitMarks } from "./learn/recording-marks.js";
// math
export { type RealFft, realFft, type Samples } from "./math/fft.js";
export { type Matrix, matrix, matrixFromRows, meanOf, row, takeColumns, takeRows } from "./math/matrix.js";
export { type Random, random } from "./math/random.js";
// onnx
export {
  describeEncoderFile,
  type EncoderFile,
  type EncoderFiles,
  encoderRemedy,
  isPackageFile,
  type NamedFile,
  type PackageFile,
  readEncoderFile,
} from "./onnx/encoder-file.js";
export { type GraphBuilder, graphBuilder } from "./onnx/graph-builder.js";
export type {
  OnnxAttribute,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
} from "./onnx/onnx-model.js";
export { ortSession } from "./onnx/ort-session.js";
export { defaultModelLimits, type ModelLimits, readModel } from "./onnx/read-model.js";
export type { OnnxRuntime, OnnxSession, Tensor } from "./onnx/runtime.js";
export { withMetadata } from "./onnx/with-metadata.js";
export { writeModel } from "./onnx/write-model.js";
// threads
export {
  type LostThread,
  replyTo,
  type Thread,
  type ThreadEvents,
  ThreadPool,
  type ThreadReply,
} from "./threads/thread-pool.js";
// train
export { type CheckedSplits, checkedSplits, type FoldPlan } from "./train/checked-splits.js";
export {
  type EvaluationExtras,
  evaluatePlan,
  type ModelPlan,
  type PlannedModels,
  plannedEstimator,
} from "./train/evaluate-plan.js";
export { type Abstention, fitFamiliarity, fitTrust } from "./train/fit-trust.js";
export {
  type ArtifactContext,
  type TrainedArtifact,
  type TrainingPlan,
  trainArtifact,
} from "./train/train-artifact.js";
export { refuseMissingSpeakers, type TrainingContext, type TrainingData } from "./train/training-data.js";
