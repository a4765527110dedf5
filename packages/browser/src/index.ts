/** The table of contents of @undertone/browser: every public name, once. */
export { type BrowserRuntimeOptions, browserRuntime } from "./browser-runtime.js";
export { type DecodeAudioOptions, decodeAudio } from "./decode-audio.js";
export { browserEncoderFile, type EncoderUrls } from "./encoder-files.js";
export { type Microphone, type MicrophoneOptions, openMicrophone } from "./microphone.js";
export { type BrowserRecognizer, type BrowserRecognizerOptions, createRecognizer } from "./recognizer.js";
export {
  type Spectrogram,
  type SpectrogramOptions,
  spectrogram,
  spectrogramHeight,
} from "./spectrogram.js";
