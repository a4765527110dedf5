/** The flags of `search`, and how they become the plan of a run. */
import {
  type Candidate,
  defaultHalving,
  gridCandidates,
  listChoices,
  parseRange,
  random,
  randomCandidates,
  type SearchMeasure,
  type SearchSpace,
  searchMeasure,
  searchMeasures,
  UndertoneError,
} from "@undertone/core";
import type { CurveRequest, SearchRunPlan } from "../runs/search/search-run.js";
import type { CommandContext, Flag, FlagValues } from "./command.js";
import { listFlag, parseTarget, seedFlag, textFlag } from "./flags.js";
import { planFromFlags } from "./plan.js";
import { checkTarget, votesPlan } from "./target.js";

/** The measures by their names on the command line. */
const measures = new Map(
  searchMeasures.map(({ id }) => [id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), id]),
);

export const searchFlags: readonly Flag[] = [
  {
    name: "grid",
    type: "string",
    value: "NAME=LIST",
    many: true,
    summary: "values to try in every combination, such as C=0.01,0.1,1 or select-anova.k=50,200",
  },
  {
    name: "random",
    type: "string",
    value: "NAME=RANGE",
    many: true,
    summary: "ranges to draw from: log-uniform:0.001:10, uniform:0:1, int:1:20, or a list",
  },
  { name: "trials", type: "number", value: "N", summary: "settings that --random draws (default 20)" },
  {
    name: "halving",
    type: "boolean",
    summary: "start all settings on few utterances, and let the best third go on with three times as many",
  },
  {
    name: "inner",
    type: "number",
    value: "K",
    summary: "folds of unseen speakers that settings are judged by (default 5)",
  },
  {
    name: "nested",
    type: "boolean",
    summary: "also score the choice itself: made anew inside the training part of each of --folds",
  },
  {
    name: "measure",
    type: "string",
    choices: [...measures.keys()],
    summary: "what settings are judged by, pooled over the folds (default uar; ccc with --target)",
  },
  {
    name: "learning-curve",
    type: "string",
    value: "LIST",
    summary:
      "instead of a search: scores with these shares of each fold's training speakers, such as 0.25,0.5,1",
  },
  {
    name: "validation-curve",
    type: "string",
    value: "NAME=LIST",
    summary: "instead of a search: scores of training part and unseen part over the values of one parameter",
  },
  {
    name: "journal",
    type: "string",
    value: "DIR",
    summary: "keep each fit here, also when the search has ended (default: in the cache until then)",
  },
  { name: "threads", type: "number", value: "N", summary: "threads to fit on (default: all of the machine)" },
  { name: "out", type: "string", value: "FILE", summary: "write the best setting as a recipe (.json)" },
];

/** Returns a whole number from `low` on, or the default. @throws UndertoneError `usage/bad-value`. */
function wholeFlag(flags: FlagValues, name: string, low: number, standard: number): number {
  const value = flags[name] ?? standard;
  if (typeof value === "number" && Number.isInteger(value) && value >= low) return value;
  throw new UndertoneError(
    "usage/bad-value",
    `Bad value '${value}' for --${name}, expected a whole number from ${low}`,
  );
}

function pairOf(pair: string, flag: string): [string, string] {
  const at = pair.indexOf("=");
  if (at > 0 && at < pair.length - 1) return [pair.slice(0, at), pair.slice(at + 1)];
  throw new UndertoneError("usage/bad-value", `Bad value '${pair}' for --${flag}, expected NAME=VALUES`);
}

function spaceOf(flags: FlagValues, flag: string): SearchSpace {
  const pairs = listFlag(flags, flag).map((pair) => pairOf(pair, flag));
  const twice = pairs.find(([name], i) => pairs.findIndex(([other]) => other === name) !== i);
  if (twice)
    throw new UndertoneError("usage/bad-value", `Got --${flag} twice for '${twice[0]}', expected it once`);
  return Object.fromEntries(pairs.map(([name, text]) => [name, parseRange(name, text)]));
}

