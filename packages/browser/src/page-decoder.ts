/** What only the page can decode: browsers have their AAC decoder there and not in workers. */
import { sniffContainer } from "@undertone/core/audio";
import { browserCodecRate } from "./browser-codec.js";
import { decodeAudio } from "./decode-audio.js";
import { wavFile } from "./wav-file.js";

/** Bytes that tell a container. */
const headBytes = 2 ** 16;

/** Resolves to the file, or to a WAV file of its audio where a worker could not decode it. @throws UndertoneError `audio/*`. */
export async function decodableInWorker(file: Blob): Promise<Blob> {
  const container = sniffContainer(new Uint8Array(await file.slice(0, headBytes).arrayBuffer()));
  if (container !== "aac" && container !== "m4a") return file;
  const bytes = new Uint8Array(await file.arrayBuffer());
  return wavFile(await decodeAudio(bytes, { sampleRate: browserCodecRate, name: "This file" }));
}
