/** ONNX Runtime for Node: the native one, or WebAssembly where its binary does not load. */
import { type OnnxRuntime, type OnnxSession, type Tensor, UndertoneError } from "@undertone/core";

/** Options of `nodeRuntime`. */
export interface NodeRuntimeOptions {
  /** Threads inside one operator; one is quickest for the small graphs of this project. */
  readonly threads?: number;
  /** Which runtime: `native` first and WebAssembly as the fallback, or one of them only. */
  readonly backend?: "auto" | "native" | "wasm";
  /** Told once, in one sentence, when the native runtime does not load; default: a line on stderr. */
  readonly onFallback?: (message: string) => void;
}

type Ort = Pick<typeof import("onnxruntime-node"), "InferenceSession" | "Tensor" | "env">;

/** Returns a runtime; its binary is loaded with the first graph. @throws UndertoneError `runtime/unavailable` on `load`. */
export function nodeRuntime(options: NodeRuntimeOptions = {}): OnnxRuntime {
  const { threads = 1, backend = "auto", onFallback = warnOnStderr } = options;
  let name = backend === "wasm" ? "onnxruntime-web" : "onnxruntime-node";
  let loading: Promise<Ort> | undefined;
  const open = async (): Promise<Ort> => {
    const { ort, label } = await openRuntime(backend, threads, onFallback);
    name = label;
    return ort;
  };
  return {
    get name() {
      return name;
    },
    async load(model) {
      loading ??= open();
      return openSession(await loading, model, threads);
    },
  };
}

function warnOnStderr(message: string): void {
  process.stderr.write(`undertone: ${message}\n`);
}

async function openRuntime(
  backend: "auto" | "native" | "wasm",
  threads: number,
  onFallback: (message: string) => void,
): Promise<{ ort: Ort; label: string }> {
  let cause: unknown;
  if (backend !== "wasm") {
    try {
      const ort = await import("onnxruntime-node");
      return { ort, label: `onnxruntime-node ${ort.env.versions.common} cpu` };
    } catch (error) {
      cause = error;
    }
  }
  if (backend !== "native") {
    try {
      const ort = await import("onnxruntime-web");
      ort.env.wasm.numThreads = threads;
      if (cause !== undefined) onFallback(fallbackMessage(cause));
      return { ort, label: `onnxruntime-web ${ort.env.versions.common} wasm` };
    } catch (error) {
      cause ??= error;
    }
  }
  const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
  throw new UndertoneError("runtime/unavailable", `ONNX Runtime does not load: ${why}`, { cause });
}

/** Says why the native runtime is not used. It is an optional dependency: npm leaves it out where its install script fails, as it does behind a firewall. */
function fallbackMessage(cause: unknown): string {
  const isMissing = (cause as { code?: string }).code === "ERR_MODULE_NOT_FOUND";
  const why = isMissing
    ? "the native ONNX Runtime is not installed (add it: npm install onnxruntime-node --ignore-scripts)"
    : "the native ONNX Runtime does not load on this system (it needs glibc)";
  return `${why}, so WebAssembly is used; results are the same, slower`;
}

async function openSession(ort: Ort, model: Uint8Array, threads: number): Promise<OnnxSession> {
  let session: Awaited<ReturnType<Ort["InferenceSession"]["create"]>>;
  try {
    session = await ort.InferenceSession.create(model, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new UndertoneError("onnx/unsupported", `ONNX Runtime cannot load the graph: ${why}`, { cause });
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
        Object.entries(outputs).map(([key, { dims, data }]) => [key, { dims, data: data as Tensor["data"] }]),
      );
    },
    close: () => session.release(),
  };
}

function typeOf({ data }: Tensor): "float32" | "int64" | "int32" | "uint8" {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof BigInt64Array) return "int64";
  return data instanceof Int32Array ? "int32" : "uint8";
}
