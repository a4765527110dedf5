/** What feature sets and conditioning steps with a network get in Node: ONNX Runtime on one thread, and the files of installed packages. */
import {
  type Denoiser,
  type EncoderResources,
  readEncoderFile,
  rnnoiseDenoiser,
  rnnoiseFile,
} from "@undertone/core";
import { nodeEncoderFile } from "./encoder-files.js";
import { nodeRuntime } from "./node-runtime.js";

/** Returns the resources for `openFeatureSet`; nothing is loaded before a set asks for it. */
export function nodeEncoderResources(): EncoderResources {
  return { runtime: nodeRuntime(), encoderFile: nodeEncoderFile, denoiser: openRnnoise };
}

async function openRnnoise(): Promise<Denoiser> {
  const wasmBinary = await readEncoderFile(rnnoiseFile, { encoderFile: nodeEncoderFile });
  const { default: createRnnoise } = await import("@echogarden/rnnoise-wasm");
  return rnnoiseDenoiser(await createRnnoise({ wasmBinary }));
}
