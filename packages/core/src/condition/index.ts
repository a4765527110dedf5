/** The list of conditioners: a new one is one file and one line here. */
import type { Waveform } from "../audio/waveform.js";
import { listChoices, UndertoneError } from "../errors.js";
import type { Conditioner, ConditionResources, ConditionStep } from "./conditioner.js";
import { loudness } from "./loudness.js";
import { rnnoise } from "./rnnoise.js";
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

/**
 * Resolves to the waveform after all steps in order, at its own rate.
 * @throws UndertoneError `condition/bad-step`, and `features/encoder-missing` where a step's network is not given.
 */
export async function condition(
  wave: Waveform,
  steps: readonly ConditionStep[],
  resources: ConditionResources = {},
): Promise<Waveform> {
  let held = wave;
  for (const step of steps) {
    const { conditioner, values } = readStep(step);
    held = await conditioner.apply(held, values, resources);
  }
  return held;
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
      `Unknown conditioning step '${kind}', expected ${listChoices(conditioners.map((known) => known.kind))}`,
    );
  }
  const { parameters } = conditioner;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(parameters, name));
  if (unknown !== undefined) {
    const known = Object.keys(parameters);
    throw new UndertoneError(
      "condition/bad-step",
      `Unknown parameter '${unknown}' of '${kind}', expected ${known.length > 0 ? listChoices(known) : "none"}`,
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
