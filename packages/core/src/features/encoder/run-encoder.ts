/** Runs an encoder over a clip, piece by piece, and hands on each frame of its layers. */
import { UndertoneError } from "../../errors.js";
import type { OnnxSession, Tensor } from "../../onnx/runtime.js";
import { measureActivity, targetDb } from "../speech-level.js";
import type { EncoderScale, EncoderSpec } from "./encoder-id.js";
import type { EncoderInput } from "./encoder-input.js";
import type { EncoderLayer } from "./encoder-layers.js";

/** An encoder that is loaded. */
export interface RunningEncoder {
  readonly session: OnnxSession;
  readonly input: EncoderInput;
  readonly layers: readonly EncoderLayer[];
}

/** What keeps a silent clip's deviation from 0, as the processors of wav2vec 2.0 have it. */
export const leastVariance = 1e-7;

/**
 * Returns the samples at the level that the encoder is to hear: active speech at −26 dBFS, zero mean and unit variance, or as they are.
 * @throws UndertoneError `audio/silent`
 */
export function scaledSamples(samples: Float32Array, scale: EncoderScale, asker: string): Float32Array {
  const { levelDb } = measureActivity(samples, asker);
  if (scale === "none") return samples;
  if (scale === "level") {
    const gain = 10 ** ((targetDb - levelDb) / 20);
    return samples.map((value) => value * gain);
  }
  let mean = 0;
  for (const value of samples) mean += value / samples.length;
  let variance = 0;
  for (const value of samples) variance += (value - mean) ** 2 / samples.length;
  const gain = 1 / Math.sqrt(variance + leastVariance);
  return samples.map((value) => (value - mean) * gain);
}

/** Where the values of one frame lie in a layer's output. */
interface FrameLayout {
  readonly frames: number;
  readonly outer: number;
  readonly inner: number;
}

function layoutOf({ dims }: Tensor, { time, values }: EncoderSpec): FrameLayout | undefined {
  const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
  const frames = time === null ? 1 : dims[time];
  const outer = time === null ? 1 : product(dims.slice(0, time));
  const inner = time === null ? product(dims) : product(dims.slice(time + 1));
  return frames === undefined || frames === 0 || outer * inner !== values
    ? undefined
    : { frames, outer, inner };
}

/**
 * Calls `visit` with the values of each frame, one layer after the other in it, over samples at the encoder's level. Clips longer than the encoder hears at once are
 * cut into equal pieces; frames of the silence after a piece are left out.
 * @throws UndertoneError `features/mismatch` for a layer of another shape than the id says, `features/not-finite`.
 */
export async function runEncoder(
  { session, input, layers }: RunningEncoder,
  spec: EncoderSpec,
  samples: Float32Array,
  visit: (frame: Float32Array) => void,
): Promise<void> {
  const pieces = Math.ceil(samples.length / input.longest);
  for (let i = 0; i < pieces; i++) {
    const from = Math.round((i * samples.length) / pieces);
    const piece = samples.subarray(from, Math.round(((i + 1) * samples.length) / pieces));
    const outputs = await session.run(input.feeds(piece));
    const parts = layers.map(({ label, value }) => {
      const output = outputs[value];
      const layout = output && layoutOf(output, spec);
      if (output?.data instanceof Float32Array && layout) return { data: output.data, ...layout };
      throw new UndertoneError(
        "features/mismatch",
        `The encoder '${spec.name}' gave [${output?.dims.join(", ") ?? ""}] for layer '${label}', expected float32 with ${spec.values} values a frame and time on axis ${spec.time ?? "none"}`,
      );
    });
    const { frames } = parts[0];
    const own = Math.max(1, Math.ceil((frames * piece.length) / input.seen(piece.length)));
    for (let t = 0; t < own; t++) {
      const frame = new Float32Array(layers.length * spec.values);
      let at = 0;
      for (const { data, outer, inner, frames: rows } of parts) {
        for (let block = 0; block < outer; block++)
          for (let k = 0; k < inner; k++) frame[at++] = data[(block * rows + t) * inner + k];
      }
      if (!frame.every(Number.isFinite)) {
        throw new UndertoneError(
          "features/not-finite",
          `The encoder '${spec.name}' gave a value that is not finite`,
        );
      }
      visit(spec.layer === "average" ? averaged(frame, layers.length) : frame);
    }
  }
}

function averaged(frame: Float32Array, layers: number): Float32Array {
  const values = frame.length / layers;
  return Float32Array.from({ length: values }, (_, i) => {
    let sum = 0;
    for (let layer = 0; layer < layers; layer++) sum += frame[layer * values + i];
    return sum / layers;
  });
}
