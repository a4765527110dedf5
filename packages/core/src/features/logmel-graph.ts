/** `logmel-v1` as a part of an ONNX graph, so that a model can take a waveform. */
import { type GraphBuilder, int, ints } from "../onnx/graph-builder.js";
import { logMelBank, logMelFraming, logMelWindow } from "./logmel-v1.js";

/**
 * Adds nodes that turn `input`, [batch, samples] at 16 kHz with at least 400 samples, into [batch, frames, 80], and returns that value's name. The windowed
 * bases of the transform are the kernels of a Conv, the filter bank a MatMul. Within 1e−4 of `logmel-v1`; a pure tone at
 * full scale, whose other bands cancel to 90 dB below in float32, within 5e−4.
 */
export function logMelGraph(builder: GraphBuilder, input: string): string {
  const { frameSamples, hopSamples, fftSize, bands, floor } = logMelFraming;
  const bins = fftSize / 2 + 1;
  const bases = new Float32Array(2 * bins * frameSamples);
  for (let k = 0; k < bins; k++) {
    for (let n = 0; n < frameSamples; n++) {
      const angle = (2 * Math.PI * ((k * n) % fftSize)) / fftSize;
      bases[k * frameSamples + n] = logMelWindow[n]! * Math.cos(angle);
      bases[(bins + k) * frameSamples + n] = -logMelWindow[n]! * Math.sin(angle);
    }
  }
  const weights = new Float32Array(bands * bins);
  for (let band = 0; band < bands; band++) {
    const [from, to] = [logMelBank.offsets[band]!, logMelBank.offsets[band + 1]!];
    weights.set(logMelBank.weights.subarray(from, to), band * bins + logMelBank.starts[band]!);
  }
  const channel = builder.node("Unsqueeze", [input, builder.integers("logmel_channel_axis", [1])]);
  const kernels = builder.constant("logmel_bases", [2 * bins, 1, frameSamples], bases);
  const spectrum = builder.node("Conv", [channel, kernels], {
    attributes: { kernel_shape: ints([frameSamples]), strides: ints([hopSamples]) },
  });
  const halves = builder.integers("logmel_halves", [bins, bins]);
  const [re, im] = builder.nodes("Split", [spectrum, halves], {
    attributes: { axis: int(1) },
    outputs: 2,
  });
  const power = builder.node("Add", [builder.node("Mul", [re!, re!]), builder.node("Mul", [im!, im!])]);
  const mel = builder.node("MatMul", [builder.constant("logmel_bank", [bands, bins], weights), power]);
  const floored = builder.node("Add", [mel, builder.constant("logmel_floor", [], [floor])]);
  return builder.node("Transpose", [builder.node("Log", [floored])], {
    attributes: { perm: ints([0, 2, 1]) },
  });
}
