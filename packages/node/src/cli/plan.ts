/** From flags, or a recipe and flags, to the plan of a run. */

import { UndertoneError } from "@undertone/core/errors";
import type { Flag } from "../runs/plan/flag.js";
import { flag } from "../runs/plan/flag.js";
import {
  asked,
  optionFlags,
  type PlanCommand,
  type PlanOptions,
  readOptions,
  refuseMissingFlags,
  takenBy,
  type WorkingLine,
} from "../runs/plan/option.js";
import { planOptions } from "../runs/plan/options.js";
import { type AskedPlan, checkTogether, type EvaluationPlan, type RunPlan } from "../runs/plan/run-plan.js";
import { searchOptions } from "../runs/plan/search-options.js";
import type { Recipe } from "../runs/recipe.js";
import type { CommandContext, FlagValues } from "./command.js";
import {
  dataFlag,
  encoderFlag,
  missingSource,
  skipBrokenFlag,
  sourceFlags,
  tableFlag,
  textFlag,
} from "./flags.js";
import { repeatCommand } from "./repeat-command.js";

const options: PlanOptions = planOptions;

/** Returns the flags of a command that runs a plan; `own` are those beside the plan. */
export function planFlags(command: PlanCommand, own: readonly Flag[]): Flag[] {
  return [
    dataFlag,
    tableFlag,
    encoderFlag,
    flag(
      "recipe FILE",
      "take all of the run from a recipe; --folds, --seed and other --data may change it, and its expected result then does not apply",
    ),
    ...own,
    ...optionFlags(options, command),
    skipBrokenFlag,
  ];
}

/** Returns how a sentence about the command line names an option: by its first flag. */
function flagOf(name: string): string {
  const { flags } = { ...options, ...(searchOptions as PlanOptions) }[name] ?? { flags: [{ name }] };
  return `--${flags[0]?.name}`;
}

function refuseBeside(option: PlanOptions[string], flags: FlagValues): void {
  const clash = option.flags.find(({ name }) => flags[name] !== undefined);
  if (clash)
    throw new UndertoneError(
      "usage/bad-value",
      `Got both --recipe and --${clash.name}, which the recipe settles`,
    );
}

/** Returns the recipe that the flags name. @throws UndertoneError `usage/bad-value` for flags that it settles; as `readRecipe`. */
async function givenRecipe(command: PlanCommand, flags: FlagValues): Promise<Recipe | undefined> {
  const file = textFlag(flags, "recipe");
  if (file === undefined) return undefined;
  for (const one of Object.values(options)) if (!one.besideRecipe) refuseBeside(one, flags);
  const { readRecipe } = await import("../runs/recipe.js");
  const recipe = await readRecipe(file);
  if (recipe.search && command !== "search")
    throw new UndertoneError(
      "usage/bad-value",
      `The recipe '${recipe.title}' searches for its setting, expected undertone search --recipe ${file}`,
    );
  return recipe;
}

/** Returns what flags change in a recipe, or add to it. @throws UndertoneError `usage/bad-value`. */
function besideRecipe(recipe: Recipe, command: PlanCommand, flags: FlagValues): Partial<RunPlan> {
  const given = Object.fromEntries(
    Object.entries(options).filter(([name, one]) => {
      if (!one.besideRecipe || !takenBy(one, command)) return false;
      const settled = one.besideRecipe === "adds" && recipe[name as keyof Recipe] !== undefined;
      if (settled) refuseBeside(one, flags);
      return !settled && asked(one, flags) !== undefined;
    }),
  );
  return readOptions(given, command, flags);
}

/** Returns what ends a sentence about flags that miss: the command line that was meant, with values that suit most data. */
function workingLine(command: PlanCommand, flags: FlagValues): WorkingLine {
  return (missing) => {
    const examples = missing.flatMap(({ flag, example }) => (example === undefined ? [] : [[flag, example]]));
    const { data = "my-recordings" } = flags;
    const ofArtifact = repeatCommand(command, { flags: { data, artifact: "strangers" } });
    return `; such as: ${repeatCommand(command, { flags: { ...flags, ...Object.fromEntries(examples) } })}${command === "evaluate" ? `, or for a model that is there: ${ofArtifact}` : ""}`;
  };
}

/**
 * Returns the plan of a run: a recipe's when one is given, otherwise that of the flags.
 * @throws UndertoneError `usage/missing`, `usage/bad-value`; as `readRecipe`.
 */
export function planFromFlags(command: "train", context: Pick<CommandContext, "flags">): Promise<AskedPlan>;
export function planFromFlags(
  command: PlanCommand,
  context: Pick<CommandContext, "flags">,
): Promise<EvaluationPlan>;
export async function planFromFlags(
  command: PlanCommand,
  { flags }: Pick<CommandContext, "flags">,
): Promise<AskedPlan> {
  const recipe = await givenRecipe(command, flags);
  const missing = missingSource(flags);
  const tried = ["grid", "random", "learning-curve", "validation-curve"];
  if (command === "search" && !recipe && tried.every((name) => flags[name] === undefined))
    missing.push({
      flag: "grid",
      expected: "NAME=VALUES to try, or --random NAME=RANGE",
      example: "alpha=0.1,10,1000",
    });
  if (recipe) refuseMissingFlags(command, missing);
  const plan = (
    recipe
      ? { ...recipe, ...besideRecipe(recipe, command, flags), recipe }
      : readOptions(options, command, flags, { missing, line: workingLine(command, flags) })
  ) as AskedPlan;
  checkTogether(plan, flagOf);
  return { ...plan, ...sourceFlags(command, flags) };
}

/**
 * Returns what flags ask for beside an artifact, which settles the rest.
 * @throws UndertoneError `usage/bad-value`.
 */
export function artifactPlanFromFlags({
  flags,
}: Pick<CommandContext, "flags">): Pick<
  RunPlan,
  "corpus" | "speakerFrom" | "labelMap" | "seed" | "allowLeak" | "robustness"
> {
  const settled = Object.values(options).filter(({ besideArtifact }) => !besideArtifact);
  const names = ["recipe", "table", ...settled.flatMap((one) => one.flags.map(({ name }) => name))];
  const clash = names.find((name) => flags[name] !== undefined);
  if (clash)
    throw new UndertoneError(
      "usage/bad-value",
      `Got both --artifact and --${clash}, which it settles; expected --artifact alone`,
    );
  const open = Object.entries(options).filter(([, { besideArtifact }]) => besideArtifact);
  return readOptions(Object.fromEntries(open), "evaluate", flags) as ReturnType<typeof artifactPlanFromFlags>;
}

/** Returns the sentence about a recipe that was changed. */
export function unchecked(changes: readonly string[]): string {
  return `the recipe's expected result does not apply, for the run has ${changes.join(", ")}`;
}
