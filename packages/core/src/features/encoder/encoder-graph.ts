/** A set from an encoder file as a part of an ONNX graph: level, input, the encoder itself and pooling. */

import { melFilterBank } from "../../dsp/mel.js";
import { hann } from "../../dsp/window.js";
import { UndertoneError } from "../../errors.js";
import { type GraphBuilder, int, ints } from "../../onnx/graph-builder.js";
import { int64Tensor, type OnnxModel, type OnnxValue } from "../../onnx/onnx-model.js";
import { melGraphTensors, melPowerGraph } from "../mel-graph.js";
import { speechLevelGraph } from "../speech-level-graph.js";
import type { EncoderScale, EncoderSpec } from "./encoder-id.js";
import { shortestWaveform } from "./encoder-input.js";
import { chosenLayers, cutToLayers, readEncoder } from "./encoder-layers.js";
import { leastVariance } from "./run-encoder.js";
import { whisperFraming, whisperRange } from "./whisper-mel.js";

/**
 * Adds nodes that turn each of `waves`, [1, samples] at 16 kHz with 512 samples to 30 s, into the set's row, [1, names], and returns the rows' names.
 * @throws UndertoneError `onnx/unsupported` for a file that cannot be a part of a graph, or inputs that are not known; `features/unknown`.
 */
export function encoderGraph(
  builder: GraphBuilder,
  waves: readonly string[],
  { bytes, spec }: { readonly bytes: Uint8Array; readonly spec: EncoderSpec },
): string[] {
  const model = readEncoder(bytes);
  if (!model) {
    throw new UndertoneError(
      "onnx/unsupported",
      `The encoder file '${spec.name}' has functions of its own or parts that only the runtime can read, so that it cannot be a part of a graph, expected plain ONNX`,
    );
  }
  const outputs = model.graph.outputs.map(({ name }) => name);
  const cut = cutToLayers(model, chosenLayers(spec.layer, outputs, model.graph));
  return waves.map((wave) => encoderRow(builder, wave, cut, spec));
}

function encoderRow(builder: GraphBuilder, wave: string, model: OnnxModel, spec: EncoderSpec): string {
  const { graph } = model;
  const audio = graph.inputs.find(({ type }) => type === "float32");
  const [, bands] = audio?.dims ?? [];
  const scaled = scaledGraph(builder, wave, spec.scale);
  const length = builder.node("Gather", [
    builder.node("Shape", [wave]),
    builder.integers("samples_axis", [1]),
  ]);
  const isPicture = audio?.dims?.length === 3 && (bands === 80 || bands === 128);
  const seen = isPicture
    ? builder.integers("window", [whisperFraming.samples])
    : builder.node("Max", [length, builder.integers("shortest", [shortestWaveform])]);
  const filled = filledGraph(builder, scaled, seen);
  const bound = Object.fromEntries(
    graph.inputs.map((input) => [
      input.name,
      input !== audio
        ? besideGraph(builder, input, { filled, seen, name: spec.name })
        : isPicture
          ? whisperGraph(builder, filled, bands)
          : ofRank(builder, filled, input.dims?.length ?? 2),
    ]),
  );
  const layers = builder.splice(model, bound);
  const frames = graph.outputs.map(({ name }) => framesGraph(builder, layers[name], { spec, length, seen }));
  const blocks = spec.layer === "average" ? [averageGraph(builder, frames)] : frames;
  return builder.node(
    "Concat",
    blocks.flatMap((block) => statisticsGraph(builder, block, spec)),
    { attributes: { axis: int(1) } },
  );
}

function scaledGraph(builder: GraphBuilder, wave: string, scale: EncoderScale): string {
  if (scale === "none") return wave;
  if (scale === "level") return builder.node("Mul", [wave, speechLevelGraph(builder, wave).gain]);
  const mean = (value: string): string =>
    builder.node("ReduceMean", [value], { attributes: { keepdims: int(1) } });
  const double = builder.cast(wave, "float64");
  const apart = builder.node("Sub", [double, mean(double)]);
  const variance = mean(builder.node("Mul", [apart, apart]));
  const deviation = builder.node("Sqrt", [
    builder.node("Add", [variance, builder.doubles("least_variance", [], [leastVariance])]),
  ]);
  return builder.cast(builder.node("Div", [apart, deviation]), "float32");
}

/** [1, samples] -> [1, seen], silence behind, or cut. */
function filledGraph(builder: GraphBuilder, wave: string, seen: string): string {
  const size = builder.node("Concat", [builder.integers("one", [1]), seen], { attributes: { axis: int(0) } });
  const silence = builder.node("Expand", [builder.constant("silence", [1, 1], [0]), size]);
  const both = builder.node("Concat", [wave, silence], { attributes: { axis: int(1) } });
  const at = (name: string, value: number): string => builder.integers(name, [value]);
  return builder.node("Slice", [both, at("start", 0), seen, at("axis", 1)]);
}

function ofRank(builder: GraphBuilder, wave: string, rank: number): string {
  if (rank === 2) return wave;
  const axis = builder.integers("rank_axis", [rank === 1 ? 0 : 1]);
  return builder.node(rank === 1 ? "Squeeze" : "Unsqueeze", [wave, axis]);
}

