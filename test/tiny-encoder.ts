/** Small speech encoders as real ONNX files, with the values that they give computed anew by plain loops. */
import { random } from "../packages/core/src/math/random.js";
import { int, ints } from "../packages/core/src/onnx/graph-builder.js";
import {
  float32Tensor,
  int64Tensor,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxValue,
} from "../packages/core/src/onnx/onnx-model.js";
import { writeModel } from "../packages/core/src/onnx/write-model.js";

const [width, frame, hop, blocks] = [6, 400, 320, 3];

function noise(length: number, seed: number, scale: number): Float32Array {
  const rng = random(seed);
  return Float32Array.from({ length }, () => scale * rng.normal());
}

const kernel = noise(width * frame, 1, 0.1);
const weights = Array.from({ length: blocks }, (_, k) => noise(width * width, 2 + k, 0.5));

function node(
  name: string,
  op: string,
  inputs: string[],
  output: string,
  attributes: Record<string, OnnxAttribute> = {},
): OnnxNode {
  return { name, op, domain: "", inputs, outputs: [output], attributes };
}

/** How a tiny encoder's file differs. */
export interface TinyEncoderOptions {
  /** Whether the hidden states are outputs, as exporters can be told. */
  readonly hiddenStates?: boolean;
}

/**
 * Returns an encoder in the manner of wav2vec 2.0: `input_values` [batch, samples] times `attention_mask`, one convolution (400 samples every 320), three
 * blocks h + tanh(h W), `last_hidden_state` [batch, frames, 6].
 */
export function tinyEncoder({ hiddenStates = false }: TinyEncoderOptions = {}): Uint8Array {
  const values: OnnxValue[] = [
    "last_hidden_state",
    ...(hiddenStates ? [0, 1, 2, 3].map((k) => `hidden_states.${k}`) : []),
  ].map((name) => ({ name, type: "float32", dims: ["batch", "frames", width] }));
  const nodes = [
    node("/Cast", "Cast", ["attention_mask"], "mask", { to: int(1) }),
    node("/Mul", "Mul", ["input_values", "mask"], "masked"),
    node("/Unsqueeze", "Unsqueeze", ["masked", "axis"], "channel"),
    node("/conv_layers.0/Conv", "Conv", ["channel", "kernel"], "convolved", {
      kernel_shape: ints([frame]),
      strides: ints([hop]),
    }),
    node("/Transpose", "Transpose", ["convolved"], "states.0", { perm: ints([0, 2, 1]) }),
    ...weights.flatMap((_, k) => {
      const at = `/encoder/layers.${k}`;
      const out = k === blocks - 1 ? "last_hidden_state" : `${at}/Add_output_0`;
      const held = k === 0 ? "states.0" : `/encoder/layers.${k - 1}/Add_output_0`;
      return [
        node(`${at}/MatMul`, "MatMul", [held, `weights.${k}`], `${at}/MatMul_output_0`),
        node(`${at}/Tanh`, "Tanh", [`${at}/MatMul_output_0`], `${at}/Tanh_output_0`),
        node(`${at}/Add`, "Add", [held, `${at}/Tanh_output_0`], out),
      ];
    }),
    ...(hiddenStates
      ? [
          "states.0",
          "/encoder/layers.0/Add_output_0",
          "/encoder/layers.1/Add_output_0",
          "last_hidden_state",
        ].map((from, k) => node(`/Identity_${k}`, "Identity", [from], `hidden_states.${k}`))
      : []),
  ];
  return writeModel({
    irVersion: 8,
    producer: "test",
    opsets: { "": 17 },
    metadata: {},
    graph: {
      name: "tiny",
      nodes,
      initializers: [
        float32Tensor("kernel", [width, 1, frame], kernel),
        int64Tensor("axis", [1], [1]),
        ...weights.map((values, k) => float32Tensor(`weights.${k}`, [width, width], values)),
      ],
      inputs: [
        { name: "input_values", type: "float32", dims: ["batch", "samples"] },
        { name: "attention_mask", type: "int64", dims: ["batch", "samples"] },
      ],
      outputs: values,
    },
  });
}

/** Returns frames × 6 values after so many blocks, by plain loops in float64. */
export function tinyEncoderFrames(samples: Float32Array, block: number): number[][] {
  const frames = 1 + Math.floor((samples.length - frame) / hop);
  return Array.from({ length: frames }, (_, t) => {
    let held = Array.from({ length: width }, (_, j) => {
      let sum = 0;
      for (let n = 0; n < frame; n++) sum += kernel[j * frame + n] * samples[t * hop + n];
      return sum;
    });
    for (let k = 0; k < block; k++) {
      const before = held;
      held = before.map((value, j) => {
        let sum = 0;
        for (let i = 0; i < width; i++) sum += before[i] * weights[k][i * width + j];
        return value + Math.tanh(sum);
      });
    }
    return held;
  });
}

/** Returns an encoder in the manner of Whisper: `input_features` [batch, 80, 3000] through one convolution of two frames every two, [batch, 1500, 5]. */
export function tinyWhisper(): Uint8Array {
  return writeModel({
    irVersion: 8,
    producer: "test",
    opsets: { "": 17 },
    metadata: {},
    graph: {
      name: "tiny-whisper",
      nodes: [
        node("/conv1/Conv", "Conv", ["input_features", "kernel"], "convolved", {
          kernel_shape: ints([2]),
          strides: ints([2]),
        }),
        node("/Transpose", "Transpose", ["convolved"], "last_hidden_state", { perm: ints([0, 2, 1]) }),
      ],
      initializers: [float32Tensor("kernel", [5, 80, 2], whisperKernel)],
      inputs: [{ name: "input_features", type: "float32", dims: ["batch", 80, 3000] }],
      outputs: [{ name: "last_hidden_state", type: "float32", dims: ["batch", 1500, 5] }],
    },
  });
}

/** Weights of `tinyWhisper`, 5 × 80 × 2. */
export const whisperKernel = noise(5 * 80 * 2, 9, 0.1);
