/** What an encoder is fed with: finds out which of its inputs takes the sound, and fills them all. */
import { UndertoneError } from "../../errors.js";
import type { OnnxSession, SessionInput, Tensor } from "../../onnx/runtime.js";
import { whisperFraming, whisperMel } from "./whisper-mel.js";

/** Feeds for one stretch of sound. */
export interface EncoderInput {
  /** Longest stretch at a time, in samples at 16 kHz. */
  readonly longest: number;
  /** Samples that a run over `count` of them sees: those, or a whole window of silence after them. */
  seen(count: number): number;
  feeds(samples: Float32Array): Record<string, Tensor>;
}

/** Attention grows with the square of the length; longer clips are heard in equal pieces. */
const longestWaveform = 480_000;
/** Shorter stretches are filled up with silence to 0.1 s, so that every encoder's first convolutions find a frame. */
export const shortestWaveform = 1600;

/**
 * Returns how to feed an encoder: a float32 input of rank 1 or 2, or of rank 3 with one channel, takes the waveform; one of 80 or 128 bands × 3000 frames the log-mel
 * picture of Whisper; a mask beside it takes ones, a padding mask zeros, a length the number of samples.
 * @throws UndertoneError `features/mismatch` for inputs that it does not know.
 */
export function encoderInput(session: OnnxSession, asker: string): EncoderInput {
  const sound = session.inputs.filter(({ type }) => type === "float32");
  const [audio] = sound;
  const refuse = ({ name, type, dims }: SessionInput): never => {
    throw new UndertoneError(
      "features/mismatch",
      `The network of ${asker} takes '${name}' (${type} [${dims.join(", ")}]), expected one float32 input, a waveform [batch, samples] or log-mel [batch, 80 or 128, 3000], and at most a mask or a length beside it`,
      { details: { input: name, type, dims } },
    );
  };
  if (!audio) return refuse(session.inputs[0]);
  if (sound.length > 1) refuse(sound[1]);
  const others = session.inputs
    .filter((input) => input !== audio)
    .map((input) => ({ input, fill: besideFill(input) ?? refuse(input) }));
  const [, bands] = audio.dims;
  if (audio.dims.length === 3 && (bands === 80 || bands === 128)) {
    const { samples: window, frames } = whisperFraming;
    if (others.length > 0) refuse(others[0].input);
    return {
      longest: window,
      seen: () => window,
      feeds: (samples) => ({
        [audio.name]: { dims: [1, bands, frames], data: whisperMel(samples, bands) },
      }),
    };
  }
  const rank = audio.dims.length;
  const oneChannel = rank < 3 || (rank === 3 && audio.dims[1] === 1);
  const fixed = audio.dims.at(-1);
  if (!oneChannel || (typeof fixed === "number" && fixed > 0 && fixed < shortestWaveform)) refuse(audio);
  const shape = (length: number): number[] =>
    rank === 1 ? [length] : rank === 3 ? [1, 1, length] : [1, length];
  const window = typeof fixed === "number" && fixed > 0 ? fixed : undefined;
  const seen = (count: number): number => window ?? Math.max(count, shortestWaveform);
  return {
    longest: window ?? longestWaveform,
    seen,
    feeds(samples) {
      const length = seen(samples.length);
      const data = new Float32Array(length);
      data.set(samples);
      return {
        [audio.name]: { dims: shape(length), data },
        ...Object.fromEntries(others.map(({ input, fill }) => [input.name, fill(length)])),
      };
    },
  };
}

/** Returns what fills an input beside the sound, or undefined for one that is not known. */
function besideFill({ name, type, dims }: SessionInput): ((length: number) => Tensor) | undefined {
  const filled = (shape: number[], value: number): Tensor | undefined => {
    const size = shape.reduce((product, size) => product * size, 1);
    if (type === "int64") return { dims: shape, data: new BigInt64Array(size).fill(BigInt(value)) };
    if (type === "int32") return { dims: shape, data: new Int32Array(size).fill(value) };
    return undefined;
  };
  if (!filled([1], 1)) return undefined;
  if (/len/i.test(name)) return (length) => filled(dims.length === 0 ? [] : [1], length)!;
  if (/mask/i.test(name)) {
    const value = /pad/i.test(name) ? 0 : 1;
    return (length) => filled(dims.length === 1 ? [length] : [1, length], value)!;
  }
  return undefined;
}
