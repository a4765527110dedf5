/** ONNX Runtime for the browser: WebAssembly from our own page, one thread, no download from elsewhere. */
import { UndertoneError } from "@undertone/core/errors";
import { type OnnxRuntime, ortSession } from "@undertone/core/onnx";
import * as ort from "onnxruntime-web/wasm";

/** Options of `browserRuntime`. */
export interface BrowserRuntimeOptions {
  /** Where `ort-wasm-simd-threaded.wasm` is served; default: beside the script, where bundlers put it. */
  readonly wasm?: string | undefined;
}

/** Returns a runtime; the WebAssembly is fetched with the first graph. @throws UndertoneError `runtime/unavailable` on `load`. */
export function browserRuntime({ wasm }: BrowserRuntimeOptions = {}): OnnxRuntime {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.proxy = false;
  if (wasm !== undefined) ort.env.wasm.wasmPaths = { wasm };
  return {
    name: `onnxruntime-web ${ort.env.versions.common} wasm`,
    async load(model) {
      let session: ort.InferenceSession;
      try {
        session = await ort.InferenceSession.create(model, {
          executionProviders: ["wasm"],
          graphOptimizationLevel: "all",
        });
      } catch (cause) {
        const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
        throw new UndertoneError("runtime/unavailable", `ONNX Runtime cannot load the model here: ${why}`, {
          cause,
        });
      }
      return ortSession(session, (type, data, dims) => new ort.Tensor(type, data, dims));
    },
  };
}
