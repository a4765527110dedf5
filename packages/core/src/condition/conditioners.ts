/** The list of conditioners: a new one is one file and one line here. */
import type { Waveform } from "../audio/waveform.js";
import { expectedOneOf, UndertoneError } from "../errors.js";
import type { EncoderFile } from "../onnx/encoder-file.js";
import type {
  Conditioner,
  ConditionNetworks,
  ConditionResources,
  ConditionStep,
  Denoiser,
} from "./conditioner.js";
import { loudness } from "./loudness.js";
import { rnnoise } from "./rnnoise.js";
import { openSileroVad, type VoiceActivityDetector } from "./silero-vad.js";
import { spectralGate } from "./spectral-gate.js";
import { speechOnly } from "./speech-only.js";
import { telephone } from "./telephone.js";
import { trim } from "./trim.js";

/** Every conditioner that a step can name. */
export const conditioners: readonly Conditioner[] = [
  trim,
  speechOnly,
  loudness,
  spectralGate,
  rnnoise,
  telephone,
];

/** Conditioning with its networks; close it when done. */
export interface Conditioning {
  /** Resolves to the waveform after all steps in order, at its own rate. */
  apply(wave: Waveform): Promise<Waveform>;
  close(): Promise<void>;
}

/**
 * Returns the steps ready to apply. Their networks are loaded when a waveform first needs them; then `apply` may reject with
 * `features/encoder-missing`, `features/encoder-mismatch` or `runtime/unavailable`.
 * @throws UndertoneError `condition/bad-step`
 */
export function openConditioning(
  steps: readonly ConditionStep[],
  { runtime, encoderFile, denoiser: openDenoiser }: ConditionResources = {},
): Conditioning {
  const chain = steps.map(readStep);
  let detector: Promise<VoiceActivityDetector> | undefined;
  let denoiser: Promise<Denoiser> | undefined;
  const networks: ConditionNetworks = {
    async voiceActivity() {
      if (!runtime || !encoderFile) throw missing("speech-only", "'runtime' and 'encoderFile'");
      detector ??= openSileroVad({ runtime, encoderFile });
      return detector;
    },
    async denoiser() {
      if (!openDenoiser) throw missing("rnnoise", "'denoiser'");
      denoiser ??= openDenoiser();
      return denoiser;
    },
  };
  return {
    async apply(wave) {
      let held = wave;
      for (const { conditioner, values } of chain) held = await conditioner.apply(held, values, networks);
      return held;
    },
    async close() {
      await (await detector)?.close();
    },
  };
}

function missing(kind: string, resources: string): UndertoneError {
  return new UndertoneError(
    "features/encoder-missing",
    `The conditioning step '${kind}' needs a network, expected the resources ${resources}`,
  );
}

/**
 * Returns the files of the networks that the steps need, each once.
 * @throws UndertoneError `condition/bad-step`
 */
export function conditionFiles(steps: readonly ConditionStep[]): EncoderFile[] {
  return [...new Set(steps.flatMap((step) => readStep(step).conditioner.file ?? []))];
}

/**
 * Returns the steps that a text such as `trim,loudness:lufs=-26` names.
 * @throws UndertoneError `condition/bad-step`
 */
export function parseConditionSteps(text: string): ConditionStep[] {
  return text.split(",").map((part) => {
    const [kind, ...pairs] = part.trim().split(":");
    const values = pairs.map((pair) => {
      const [name, value] = pair.split("=");
      return [name!, value === undefined || value.trim() === "" ? Number.NaN : Number(value)] as const;
    });
    const step = { kind: kind!, ...Object.fromEntries(values) };
    readStep(step);
    return step;
  });
}

function readStep({ kind, ...given }: ConditionStep): {
  conditioner: Conditioner;
  values: Record<string, number>;
} {
  const conditioner = conditioners.find((candidate) => candidate.kind === kind);
  if (!conditioner) {
    throw new UndertoneError(
      "condition/bad-step",
      `Unknown conditioning step '${kind}', ${expectedOneOf(
        kind,
        conditioners.map((known) => known.kind),
      )}`,
    );
  }
  const { parameters } = conditioner;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(parameters, name));
  if (unknown !== undefined) {
    const known = Object.keys(parameters);
    throw new UndertoneError(
      "condition/bad-step",
      `Unknown parameter '${unknown}' of '${kind}', ${known.length > 0 ? expectedOneOf(unknown, known) : "expected none"}`,
    );
  }
  const values = Object.entries(parameters).map(([name, { default: usual, least, most }]) => {
    const value = given[name] ?? usual;
    if (typeof value === "number" && value >= least && value <= most) return [name, value] as const;
    throw new UndertoneError(
      "condition/bad-step",
      `Bad '${name}' of '${kind}': got ${value}, expected a number from ${least} to ${most}`,
    );
  });
  return { conditioner, values: Object.fromEntries(values) };
}
