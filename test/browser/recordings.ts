/** Recordings that the browser tests make of the example clips. */
import { openAudioPool } from "../../packages/node/src/index.js";
import { clipBytes, clips, wavBytes } from "./clips.js";

/** Recordings as WAV files of 16 kHz. */
export interface Recordings {
  /** The example of an angry woman, four seconds. */
  readonly angry: Buffer;
  /** Every example once, nearly a minute. */
  readonly long: Buffer;
  /** Two voices and a whistle at once, which the shipped model does not know. */
  readonly strange: Buffer;
}

/** Resolves to the recordings. */
export async function madeRecordings(): Promise<Recordings> {
  const sampleRate = 16_000;
  const pool = openAudioPool({ threads: 1 });
  const voices: Float32Array[] = [];
  for (const clip of clips)
    voices.push((await pool.decode(new Uint8Array(clipBytes(clip)), { sampleRate })).wave.samples);
  await pool.close();
  const angry = clips.findIndex(({ emotion, sex }) => emotion === "angry" && sex === "female");
  const strange = voices[2]!.map(
    (x, i) => 0.5 * x + 0.5 * (voices[9]![i] ?? 0) + 0.02 * Math.sin(i * i * 1e-5),
  );
  return {
    angry: wavBytes(voices[angry]!, sampleRate),
    long: wavBytes(Float32Array.from(voices.flatMap((voice) => [...voice])), sampleRate),
    strange: wavBytes(strange, sampleRate),
  };
}
