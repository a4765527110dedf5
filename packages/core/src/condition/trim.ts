/** Cuts silence from both ends by an energy gate. */
import type { Waveform } from "../audio/waveform.js";
import type { Conditioner } from "./conditioner.js";

const frameSeconds = 0.025;
const hopSeconds = 0.01;

/** Keeps what lies between the first and the last frame within `belowDb` of the loudest one, and a margin around it. */
export const trim: Conditioner<"belowDb" | "marginSeconds"> = {
  kind: "trim",
  summary: "Cuts what is quiet from both ends, by an energy gate relative to the loudest 25 ms.",
  parameters: {
    belowDb: { default: 35, least: 5, most: 90 },
    marginSeconds: { default: 0.05, least: 0, most: 10 },
  },
  keepsLength: false,
  apply(wave, { belowDb, marginSeconds }) {
    const { samples, sampleRate } = wave;
    const frame = Math.max(1, Math.round(frameSeconds * sampleRate));
    const hop = Math.max(1, Math.round(hopSeconds * sampleRate));
    const energies = frameEnergies(wave, frame, hop);
    const gate = energies.reduce((a, b) => Math.max(a, b), 0) * 10 ** (-belowDb / 10);
    const active = (energy: number): boolean => energy > 0 && energy >= gate;
    const first = energies.findIndex(active);
    if (first < 0) return wave;
    const last = energies.findLastIndex(active);
    const margin = Math.round(marginSeconds * sampleRate);
    const from = Math.max(0, first * hop - margin);
    const to = Math.min(samples.length, last * hop + frame + margin);
    return { samples: samples.slice(from, to), sampleRate };
  },
};

/** Variance of each frame, so that an offset is no sound; a shorter waveform is one frame. */
function frameEnergies({ samples }: Waveform, frame: number, hop: number): Float64Array {
  const count = 1 + Math.max(0, Math.ceil((samples.length - frame) / hop));
  return Float64Array.from({ length: count }, (_, t) => {
    const part = samples.subarray(t * hop, t * hop + frame);
    let sum = 0;
    let square = 0;
    for (const x of part) {
      sum += x;
      square += x * x;
    }
    return Math.max(0, square / part.length - (sum / part.length) ** 2);
  });
}
