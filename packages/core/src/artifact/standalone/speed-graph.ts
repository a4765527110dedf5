/** `changeSpeed` as a part of an ONNX graph. */
import { resamplingStage } from "../../audio/resample.js";
import { UndertoneError } from "../../errors.js";
import { type GraphBuilder, ints } from "../../onnx/graph-builder.js";

/**
 * Adds nodes that play `wave`, [1, samples], at a speed, and returns the name of [1, ceil(samples / speed)]: each phase of the filter is a kernel of one Conv, whose
 * channels are then put in turn.
 * @throws UndertoneError `onnx/unsupported` for a speed that the resampler interpolates.
 */
export function speedGraph(
  builder: GraphBuilder,
  wave: string,
  { speed, sampleRate }: { readonly speed: number; readonly sampleRate: number },
): string {
  if (speed === 1) return wave;
  const from = Math.round(sampleRate * speed);
  const stage = resamplingStage(from, sampleRate);
  if (!stage) {
    throw new UndertoneError(
      "onnx/unsupported",
      `The speed ${speed} has no ONNX form, expected one of two decimals at most, such as 0.9 or 1.1`,
    );
  }
  const { up, down, taps, before, table } = stage;
  // Output up × m + j lies at input down × m + j × down / up: phase (j × down) mod up, so many whole samples further.
  const reach = taps + Math.floor(((up - 1) * down) / up);
  const kernels = new Float32Array(up * reach);
  for (let j = 0; j < up; j++) {
    const row = ((j * down) % up) * taps;
    const shift = Math.floor((j * down) / up);
    for (let tap = 0; tap < taps; tap++) kernels[j * reach + shift + tap] = table[row + tap];
  }
  const whole = (values: readonly number[]): string => builder.integers("speed", values);
  const channel = builder.node("Unsqueeze", [wave, whole([1])]);
  const padded = builder.node("Pad", [channel, whole([0, 0, before, 0, 0, reach + down])]);
  const phases = builder.node("Conv", [padded, builder.constant("phases", [up, 1, reach], kernels)], {
    attributes: { kernel_shape: ints([reach]), strides: ints([down]) },
  });
  const inTurn = builder.node("Transpose", [phases], { attributes: { perm: ints([0, 2, 1]) } });
  const flat = builder.node("Reshape", [inTurn, whole([1, -1])]);
  // ceil(samples × to / from)
  const samples = builder.node("Gather", [builder.node("Shape", [wave]), whole([1])]);
  const product = builder.node("Mul", [samples, whole([sampleRate])]);
  const length = builder.node("Div", [builder.node("Add", [product, whole([from - 1])]), whole([from])]);
  return builder.node("Slice", [flat, whole([0]), length, whole([1])]);
}
