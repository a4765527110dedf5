/** The 25 low-level descriptors under eGeMAPS: one value every 10 ms, before smoothing. */
import { hopSamples, longFrameCount, shortFrameCount } from "./framing.js";
import { spectrumAnalyzer, spectrumNames } from "./spectrum.js";
import { voiceNames, voiceTrack } from "./voice-track.js";

/** One array a descriptor, one value a frame; frame t starts at sample 160 t. */
export interface Descriptors {
  /** `spectrumNames`, each of the short frames. */
  readonly spectrum: ReadonlyMap<string, Float64Array>;
  /** `voiceNames`, each of the long frames. */
  readonly voice: ReadonlyMap<string, Float64Array>;
  /** Mean square of each short frame. */
  readonly meanSquare: Float64Array;
  /** Long frames whose voicing was settled by the whole ones, before it was known that the recording ends. */
  readonly settledFrames: number;
}

/** Returns the descriptors of at least one long frame (960 samples at 16 kHz). */
export function egemapsDescriptors(samples: Float32Array): Descriptors {
  const shortFrames = shortFrameCount(samples.length);
  const longFrames = longFrameCount(samples.length);
  const spectrum = new Map(spectrumNames.map((name) => [name as string, new Float64Array(shortFrames)]));
  const voice = new Map(voiceNames.map((name) => [name as string, new Float64Array(longFrames)]));
  const meanSquare = new Float64Array(shortFrames);

  const spectrumOf = spectrumAnalyzer();
  const spectrumColumns = [...spectrum.values()];
  const values = new Float64Array(spectrumNames.length);
  for (let t = 0; t < shortFrames; t++) {
    meanSquare[t] = spectrumOf.analyze(samples, t * hopSamples, values, 0);
    for (let i = 0; i < values.length; i++) spectrumColumns[i][t] = values[i];
  }

  const voiceColumns = [...voice.values()];
  let t = 0;
  const track = voiceTrack((row) => {
    for (let i = 0; i < row.length; i++) voiceColumns[i][t] = row[i];
    t++;
  });
  track.hear(samples, { dropped: 0, frames: longFrames - 1 });
  const settledFrames = t;
  track.hear(samples, { dropped: 0, frames: longFrames });
  track.finish();
  return { spectrum, voice, meanSquare, settledFrames };
}
