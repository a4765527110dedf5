/** What the 60 ms frames say, frame by frame: F0 in all of them, everything else in the voiced ones. */
import { subharmonicSummation } from "../../dsp/subharmonic-summation.js";
import { type FormantFrame, formantAnalyzer, formantCount } from "./formants.js";
import { hopSamples, longFft, sampleRate } from "./framing.js";
import { harmonicLevels, leastLevelDb } from "./harmonics.js";
import { type PeriodFrame, periodTracker } from "./periods.js";
import { voiceAnalyzer } from "./voice.js";
import { pitchSearch } from "./voicing.js";

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

/** Writes the rows of a recording as soon as the voicing of their frames is settled. */
export interface VoiceTrack {
  /** First sample of those heard last that the next rows need. */
  readonly needs: number;
  /**
   * Hears more frames, `frames` of the recording in all. `samples` are those that were heard last but the first `dropped`, which are at most `needs`, and
   * those after them; frames that end beyond the last are filled up with zeros, and must be the recording's last.
   */
  hear(samples: Float32Array, more: { readonly dropped: number; readonly frames: number }): void;
  /** Writes the rows that are left: the recording ends here. */
  finish(): void;
}

/**
 * Frames whose spectra are kept until their voicing is settled. Of 58 000 frames of RAVDESS and TESS none took more than 17; one that does is
 * transformed again.
 */
const spectraKept = 32;

export interface VoiceTrackOptions {
  /** See `pitchSearch`. */
  readonly longestDelay?: number | undefined;
  /** Whether unvoiced frames have the frequencies and bandwidths of their formants instead of 0. Default false. */
  readonly formantsOfAll?: boolean | undefined;
}

/** Returns a track that calls `write` with the row of `voiceNames` of each frame in turn, in a buffer of its own. */
export function voiceTrack(
  write: (row: Float64Array) => void,
  { longestDelay, formantsOfAll = false }: VoiceTrackOptions = {},
): VoiceTrack {
  const summation = subharmonicSummation({ sampleRate, fftSize: longFft });
  const search = pitchSearch({ most: summation.hz.length, longestDelay });
  const voice = voiceAnalyzer();
  const tracker = periodTracker();
  const formantsOf = formantAnalyzer();
  const bins = longFft / 2 + 1;
  const spectra = Array.from({ length: spectraKept }, () => new Float64Array(bins));
  const periods: PeriodFrame = { jitter: 0, shimmerDb: 0 };
  const formants: FormantFrame = {
    frequencyHz: new Float64Array(formantCount),
    bandwidthHz: new Float64Array(formantCount),
  };
  const levels = new Float64Array(2 + formantCount);
  const row = new Float64Array(voiceNames.length);
  const unvoicedRow = Float64Array.from(voiceNames, (name) =>
    name.includes("amplitude") ? leastLevelDb : 0,
  );
  let samples: Float32Array = new Float32Array(0);
  /** The recording's sample that is the first of `samples`. */
  let first = 0;
  let heard = 0;
  let written = 0;

  const measure = (f0Hz: number): void => {
    const power = spectra[written % spectraKept];
    if (heard - written > spectraKept) power.set(voice.power());
    harmonicLevels(power, { f0Hz, formantsHz: formants.frequencyHz }, levels);
    row[0] = 12 * Math.log2(f0Hz / 27.5);
    row[1] = periods.jitter;
    row[2] = periods.shimmerDb;
    row[3] = voice.harmonicityDb(sampleRate / f0Hz);
    row[4] = levels[0];
    row[5] = levels[1];
    for (let i = 0; i < formantCount; i++) {
      row[8 + 3 * i] = levels[2 + i];
    }
  };

  const measureFormants = (start: number, to: Float64Array): void => {
    formantsOf(samples, start, formants);
    for (let i = 0; i < formantCount; i++) {
      to[6 + 3 * i] = formants.frequencyHz[i];
      to[7 + 3 * i] = formants.bandwidthHz[i];
    }
  };

  const writeSettled = (): void => {
    for (let settled = search.take(); settled !== undefined; settled = search.take()) {
      const start = written * hopSamples - first;
      const silent = settled > 0 && voice.load(samples, start);
      const f0Hz = silent ? 0 : settled;
      tracker.next(start, f0Hz, periods);
      const to = f0Hz > 0 ? row : unvoicedRow;
      if (f0Hz > 0 || formantsOfAll) measureFormants(start, to);
      if (f0Hz > 0) measure(f0Hz);
      write(to);
      written++;
    }
  };

  return {
    get needs() {
      return Math.max(0, Math.min(tracker.at, written * hopSamples - first));
    },
    hear(all, { dropped, frames }) {
      samples = all;
      first += dropped;
      tracker.hear(all, dropped);
      while (heard < frames) {
        const pair = Math.min(2, frames - heard);
        for (let s = 0; s < pair; s++) {
          voice.load(samples, (heard + s) * hopSamples - first);
          const power = voice.power();
          summation.powers[s as 0 | 1].set(power);
          spectra[(heard + s) % spectraKept].set(power);
        }
        summation.sum();
        for (let s = 0; s < pair; s++) {
          const count = summation.candidatesOf(s as 0 | 1);
          search.push(summation.hz, summation.salience, count);
        }
        heard += pair;
        writeSettled();
      }
    },
    finish() {
      search.finish();
      writeSettled();
    },
  };
}
