/** Mean and deviation of a layer's values over the frames in which somebody speaks. */
import { type Layer, middleLayers } from "./network.js";
import { type LayerFrames, layerFrameCount } from "./run-network.js";

/** Mel frames of silence put before and after a clip that is pooled, so that its first and last sound are in the middle of some field too. */
export const padding = Math.max(...middleLayers.map(({ field, stride }) => (field + stride) / 2));

/** Sums over the frames seen so far. */
export interface Pooling {
  add(frames: LayerFrames): void;
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

/**
 * Returns which of a layer's frames are active: those with an active mel frame among the `stride` ones in the middle of their field, so
 * that each mel frame belongs to one frame of the layer. `active` is by mel frame, from `padding` mel frames after the layer's first.
 */
export function activeLayerFrames(layer: Layer, active: Uint8Array, padding: number): Uint8Array {
  const { field, stride } = layer;
  const middle = (field - stride) / 2 - padding;
  const result = new Uint8Array(layerFrameCount(layer, active.length + 2 * padding));
  for (let i = 0; i < result.length; i++) {
    for (let k = 0; k < stride; k++) {
      if (active[middle + i * stride + k] === 1) result[i] = 1;
    }
  }
  return result;
}

/**
 * Returns the mel frames from..to (exclusive) that the marked frames of the layers see, at least one of them; `from` is a multiple of every stride. What lies
 * beyond them changes nothing that is pooled.
 */
export function melFramesSeen(chosen: ReadonlyMap<Layer, Uint8Array>): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  let grid = 1;
  for (const [{ field, stride }, marked] of chosen) {
    from = Math.min(from, marked.indexOf(1) * stride);
    to = Math.max(to, marked.lastIndexOf(1) * stride + field);
    grid = Math.max(grid, stride);
  }
  return { from: from - (from % grid), to };
}

/** Returns a pooling over the frames marked in `chosen`, at least one. */
export function pooling({ channels, bands }: Layer, chosen: Uint8Array): Pooling {
  const values = channels * bands;
  const sums = new Float64Array(values);
  const squares = new Float64Array(values);
  let count = 0;
  return {
    add({ from, to, rows, data }) {
      for (let t = from; t < to; t++) count += chosen[t];
      for (let channel = 0; channel < channels; channel++) {
        for (let band = 0; band < bands; band++) {
          const at = channel * bands + band;
          let sum = sums[at];
          let square = squares[at];
          for (let t = from, i = channel * rows * bands + band; t < to; t++, i += bands) {
            if (chosen[t] !== 1) continue;
            sum += data[i];
            square += data[i] * data[i];
          }
          sums[at] = sum;
          squares[at] = square;
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
