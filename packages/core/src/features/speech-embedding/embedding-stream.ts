/** The network's last layer, over a clip or over audio as it comes. */
import { type Matrix, matrix } from "../../math/matrix.js";
import type { OnnxSession } from "../../onnx/runtime.js";
import { type FeatureStream, type FeatureStreamOptions, frameStream } from "../feature-stream.js";
import { seedFraming, targetDb } from "../speech-level.js";
import { fillMel } from "./mel.js";
import { lastLayer, melBands } from "./network.js";
import { layerFrameCount, type MelSource, runNetwork } from "./run-network.js";

/** Returns windows × 96 values over so many mel frames; no rows for fewer than the 76 of one window. */
export async function lastLayerRows(
  session: OnnxSession,
  melFrames: number,
  mel: MelSource,
): Promise<Matrix> {
  const result = matrix(layerFrameCount(lastLayer, melFrames), lastLayer.channels);
  await runNetwork(session, [lastLayer], { melFrames, mel }, ({ from, to, rows, data }) => {
    for (let t = from; t < to; t++) {
      for (let channel = 0; channel < result.cols; channel++)
        result.data[t * result.cols + channel] = data[channel * rows + t - from]!;
    }
  });
  return result;
}

/** Returns the stream of `speech-embedding-v1-frames`: the network runs whenever a window is full, over the mel frames that it needs again and the new ones. */
export function embeddingStream(
  session: OnnxSession,
  asker: string,
  { levelDb = targetDb }: FeatureStreamOptions = {},
): FeatureStream {
  const gain = 10 ** ((targetDb - levelDb) / 20);
  const { frameSamples, hopSamples } = seedFraming;
  const mels = frameStream({ asker, frameSamples, hopSamples, cols: melBands }, (stretch) => {
    const count = 1 + (stretch.length - frameSamples) / hopSamples;
    const result = matrix(count, melBands);
    fillMel(result.data, stretch, { gain, first: 0, count });
    return result;
  });
  /** Mel frames from the next window's first on. */
  let held = new Float32Array(0);
  return {
    async push(samples) {
      const fresh = mels.push(samples);
      if (fresh.rows === 0) return matrix(0, lastLayer.channels);
      const joined = new Float32Array(held.length + fresh.data.length);
      joined.set(held);
      joined.set(fresh.data, held.length);
      held = joined;
      const rows = await lastLayerRows(session, joined.length / melBands, (out, first, count) =>
        out.set(joined.subarray(first * melBands, (first + count) * melBands)),
      );
      held = joined.slice(rows.rows * lastLayer.stride * melBands);
      return rows;
    },
    finish: () => matrix(0, lastLayer.channels),
  };
}
