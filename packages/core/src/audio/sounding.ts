/** Where in a recording something sounds. */
import { durationSeconds, type Waveform } from "./waveform.js";

/** A part of the time axis, in seconds. */
export interface Sounding {
  readonly start: number;
  readonly end: number;
}

const frameSeconds = 0.02;

/**
 * Returns the time from the first to the last frame of 20 ms whose variance (an offset is no sound) is within `belowDb` of the loudest one's;
 * the whole length when none sounds.
 */
export function sounding(wave: Waveform, { belowDb = 40 }: { belowDb?: number } = {}): Sounding {
  const { samples, sampleRate } = wave;
  const frameSamples = Math.max(1, Math.round(frameSeconds * sampleRate));
  const energies: number[] = [];
  for (let from = 0; from < samples.length; from += frameSamples) {
    const frame = samples.subarray(from, from + frameSamples);
    let sum = 0;
    let square = 0;
    for (const x of frame) {
      sum += x;
      square += x * x;
    }
    energies.push(Math.max(0, square / frame.length - (sum / frame.length) ** 2));
  }
  const threshold = energies.reduce((top, energy) => Math.max(top, energy), 0) / 10 ** (belowDb / 10);
  const sounds = (energy: number): boolean => energy > 0 && energy >= threshold;
  const duration = durationSeconds(wave);
  const first = energies.findIndex(sounds);
  if (first < 0) return { start: 0, end: duration };
  const last = energies.findLastIndex(sounds);
  const second = (frame: number): number => (frame * frameSamples) / sampleRate;
  return { start: second(first), end: Math.min(duration, second(last + 1)) };
}

/** Returns the windows whose middle lies in a span; all where there is none. */
export function windowsIn<Window extends Sounding>(
  timeline: readonly Window[],
  span: Sounding,
): readonly Window[] {
  const inside = timeline.filter(({ start, end }) => {
    const middle = (start + end) / 2;
    return middle >= span.start && middle <= span.end;
  });
  return inside.length > 0 ? inside : timeline;
}
