/** Runs the network over a clip of any length in bounded memory; cut anywhere, it gives the values of one run. */
import { UndertoneError } from "../../errors.js";
import type { OnnxSession } from "../../onnx/runtime.js";
import { type Layer, melBands } from "./network.js";

/** Mel frames by which a run goes on; a multiple of every stride. Longer runs leave the processor's cache, shorter ones repeat more. */
const defaultStep = 512;

/** Where mel frames come from: fills `out` with `count` frames from frame `first` on. */
export type MelSource = (out: Float32Array, first: number, count: number) => void;

/** Values of one layer: frames from..to (exclusive), `data[(channel × rows + frame − from) × bands + band]`. */
export interface LayerFrames {
  readonly layer: Layer;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly data: Float32Array;
}

/** How many frames the layer has over `melFrames` mel frames. */
export function layerFrameCount({ field, stride }: Layer, melFrames: number): number {
  return Math.max(0, Math.floor((melFrames - field) / stride) + 1);
}

/**
 * Calls `visit` with every frame of every layer once, in order, over mel frames from..melFrames − 1. Each run sees what its frames' fields need
 * beyond its own stretch, so where it is cut changes nothing.
 */
export async function runNetwork(
  session: OnnxSession,
  layers: readonly Layer[],
  {
    melFrames,
    mel,
    from = 0,
    step = defaultStep,
  }: {
    readonly melFrames: number;
    readonly mel: MelSource;
    /** A multiple of every stride; frames of the layers keep their numbers. */
    readonly from?: number;
    readonly step?: number;
  },
  visit: (frames: LayerFrames) => void,
): Promise<void> {
  const overlap = Math.max(...layers.map(({ field, stride }) => field - stride));
  // A convolution refuses fewer frames than it sees at a time, even where only another layer is wanted.
  const fewest = Math.max(...layers.map(({ field }) => field));
  const input = session.inputNames[0];
  for (let first = from; first < melFrames; first += step) {
    const last = melFrames - first <= step + overlap;
    const count = last ? melFrames - first : step + overlap;
    if (layers.every((layer) => layerFrameCount(layer, count) === 0)) return;
    const given = Math.max(count, fewest);
    const data = new Float32Array(given * melBands);
    mel(data, first, count);
    const outputs = await session.run({ [input]: { dims: [1, given, melBands, 1], data } });
    for (const layer of layers) {
      const { channels, bands, stride } = layer;
      const output = outputs[layer.value];
      const rows = layerFrameCount(layer, given);
      if (!(output?.data instanceof Float32Array) || output.data.length !== channels * rows * bands) {
        throw new UndertoneError(
          "runtime/unavailable",
          `The runtime gave ${output?.data.length ?? 0} values of layer ${layer.name}, expected ${channels} × ${rows} × ${bands} float32`,
        );
      }
      const own = last ? layerFrameCount(layer, count) : step / stride;
      visit({ layer, from: first / stride, to: first / stride + own, rows, data: output.data });
    }
    if (last) return;
  }
}
