/** The table of contents of @undertone/browser: every public name, once. */
export { type BrowserRuntimeOptions, browserRuntime } from "./browser-runtime.js";
export { type DecodeAudioOptions, decodeAudio } from "./decode-audio.js";
export { browserEncoderResources, type EncoderUrls } from "./encoder-resources.js";
export type { AudioEnd } from "./file-session.js";
export type { HeardFile, ListenOptions, ListenProgress } from "./listen-to-file.js";
export { type Microphone, type MicrophoneOptions, openMicrophone } from "./microphone.js";
export { pauseForEvents } from "./pause-for-events.js";
export {
  type BrowserRecognizer,
  type BrowserRecognizerOptions,
  type BrowserStream,
  createRecognizer,
} from "./recognizer.js";
export {
  type Spectrogram,
  type SpectrogramOptions,
  spectrogram,
  spectrogramHeight,
} from "./spectrogram.js";
export { wavFile } from "./wav-file.js";
export type { WavePeaks } from "./wave-peaks.js";
export type { BrowserStreamOptions, StreamPredictions } from "./worker-messages.js";
