/** The options of a search, which stand under `search` in a recipe. */
import { UndertoneError } from "@undertone/core/errors";
import { parseRange, searchMeasures } from "@undertone/core/evaluate";
import { z } from "zod";
import { type FlagValues, flag, listFlag } from "./flag.js";
import { option } from "./option.js";

/** The measures by their names on the command line. */
export const measureNames = new Map(
  searchMeasures.map(({ id }) => [id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), id]),
);

const choices = z.union([z.string().min(1), z.array(z.union([z.string(), z.number(), z.boolean()])).min(1)]);

/** Returns `name=text` apart. @throws UndertoneError `usage/bad-value`. */
export function pairOf(pair: string, flag: string): [string, string] {
  const at = pair.indexOf("=");
  if (at > 0 && at < pair.length - 1) return [pair.slice(0, at), pair.slice(at + 1)];
  throw new UndertoneError("usage/bad-value", `Bad value '${pair}' for --${flag}, expected NAME=VALUES`);
}

function readSpace(flags: FlagValues, flag: string): Record<string, string> | undefined {
  const pairs = listFlag(flags, flag).map((pair) => pairOf(pair, flag));
  if (pairs.length === 0) return undefined;
  const twice = pairs.find(([name], i) => pairs.findIndex(([other]) => other === name) !== i);
  if (twice)
    throw new UndertoneError("usage/bad-value", `Got --${flag} twice for '${twice[0]}', expected it once`);
  for (const [name, text] of pairs) parseRange(name, text); // refuses what is no range
  return Object.fromEntries(pairs);
}

export const searchOptions = {
  grid: option({
    schema: z
      .record(z.string().min(1), choices)
      .optional()
      .describe("values to try in every combination, such as C: [0.1, 1]"),
    flags: [
      flag(
        "grid NAME=LIST …",
        "values to try in every combination, such as C=0.01,0.1,1 or select-anova.k=50,200",
      ),
    ],
    read: (flags) => readSpace(flags, "grid"),
  }),
  random: option({
    schema: z
      .record(z.string().min(1), choices)
      .optional()
      .describe('ranges to draw from, such as C: "log-uniform:0.001:10"'),
    flags: [
      flag(
        "random NAME=RANGE …",
        "ranges to draw from: log-uniform:0.001:10, uniform:0:1, int:1:20, or a list",
      ),
    ],
    read: (flags) => readSpace(flags, "random"),
  }),
  trials: option({
    schema: z.int().min(1).optional(),
    flags: [flag("trials N", "settings that --random draws (default 20)", { type: "number" })],
    expected: "a whole number from 1",
  }),
  halving: option({
    schema: z.boolean().optional(),
    flags: [
      flag(
        "halving",
        "start all settings on few utterances, and let the best third go on with three times as many",
      ),
    ],
  }),
  inner: option({
    schema: z.int().min(2).optional(),
    flags: [
      flag(
        "inner K",
        "folds of unseen speakers that settings are judged by (default 5, or as many as there are speakers)",
        { type: "number" },
      ),
    ],
    expected: "a whole number from 2",
  }),
  nested: option({
    schema: z.boolean().optional(),
    flags: [
      flag("nested", "also score the choice itself: made anew inside the training part of each of --folds"),
    ],
  }),
  measure: option({
    schema: z.enum(searchMeasures.map(({ id }) => id)).optional(),
    flags: [
      flag("measure", "what settings are judged by, pooled over the folds (default uar; ccc with --target)", {
        choices: [...measureNames.keys()],
      }),
    ],
    read: ({ measure }) => (typeof measure === "string" ? measureNames.get(measure) : undefined),
  }),
};
