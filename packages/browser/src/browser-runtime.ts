/** ONNX Runtime for the browser: WebAssembly from our own page, one thread, no download from elsewhere. */
import { type OnnxRuntime, type Tensor, UndertoneError } from "@undertone/core";
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
      return {
        inputs: session.inputMetadata.map((input) => ({
          name: input.name,
          type: input.isTensor ? input.type : "other",
          dims: input.isTensor ? input.shape : [],
        })),
        inputNames: session.inputNames,
        outputNames: session.outputNames,
        async run(inputs) {
          const feeds = Object.fromEntries(
            Object.entries(inputs).map(([key, tensor]) => [
              key,
              new ort.Tensor(typeOf(tensor), tensor.data, tensor.dims),
            ]),
          );
          const outputs = await session.run(feeds);
          return Object.fromEntries(
            Object.entries(outputs).map(([key, { dims, data }]) => [
              key,
              { dims, data: data as Tensor["data"] },
            ]),
          );
        },
        close: () => session.release(),
      };
    },
  };
}

function typeOf({ data }: Tensor): "float32" | "int64" | "int32" | "uint8" {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof BigInt64Array) return "int64";
  return data instanceof Int32Array ? "int32" : "uint8";
}
