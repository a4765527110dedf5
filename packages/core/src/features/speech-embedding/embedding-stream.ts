/** The network's last layer, over a clip or over audio as it comes. */
import { UndertoneError } from "../../errors.js";
import { type Matrix, matrix } from "../../math/matrix.js";
import type { OnnxSession, Tensor } from "../../onnx/runtime.js";
import { type FeatureStream, type FeatureStreamOptions, frameStream } from "../feature-stream.js";
import { seedFraming, targetDb } from "../speech-level.js";
import { fillMel } from "./mel.js";
import { lastLayer, melBands } from "./network.js";

/** A running network that is loaded, and the length of its state. */
export interface RunningSession {
  readonly session: OnnxSession;
  readonly stateValues: number;
}

const { channels, field, stride } = lastLayer;
/** Mel frames before the first, so that windows end where runs do, and rows that then see something before the first. */
const lead = (stride - (field % stride)) % stride;
const firstRows = (field + lead) / stride - 1;
/** Most mel frames of a run: longer ones leave the processor's cache. */
const mostFrames = 512;

/** Takes mel frames as they come, returns the rows of the windows that they filled. */
function windowRows({ session, stateValues }: RunningSession): (mel: Float32Array) => Promise<Matrix> {
  let held = new Float32Array(lead * melBands);
  let state: Tensor = { dims: [1, stateValues], data: new Float32Array(stateValues) };
  let skip = firstRows;
  const input = session.inputNames.find((name) => name !== "state")!;
  return async (mel) => {
    const joined = new Float32Array(held.length + mel.length);
    joined.set(held);
    joined.set(mel, held.length);
    held = joined;
    const rows = Math.floor(held.length / melBands / stride);
    if (rows <= skip) return matrix(0, channels);
    const result = matrix(rows - skip, channels);
    const frames = rows * stride;
    for (let from = 0; from < frames; from += mostFrames) {
      const count = Math.min(mostFrames, frames - from);
      const data = held.slice(from * melBands, (from + count) * melBands);
      const outputs = await session.run({ [input]: { dims: [1, count, melBands, 1], data }, state });
      state = outputs.state_next!;
      const values = outputs[lastLayer.value]?.data;
      const given = count / stride;
      if (!(values instanceof Float32Array) || values.length !== channels * given) {
        throw new UndertoneError(
          "runtime/unavailable",
          `The runtime gave ${values?.length ?? 0} values of the last layer, expected ${channels} × ${given} float32`,
        );
      }
      for (let row = Math.max(0, skip - from / stride); row < given; row++) {
        const to = (from / stride + row - skip) * channels;
        for (let channel = 0; channel < channels; channel++)
          result.data[to + channel] = values[channel * given + row];
      }
    }
    held = held.slice(frames * melBands);
    skip = 0;
    return result;
  };
}

/** Returns windows × 96 values of samples times `gain`, which have `frames` mel frames; no rows for fewer than the 76 of one window. */
export async function embeddingRows(
  running: RunningSession,
  samples: Float32Array,
  { gain, frames }: { readonly gain: number; readonly frames: number },
): Promise<Matrix> {
  const rowsOf = windowRows(running);
  const result = matrix(Math.max(0, Math.floor((frames - field) / stride) + 1), channels);
  let at = 0;
  for (let first = 0; first < frames; first += mostFrames) {
    const count = Math.min(mostFrames, frames - first);
    const mel = new Float32Array(count * melBands);
    fillMel(mel, samples, { gain, first, count });
    const { data } = await rowsOf(mel);
    result.data.set(data, at);
    at += data.length;
  }
  return result;
}

/** Returns the stream of `speech-embedding-v1-frames`: the network runs whenever a window is full, over the mel frames that are new. */
export function embeddingStream(
  running: RunningSession,
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
  const rowsOf = windowRows(running);
  return {
    async push(samples) {
      const { rows, data } = mels.push(samples);
      return rows === 0 ? matrix(0, channels) : rowsOf(data);
    },
    finish: () => matrix(0, channels),
  };
}
