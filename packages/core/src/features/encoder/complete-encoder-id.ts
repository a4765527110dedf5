/** Finds out what an encoder file is like: its inputs and layers, and the complete id of a choice of them. */
import { UndertoneError } from "../../errors.js";
import { random } from "../../math/random.js";
import type { OnnxRuntime, OnnxSession, SessionInput } from "../../onnx/runtime.js";
import { type EncoderRequest, type EncoderSpec, encoderId } from "./encoder-id.js";
import { encoderInput } from "./encoder-input.js";
import { numberedLayers, readEncoder } from "./encoder-layers.js";
import { loadEncoder } from "./load-encoder.js";
import type { RunningEncoder } from "./run-encoder.js";
import { whisperFraming } from "./whisper-mel.js";

/** Two stretches of noise, in samples: the axis that changes with the length is time. */
const probes = [16_000, 24_000] as const;

/** What an encoder file offers. */
export interface EncoderDescription {
  readonly inputs: readonly SessionInput[];
  readonly outputs: readonly string[];
  /** Numbers of its layers, ascending; empty where they are not to be told. */
  readonly numbered: readonly number[];
  /** Whether its graph can be read and cut, so that inner values are to be had by name. */
  readonly editable: boolean;
}

/**
 * Returns what the file offers; `asker` is what sentences call it.
 * @throws UndertoneError `onnx/*`, `runtime/unavailable`, `features/mismatch` for inputs that no speech encoder has.
 */
export async function describeEncoder(
  bytes: Uint8Array,
  { runtime, asker }: { readonly runtime: OnnxRuntime; readonly asker: string },
): Promise<EncoderDescription> {
  const model = readEncoder(bytes);
  const session: OnnxSession = await runtime.load(bytes);
  try {
    encoderInput(session, asker);
    const { inputs, outputNames } = session;
    return {
      inputs,
      outputs: outputNames,
      numbered: [...numberedLayers(outputNames, model?.graph).keys()],
      editable: model !== undefined,
    };
  } finally {
    await session.close();
  }
}

/**
 * Returns the complete id of what was asked for, in a file of that name and hash; the encoder runs twice over noise to tell its layers' shapes.
 * @throws UndertoneError `features/unknown` for layers that it lacks, `features/mismatch` for layers of unlike widths or inputs that are not known.
 */
export async function completeEncoderId(
  bytes: Uint8Array,
  { layer, pool, scale }: Pick<EncoderRequest, "layer" | "pool" | "scale">,
  {
    name,
    sha256,
    runtime,
  }: { readonly name: string; readonly sha256: string; readonly runtime: OnnxRuntime },
): Promise<string> {
  const encoder = await loadEncoder(bytes, { layer, runtime, asker: name });
  try {
    const shapes = await Promise.all(probes.map((length) => shapesOver(encoder, length)));
    const found = encoder.layers.map((_, i) => layerShape(shapes[0][i], shapes[1][i]));
    const [first] = found;
    const unlike = found.findIndex(({ values, time }) => values !== first!.values || time !== first!.time);
    if (unlike > 0) {
      throw new UndertoneError(
        "features/mismatch",
        `The layers '${encoder.layers[0].label}' and '${encoder.layers[unlike].label}' of '${name}' have ${first!.values} and ${found[unlike].values} values a frame, expected layers of one shape`,
      );
    }
    const spec: EncoderSpec = { name, sha256, layer, pool, scale, layers: found.length, ...first! };
    return encoderId(spec);
  } finally {
    await encoder.session.close();
  }
}

async function shapesOver(
  { session, input, layers }: RunningEncoder,
  probe: number,
): Promise<(readonly number[])[]> {
  const length = Math.min(probe, input.longest);
  const noise = random(length);
  const outputs = await session.run(input.feeds(Float32Array.from({ length }, () => 0.05 * noise.normal())));
  return layers.map(({ value }) => outputs[value].dims);
}

function layerShape(short: readonly number[], long: readonly number[]): Pick<EncoderSpec, "values" | "time"> {
  const differ = short.findIndex((size, axis) => size !== long[axis]);
  // Whisper's picture always has one length, and its layers as many frames or half of them.
  const { frames } = whisperFraming;
  const fixed = short.findIndex((size, axis) => axis > 0 && (size === frames || size === frames / 2));
  const axis = differ >= 0 ? differ : fixed;
  const all = short.reduce((product, size) => product * size, 1);
  return axis < 0 ? { time: null, values: all } : { time: axis, values: all / short[axis] };
}
