/** Loads an encoder, cut to the layers that are wanted where its graph can be cut. */
import type { OnnxRuntime } from "../../onnx/runtime.js";
import { encoderInput } from "./encoder-input.js";
import { cutEncoder, readEncoder } from "./encoder-layers.js";
import type { RunningEncoder } from "./run-encoder.js";

/** Returns the encoder loaded, cut to the layers of a choice. @throws UndertoneError `features/unknown`, `features/mismatch`, `runtime/*`, `onnx/*`. */
export async function loadEncoder(
  bytes: Uint8Array,
  {
    layer,
    runtime,
    asker,
  }: { readonly layer: string; readonly runtime: OnnxRuntime; readonly asker: string },
): Promise<RunningEncoder> {
  if (readEncoder(bytes)) {
    const { bytes: cut, layers } = cutEncoder(bytes, layer, undefined);
    const session = await runtime.load(cut);
    return { session, layers, input: encoderInput(session, asker) };
  }
  const session = await runtime.load(bytes);
  const { layers } = cutEncoder(bytes, layer, session.outputNames);
  return { session, layers, input: encoderInput(session, asker) };
}
