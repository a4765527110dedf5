/** ONNX Runtime for Node: the native one, or WebAssembly where its binary does not load. */
import { isMainThread } from "node:worker_threads";
import { UndertoneError } from "@undertone/core/errors";
import { type OnnxRuntime, type OnnxSession, ortSession } from "@undertone/core/onnx";
import { refuseTelemetry } from "./no-telemetry.js";

/** Options of `nodeRuntime`. */
export interface NodeRuntimeOptions {
  /** Threads inside one operator; one is quickest for the small graphs of this project. */
  readonly threads?: number;
  /** Which runtime: `native` first and WebAssembly as the fallback, or one of them only. */
  readonly backend?: "auto" | "native" | "wasm";
  /** Told once, in one sentence, when the native runtime does not load; default: a line on stderr, unless `UNDERTONE_QUIET` is 1. */
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

let warned = false;

/** Says it once a process, whose threads are silent. */
function warnOnStderr(message: string): void {
  if (warned || !isMainThread || process.env.UNDERTONE_QUIET === "1") return;
  warned = true;
  process.stderr.write(`undertone: ${message}\n`);
}

async function openRuntime(
  backend: "auto" | "native" | "wasm",
  threads: number,
  onFallback: (message: string) => void,
): Promise<{ ort: Ort; label: string }> {
  let cause: unknown;
  if (backend !== "wasm") {
    refuseTelemetry();
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
  return ortSession(session, (type, data, dims) => new ort.Tensor(type, data, dims));
}
