/** What conditioning steps with a network get in a page, from files that it serves. */
import {
  type ConditionResources,
  type Denoiser,
  type EncoderResources,
  openSileroVad,
  readEncoderFile,
  rnnoiseDenoiser,
  rnnoiseFile,
  type VoiceActivityDetector,
} from "@undertone/core";

/** Returns the resources for `condition`; each network is fetched once, when a step first asks for it, and lives as long as the page. */
export function browserConditionResources(resources: EncoderResources): ConditionResources {
  let detector: Promise<VoiceActivityDetector> | undefined;
  let denoiser: Promise<Denoiser> | undefined;
  return {
    voiceActivity() {
      detector ??= openSileroVad(resources);
      return detector;
    },
    denoiser() {
      denoiser ??= openRnnoise(resources);
      return denoiser;
    },
  };
}

async function openRnnoise(resources: EncoderResources): Promise<Denoiser> {
  const wasmBinary = await readEncoderFile(rnnoiseFile, resources);
  const { default: createRnnoise } = await import("@echogarden/rnnoise-wasm");
  return rnnoiseDenoiser(await createRnnoise({ wasmBinary }));
}
