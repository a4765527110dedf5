/** The table of contents of @undertone/core: what an application needs. The rest is in @undertone/core/FOLDER, a table of contents for each folder. */
export { adaptToCollection } from "./artifact/adapt-to-collection.js";
export type { ArtifactManifest, ModelCard } from "./artifact/manifest.js";
export type { AbstainReason, Prediction } from "./artifact/prediction.js";
export {
  type CollectionProfile,
  type HeardRecording,
  newCollection,
  newSpeaker,
  type SpeakerProfile,
} from "./artifact/profiles.js";
export { type Artifact, readArtifact } from "./artifact/read-artifact.js";
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
export { type ArtifactDescription, writeArtifact } from "./artifact/write-artifact.js";
export { type AudioStream, openAudioStream } from "./audio/audio-stream.js";
export { augment } from "./audio/augment/index.js";
export type { ByteSource } from "./audio/byte-source.js";
export type { Codec } from "./audio/codec.js";
export { type DecodeBytesOptions, type DecodedBytes, decodeBytes } from "./audio/decode-bytes.js";
export { type DecodeLimits, defaultDecodeLimits } from "./audio/decode-limits.js";
export { mixToMono } from "./audio/mix-to-mono.js";
export { resample } from "./audio/resample.js";
export { durationSeconds, type Waveform } from "./audio/waveform.js";
export { type Conditioning, openConditioning } from "./condition/conditioners.js";
export type { FeatureTable } from "./data/feature-table.js";
export type { LabelMap } from "./data/label-map.js";
export { labelMap } from "./data/label-maps/index.js";
export type { Leak } from "./data/leak.js";
export { assertNoLeaks, findLeaks } from "./data/leak-gate.js";
export { parseCsvManifest, parseJsonlManifest } from "./data/manifest-text.js";
export type { Split } from "./data/split.js";
export { foldsFromSpec, parseFolds } from "./data/split-makers.js";
export type { Dataset, DimensionName, Utterance } from "./data/utterance.js";
export { type ErrorCode, errorCodes, isUndertoneError, UndertoneError } from "./errors.js";
export { crossValidate } from "./evaluate/cross-validate.js";
export { evaluatePredictions } from "./evaluate/evaluate-predictions.js";
export type { EvaluationResult, Protocol } from "./evaluate/evaluation-result.js";
export { compareEvaluations } from "./evaluate/paired-comparison.js";
export { nestedSearch } from "./evaluate/search/nested-search.js";
export { search } from "./evaluate/search/search.js";
export type { EncoderResources, OpenFeatureSet } from "./features/encoder-set.js";
export type { FeatureSet } from "./features/feature-set.js";
export { anyFeatureSet, featureSet, openFeatureSet } from "./features/feature-sets.js";
export type { Estimator, Model } from "./learn/estimator.js";
export { estimator, estimators } from "./learn/estimators.js";
export { prepared } from "./learn/prepare/prepared.js";
export { type Matrix, matrix } from "./math/matrix.js";
export { type Random, random } from "./math/random.js";
export type { OnnxRuntime, OnnxSession, Tensor } from "./onnx/runtime.js";
export { checkedSplits } from "./train/checked-splits.js";
export { type TrainedArtifact, type TrainingPlan, trainArtifact } from "./train/train-artifact.js";
export type { TrainingData } from "./train/training-data.js";