/** Returns the settings to try, the grid's with the draws' inside each when both are given. */
function candidatesOf(flags: FlagValues): { candidates: Candidate[]; method: string } {
  const [grid, drawn] = [spaceOf(flags, "grid"), spaceOf(flags, "random")];
  const [hasGrid, hasDrawn] = [Object.keys(grid).length > 0, Object.keys(drawn).length > 0];
  if (hasGrid && hasDrawn)
    throw new UndertoneError(
      "usage/bad-value",
      "Got both --grid and --random, expected one of them; --random takes lists too",
    );
  if (flags.trials !== undefined && !hasDrawn)
    throw new UndertoneError(
      "usage/bad-value",
      "Got --trials without --random, expected ranges to draw from",
    );
  if (hasDrawn) {
    const count = wholeFlag(flags, "trials", 1, 20);
    const candidates = randomCandidates(drawn, count, random(seedFlag(flags)).fork("search"));
    return { candidates, method: "drawn at random" };
  }
  if (!hasGrid)
    throw new UndertoneError(
      "usage/missing",
      "Missing --grid of 'search', expected NAME=VALUES to try, or --random NAME=RANGE",
    );
  return { candidates: gridCandidates(grid), method: "grid" };
}

/** Returns the curve that is asked for instead of a search. @throws UndertoneError `usage/bad-value`. */
export function curveFromFlags(flags: FlagValues): CurveRequest | undefined {
  const [learning, validation] = [textFlag(flags, "learning-curve"), textFlag(flags, "validation-curve")];
  if (learning === undefined && validation === undefined) return undefined;
  const clash = ["grid", "random", "nested", "halving", "out"].find((name) => flags[name] !== undefined);
  if (clash || (learning !== undefined && validation !== undefined)) {
    const curve = learning === undefined ? "validation-curve" : "learning-curve";
    throw new UndertoneError(
      "usage/bad-value",
      `Got both --${curve} and --${clash ?? "validation-curve"}, expected one of them`,
    );
  }
  if (learning !== undefined) {
    const shares = learning.split(",").map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
    const bad = shares.findIndex((share) => !(share > 0 && share <= 1));
    if (bad >= 0)
      throw new UndertoneError(
        "usage/bad-value",
        `Bad value '${learning.split(",")[bad]}' for --learning-curve, expected parts above 0 up to 1 with commas between`,
      );
    return { kind: "learning", shares };
  }
  const [name, text] = pairOf(validation!, "validation-curve");
  const range = parseRange(name, text);
  if (range.kind !== "choice")
    throw new UndertoneError(
      "usage/bad-value",
      `Bad value '${text}' for --validation-curve, expected values with commas between`,
    );
  return { kind: "validation", name, values: range.values };
}

/** Returns the plan of a search, or of a curve. @throws UndertoneError `usage/*`. */
export function searchPlanFromFlags(context: CommandContext, curve: boolean): SearchRunPlan {
  const { flags } = context;
  const defaultFolds = flags.table === undefined ? "loso" : "table";
  const target = parseTarget(flags);
  if (target) checkTarget(flags, target);
  const asked = planFromFlags("search", context, undefined, defaultFolds);
  const plan = target?.kind === "votes" ? votesPlan(asked) : asked;
  const values = target?.kind === "values" ? { names: target.names, besideClasses: false } : undefined;
  const journal = textFlag(flags, "journal");
  const found = curve ? { candidates: [], method: "" } : candidatesOf(flags);
  return {
    ...plan,
    ...found,
    values,
    measure: measureOf(flags, values ? "values" : "classes"),
    ...(flags.halving === true && { halving: defaultHalving }),
    innerFolds: wholeFlag(flags, "inner", 2, 5),
    nested: flags.nested === true,
    journal,
    ...(flags.threads !== undefined && { threads: wholeFlag(flags, "threads", 1, 1) }),
  };
}

/** Returns the id of the measure. @throws UndertoneError `usage/bad-value` for one of what is not learnt. */
function measureOf(flags: FlagValues, learns: SearchMeasure["learns"]): string {
  const name = textFlag(flags, "measure");
  if (name === undefined) return searchMeasures.find((one) => one.learns === learns)!.id;
  const id = measures.get(name)!;
  if (searchMeasure(id).learns === learns) return id;
  const others = [...measures].filter(([, one]) => searchMeasure(one).learns === learns).map(([own]) => own);
  throw new UndertoneError(
    "usage/bad-value",
    `'${name}' does not measure ${learns}, expected --measure ${listChoices(others)}`,
  );
}
