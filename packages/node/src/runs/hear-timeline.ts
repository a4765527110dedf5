/** What a recognizer hears in a file, window by window. */
import type { Prediction, Recognizer, SpeakerProfile } from "@undertone/core/artifact";
import { type Sounding, sounding, soundingMeter } from "@undertone/core/audio";
import { openWavFile } from "../io/wav-file.js";
import type { AudioPool } from "../workers/audio-pool.js";

/** The predictions, and where the recording sounds. */
export interface FileTimeline {
  readonly timeline: Prediction[];
  readonly span: Sounding;
}

/**
 * Resolves to `recognizer.timeline` of the file. A WAV file is read piece by piece, so that it may last for hours; others are decoded whole, within the pool's limits.
 * @throws UndertoneError `file/*`, `audio/*`, `cancelled`.
 */
export async function hearTimeline(
  file: string | Uint8Array,
  {
    recognizer,
    pool,
    speaker,
    signal,
  }: {
    readonly recognizer: Recognizer;
    readonly pool: AudioPool;
    readonly speaker?: SpeakerProfile | undefined;
    readonly signal: AbortSignal;
  },
): Promise<FileTimeline> {
  const wav = typeof file === "string" ? await openWavFile(file) : undefined;
  if (!wav) {
    const { wave } = await pool.decode(file, { signal });
    return { timeline: await recognizer.timeline(wave, { speaker }), span: sounding(wave) };
  }
  try {
    const { sampleRate } = wav;
    const stream = recognizer.openStream({ sampleRate, speaker, signal });
    const meter = soundingMeter(sampleRate);
    const timeline: Prediction[] = [];
    for await (const piece of wav.pieces()) {
      signal.throwIfAborted();
      meter.add(piece);
      timeline.push(...(await stream.push(piece)));
    }
    timeline.push(...(await stream.finish()));
    return { timeline, span: meter.finish() };
  } finally {
    await wav.close();
  }
}
