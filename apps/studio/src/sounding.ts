/** Where in a clip something sounds, so that its timeline does not speak for the silence before and after. */
import type { Waveform } from "@undertone/core";

/** A part of the time axis, in seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const frameSeconds = 0.02;
/** A frame sounds when it is within so many dB of the loudest one. */
const rangeDb = 40;

/** Returns the time from the first to the last frame of 20 ms that sounds; the whole length when none does. */
export function sounding({ samples, sampleRate }: Waveform): Span {
  const frameSamples = Math.max(1, Math.round(frameSeconds * sampleRate));
  const energies: number[] = [];
  for (let from = 0; from < samples.length; from += frameSamples) {
    let sum = 0;
    for (const x of samples.subarray(from, from + frameSamples)) sum += x * x;
    energies.push(sum);
  }
  const threshold = energies.reduce((top, energy) => Math.max(top, energy), 0) / 10 ** (rangeDb / 10);
  const sounds = (energy: number): boolean => energy > 0 && energy >= threshold;
  const duration = samples.length / sampleRate;
  const first = energies.findIndex(sounds);
  if (first < 0) return { start: 0, end: duration };
  const last = energies.findLastIndex(sounds);
  const second = (frame: number): number => (frame * frameSamples) / sampleRate;
  return { start: second(first), end: Math.min(duration, second(last + 1)) };
}
