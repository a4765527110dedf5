/** `undertone compare`: whether one of two evaluations is better by more than chance. */

import { UndertoneError } from "@undertone/core/errors";
import { compareEvaluations, type EvaluationResult } from "@undertone/core/evaluate";
import { readInput } from "../../io/read-input.js";
import { flag } from "../../runs/plan/flag.js";
import type { Command } from "../command.js";
import { wholeFlag } from "../flags.js";
import { printComparison } from "../print-comparison.js";

export const compare: Command = {
  name: "compare",
  summary: "compare two evaluations of the same utterances, with intervals by speaker",
  positionals: {
    name: "A.json B.json",
    summary: "documents of evaluate --json or train --json",
    min: 2,
    max: 2,
  },
  flags: [flag("seed N", "seed of the bootstrap (default 1)", { type: "number" })],
  examples: [
    "undertone evaluate --recipe recipes/ravdess.json --data corpora/ravdess --json > a.json",
    "undertone compare a.json b.json",
  ],
  async run({ positionals, flags, print, printJson }) {
    const seed = wholeFlag(flags, "seed", { low: 0 }) ?? 1;
    const [a, b] = [await readEvaluation(positionals[0]), await readEvaluation(positionals[1])];
    const comparison = compareEvaluations(a, b, { seed });
    print(printComparison(comparison, [a.protocol.summary, b.protocol.summary]));
    printJson({ a: a.protocol, b: b.protocol, ...comparison });
  },
};

/** Returns the evaluation in a file, whether `evaluate` or `train` wrote it. @throws UndertoneError `file/*`, `usage/bad-value`. */
async function readEvaluation(path: string): Promise<EvaluationResult> {
  const text = new TextDecoder().decode(await readInput(path));
  let document: (Partial<EvaluationResult> & { evaluation?: Partial<EvaluationResult> }) | null;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new UndertoneError(
      "usage/bad-value",
      `'${path}' is no JSON document, expected what 'undertone evaluate --json' or 'undertone train --json' prints`,
      {
        cause,
      },
    );
  }
  const result = document?.evaluation?.predictions ? document.evaluation : document;
  if (!Array.isArray(result?.predictions) || !Array.isArray(result.classes) || !result.protocol) {
    throw new UndertoneError(
      "usage/bad-value",
      `'${path}' holds no evaluation, expected a document of 'evaluate --json' or 'train --json'`,
    );
  }
  return { ...result, leaks: result.leaks ?? [] } as EvaluationResult;
}