/** What stands beside the sound: ones for a mask, zeros for a padding mask, the length. */
function besideGraph(
  builder: GraphBuilder,
  { name: input, type, dims }: OnnxValue,
  { filled, seen, name }: { readonly filled: string; readonly seen: string; readonly name: string },
): string {
  const known = type === "int64" || type === "int32";
  const isMask = /mask/i.test(input);
  if (!known || !(isMask || /len/i.test(input))) {
    throw new UndertoneError(
      "onnx/unsupported",
      `The encoder '${name}' takes '${input}' (${type}), expected a waveform or log-mel and at most a mask or a length beside it`,
    );
  }
  if (!isMask) {
    const whole = type === "int64" ? seen : builder.cast(seen, type);
    return dims?.length === 0
      ? builder.node("Squeeze", [whole, builder.integers("length_axis", [0])])
      : whole;
  }
  const ones = builder.node("Expand", [
    builder.integers("mask", [/pad/i.test(input) ? 0 : 1]),
    builder.node("Shape", [ofRank(builder, filled, dims?.length === 1 ? 1 : 2)]),
  ]);
  return type === "int64" ? ones : builder.cast(ones, type);
}

/** [1, 480000] -> [1, bands, 3000], as `whisperMel`. */
function whisperGraph(builder: GraphBuilder, window: string, bands: number): string {
  const { sampleRate, fftSize, hopSamples, frames } = whisperFraming;
  const scalar = (value: number): string => builder.constant("whisper", [], [value]);
  const at = (value: number): string => builder.integers("whisper_at", [value]);
  const half = fftSize / 2;
  const mirrored = builder.node("Pad", [window, builder.integers("mirror", [0, half, 0, half])], {
    attributes: { mode: { type: "string", value: "reflect" } },
  });
  const bank = melFilterBank({ sampleRate, fftSize, bands });
  const tensors = melGraphTensors({ window: hann(fftSize), fftSize, hopSamples, bank });
  const power = melPowerGraph(builder, mirrored, tensors);
  const kept = builder.node("Slice", [power, at(0), at(frames), at(2)]);
  const natural = builder.node("Log", [builder.node("Max", [kept, scalar(1e-10)])]);
  const tens = builder.node("Mul", [natural, scalar(1 / Math.LN10)]);
  const greatest = builder.node("ReduceMax", [tens], { attributes: { keepdims: int(0) } });
  const cut = builder.node("Max", [tens, builder.node("Sub", [greatest, scalar(whisperRange)])]);
  return builder.node("Div", [builder.node("Add", [cut, scalar(4)]), scalar(4)]);
}

/** A layer's output -> [outer, frames of the clip's own, inner], where outer × inner are the values of a frame. */
function framesGraph(
  builder: GraphBuilder,
  layer: string,
  { spec, length, seen }: { readonly spec: EncoderSpec; readonly length: string; readonly seen: string },
): string {
  const whole = (values: readonly number[]): string => builder.integers("frames", values);
  if (spec.time === null) return builder.node("Reshape", [layer, whole([spec.values, 1, 1])]);
  const shape = builder.node("Shape", [layer]);
  const rows = builder.node("Gather", [shape, whole([spec.time])]);
  const before = builder.node("Slice", [shape, whole([0]), whole([spec.time])]);
  const outer = builder.node("ReduceProd", [before], { attributes: { keepdims: int(1) } });
  const dims = builder.node("Concat", [outer, rows, whole([-1])], { attributes: { axis: int(0) } });
  const boxed = builder.node("Reshape", [layer, dims]);
  // Frames of the silence behind the clip are left out: rounded up, at least one.
  const product = builder.node("Mul", [rows, builder.node("Min", [length, seen])]);
  const above = builder.node("Add", [product, builder.node("Sub", [seen, whole([1])])]);
  const own = builder.node("Max", [builder.node("Div", [above, seen]), whole([1])]);
  return builder.node("Slice", [boxed, whole([0]), own, whole([1])]);
}

function averageGraph(builder: GraphBuilder, layers: readonly string[]): string {
  const sum = builder.node("Sum", layers);
  return builder.node("Div", [sum, builder.constant("layers", [], [layers.length])]);
}

/** [outer, frames, inner] -> [1, values] for each statistic. */
function statisticsGraph(builder: GraphBuilder, frames: string, { pool, values }: EncoderSpec): string[] {
  const axis = builder.integers("time_axis", [1]);
  const total = (value: string): string =>
    builder.node("ReduceSum", [value, axis], { attributes: { keepdims: int(1) } });
  const rows = builder.cast(
    builder.node("Gather", [builder.node("Shape", [frames]), builder.initializer(one)]),
    "float32",
  );
  const mean = builder.node("Div", [total(frames), rows]);
  const flat = (value: string): string =>
    builder.node("Reshape", [value, builder.integers("row", [1, values])]);
  return pool.map((statistic) => {
    if (statistic === "mean") return flat(mean);
    if (statistic === "max") {
      const turned = builder.node("Transpose", [frames], { attributes: { perm: ints([0, 2, 1]) } });
      return flat(builder.node("GlobalMaxPool", [turned]));
    }
    const apart = builder.node("Sub", [frames, mean]);
    const variance = builder.node("Div", [total(builder.node("Mul", [apart, apart])), rows]);
    return flat(builder.node("Sqrt", [variance]));
  });
}

/** An index without an axis, so that what is gathered is a scalar. */
const one = int64Tensor("time", [], [1]);
