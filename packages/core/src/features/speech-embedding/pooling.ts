/** Mean and deviation of a layer's values over the frames in which somebody speaks. */
import { type Layer, middleLayers } from "./network.js";
import type { LayerFrames } from "./run-network.js";

/** Mel frames of silence put before and after a clip that is pooled, so that its first and last sound are in the middle of some field too. */
export const padding = Math.max(...middleLayers.map(({ field, stride }) => (field + stride) / 2));

/** Sums over the frames seen so far. */
export interface Pooling {
  /** Takes the frames of a run, from frame `since` on. */
  add(frames: LayerFrames, since: number): void;
  /** Takes frames from `from` on, each a row of channels × bands. */
  addRows(rows: Float32Array, from: number): void;
  /** Writes channels × bands means, then as many population deviations, at `offset`. */
  finishInto(out: Float32Array, offset: number): void;
}

/** Names of what a layer's pooling gives: `a10:c03.b2.mean` is channel 3, band 2 (from the lowest) of activation 10, counted from 0; what stands before the last colon is the block. */
export function pooledNames({ name, channels, bands }: Layer): string[] {
  return ["mean", "dev"].flatMap((statistic) =>
    Array.from({ length: channels * bands }, (_, i) => {
      const channel = String(Math.floor(i / bands)).padStart(2, "0");
      return `${name}:c${channel}.b${i % bands}.${statistic}`;
    }),
  );
}

/** Returns a pooling over the frames of the layer that are marked in `chosen`, at least one; its first mark is that of frame `first`. */
export function pooling(
  { channels, bands }: Layer,
  { chosen, first }: { readonly chosen: Uint8Array; readonly first: number },
): Pooling {
  const values = channels * bands;
  const sums = new Float64Array(values);
  const squares = new Float64Array(values);
  let count = 0;
  return {
    add({ from, to, rows, data }, since) {
      const begin = Math.max(from, first, since);
      const end = Math.min(to, first + chosen.length);
      for (let t = begin; t < end; t++) count += chosen[t - first];
      for (let channel = 0; channel < channels; channel++) {
        for (let band = 0; band < bands; band++) {
          const at = channel * bands + band;
          let sum = sums[at];
          let square = squares[at];
          for (let t = begin, i = (channel * rows + begin - from) * bands + band; t < end; t++, i += bands) {
            if (chosen[t - first] !== 1) continue;
            sum += data[i];
            square += data[i] * data[i];
          }
          sums[at] = sum;
          squares[at] = square;
        }
      }
    },
    addRows(rows, from) {
      const end = Math.min(chosen.length, from - first + rows.length / values);
      for (let t = from - first; t < end; t++) {
        if (chosen[t] !== 1) continue;
        count++;
        const base = (first + t - from) * values;
        for (let i = 0; i < values; i++) {
          const value = rows[base + i];
          sums[i] += value;
          squares[i] += value * value;
        }
      }
    },
    finishInto(out, offset) {
      for (let i = 0; i < values; i++) {
        const mean = sums[i] / count;
        out[offset + i] = mean;
        out[offset + values + i] = Math.sqrt(Math.max(0, squares[i] / count - mean * mean));
      }
    },
  };
}
