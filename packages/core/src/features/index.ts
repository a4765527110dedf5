/** The table of contents of @undertone/core/features: feature sets. */
export { isEncoderSet } from "./composite-feature-set.js";
export {
  completeEncoderId,
  describeEncoder,
  type EncoderDescription,
} from "./encoder/complete-encoder-id.js";
export { encoderName, isEncoderId, parseEncoderRequest } from "./encoder/encoder-id.js";
export type { EncoderResources, EncoderSet, OpenFeatureSet } from "./encoder-set.js";
export type { FeatureSet, FeatureSetFacts } from "./feature-set.js";
export { anyFeatureSet, encoderSets, featureSet, featureSets, openFeatureSet } from "./feature-sets.js";
export type { FeatureStream, FeatureStreamOptions } from "./feature-stream.js";
export { type FrameDescriptorOptions, type FrameDescriptors, frameDescriptors } from "./frame-descriptors.js";
export { logMelGraph } from "./logmel-graph.js";
export { type SpecAugmentOptions, specAugment } from "./spec-augment.js";
export { type SpeechActivity, type SpeechVerdict, speechActivity } from "./speech-activity.js";
