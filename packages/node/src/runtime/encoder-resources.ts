/** What feature sets and conditioning steps with a network get in Node: ONNX Runtime on one thread, and the files of installed packages. */
import { createHash } from "node:crypto";
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
  return { runtime: nodeRuntime(), encoderFile: nodeEncoderFile, denoiser: openRnnoise, sha256 };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function openRnnoise(): Promise<Denoiser> {
  const wasmBinary = await readEncoderFile(rnnoiseFile, { encoderFile: nodeEncoderFile });
  const { default: createRnnoise } = await import("@echogarden/rnnoise-wasm");
  return rnnoiseDenoiser(await createRnnoise({ wasmBinary }));
}
