/** The thread that owns the model: decodes, recognizes and draws spectra, one request after the other. */
import { openRecognizer, type Recognizer, type RecognizerStream } from "@undertone/core/artifact";
import { UndertoneError } from "@undertone/core/errors";
import { replyTo } from "@undertone/core/threads";
import { decodeAudio } from "./decode-audio.js";
import { browserEncoderResources } from "./encoder-resources.js";
import { spectrogram } from "./spectrogram.js";
import type { CallName, WorkerAnswer, WorkerCalls, WorkerRequest } from "./worker-messages.js";

let recognizer: Recognizer | undefined;
const streams = new Map<number, RecognizerStream>();

const calls: { [Name in CallName]: (request: WorkerCalls[Name][0]) => Promise<WorkerCalls[Name][1]> } = {
  async open({ model, wasm, encoders }) {
    const resources = browserEncoderResources(encoders, { wasm });
    recognizer = await openRecognizer(await modelBytes(model), resources);
    return { manifest: recognizer.manifest, runtime: resources.runtime.name };
  },
  decode: ({ bytes }) =>
    decodeAudio(new Uint8Array(bytes), {
      sampleRate: opened().manifest.features.sampleRate,
      name: "This file",
    }),
  recognize: ({ wave, speaker }) => opened().recognize(wave, { speaker }),
  timeline: ({ wave, windowSeconds, hopSeconds, speaker }) =>
    opened().timeline(wave, { windowSeconds, hopSeconds, speaker }),
  async openStream({ stream, options }) {
    streams.set(stream, opened().openStream({ ...options, now: () => performance.now() }));
    return undefined;
  },
  async push({ stream, samples }) {
    const open = openedStream(stream);
    return { predictions: await open.push(samples), latency: open.latency() };
  },
  async finish({ stream }) {
    const open = openedStream(stream);
    streams.delete(stream);
    return { predictions: await open.finish(), latency: open.latency() };
  },
  spectrogram: async ({ wave, options }) => spectrogram(wave, options),
};

function opened(): Recognizer {
  if (!recognizer) throw new UndertoneError("runtime/unavailable", "No model is open");
  return recognizer;
}

function openedStream(stream: number): RecognizerStream {
  const open = streams.get(stream);
  if (!open) throw new UndertoneError("cancelled", "The stream is finished");
  return open;
}

async function modelBytes(model: ArrayBuffer | string): Promise<Uint8Array> {
  if (typeof model !== "string") return new Uint8Array(model);
  let response: Response;
  try {
    response = await fetch(model);
  } catch (cause) {
    throw new UndertoneError(
      "file/unreadable",
      "The model cannot be fetched, expected an answer from its address",
      {
        cause,
      },
    );
  }
  if (!response.ok)
    throw new UndertoneError(
      "file/not-found",
      `The model cannot be fetched: the server answered ${response.status}`,
    );
  return new Uint8Array(await response.arrayBuffer());
}

self.addEventListener("message", async ({ data: { name, request } }: MessageEvent<WorkerRequest>) => {
  // The mapped type ties each request to its call; TypeScript cannot see that through the union.
  const call = calls[name] as (request: unknown) => Promise<WorkerAnswer>;
  self.postMessage(await replyTo(() => call(request)));
});
