/** `logmel-v1` as a part of an ONNX graph, so that a model can take a waveform. */
import { type GraphBuilder, ints } from "../onnx/graph-builder.js";
import { logMelBank, logMelFraming, logMelWindow } from "./logmel-v1.js";
import { melGraphTensors, melPowerGraph } from "./mel-graph.js";

/**
 * Adds nodes that turn `input`, [batch, samples] at 16 kHz with at least 400 samples, into [batch, frames, 80], and returns that value's name. Within 1e−4 of
 * `logmel-v1`; a pure tone at full scale, whose other bands cancel to 90 dB below in float32, within 5e−4.
 */
export function logMelGraph(builder: GraphBuilder, input: string): string {
  const { hopSamples, fftSize, floor } = logMelFraming;
  const tensors = melGraphTensors({ window: logMelWindow, fftSize, hopSamples, bank: logMelBank });
  const mel = melPowerGraph(builder, input, tensors);
  const floored = builder.node("Add", [mel, builder.constant("logmel_floor", [], [floor])]);
  return builder.node("Transpose", [builder.node("Log", [floored])], {
    attributes: { perm: ints([0, 2, 1]) },
  });
}
