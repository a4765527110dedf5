/** The plan of a run: what a recipe settles, and where the data lie. */
import { resolve } from "node:path";
import { UndertoneError } from "@undertone/core/errors";
import type { ModelChoice } from "@undertone/core/evaluate";
import type { CollectionKind } from "@undertone/core/learn";
import type { PlannedModels, TrainingPlan } from "@undertone/core/train";
import type { DataSource, ListedData } from "../load-data.js";
import type { Recipe } from "../recipe.js";
import type { SplitPlan } from "../split-run.js";
import { planOptions, type SettledOptions, withPaths } from "./options.js";

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;
type Settled = Frozen<Omit<SettledOptions, "model" | "valueModel">>;
/** What a run by flags may go without. */
type Loose = "corpus" | "labelMap" | "features" | "allowLeak";

/** Everything that determines a run on data: the words are those of recipes, and a parsed recipe is one. */
export type RunPlan = Omit<Settled, Loose> & { readonly [Name in Loose]?: Settled[Name] | undefined } & {
  /** An estimator; a regressor where values alone are learnt. */
  readonly model: ModelChoice;
  /** The regressor of the values that are learnt beside classes. */
  readonly valueModel?: ModelChoice | undefined;
};

/** A plan and the data that it is for. */
export interface EvaluationPlan extends RunPlan, Pick<DataSource, "data" | "table" | "skipBroken"> {
  /** The recipe that the plan was made of; the plan may do otherwise where it says so. */
  readonly recipe?: Recipe | undefined;
}

/** What was asked for of a training, which takes the rest from the data: see `withDefaults`. */
export type AskedPlan = Omit<EvaluationPlan, "model" | "folds"> &
  Partial<Pick<EvaluationPlan, "model" | "folds">>;

/** Returns whether values are learnt, and whether beside classes. */
export function learns({ target = "classes", valueModel }: Pick<RunPlan, "target" | "valueModel">): {
  readonly classes: boolean;
  readonly values: boolean;
} {
  const values = target !== "classes" && target !== "votes";
  return { values, classes: !values || valueModel !== undefined };
}

/** What votes are learnt by: the scores are then the raters' shares. */
const votesParameters = { learnFrom: "votes", classWeight: "none" };

/**
 * Refuses options that have no meaning together; `said` is how the sentence names an option.
 * @throws UndertoneError `usage/bad-value`.
 */
export function checkTogether(
  plan: Omit<AskedPlan, "data" | "table" | "skipBroken">,
  said: (name: string) => string,
): void {
  const { target, valueModel, model, search, subset } = plan;
  const { classes, values } = learns(plan);
  const bad = (text: string): UndertoneError => new UndertoneError("usage/bad-value", text);
  for (const [name, option] of Object.entries(planOptions)) {
    const reason = values && !classes ? option.notOfValues : target === "votes" && option.notOfVotes;
    if (reason && plan[name as keyof typeof plan] !== undefined)
      throw bad(`Got both ${said("target")} and ${said(name)}, ${reason}`);
  }
  if (valueModel && !values)
    throw bad(
      `Got ${said("valueModel")} with ${target === "votes" ? `${said("target")} votes` : `no ${said("target")}`}, expected the values that it learns, such as ${said("target")} all`,
    );
  if (search && plan.with)
    throw bad(
      `Got both ${said("with")} and ${said("search")}, expected ${said("with")} for the model that was found`,
    );
  const stray = Object.keys(subset ?? {}).find((id) => !plan.corpus?.split("+").includes(id));
  if (stray !== undefined)
    throw bad(
      `${said("subset")} names '${stray}', expected a corpus of ${said("corpus")}, which is ${plan.corpus ?? "none"}`,
    );
  if (search?.trials !== undefined && !search.random)
    throw bad(`Got ${said("trials")} without ${said("random")}, expected ranges to draw from`);
  if (search?.grid && search.random)
    throw bad(
      `Got both ${said("grid")} and ${said("random")}, expected one of them; ${said("random")} takes lists too`,
    );
  if (target !== "votes") return;
  for (const [name, wanted] of Object.entries(votesParameters)) {
    const given = model?.params[name];
    if (given !== undefined && given !== wanted)
      throw bad(
        `Got ${said("target")} votes with ${said("param")} ${name}=${given}, expected ${name}=${wanted}, by which the scores are the raters' shares`,
      );
  }
}

/** Returns which model of a plan learns the classes, and which the values. */
function modelsOf(plan: RunPlan): PlannedModels {
  const { model, valueModel, target } = plan;
  if (!learns(plan).classes) return { model: undefined, valueModel: model };
  if (target !== "votes") return { model, valueModel };
  return { model: { ...model, params: { ...model.params, ...votesParameters } }, valueModel };
}

/** Returns what "speaker" or "collection" (all utterances), "speaker:N" or "collection:N" asks for. */
function askedAdaptation(adapt: string | undefined): TrainingPlan["adapt"] {
  if (adapt === undefined) return undefined;
  const [to, count] = adapt.split(":") as [CollectionKind, string | undefined];
  return { to, utterances: count === undefined ? "all" : Number(count) };
}

/** Returns the plan as core takes it. */
export function settledPlan<Plan extends RunPlan>(
  plan: Plan,
): Omit<Plan, "adapt"> & TrainingPlan & SplitPlan {
  return { ...plan, ...modelsOf(plan), adapt: askedAdaptation(plan.adapt) };
}

/** Returns what `loadData` is to load. */
export function sourceOf(plan: AskedPlan): DataSource {
  const { target, recipe, folds } = plan;
  const { classes, values } = learns(plan);
  return {
    ...plan,
    eachACorpus: folds !== undefined && /^corpus(:|$)/.test(folds),
    otherCorpora: recipe !== undefined,
    values: values
      ? { names: typeof target === "string" ? "all" : target!, besideClasses: classes }
      : undefined,
    votes: target === "votes",
  };
}

/** Returns in words what a run does otherwise than its recipe, whose expected result then does not apply; nothing without one. */
export function changesOf(
  { recipe, folds, seed, with: tables }: EvaluationPlan,
  { corpus }: Pick<ListedData, "corpus">,
): string[] {
  if (!recipe) return [];
  return [
    ...(withPaths({ folds }, resolve).folds === recipe.folds ? [] : [`folds ${folds}`]),
    ...(seed === recipe.seed ? [] : [`seed ${seed}`]),
    ...(tables && !recipe.with ? [`with ${tables.join(" and ")}`] : []),
    ...(sameParts(corpus, recipe.corpus) ? [] : [`data of ${corpus}`]),
  ];
}

/** Whether two ids join the same corpora, in whatever order. */
function sameParts(a: string, b: string): boolean {
  const [one, other] = [a, b].map((id) => id.split("+").sort().join("+"));
  return one === other;
}
