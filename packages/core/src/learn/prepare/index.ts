/** The steps of preparation: a new one is one file and one line here. */
import { expectedOneOf, UndertoneError } from "../../errors.js";
import { readParameters } from "../parameters.js";
import { minMaxScale, robustScale, standardScale } from "./affine-scale.js";
import { clip } from "./clip.js";
import { dropOutliers } from "./drop-outliers.js";
import { meanImpute, medianImpute } from "./fill-missing.js";
import { knnImpute } from "./knn-impute.js";
import { pca } from "./pca.js";
import { oversample, undersample } from "./resample.js";
import { selectAnova } from "./select-anova.js";
import { selectCorrelation } from "./select-correlation.js";
import { selectL1 } from "./select-l1.js";
import { selectMutualInformation } from "./select-mutual-information.js";
import { selectVariance } from "./select-variance.js";
import { smote } from "./smote.js";
import type { AnyStep } from "./step.js";

/** Every step that can be named. */
export const preparationSteps: readonly AnyStep[] = [
  meanImpute,
  medianImpute,
  knnImpute,
  standardScale,
  robustScale,
  minMaxScale,
  clip,
  dropOutliers,
  selectVariance,
  selectAnova,
  selectCorrelation,
  selectMutualInformation,
  selectL1,
  pca,
  oversample,
  undersample,
  smote,
];

/** A step with its parameters. */
export interface ChosenStep {
  readonly step: AnyStep;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Returns the steps that specs name, in order. A spec is a step's name, then its parameters with colons: `select-anova:k=200`,
 * `clip:low=2:high=98`.
 * @throws UndertoneError `learn/bad-parameter` for a step or parameter that does not exist, or a value that is not accepted.
 */
export function parsePreparation(specs: readonly string[]): ChosenStep[] {
  return specs.map((spec) => {
    const [kind = "", ...pairs] = spec.trim().split(":");
    const step = preparationSteps.find((candidate) => candidate.kind === kind);
    if (!step) {
      const kinds = preparationSteps.map((candidate) => candidate.kind);
      throw new UndertoneError(
        "learn/bad-parameter",
        `Unknown step of preparation '${kind}', ${expectedOneOf(kind, kinds)}`,
      );
    }
    const given = pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at <= 0)
        throw new UndertoneError(
          "learn/bad-parameter",
          `Bad parameter '${pair}' of the step '${kind}', expected NAME=VALUE`,
        );
      const text = pair.slice(at + 1);
      const number = text.trim() === "" ? Number.NaN : Number(text);
      const value = text === "true" ? true : text === "false" ? false : Number.isNaN(number) ? text : number;
      return [pair.slice(0, at), value] as const;
    });
    return { step, params: readParameters(kind, step.parameters, Object.fromEntries(given)) };
  });
}

/** Returns the specs that name the steps, defaults left out: what `parsePreparation` takes. */
export function preparationSpecs(steps: readonly ChosenStep[]): string[] {
  return steps.map(({ step, params }) =>
    [
      step.kind,
      ...Object.entries(params)
        .filter(([name, value]) => value !== step.parameters[name].default)
        .map(([name, value]) => `${name}=${value}`),
    ].join(":"),
  );
}
