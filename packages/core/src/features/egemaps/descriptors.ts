/** The 25 low-level descriptors under eGeMAPS: one value every 10 ms, before smoothing. */
import { subharmonicSummation } from "../../dsp/subharmonic-summation.js";
import { type FormantFrame, formantAnalyzer, formantCount } from "./formants.js";
import { hopSamples, longFft, longFrameCount, sampleRate, shortFrameCount } from "./framing.js";
import { harmonicLevels, leastLevelDb } from "./harmonics.js";
import { type PeriodFrame, periodTracker } from "./periods.js";
import { spectrumAnalyzer, spectrumNames } from "./spectrum.js";
import { voiceAnalyzer } from "./voice.js";
import { pitchPath } from "./voicing.js";

/** Descriptors of long frames, in this order; 0 where the frame is unvoiced, but for the amplitudes. */
export const voiceNames = [
  "F0semitoneFrom27.5Hz",
  "jitterLocal",
  "shimmerLocaldB",
  "HNRdBACF",
  "logRelF0-H1-H2",
  "logRelF0-H1-A3",
  "F1frequency",
  "F1bandwidth",
  "F1amplitudeLogRelF0",
  "F2frequency",
  "F2bandwidth",
  "F2amplitudeLogRelF0",
  "F3frequency",
  "F3bandwidth",
  "F3amplitudeLogRelF0",
] as const;

/** One array a descriptor, one value a frame; frame t starts at sample 160 t. */
export interface Descriptors {
  /** `spectrumNames`, each of the short frames. */
  readonly spectrum: ReadonlyMap<string, Float64Array>;
  /** `voiceNames`, each of the long frames. */
  readonly voice: ReadonlyMap<string, Float64Array>;
  /** Mean square of each short frame. */
  readonly meanSquare: Float64Array;
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
    for (let i = 0; i < values.length; i++) spectrumColumns[i]![t] = values[i];
  }

  measureVoice(samples, [...voice.values()]);
  return { spectrum, voice, meanSquare };
}

/** Fills the columns of `voiceNames`: first F0 in all frames, then everything else in the voiced ones. */
function measureVoice(samples: Float32Array, columns: readonly Float64Array[]): void {
  const frames = columns[0]!.length;
  const voice = voiceAnalyzer();
  const summation = subharmonicSummation({ sampleRate, fftSize: longFft });
  const most = summation.hz.length;
  const counts = new Uint8Array(frames);
  const hz = new Float64Array(frames * most);
  const salience = new Float64Array(frames * most);
  const silent = new Uint8Array(frames);
  for (let t = 0; t < frames; t += 2) {
    const pair = Math.min(2, frames - t);
    for (let s = 0; s < pair; s++) {
      silent[t + s] = voice.load(samples, (t + s) * hopSamples) ? 1 : 0;
      summation.powers[s as 0 | 1].set(voice.power);
    }
    summation.sum();
    for (let s = 0; s < pair; s++) {
      counts[t + s] = summation.candidatesOf(s as 0 | 1);
      hz.set(summation.hz, (t + s) * most);
      salience.set(summation.salience, (t + s) * most);
    }
  }
  const f0Hz = pitchPath({ most, counts, hz, salience });
  for (let t = 0; t < frames; t++) if (silent[t] === 1) f0Hz[t] = 0;

  const tracker = periodTracker(samples);
  const formantsOf = formantAnalyzer();
  const periods: PeriodFrame = { jitter: 0, shimmerDb: 0 };
  const formants: FormantFrame = {
    frequencyHz: new Float64Array(formantCount),
    bandwidthHz: new Float64Array(formantCount),
  };
  const levels = new Float64Array(2 + formantCount);
  for (let t = 0; t < frames; t++) {
    const start = t * hopSamples;
    tracker.next(start, f0Hz[t], periods);
    if (f0Hz[t] === 0) {
      for (let i = 0; i < formantCount; i++) columns[8 + 3 * i]![t] = leastLevelDb;
      continue;
    }
    const period = sampleRate / f0Hz[t];
    voice.load(samples, start);
    formantsOf(samples, start, formants);
    harmonicLevels(voice.power, { f0Hz: f0Hz[t], formantsHz: formants.frequencyHz }, levels);
    columns[0]![t] = 12 * Math.log2(f0Hz[t] / 27.5);
    columns[1]![t] = periods.jitter;
    columns[2]![t] = periods.shimmerDb;
    columns[3]![t] = voice.harmonicityDb(period);
    columns[4]![t] = levels[0];
    columns[5]![t] = levels[1];
    for (let i = 0; i < formantCount; i++) {
      columns[6 + 3 * i]![t] = formants.frequencyHz[i];
      columns[7 + 3 * i]![t] = formants.bandwidthHz[i];
      columns[8 + 3 * i]![t] = levels[2 + i];
    }
  }
}
