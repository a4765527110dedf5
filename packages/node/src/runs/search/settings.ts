/** What a plan's `search` comes to: the settings that are tried, and the measure that chooses. */
import { listChoices, UndertoneError } from "@undertone/core/errors";
import {
  type Candidate,
  defaultHalving,
  gridCandidates,
  type ModelChoice,
  parseRange,
  randomCandidates,
  type SearchMeasure,
  type SearchSpace,
  searchMeasure,
  searchMeasures,
  withCandidate,
} from "@undertone/core/evaluate";
import { random } from "@undertone/core/math";
import { type EvaluationPlan, learns, type RunPlan, settledPlan } from "../plan/run-plan.js";
import { measureNames } from "../plan/search-options.js";
import type { SearchRunPlan } from "./search-run.js";

type Settings = NonNullable<RunPlan["search"]>;

/** Returns the values of each parameter; a list in a recipe is a choice. */
function spaceOf(ranges: Settings["grid"]): SearchSpace {
  return Object.fromEntries(
    Object.entries(ranges ?? {}).map(([name, range]) => [
      name,
      typeof range === "string" ? parseRange(name, range) : { kind: "choice", values: range },
    ]),
  );
}

/** Returns the settings to try. @throws UndertoneError `usage/missing`, `usage/bad-value`. */
function candidatesOf(
  { grid, random: drawn, trials = 20 }: Settings,
  seed: number,
): { candidates: Candidate[]; method: string } {
  if (drawn) {
    const chance = random(seed).fork("search");
    return { candidates: randomCandidates(spaceOf(drawn), trials, chance), method: "drawn at random" };
  }
  if (grid) return { candidates: gridCandidates(spaceOf(grid)), method: "grid" };
  throw new UndertoneError(
    "usage/missing",
    "Missing --grid of 'search', expected NAME=VALUES to try, or --random NAME=RANGE",
  );
}

/** Returns the id of the measure. @throws UndertoneError `usage/bad-value` for one of what is not learnt. */
function measureOf(asked: string | undefined, of: SearchMeasure["learns"]): string {
  if (asked === undefined) return searchMeasures.find((one) => one.learns === of)!.id;
  if (searchMeasure(asked).learns === of) return asked;
  const [name] = [...measureNames].find(([, id]) => id === asked)!;
  const others = [...measureNames].filter(([, id]) => searchMeasure(id).learns === of).map(([own]) => own);
  throw new UndertoneError(
    "usage/bad-value",
    `'${name}' does not measure ${of}, expected --measure ${listChoices(others)}`,
  );
}

/**
 * Returns the plan of a search, or of a curve, which tries no settings of `search`.
 * @throws UndertoneError `usage/*`, `learn/*` for settings that the model does not take.
 */
export function searchRunPlan(plan: EvaluationPlan, curve: boolean): SearchRunPlan {
  const { search = {} } = plan;
  const { classes, values } = learns(plan);
  if (classes && values)
    throw new UndertoneError(
      "usage/bad-value",
      "Got values beside classes for a search, expected one of them: it chooses one model",
    );
  const { valueModel, ...settled } = settledPlan(plan);
  const model: ModelChoice = (settled.model ?? valueModel)!;
  const of = values ? "values" : "classes";
  const measure = measureOf(search.measure, of);
  const found = curve ? { candidates: [], method: "" } : candidatesOf(search, plan.seed);
  // Refuses what it does not know before the long work.
  for (const candidate of [{}, ...found.candidates]) withCandidate(model, candidate, of);
  return {
    ...settled,
    ...found,
    model,
    measure,
    halving: search.halving ? defaultHalving : undefined,
    innerFolds: search.inner,
    nested: search.nested === true,
  };
}
