/** The list of augmentations: a new one is one file and one line here. */
import { listChoices } from "../../errors.js";
import type { Waveform } from "../waveform.js";
import { aLaw } from "./a-law.js";
import type {
  Augmentation,
  AugmentContext,
  AugmentParameter,
  AugmentStep,
  AugmentValues,
} from "./augmentation.js";
import { babble } from "./babble.js";
import { bandLimit } from "./band-limit.js";
import { clip } from "./clip.js";
import { gain } from "./gain.js";
import { gsm } from "./gsm.js";
import { muLaw } from "./mu-law.js";
import { music } from "./music.js";
import { noise } from "./noise.js";
import { pitchShift } from "./pitch-shift.js";
import { quantize } from "./quantize.js";
import { recordedNoise } from "./recorded-noise.js";
import { reverberation } from "./reverberation.js";
import { speed } from "./speed.js";
import { timeStretch } from "./time-stretch.js";

/** Every augmentation that a step can name. */
export const augmentations: readonly Augmentation[] = [
  gain,
  noise,
  recordedNoise,
  babble,
  music,
  bandLimit,
  muLaw,
  aLaw,
  gsm,
  clip,
  quantize,
  reverberation,
  speed,
  timeStretch,
  pitchShift,
];

/**
 * Returns the waveform after all steps in order, at its rate; some steps change its length. Each step has its own stream of chance, so that one step more does
 * not change what the others do.
 * @throws RangeError for an unknown kind or parameter, or a value out of range.
 */
export function augment(wave: Waveform, steps: readonly AugmentStep[], context: AugmentContext): Waveform {
  return steps.reduce((held, step, i) => {
    const { augmentation, values } = readStep(step);
    return augmentation.apply(held, values, { ...context, random: context.random.fork(`${i} ${step.kind}`) });
  }, wave);
}

function readStep({ kind, ...given }: AugmentStep): { augmentation: Augmentation; values: AugmentValues } {
  const augmentation = augmentations.find((candidate) => candidate.kind === kind);
  if (!augmentation) {
    throw new RangeError(
      `augment: unknown kind '${kind}', expected ${listChoices(augmentations.map((known) => known.kind))}`,
    );
  }
  const { parameters } = augmentation;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(parameters, name));
  if (unknown !== undefined)
    throw new RangeError(
      `${kind}: unknown parameter '${unknown}', expected ${listChoices(Object.keys(parameters))}`,
    );
  const values = Object.entries(parameters).map(([name, parameter]) => {
    const value = given[name] ?? parameter.default;
    if (value === undefined || !accepts(parameter, value))
      throw new RangeError(`${kind}: '${name}' is ${value ?? "not given"}, expected ${expected(parameter)}`);
    return [name, value];
  });
  return { augmentation, values: Object.fromEntries(values) };
}

function accepts(parameter: AugmentParameter, value: number | string): boolean {
  if ("least" in parameter)
    return typeof value === "number" && value >= parameter.least && value <= parameter.most;
  return typeof value === "string" && (parameter.choices?.includes(value) ?? true);
}

function expected(parameter: AugmentParameter): string {
  if ("least" in parameter) return `a number from ${parameter.least} to ${parameter.most}`;
  return parameter.choices ? listChoices(parameter.choices) : "a text";
}
