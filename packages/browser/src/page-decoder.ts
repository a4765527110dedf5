/** What only the page can decode: browsers have their AAC decoder there and not in workers. */
import { sniffContainer } from "@undertone/core/audio";
import { browserCodecRate } from "./browser-codec.js";
import { decodeAudio } from "./decode-audio.js";

/** Bytes that tell a container. */
const headBytes = 2 ** 16;

/** Resolves to the file, or to a WAV file of its audio where a worker could not decode it. @throws UndertoneError `audio/*`. */
export async function decodableInWorker(file: Blob): Promise<Blob> {
  const container = sniffContainer(new Uint8Array(await file.slice(0, headBytes).arrayBuffer()));
  if (container !== "aac" && container !== "m4a") return file;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { samples, sampleRate } = await decodeAudio(bytes, {
    sampleRate: browserCodecRate,
    name: "This file",
  });
  return new Blob([wavHeader(samples.length, sampleRate), Float32Array.from(samples)]);
}

/** Returns the header of a WAV file of mono float32 samples. */
function wavHeader(frames: number, sampleRate: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(44));
  const text = (at: number, letters: string): void => {
    for (let i = 0; i < letters.length; i++) view.setUint8(at + i, letters.charCodeAt(i));
  };
  text(0, "RIFF");
  view.setUint32(4, 36 + 4 * frames, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 3, true); // float
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, 4 * sampleRate, true);
  view.setUint16(32, 4, true);
  view.setUint16(34, 32, true);
  text(36, "data");
  view.setUint32(40, 4 * frames, true);
  return view.buffer;
}
