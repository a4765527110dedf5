/** `undertone evaluate`: honest scores of a model on speakers that it has not heard. */

import { UndertoneError } from "@undertone/core/errors";
import { type Evaluation, evaluationDocument } from "@undertone/core/evaluate";
import type { LoadedData, RunHooks } from "../../runs/load-data.js";
import { flag } from "../../runs/plan/flag.js";
import { refuseMissingFlags } from "../../runs/plan/option.js";
import type { Command, CommandContext } from "../command.js";
import { dataPositionals, listFlag, textFlag } from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";
import { artifactPlanFromFlags, planFlags, planFromFlags, unchecked } from "../plan.js";
import { repeatCommand } from "../repeat-command.js";
import { runHooks } from "../run-hooks.js";

export const evaluate: Command = {
  name: "evaluate",
  summary: "score a model on speakers that it has not heard",
  positionals: dataPositionals,
  flags: planFlags("evaluate", [
    flag(
      "artifact REF",
      "score this artifact, a file or one that ships, as it is, instead of fitting --features and --model",
    ),
    flag("report FILE", "write the report, one HTML file"),
  ]),
  examples: [
    "undertone evaluate --recipe recipes/ravdess.json --data corpora/ravdess --json",
    "undertone evaluate --data rated.csv --features seed-v1 --model ridge-regression --target arousal,valence --folds loso",
    "undertone evaluate --data corpora/tess --features seed-v1 --model linear-svm --folds loso --report tess.html",
  ],
  async run(context) {
    const { flags, json, print, printJson, warn } = context;
    const artifact = textFlag(flags, "artifact");
    const report = textFlag(flags, "report");
    const { hooks, end } = runHooks(context);
    try {
      const { result, data, title, check } = await (artifact === undefined
        ? evaluatePlanned(context, hooks)
        : evaluateGiven(context, artifact, hooks));
      end();
      if (report !== undefined) {
        const [{ reportOf }, { writeAtomic }] = await Promise.all([
          import("../../runs/report/report-of.js"),
          import("../../io/write-atomic.js"),
        ]);
        const command = repeatCommand("evaluate", context);
        await writeAtomic(report, await reportOf(result, { data, report, title, command }));
      }
      if (!json) {
        const { printEvaluation } = await import("../print-evaluation.js");
        print(printEvaluation(result));
        if (report !== undefined) print(`Report: ${report}`);
      }
      check?.(warn);
      printJson({ ...evaluationDocument(result), broken: data.broken, report });
    } finally {
      end();
    }
  },
};

/** An evaluation, what it is called, and what to check when it has been shown. */
interface Evaluated {
  readonly result: Evaluation;
  readonly data: LoadedData;
  readonly title: string;
  readonly check?: ((warn: CommandContext["warn"]) => void) | undefined;
}

async function evaluatePlanned(context: CommandContext, hooks: RunHooks): Promise<Evaluated> {
  const model = textFlag(context.flags, "model");
  if (model?.endsWith(".onnx"))
    throw new UndertoneError(
      "usage/bad-value",
      `'${model}' for --model is a trained model, not the kind of one, expected --artifact '${model}'`,
    );
  const plan = await planFromFlags("evaluate", context);
  await addGivenEncoders(context);
  const { evaluateRun } = await import("../../runs/evaluate-run.js");
  const { data, changes, ...result } = await evaluateRun(plan, hooks);
  const { recipe } = plan;
  if (!recipe) return { result, data, title: "Evaluation" };
  const { checkExpected } = await import("../../runs/recipe.js");
  return {
    result,
    data,
    title: recipe.title,
    check: (warn) => (changes.length > 0 ? warn(unchecked(changes)) : checkExpected(recipe, result)),
  };
}

/** `evaluate --artifact`: classes, values, or both, as the artifact gives them. */
async function evaluateGiven(context: CommandContext, artifact: string, hooks: RunHooks): Promise<Evaluated> {
  const recordings = listFlag(context.flags, "data");
  const plan = artifactPlanFromFlags(context);
  if (recordings.length === 0)
    refuseMissingFlags("evaluate", [{ flag: "data", expected: "the folder of a corpus or a manifest" }]);
  await addGivenEncoders(context);
  const { evaluateArtifact } = await import("../../runs/evaluate-artifact.js");
  const skipBroken = context.flags["skip-broken"] === true;
  const { data, ...result } = await evaluateArtifact(
    artifact,
    { ...plan, data: recordings, skipBroken },
    hooks,
  );
  return { result, data, title: `Evaluation of ${artifact}` };
}
