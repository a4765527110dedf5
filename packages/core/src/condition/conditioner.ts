/** What a conditioner is: a step that makes recordings of different places alike before features are taken. */
import type { Waveform } from "../audio/waveform.js";
import type { EncoderFile, EncoderFiles } from "../onnx/encoder-file.js";
import type { VoiceActivityDetector } from "./silero-vad.js";

/** A step as plain data: the conditioner's kind and its parameters, those left out having their defaults. */
export interface ConditionStep {
  readonly kind: string;
  readonly [parameter: string]: number | string;
}

/** Suppresses noise in speech; RNNoise is one. */
export interface Denoiser {
  /** Returns the speech in the waveform, same length and rate. */
  denoise(wave: Waveform): Waveform;
}

/** What the outside world gives to conditioning; a step that needs what is missing says so. */
export interface ConditionResources extends Partial<EncoderFiles> {
  /** Loads RNNoise. */
  denoiser?(): Promise<Denoiser>;
}

/** The networks that steps run, loaded when one asks. */
export interface ConditionNetworks {
  voiceActivity(): Promise<VoiceActivityDetector>;
  denoiser(): Promise<Denoiser>;
}

/** A numeric parameter. */
export interface ConditionParameter {
  readonly default: number;
  readonly least: number;
  readonly most: number;
}

/** A conditioner; adding one is one file and one line in `condition/index.ts`. */
export interface Conditioner<Name extends string = string> {
  readonly kind: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly parameters: Readonly<Record<Name, ConditionParameter>>;
  /** The file of the network that it runs, if it does. */
  readonly file?: EncoderFile;
  /** Whether the result has the length of the waveform. */
  readonly keepsLength: boolean;
  /** Returns a new waveform of the same rate, or the same one where there is nothing to do (silence). */
  apply(
    wave: Waveform,
    values: Readonly<Record<Name, number>>,
    networks: ConditionNetworks,
  ): Waveform | Promise<Waveform>;
}
