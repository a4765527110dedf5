/** What feature sets with a network get in Node: ONNX Runtime on one thread, and the files of installed packages. */
import type { EncoderResources } from "@undertone/core";
import { nodeEncoderFile } from "./encoder-files.js";
import { nodeRuntime } from "./node-runtime.js";

/** Returns the resources for `openFeatureSet`; nothing is loaded before a set asks for it. */
export function nodeEncoderResources(): EncoderResources {
  return { runtime: nodeRuntime(), encoderFile: nodeEncoderFile };
}
