/** What conditioning steps with a network get in Node, from installed packages. */
import {
  type ConditionResources,
  type Denoiser,
  openSileroVad,
  readEncoderFile,
  rnnoiseDenoiser,
  rnnoiseFile,
  type VoiceActivityDetector,
} from "@undertone/core";
import { nodeEncoderResources } from "./encoder-resources.js";

/** Resources with a lifetime; close them when done. */
export interface NodeConditionResources extends ConditionResources {
  close(): Promise<void>;
}

/** Returns the resources for `condition`; each network is loaded once, when a step first asks for it. */
export function nodeConditionResources(): NodeConditionResources {
  const resources = nodeEncoderResources();
  let detector: Promise<VoiceActivityDetector> | undefined;
  let denoiser: Promise<Denoiser> | undefined;
  return {
    voiceActivity() {
      detector ??= openSileroVad(resources);
      return detector;
    },
    denoiser() {
      denoiser ??= openRnnoise();
      return denoiser;
    },
    async close() {
      await (await detector)?.close();
    },
  };
}

async function openRnnoise(): Promise<Denoiser> {
  const wasmBinary = await readEncoderFile(rnnoiseFile, nodeEncoderResources());
  const { default: createRnnoise } = await import("@echogarden/rnnoise-wasm");
  return rnnoiseDenoiser(await createRnnoise({ wasmBinary }));
}
