/** Noise suppression by RNNoise, a small recurrent network: Valin 2018, "A hybrid DSP/deep learning approach to real-time full-band speech enhancement". */
import { resample } from "../audio/resample.js";
import type { EncoderFile } from "../onnx/encoder-file.js";
import type { Conditioner, Denoiser } from "./conditioner.js";

/** RNNoise with its network inside, compiled to WebAssembly by the Echogarden project. */
export const rnnoiseFile: EncoderFile = {
  package: "@echogarden/rnnoise-wasm",
  version: "0.2.0",
  path: "rnnoise.wasm",
  bytes: 125713,
  sha256: "6b4d53ac61b7301fa150020fe529151700726b38d5954552ec043e22e93dada2",
  licence: "BSD-3-Clause",
  source: "https://github.com/echogarden-project/rnnoise-wasm, from https://gitlab.xiph.org/xiph/rnnoise",
};

/** What the package's loader gives. */
export interface RnnoiseModule {
  readonly HEAPF32: Float32Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _rnnoise_create(model: number): number;
  _rnnoise_destroy(state: number): void;
  _rnnoise_process_frame(state: number, output: number, input: number): number;
}

const sampleRate = 48000;
const frameSamples = 480;
/** RNNoise takes samples as 16-bit integers are. */
const fullScale = 32768;

/** Returns the denoiser over a loaded module; each call starts afresh. */
export function rnnoiseDenoiser(module: RnnoiseModule): Denoiser {
  return {
    denoise(wave) {
      const { samples } = resample(wave, sampleRate);
      const clean = suppress(module, samples);
      const back = resample({ samples: clean, sampleRate }, wave.sampleRate).samples;
      const result = new Float32Array(wave.samples.length);
      result.set(back.subarray(0, result.length));
      return { samples: result, sampleRate: wave.sampleRate };
    },
  };
}

/** Frame by frame; what comes out is a frame late, which is taken back. */
function suppress(module: RnnoiseModule, samples: Float32Array): Float32Array {
  const state = module._rnnoise_create(0);
  const pointer = module._malloc(4 * frameSamples);
  const result = new Float32Array(samples.length);
  try {
    for (let at = 0; at < samples.length + frameSamples; at += frameSamples) {
      // The memory may have grown, and its view with it.
      const frame = module.HEAPF32.subarray(pointer / 4, pointer / 4 + frameSamples);
      frame.fill(0);
      frame.set(samples.subarray(at, at + frameSamples).map((x) => fullScale * x));
      module._rnnoise_process_frame(state, pointer, pointer);
      const made = module.HEAPF32.subarray(pointer / 4, pointer / 4 + frameSamples);
      const start = at - frameSamples;
      for (let i = Math.max(0, -start); i < frameSamples && start + i < result.length; i++)
        result[start + i] = made[i] / fullScale;
    }
  } finally {
    module._free(pointer);
    module._rnnoise_destroy(state);
  }
  return result;
}

/** The runtime's package gives the network. */
export const rnnoise: Conditioner<never> = {
  kind: "rnnoise",
  summary: "Suppresses noise, also noise that moves, by the RNNoise network.",
  parameters: {},
  file: rnnoiseFile,
  keepsLength: true,
  apply: async (wave, _, { denoiser }) => (await denoiser()).denoise(wave),
};
