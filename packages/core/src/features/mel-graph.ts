/** Mel powers of a waveform as a part of an ONNX graph: the windowed bases of the transform are the kernels of a Conv, the filter bank a MatMul. */
import type { FilterBank } from "../dsp/filter-bank.js";
import type { Samples } from "../math/fft.js";
import { type GraphBuilder, int, ints } from "../onnx/graph-builder.js";
import { float32Tensor, type OnnxTensor } from "../onnx/onnx-model.js";

/** How the frames are taken; the window is as long as a frame, the transform may be longer. */
export interface MelGraphOptions {
  readonly window: Samples;
  readonly fftSize: number;
  readonly hopSamples: number;
  readonly bank: FilterBank;
}

/** The tensors of a mel spectrum; a graph that takes several spectra with the same ones holds them once. */
export interface MelGraphTensors {
  /** [2 × bins, 1, window]: real and imaginary bases of the bins that the bank looks at. */
  readonly bases: OnnxTensor;
  /** [bands, bins] */
  readonly weights: OnnxTensor;
  readonly hopSamples: number;
}

/** Returns the tensors of a mel spectrum. */
export function melGraphTensors({ window, fftSize, hopSamples, bank }: MelGraphOptions): MelGraphTensors {
  const size = window.length;
  const ends = Array.from(bank.starts, (start, i) => start + bank.offsets[i + 1] - bank.offsets[i]);
  const bins = Math.max(...ends);
  const bases = new Float32Array(2 * bins * size);
  for (let k = 0; k < bins; k++) {
    for (let n = 0; n < size; n++) {
      const angle = (2 * Math.PI * ((k * n) % fftSize)) / fftSize;
      bases[k * size + n] = window[n] * Math.cos(angle);
      bases[(bins + k) * size + n] = -window[n] * Math.sin(angle);
    }
  }
  const weights = new Float32Array(bank.filters * bins);
  for (let band = 0; band < bank.filters; band++) {
    const [from, to] = [bank.offsets[band], bank.offsets[band + 1]];
    weights.set(bank.weights.subarray(from, to), band * bins + bank.starts[band]);
  }
  return {
    bases: float32Tensor("mel_bases", [2 * bins, 1, size], bases),
    weights: float32Tensor("mel_bank", [bank.filters, bins], weights),
    hopSamples,
  };
}

/** Adds nodes that turn `input`, [batch, samples] with at least one window of them, into mel powers, [batch, bands, frames], and returns that value's name. */
export function melPowerGraph(builder: GraphBuilder, input: string, tensors: MelGraphTensors): string {
  const { bases, weights, hopSamples } = tensors;
  const [twice, , size] = bases.dims as [number, number, number];
  const channel = builder.node("Unsqueeze", [input, builder.integers("mel_channel_axis", [1])]);
  const spectrum = builder.node("Conv", [channel, builder.shared(bases)], {
    attributes: { kernel_shape: ints([size]), strides: ints([hopSamples]) },
  });
  const halves = builder.integers("mel_halves", [twice / 2, twice / 2]);
  const [re, im] = builder.nodes("Split", [spectrum, halves], { attributes: { axis: int(1) }, outputs: 2 });
  const power = builder.node("Add", [builder.node("Mul", [re!, re!]), builder.node("Mul", [im!, im!])]);
  return builder.node("MatMul", [builder.shared(weights), power]);
}
