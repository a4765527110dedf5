/** `speech-embedding-v1` as a part of an ONNX graph: level, mel spectrum, network and pooling. */
import { type GraphBuilder, int, ints } from "../../onnx/graph-builder.js";
import type { OnnxModel } from "../../onnx/onnx-model.js";
import { type MelGraphTensors, melGraphTensors, melPowerGraph } from "../mel-graph.js";
import { seedFraming } from "../speech-level.js";
import { speechLevelGraph } from "../speech-level-graph.js";
import { floorDb, melBank, melWindow, networkInput } from "./mel.js";
import { type Layer, middleLayers } from "./network.js";
import { padding } from "./pooling.js";

/**
 * Adds nodes that turn each of `waves`, [1, samples] at 16 kHz with at least 512 samples, into the row of `speech-embedding-v1`, [1, 3456], and returns the rows'
 * names. `network` is the one that `convolutionalNetwork` makes of the middle layers.
 */
export function embeddingGraph(
  builder: GraphBuilder,
  waves: readonly string[],
  network: OnnxModel,
): string[] {
  const { frameSamples, hopSamples } = seedFraming;
  const tensors = melGraphTensors({ window: melWindow, fftSize: frameSamples, hopSamples, bank: melBank });
  return waves.map((wave) => {
    const { active, gain } = speechLevelGraph(builder, wave);
    const picture = melGraph(builder, builder.node("Mul", [wave, gain]), tensors);
    const outputs = builder.splice(network, { [network.graph.inputs[0].name]: picture });
    const parts = middleLayers.flatMap((layer) =>
      pooledLayer(builder, outputs[layer.value], { layer, active }),
    );
    return builder.node("Concat", parts, { attributes: { axis: int(1) } });
  });
}

/** [1, samples] at −26 dBFS -> [1, frames + 44, 32, 1], silence before and after. */
function melGraph(builder: GraphBuilder, leveled: string, tensors: MelGraphTensors): string {
  const { frameSamples } = seedFraming;
  const scalar = (value: number): string => builder.constant("mel_scalar", [], [value]);
  const steps = builder.node("Mul", [leveled, scalar(32768)]);
  // The window lies in the middle of the transform's frame.
  const inset = (frameSamples - melWindow.length) / 2;
  const inner = builder.node("Slice", [
    steps,
    builder.integers("mel_start", [inset]),
    builder.integers("mel_end", [-inset]),
    builder.integers("mel_axis", [1]),
  ]);
  const power = melPowerGraph(builder, inner, tensors);
  const natural = builder.node("Log", [builder.node("Add", [power, scalar(1e-10)])]);
  const tens = builder.node("Add", [builder.node("Mul", [natural, scalar(1 / Math.LN10)]), scalar(2)]);
  const low = Math.fround(networkInput(floorDb));
  const floored = builder.node("Max", [tens, scalar(low)]);
  const padded = builder.node("Pad", [
    floored,
    builder.integers("mel_silence", [0, 0, padding, 0, 0, padding]),
    scalar(low),
  ]);
  const rows = builder.node("Transpose", [padded], { attributes: { perm: ints([0, 2, 1]) } });
  return builder.node("Unsqueeze", [rows, builder.integers("mel_last", [3])]);
}

/** [1, channels, frames, bands] -> [1, channels × bands] means and deviations over the layer's active frames. */
function pooledLayer(
  builder: GraphBuilder,
  values: string,
  { layer: { channels, bands, field, stride }, active }: { readonly layer: Layer; readonly active: string },
): string[] {
  const whole = (list: readonly number[]): string => builder.integers("pool", list);
  // A frame of the layer is active where one of the `stride` mel frames in the middle of its field is.
  const aside = padding - (field - stride) / 2;
  const asChannel = builder.node("Unsqueeze", [active, whole([1])]);
  // ONNX Runtime would melt a Pad into the MaxPool, which then refuses it for being as wide as the kernel.
  const silence = builder.constant("pool_silence", [1, 1, aside], new Float32Array(aside));
  const widened = builder.node("Concat", [silence, asChannel, silence], { attributes: { axis: int(2) } });
  const marked = builder.node("MaxPool", [widened], {
    attributes: { kernel_shape: ints([stride]), strides: ints([stride]) },
  });
  const weights = builder.node("Unsqueeze", [marked, whole([3])]);
  const total = (value: string): string =>
    builder.node("ReduceSum", [value, whole([2])], { attributes: { keepdims: int(1) } });
  const count = total(weights);
  const mean = builder.node("Div", [total(builder.node("Mul", [values, weights])), count]);
  const apart = builder.node("Mul", [builder.node("Sub", [values, mean]), weights]);
  const variance = builder.node("Div", [total(builder.node("Mul", [apart, apart])), count]);
  const flat = (value: string): string => builder.node("Reshape", [value, whole([1, channels * bands])]);
  return [flat(mean), flat(builder.node("Sqrt", [variance]))];
}
