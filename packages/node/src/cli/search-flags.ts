/** The flags of `search` beside its plan: curves, and how the fits are done and kept. */

import { UndertoneError } from "@undertone/core/errors";
import { parseRange } from "@undertone/core/evaluate";
import { flag } from "../runs/plan/flag.js";
import { pairOf } from "../runs/plan/search-options.js";
import type { CurveRequest } from "../runs/search/search-run.js";
import type { Flag, FlagValues } from "./command.js";
import { textFlag } from "./flags.js";

export const searchFlags: readonly Flag[] = [
  flag(
    "learning-curve LIST",
    "instead of a search: scores with these shares of each fold's training speakers, such as 0.25,0.5,1",
  ),
  flag(
    "validation-curve NAME=LIST",
    "instead of a search: scores of training part and unseen part over the values of one parameter",
  ),
  flag(
    "journal DIR",
    "keep each fit here, also when the search has ended (default: in the cache until then)",
  ),
  flag("threads N", "threads to fit on (default: all of the machine)", { type: "number" }),
  flag("out FILE", "write the best setting as a recipe (.json)"),
];

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
