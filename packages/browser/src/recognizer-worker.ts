/** The thread that owns the model: decodes, recognizes and draws spectra, one request after the other. */
import { openRecognizer, type Recognizer, type RecognizerStream } from "@undertone/core/artifact";
import { UndertoneError } from "@undertone/core/errors";
import { replyTo, type ThreadReply } from "@undertone/core/threads";
import { decodeAudio } from "./decode-audio.js";
import { browserEncoderResources } from "./encoder-resources.js";
import { type FileSession, openFileSession } from "./file-session.js";
import { spectrogram } from "./spectrogram.js";
import type { CallName, WorkerAnswer, WorkerCalls, WorkerOpening, WorkerRequest } from "./worker-messages.js";

interface OpenModel {
  readonly recognizer: Recognizer;
  readonly runtime: string;
}

let opening: Promise<OpenModel>;
const streams = new Map<number, RecognizerStream>();
const files = new Map<number, FileSession>();

const calls: {
  [Name in CallName]: (request: WorkerCalls[Name][0], model: OpenModel) => Promise<WorkerCalls[Name][1]>;
} = {
  describe: async (_, { recognizer: { manifest }, runtime }) => ({ manifest, runtime }),
  decode: ({ bytes }, { recognizer }) =>
    decodeAudio(new Uint8Array(bytes), {
      sampleRate: recognizer.manifest.features.sampleRate,
      name: "This file",
    }),
  recognize: ({ wave, ...known }, { recognizer }) => recognizer.recognize(wave, known),
  async openStream({ stream, options }, { recognizer }) {
    streams.set(stream, recognizer.openStream({ ...options, now: () => performance.now() }));
    return undefined;
  },
  async push({ stream, samples }) {
    const open = known(streams, stream);
    return { predictions: await open.push(samples), latency: open.latency() };
  },
  async finish({ stream }) {
    const open = known(streams, stream);
    streams.delete(stream);
    return { predictions: await open.finish(), latency: open.latency() };
  },
  async openFile({ id, file, ...options }, { recognizer }) {
    const session = await openFileSession(file, { ...options, recognizer });
    files.set(id, session);
    return { seconds: session.seconds };
  },
  async hearFile({ id }) {
    const session = known(files, id);
    try {
      const slice = await session.hear();
      if (slice.end) await forget(id);
      return slice;
    } catch (error) {
      await forget(id);
      throw error;
    }
  },
  async drop(dropped) {
    if ("stream" in dropped) streams.delete(dropped.stream);
    else await forget(dropped.file);
    return undefined;
  },
  spectrogram: async ({ wave, options }) => spectrogram(wave, options),
};

async function forget(file: number): Promise<void> {
  const session = files.get(file);
  files.delete(file);
  await session?.close();
}

function known<Open>(all: ReadonlyMap<number, Open>, key: number): Open {
  const open = all.get(key);
  if (open) return open;
  throw new UndertoneError("cancelled", "It is finished, or was lost when the worker was started anew");
}

async function open({ model, wasm, encoders }: WorkerOpening): Promise<OpenModel> {
  const resources = browserEncoderResources(encoders, { wasm });
  try {
    return { recognizer: await openRecognizer(model, resources), runtime: resources.runtime.name };
  } finally {
    // From here on a request's own time counts, which will say why where the model did not open.
    self.postMessage({ kind: "running" } satisfies ThreadReply<WorkerAnswer>);
  }
}

self.addEventListener("message", async ({ data }: MessageEvent<WorkerOpening | WorkerRequest>) => {
  if ("model" in data) {
    opening = open(data);
    opening.catch(() => undefined);
    return;
  }
  // The mapped type ties each request to its call; TypeScript cannot see that through the union.
  const call = calls[data.name] as (request: unknown, model: OpenModel) => Promise<WorkerAnswer>;
  self.postMessage(await replyTo(async () => call(data.request, await opening)));
});
