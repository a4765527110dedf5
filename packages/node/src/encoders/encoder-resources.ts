/** What feature sets and conditioning steps with a network get in Node: ONNX Runtime on one thread, and the files of installed packages. */
import { type Denoiser, rnnoiseDenoiser, rnnoiseFile } from "@undertone/core/condition";
import type { EncoderResources } from "@undertone/core/features";
import { readEncoderFile } from "@undertone/core/onnx";
import { nodeRuntime } from "../runtime/node-runtime.js";
import { nodeEncoderFile } from "./encoder-files.js";
import { sha256Of } from "./encoder-store.js";

/**
 * Returns the resources for `openFeatureSet`; nothing is loaded before a set asks for it.
 * @param folder where encoder files may lie too, such as an artifact's own folder.
 */
export function nodeEncoderResources(folder?: string): EncoderResources {
  return {
    runtime: nodeRuntime(),
    encoderFile: (file) => nodeEncoderFile(file, folder),
    denoiser: openRnnoise,
    sha256: sha256Of,
  };
}

async function openRnnoise(): Promise<Denoiser> {
  const wasmBinary = await readEncoderFile(rnnoiseFile, { encoderFile: nodeEncoderFile });
  const { default: createRnnoise } = await import("@echogarden/rnnoise-wasm");
  return rnnoiseDenoiser(await createRnnoise({ wasmBinary }));
}
