/** Another tempo at the same pitch. */
import type { Waveform } from "../waveform.js";
import { defineAugmentation } from "./augmentation.js";

const frameSeconds = 0.03;
/** How far a frame may be moved to fit the one before. */
const searchSeconds = 0.01;

/**
 * Returns the waveform `factor` times as long at the same pitch, by WSOLA: Hann frames of 30 ms, half overlapping, each taken where it continues
 * the one before best (Verhelst and Roelands 1993, "An overlap-add technique based on waveform similarity (WSOLA) for high quality time-scale
 * modification of speech", ICASSP). `round(length × factor)` samples.
 */
export function stretch({ samples, sampleRate }: Waveform, factor: number): Waveform {
  const hop = Math.max(1, Math.round((frameSeconds * sampleRate) / 2));
  const frame = 2 * hop;
  const reach = Math.round(searchSeconds * sampleRate);
  const length = Math.round(samples.length * factor);
  const result = new Float32Array(length);
  const at = (i: number): number => (i >= 0 && i < samples.length ? samples[i] : 0);
  let from = 0;
  for (let start = -hop; start < length; start += hop) {
    const wanted = Math.round((start + hop) / factor) - hop;
    from = start < 0 ? -hop : bestStart(samples, { wanted, reach, natural: from + hop, frame });
    for (let i = Math.max(0, -start); i < frame && start + i < length; i++) {
      const weight = 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / hop);
      result[start + i] += weight * at(from + i);
    }
  }
  return { samples: result, sampleRate };
}

/** Returns the start near `wanted` whose frame is most like the one at `natural`, which would continue without a seam. */
function bestStart(
  samples: Float32Array,
  { wanted, reach, natural, frame }: { wanted: number; reach: number; natural: number; frame: number },
): number {
  let best = wanted;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let start = wanted - reach; start <= wanted + reach; start++) {
    let product = 0;
    let square = 1e-12;
    const first = Math.max(0, -start, -natural);
    const last = Math.min(frame, samples.length - start, samples.length - natural);
    for (let i = first; i < last; i += 2) {
      const x = samples[start + i];
      product += x * samples[natural + i];
      square += x * x;
    }
    const likeness = product / Math.sqrt(square);
    if (likeness <= greatest) continue;
    greatest = likeness;
    best = start;
  }
  return best;
}

/** `stretch` as a step. */
export const timeStretch = defineAugmentation({
  kind: "time-stretch",
  summary: "Makes speech slower or faster at the same pitch.",
  parameters: { factor: { default: 1.1, least: 0.5, most: 2 } },
  keepsLength: false,
  apply: (wave, { factor }) => stretch(wave, factor),
});
