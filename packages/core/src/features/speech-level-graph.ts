/** The level of a clip's speech as a part of an ONNX graph: which frames are active, and the gain that brings them to −26 dBFS. */
import { type GraphBuilder, int } from "../onnx/graph-builder.js";
import { int64Tensor } from "../onnx/onnx-model.js";
import { activeRangeDb, mostLoudFrames, seedFraming, targetDb } from "./speech-level.js";

/** Added to powers before logarithms, as `measureActivity` does. */
const tiny = 1e-20;

/** What the nodes give. */
export interface LevelValues {
  /** [1, frames] float32, 1 where the frame is active. */
  readonly active: string;
  /** [1, 1] float32. */
  readonly gain: string;
}

/**
 * Adds nodes that do to `wave`, [1, samples] at 16 kHz with at least 512 samples, what `measureActivity` does. Sums run in float64, as the decision which frames are
 * active is one of order; a silent clip has a gain that means nothing.
 */
export function speechLevelGraph(builder: GraphBuilder, wave: string): LevelValues {
  const { frameSamples, hopSamples } = seedFraming;
  const scalar = (value: number): string => builder.doubles("level", [], [value]);
  const whole = (values: readonly number[]): string => builder.integers("level_at", values);
  const double = builder.cast(wave, "float64");
  const squares = builder.node("Mul", [double, double]);
  const closed = builder.node("Concat", [squares, builder.doubles("level_zero", [1, 1], [0])], {
    attributes: { axis: int(1) },
  });
  // sums[i] is that of the squares before sample i, so that a frame's is a difference of two.
  const sums = builder.node("CumSum", [closed, builder.initializer(axisOne)], {
    attributes: { exclusive: int(1) },
  });
  const every = (from: number, to: number): string =>
    builder.node("Slice", [sums, whole([from]), whole([to]), whole([1]), whole([hopSamples])]);
  const frameSums = builder.node("Sub", [
    every(frameSamples, Number.MAX_SAFE_INTEGER),
    every(0, -frameSamples),
  ]);
  const power = builder.node("Div", [frameSums, scalar(frameSamples)]);
  // k = min(20, a tenth of the frames, rounded up)
  const frames = builder.node("Gather", [builder.node("Shape", [power]), whole([1])]);
  const tenth = builder.node("Div", [builder.node("Add", [frames, whole([9])]), whole([10])]);
  const k = builder.node("Min", [tenth, whole([mostLoudFrames])]);
  const [loudest] = builder.nodes("TopK", [power, k], { attributes: { axis: int(1) }, outputs: 2 });
  const kth = builder.node("Slice", [loudest!, whole([-1]), whole([Number.MAX_SAFE_INTEGER]), whole([1])]);
  const threshold = builder.node("Mul", [
    builder.node("Add", [kth, scalar(tiny)]),
    scalar(10 ** (-activeRangeDb / 10)),
  ]);
  const isActive = builder.node("Greater", [builder.node("Add", [power, scalar(tiny)]), threshold]);
  const active = builder.cast(isActive, "float64");
  const total = (value: string): string =>
    builder.node("ReduceSum", [value, whole([1])], { attributes: { keepdims: int(1) } });
  const mean = builder.node("Div", [total(builder.node("Mul", [power, active])), total(active)]);
  const ratio = builder.node("Div", [
    scalar(10 ** (targetDb / 10)),
    builder.node("Add", [mean, scalar(tiny)]),
  ]);
  return {
    active: builder.cast(active, "float32"),
    gain: builder.cast(builder.node("Sqrt", [ratio]), "float32"),
  };
}

/** CumSum takes its axis as a scalar. */
const axisOne = int64Tensor("level_axis", [], [1]);
