/** A synthetic room. */
import type { Random } from "../../math/random.js";
import { defineAugmentation } from "./augmentation.js";
import { convolve } from "./convolve.js";

/**
 * Returns a room's impulse response: the direct sound, and from 5 ms on Gaussian noise that falls by 60 dB in `seconds` (Polack 1988,
 * "La transmission de l'énergie sonore dans les salles"), the tail having the direct sound's energy times 10^(−directDb / 10).
 */
export function roomResponse(
  { seconds, directDb, sampleRate }: { seconds: number; directDb: number; sampleRate: number },
  random: Random,
): Float64Array {
  const gap = Math.max(1, Math.round(0.005 * sampleRate));
  const response = new Float64Array(gap + Math.ceil(1.2 * seconds * sampleRate));
  let energy = 0;
  for (let i = gap; i < response.length; i++) {
    response[i] = random.normal() * 10 ** ((-3 * (i - gap)) / (seconds * sampleRate));
    energy += response[i] ** 2;
  }
  const factor = Math.sqrt(10 ** (-directDb / 10) / energy);
  for (let i = gap; i < response.length; i++) response[i] *= factor;
  response[0] = 1;
  return response;
}

/** The waveform in a room with reverberation time `seconds` (60 dB), whose echo is `directDb` below the direct sound; the power stays. */
export const reverberation = defineAugmentation({
  kind: "reverberation",
  summary: "A synthetic room with a given reverberation time in seconds.",
  parameters: {
    seconds: { default: 0.5, least: 0.05, most: 5 },
    directDb: { default: 0, least: -20, most: 40 },
  },
  apply({ samples, sampleRate }, { seconds, directDb }, { random }) {
    const heard = convolve(samples, roomResponse({ seconds, directDb, sampleRate }, random));
    const energy = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);
    const after = energy(heard);
    const factor = after > 0 ? Math.sqrt(energy(samples) / after) : 1;
    return { samples: heard.map((sample) => sample * factor), sampleRate };
  },
});
