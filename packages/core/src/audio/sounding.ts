/** Where in a recording something sounds. */
import type { Waveform } from "./waveform.js";

/** A part of the time axis, in seconds. */
export interface Sounding {
  readonly start: number;
  readonly end: number;
}

const frameSeconds = 0.02;

/** Takes a recording piece by piece; 8 bytes are kept for each 20 ms. */
export interface SoundingMeter {
  add(samples: Float32Array): void;
  /** Returns `sounding` of all that was added. */
  finish(): Sounding;
}

/**
 * Returns the time from the first to the last frame of 20 ms whose variance (an offset is no sound) is within `belowDb` of the loudest one's;
 * the whole length when none sounds.
 */
export function sounding({ samples, sampleRate }: Waveform, options: { belowDb?: number } = {}): Sounding {
  const meter = soundingMeter(sampleRate, options);
  meter.add(samples);
  return meter.finish();
}

/** Returns `sounding` for a recording that comes in pieces, however it is cut. */
export function soundingMeter(
  sampleRate: number,
  { belowDb = 40 }: { belowDb?: number } = {},
): SoundingMeter {
  const frameSamples = Math.max(1, Math.round(frameSeconds * sampleRate));
  const energies: number[] = [];
  let total = 0;
  let inFrame = 0;
  let sum = 0;
  let square = 0;
  function endFrame(): void {
    energies.push(Math.max(0, square / inFrame - (sum / inFrame) ** 2));
    inFrame = 0;
    sum = 0;
    square = 0;
  }
  return {
    add(samples) {
      for (const x of samples) {
        sum += x;
        square += x * x;
        if (++inFrame === frameSamples) endFrame();
      }
      total += samples.length;
    },
    finish() {
      if (inFrame > 0) endFrame();
      const threshold = energies.reduce((top, energy) => Math.max(top, energy), 0) / 10 ** (belowDb / 10);
      const sounds = (energy: number): boolean => energy > 0 && energy >= threshold;
      const duration = total / sampleRate;
      const first = energies.findIndex(sounds);
      if (first < 0) return { start: 0, end: duration };
      const last = energies.findLastIndex(sounds);
      const second = (frame: number): number => (frame * frameSamples) / sampleRate;
      return { start: second(first), end: Math.min(duration, second(last + 1)) };
    },
  };
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
