/** A waveform as a file, for players that know no samples. */
import type { Waveform } from "@undertone/core/audio";

/** Returns a mono WAV file of 16 bits. */
export function wavFile({ samples, sampleRate }: Waveform): Blob {
  const head = new DataView(new ArrayBuffer(44));
  const bytes = 2 * samples.length;
  const text = (at: number, letters: string): void =>
    [...letters].forEach((letter, i) => {
      head.setUint8(at + i, letter.charCodeAt(0));
    });
  text(0, "RIFF");
  head.setUint32(4, 36 + bytes, true);
  text(8, "WAVEfmt ");
  head.setUint32(16, 16, true);
  head.setUint16(20, 1, true);
  head.setUint16(22, 1, true);
  head.setUint32(24, sampleRate, true);
  head.setUint32(28, 2 * sampleRate, true);
  head.setUint16(32, 2, true);
  head.setUint16(34, 16, true);
  text(36, "data");
  head.setUint32(40, bytes, true);
  const data = Int16Array.from(samples, (x) => Math.round(32_767 * Math.max(-1, Math.min(1, x))));
  return new Blob([head, data], { type: "audio/wav" });
}
