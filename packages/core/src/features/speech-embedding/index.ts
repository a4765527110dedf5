/** `speech-embedding-v1` and its frames: what a network that learnt to spot keywords hears in a voice. */
import { UndertoneError } from "../../errors.js";
import type { Matrix } from "../../math/matrix.js";
import { readEncoderFile } from "../../onnx/encoder-file.js";
import type { OnnxSession } from "../../onnx/runtime.js";
import { writeModel } from "../../onnx/write-model.js";
import { checkWaveform } from "../check-waveform.js";
import type { EncoderSet, OpenFeatureSet } from "../encoder-set.js";
import type { FeatureSetFacts } from "../feature-set.js";
import type { FeatureWindows, FeatureWindowsOptions } from "../feature-windows.js";
import { type SpeechFrames, speechFrames } from "../speech-frames.js";
import { measureActivity, seedFraming, targetDb } from "../speech-level.js";
import { embeddingGraph } from "./embedding-graph.js";
import { embeddingRows, embeddingStream } from "./embedding-stream.js";
import { embeddingWindows } from "./embedding-windows.js";
import { embeddingFile } from "./files.js";
import { convolutionalNetwork, lastLayer, middleLayers, runningNetwork } from "./network.js";
import { pooledNames } from "./pooling.js";

const { sampleRate, frameSamples, hopSamples } = seedFraming;

/** Returns the gain that brings the active frames to −26 dBFS, and which those are. */
function level(samples: Float32Array, asker: string): { gain: number; active: Uint8Array } {
  const { active, levelDb } = measureActivity(samples, asker);
  return { gain: 10 ** ((targetDb - levelDb) / 20), active };
}

function finite(features: Matrix, asker: string): Matrix {
  if (features.data.every(Number.isFinite)) return features;
  throw new UndertoneError("features/not-finite", `The network of ${asker} gave a value that is not finite`);
}

const pooled: FeatureSetFacts = {
  id: "speech-embedding-v1",
  level: "functionals",
  names: middleLayers.flatMap(pooledNames),
  sampleRate,
  levelFree: true,
};

function openPooled(session: OnnxSession): OpenFeatureSet {
  const openWindows = (frames: SpeechFrames, options?: FeatureWindowsOptions): FeatureWindows => {
    const { row } = embeddingWindows(session, frames, {
      ...options,
      asker: pooled.id,
      columns: pooled.names.length,
    });
    return { row: async (window) => finite(await row(window), pooled.id) };
  };
  return {
    ...pooled,
    async extract(wave) {
      checkWaveform(wave, { asker: pooled.id, sampleRate, minSamples: frameSamples });
      const frames = speechFrames(wave.samples);
      return openWindows(frames, { once: true }).row({ first: 0, count: frames.end });
    },
    openWindows,
    close: () => session.close(),
  };
}

/**
 * 3456 functionals: mean and deviation over the active frames of every channel and band of the network's activations 4 (48 × 16),
 * 10 (72 × 8) and 14 (96 × 4), after the active frames have been brought to −26 dBFS. The emotion is in these middle layers, not in the
 * last one, which was trained to tell words apart. For a linear model weigh each activation's block by 1 / its width.
 */
export const speechEmbeddingV1: EncoderSet = {
  ...pooled,
  files: [embeddingFile],
  async open(resources) {
    const bytes = await readEncoderFile(embeddingFile, resources);
    const session = await resources.runtime.load(writeModel(convolutionalNetwork(bytes, middleLayers)));
    return openPooled(session);
  },
  async emit(graph, waves, resources) {
    const network = convolutionalNetwork(await readEncoderFile(embeddingFile, resources), middleLayers);
    return embeddingGraph(graph, waves, network);
  },
};

const frames: FeatureSetFacts = {
  id: "speech-embedding-v1-frames",
  level: "embedding",
  names: Array.from({ length: lastLayer.channels }, (_, i) => `e${String(i).padStart(2, "0")}`),
  sampleRate,
  levelFree: true,
};

/**
 * The network's last layer: 96 values of each window of 76 mel frames (0.782 s), one window every 80 ms, the clip brought to the same level.
 * Frame i is about the samples from 1280 i to 1280 i + 12512.
 */
export const speechEmbeddingV1Frames: EncoderSet = {
  ...frames,
  files: [embeddingFile],
  async open(resources) {
    const { model, stateValues } = runningNetwork(await readEncoderFile(embeddingFile, resources));
    const session = await resources.runtime.load(writeModel(model));
    const running = { session, stateValues };
    return {
      ...frames,
      async extract(wave) {
        const minSamples = frameSamples + (lastLayer.field - 1) * hopSamples;
        checkWaveform(wave, { asker: frames.id, sampleRate, minSamples });
        const { gain, active } = level(wave.samples, frames.id);
        const rows = await embeddingRows(running, wave.samples, { gain, frames: active.length });
        return finite(rows, frames.id);
      },
      openStream: (options) => embeddingStream(running, frames.id, options),
      close: () => session.close(),
    };
  },
};
