/** Turns the window-wise network into one that runs over any number of frames and shows its inner layers. */

import { cutToOutputs, mapNodes, reshapeInput } from "../../onnx/edit-model.js";
import { ints } from "../../onnx/graph-builder.js";
import type { OnnxModel } from "../../onnx/onnx-model.js";
import { readModel } from "../../onnx/read-model.js";

/** A layer of the network whose values are wanted. */
export interface Layer {
  /** `a4` … `a18`: activations, counted from 0 as the file does; `last`: the output. */
  readonly name: string;
  /** The value's name in the file. */
  readonly value: string;
  readonly channels: number;
  /** Bands of the spectrum that are left. */
  readonly bands: number;
  /** Mel frames that one frame of the layer sees, and mel frames from one frame to the next. */
  readonly field: number;
  readonly stride: number;
}

function activation(index: number, channels: number, bands: number, field: number, stride: number): Layer {
  const value = `model/tf.math.maximum_${index}/Maximum:0`;
  return { name: `a${index}`, value, channels, bands, field, stride };
}

/** The three middle layers that `speech-embedding-v1` takes. */
export const middleLayers: readonly Layer[] = [
  activation(4, 48, 16, 10, 2),
  activation(10, 72, 8, 22, 2),
  activation(14, 96, 4, 40, 4),
];

/** The network's own output. */
export const lastLayer: Layer = {
  name: "last",
  value: "model/conv2d_19/Conv2D:0",
  channels: 96,
  bands: 1,
  field: 76,
  stride: 8,
};

/** Bands of the mel spectrum that the network takes. */
export const melBands = 32;

/**
 * Returns the network with the outputs `layers` (by their names, [1, channels, frames, bands]) over mel frames [1, T, 32, 1], where the
 * original takes windows of 76 frames. It has no padding in time, so a layer's frame i sees the mel frames stride × i … stride × i + field − 1,
 * and what it holds is what the original computes in every window with those frames.
 * The first node only gives the window the layout of a picture, [N, 76, 32, 1] → [N, 1, 76, 32]: as a Transpose it does so for any length.
 */
export function convolutionalNetwork(bytes: Uint8Array, layers: readonly Layer[]): OnnxModel {
  const original = readModel(bytes);
  const [input] = original.graph.inputs;
  const open = mapNodes(original, (node) =>
    node.op === "Reshape" && node.inputs[0] === input!.name
      ? { ...node, op: "Transpose", inputs: [input!.name], attributes: { perm: ints([0, 3, 1, 2]) } }
      : node,
  );
  const anyLength = reshapeInput(open, input!.name, [1, "frames", melBands, 1]);
  return cutToOutputs(
    anyLength,
    layers.map(({ name, value, channels, bands }) => ({
      name: value,
      type: "float32" as const,
      dims: [1, channels, `frames_${name}`, bands],
    })),
  );
}
