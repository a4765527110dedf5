/** How `--target` changes the plan of a run, and which flags it leaves without a meaning. */
import { UndertoneError } from "@undertone/core";
import type { EvaluationPlan } from "../runs/evaluate-run.js";
import type { FlagValues } from "./command.js";
import { refuseBesideTarget, type Target } from "./flags.js";

const recipeSays = "which settles what is learnt";
const labelsOnly = "which is for classes only";

/** What `--target` with values alone leaves without a meaning, and why. */
const besideValues: Readonly<Record<string, string>> = {
  artifact: "which gives what it gives; expected --artifact alone",
  recipe: recipeSays,
  "label-map": labelsOnly,
  adapt: `${labelsOnly}: no regressor takes a speaker's mean off`,
  calibration: `${labelsOnly}: a value is no probability`,
  "max-risk": `${labelsOnly}: a value has no confidence`,
  robustness: labelsOnly,
  importance: labelsOnly,
};

/** The same where values stand beside classes. */
const besideBoth: Readonly<Record<string, string>> = { recipe: recipeSays };

/** The same where the raters' votes are learnt. */
const besideVotes: Readonly<Record<string, string>> = {
  artifact: besideValues.artifact!,
  recipe: recipeSays,
  calibration: "which bends the scores from the votes towards the labels",
};

/**
 * Checks the flags beside --target; with `both`, values are learnt beside classes.
 * @throws UndertoneError `usage/bad-value`.
 */
export function checkTarget(flags: FlagValues, target: Target, both = false): void {
  if (target.kind === "votes") refuseBesideTarget(flags, besideVotes);
  else refuseBesideTarget(flags, both ? besideBoth : besideValues);
}

/** Returns the plan of learning the votes. @throws UndertoneError `usage/bad-value` for parameters that say otherwise. */
export function votesPlan(plan: EvaluationPlan): EvaluationPlan {
  const wanted = { learnFrom: "votes", classWeight: "none" };
  for (const [name, value] of Object.entries(wanted)) {
    const given = plan.model.params[name];
    if (given !== undefined && given !== value)
      throw new UndertoneError(
        "usage/bad-value",
        `Got --target votes with --param ${name}=${given}, expected ${name}=${value}, by which the scores are the raters' shares`,
      );
  }
  return { ...plan, votes: true, model: { ...plan.model, params: { ...plan.model.params, ...wanted } } };
}
