/** From a plan to its data: whatever lists alone can refuse is refused before anything is heard. */
import { besideOf, viewsOf } from "@undertone/core/data";
import { isUndertoneError, UndertoneError } from "@undertone/core/errors";
import { anyFeatureSet } from "@undertone/core/features";
import { plannedEstimator } from "@undertone/core/train";
import { completeFeatures } from "../encoders/complete-features.js";
import { besideRemark, readBeside, refuseOtherFeatures, withBesides } from "./beside-tables.js";
import { type ListedData, type LoadedData, openSource, type RunHooks } from "./load-data.js";
import { withDefaults } from "./plan/defaults.js";
import { type AskedPlan, changesOf, type EvaluationPlan, settledPlan, sourceOf } from "./plan/run-plan.js";
import { splitData } from "./split-run.js";

/** A plan with its defaults, and the data that it is for. */
export interface OpenedRun {
  readonly plan: EvaluationPlan;
  readonly data: LoadedData;
  /** What was taken from the data because nothing was said, in words. */
  readonly chosen: readonly string[];
  /** What is done otherwise than the recipe says, whose expected result then does not apply. */
  readonly changes: readonly string[];
}

/** Returns an error about the data of a recipe with what the recipe is for, where the data lack some of that. */
function ofOtherCorpora(error: unknown, { recipe, data, table }: AskedPlan, found = ""): unknown {
  const ids = recipe?.corpus.split("+") ?? [];
  const missing = ids.filter((id) => !found.split("+").includes(id));
  const told = isUndertoneError(error) && /^(split|label-map|corpus)\/(?!missing|broken)/.test(error.code);
  if (!told || missing.length === 0) return error;
  const places = (table === undefined ? data : [table]).map((place) => `'${place}'`).join(", ");
  return new UndertoneError(
    error.code,
    `${error.message}; the recipe is for ${ids.join(", ")}${found === "" ? "" : `, of which ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not in ${places}`}: expected ${ids.length > 1 ? "--data for each, or a folder that holds folders of these names" : "that corpus' folder"}`,
    { cause: error, details: error.details },
  );
}

/**
 * Returns the run's data, heard, after the models, the feature set and the splits of the lists have been checked.
 * @param check what the run is split by, where that is not `folds` alone.
 * @throws UndertoneError as `openSource`, `plannedEstimator`, `splitData`; and as hearing does.
 */
export async function openRun(
  asked: AskedPlan,
  hooks: RunHooks = {},
  check: (listed: ListedData, plan: EvaluationPlan) => Promise<unknown> = (listed, plan) =>
    splitData(listed, plan),
): Promise<OpenedRun> {
  if (asked.features !== undefined && asked.table === undefined)
    anyFeatureSet(await completeFeatures(asked.features));
  if (asked.model) plannedEstimator(settledPlan({ ...asked, folds: "", model: asked.model }));
  const tables = await readBeside(asked.with ?? []);
  const source = await openSource(sourceOf(asked), hooks).catch((error: unknown) => {
    throw ofOtherCorpora(error, asked);
  });
  const listed = { ...source.listed, beside: tables.map((table) => besideOf(table, source.listed)) };
  if (asked.views) viewsOf(listed.labelMap, asked.views);
  const { plan, chosen } = withDefaults(asked, listed);
  if (chosen.length > 0) hooks.onWarning?.(`chosen by the data: ${chosen.join("; ")}`);
  plannedEstimator(settledPlan(plan));
  await refuseOtherFeatures(tables, plan);
  for (const [t, beside] of listed.beside.entries())
    hooks.onWarning?.(besideRemark(beside, tables[t], listed));
  await check(listed, plan).catch((error: unknown) => {
    throw ofOtherCorpora(error, asked, listed.corpus);
  });
  return {
    plan,
    chosen,
    data: withBesides(await source.load(plan), tables),
    changes: changesOf(plan, listed),
  };
}
