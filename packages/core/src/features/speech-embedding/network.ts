/** Turns the window-wise network into one that runs over any number of frames and shows its inner layers. */

import { cutToOutputs, mapNodes, reshapeInput } from "../../onnx/edit-model.js";
import { int, ints } from "../../onnx/graph-builder.js";
import { int64Tensor, type OnnxAttribute, type OnnxModel, type OnnxNode } from "../../onnx/onnx-model.js";
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

/** The network's last layer, run on and on: what its convolutions still need of earlier frames goes in as `state` and comes out as `state_next`. */
export interface RunningNetwork {
  readonly model: OnnxModel;
  /** Values of the state; at the beginning any finite ones, for the rows that depend on them are not whole. */
  readonly stateValues: number;
}

/**
 * Returns the network to its last layer over mel frames [1, T, 32, 1], T a multiple of its stride, that follow those of the run before. A convolution over three
 * frames finds the last two of what it was given then in front of what it is given now, so that no frame is computed twice.
 * @throws RangeError when the file is not the chain of convolutions and poolings that is expected.
 */
export function runningNetwork(bytes: Uint8Array): RunningNetwork {
  const model = convolutionalNetwork(bytes, [lastLayer]);
  const weights = new Map(model.graph.initializers.map(({ name, dims }) => [name, dims] as const));
  const constants = new Map<string, readonly number[]>();
  const constant = (values: readonly number[]): string => {
    const name = `running constant ${values.join()}`;
    constants.set(name, values);
    return name;
  };
  const nodes: OnnxNode[] = [];
  const add = (
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    output = `running ${nodes.length}`,
  ): string => {
    nodes.push({ name: output, op, domain: "", inputs, outputs: [output], attributes });
    return output;
  };
  const kept: string[] = [];
  let bands = melBands;
  let at = 0;
  for (const node of model.graph.nodes) {
    const sizes = (name: string): readonly number[] => {
      const attribute = node.attributes[name];
      return attribute?.type === "ints" ? Array.from(attribute.value, Number) : [1, 1];
    };
    const [frames, [step, bandStep]] = [sizes("kernel_shape")[0], sizes("strides") as [number, number]];
    if (node.op === "MaxPool") bands /= bandStep;
    if (frames === step || (node.op !== "Conv" && node.op !== "MaxPool")) {
      nodes.push(node);
      continue;
    }
    const channels = weights.get(node.inputs[1] ?? "")?.[1];
    if (node.op !== "Conv" || step !== 1 || channels === undefined)
      throw new RangeError(
        `runningNetwork: got a ${node.op} of ${frames} frames every ${step}, expected a Conv every frame`,
      );
    const length = channels * (frames - 1) * bands;
    const part = add("Slice", ["state", constant([at]), constant([at + length]), constant([1])]);
    const before = add("Reshape", [part, constant([1, channels, frames - 1, bands])]);
    const joined = add("Concat", [before, node.inputs[0]], { axis: int(2) });
    const last = add("Slice", [joined, constant([1 - frames]), constant([2 ** 31]), constant([2])]);
    kept.push(add("Reshape", [last, constant([1, length])]));
    nodes.push({ ...node, inputs: [joined, ...node.inputs.slice(1)] });
    at += length;
  }
  add("Concat", kept, { axis: int(1) }, "state_next");
  const state = { type: "float32" as const, dims: [1, at] };
  const { graph } = model;
  return {
    stateValues: at,
    model: {
      ...model,
      graph: {
        ...graph,
        nodes,
        initializers: [
          ...graph.initializers,
          ...Array.from(constants, ([name, values]) => int64Tensor(name, [values.length], values)),
        ],
        inputs: [...graph.inputs, { name: "state", ...state }],
        outputs: [...graph.outputs, { name: "state_next", ...state }],
      },
    },
  };
}
