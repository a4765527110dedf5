/** The table of contents of @undertone/core/artifact: the file that travels, and what opens it. */
export { type AdaptedCollection, adaptToCollection, type HeardOfCollection } from "./adapt-to-collection.js";
export { conditionProfile, conditionRange, knownConditions } from "./conditions.js";
export {
  closestToAsItIs,
  type FeatureRows,
  type Hearing,
  hear,
  type NoFeatures,
  passesGate,
  playingSpeeds,
} from "./hear.js";
export { markClips, openLearntClips } from "./learnt-clips.js";
export type {
  ArtifactManifest,
  ConditionProfile,
  ConditionRange,
  DimensionHead,
  DimensionMeasures,
  DimensionRange,
  EvaluationSummary,
  ModelCard,
  OutOfDistributionProfile,
  ReferenceProfile,
  SpeechGate,
} from "./manifest.js";
export { fitOutOfDistribution, outOfDistribution } from "./out-of-distribution.js";
export type { AbstainReason, Adapted, Prediction } from "./prediction.js";
export { briefWords, learntSpeech, predictionWords, summaryWords, type Words } from "./prediction-words.js";
export {
  adaptsTo,
  type CollectionProfile,
  type HeardRecording,
  newCollection,
  newSpeaker,
  type SpeakerProfile,
} from "./profiles.js";
export { type Artifact, isArtifact, type ReadArtifactOptions, readArtifact } from "./read-artifact.js";
export {
  openRecognizer,
  type RecognizeOptions,
  type Recognizer,
  type RecognizerOptions,
  type TimelineOptions,
} from "./recognizer.js";
export type { RecognizerStream, RecognizerStreamOptions, StreamLatency } from "./recognizer-stream.js";
export { referenceProfile } from "./reference-profile.js";
export { type ScoreRequest, type ScoringModel, type StretchScores, score, scoreRows } from "./score.js";
export {
  type EmbeddedEncoder,
  type StandaloneDescription,
  type StandaloneModel,
  standaloneKey,
  standaloneModel,
} from "./standalone/standalone-model.js";
export {
  summarizeRecording,
  summarizeTimeline,
  type TimelineSummary,
  wholeClipSeconds,
} from "./timeline-summary.js";
export { type ArtifactDescription, defaultSettings, writeArtifact } from "./write-artifact.js";
