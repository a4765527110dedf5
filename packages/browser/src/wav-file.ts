/** A waveform as a file: what was recorded, to be kept, played or heard like any other. */
import type { Waveform } from "@undertone/core/audio";

/** Returns a mono WAV file of 32-bit floating point, which holds the samples as they are. */
export function wavFile({ samples, sampleRate }: Waveform): Blob {
  return new Blob([wavHeader(samples.length, sampleRate), Float32Array.from(samples)], { type: "audio/wav" });
}

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
