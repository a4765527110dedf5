/** The table of contents of @undertone/core/onnx: models in ONNX: reading, writing, running. */
export {
  describeEncoderFile,
  type EncoderFile,
  type EncoderFiles,
  encoderRemedy,
  isPackageFile,
  type NamedFile,
  type PackageFile,
  readEncoderFile,
} from "./encoder-file.js";
export { type GraphBuilder, graphBuilder } from "./graph-builder.js";
export { fetchRemedy, type KnownEncoder, knownEncoder, knownEncoders } from "./known-encoders.js";
export type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./onnx-model.js";
export { ortSession } from "./ort-session.js";
export { defaultModelLimits, type ModelLimits, readModel } from "./read-model.js";
export type { OnnxRuntime, OnnxSession, Tensor } from "./runtime.js";
export { withMetadata } from "./with-metadata.js";
export { writeModel } from "./write-model.js";
