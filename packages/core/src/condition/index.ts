/** The table of contents of @undertone/core/condition: what makes recordings alike before features. */
export type {
  Conditioner,
  ConditionParameter,
  ConditionResources,
  ConditionStep,
  Denoiser,
} from "./conditioner.js";
export { type Conditioning, conditioners, openConditioning, parseConditionSteps } from "./conditioners.js";
export { type RnnoiseModule, rnnoiseDenoiser, rnnoiseFile } from "./rnnoise.js";
export {
  openSileroVad,
  type SpeechSegment,
  type SpeechSegmentOptions,
  speechSegments,
  type VoiceActivityDetector,
  voiceActivityStepSeconds,
} from "./silero-vad.js";
