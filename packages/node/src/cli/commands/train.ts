/** `undertone train`: a model fitted on all the data, its honest evaluation, and both in one artifact with a report beside it. */
import { UndertoneError } from "@undertone/core";
import type { Command } from "../command.js";
import {
  calibrationFlag,
  dataChoiceFlags,
  dataFlag,
  modelFlags,
  neededFlag,
  protocolFlags,
  speedFlags,
  textFlag,
} from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";
import { planFromFlags } from "../plan.js";
import { repeatCommand } from "../repeat-command.js";
import { runHooks } from "../run-hooks.js";

export const train: Command = {
  name: "train",
  summary: "fit a model, evaluate it on unseen speakers, write an artifact and a report",
  flags: [
    dataFlag,
    {
      name: "table",
      type: "string",
      value: "FILE",
      summary: "feature table with id, speaker and label columns instead of --data",
    },
    ...modelFlags,
    ...speedFlags,
    { name: "recipe", type: "string", value: "FILE", summary: "take all of the run from a recipe" },
    {
      name: "out",
      type: "string",
      value: "FILE",
      summary: "the artifact, ending in .onnx; the report is written beside it, ending in .html",
    },
    ...protocolFlags,
    calibrationFlag,
    {
      name: "max-risk",
      type: "number",
      value: "PART",
      summary:
        "part of the answers that may be wrong, such as 0.3: the model stays silent where it is less sure",
    },
    ...dataChoiceFlags,
  ],
  examples: [
    "undertone train --recipe recipes/ravdess.json --data corpora/ravdess --out ravdess.onnx",
    "undertone train --data recordings --features seed-v1 --model logistic-regression --param C=0.1 --out mine.onnx",
  ],
  async run(context) {
    const { flags, json, print, printJson } = context;
    const out = neededFlag(context, "train", "out", "a file ending in .onnx");
    if (!out.endsWith(".onnx"))
      throw new UndertoneError(
        "usage/bad-value",
        `Bad value '${out}' for --out, expected a file ending in .onnx`,
      );
    const recipeFile = textFlag(flags, "recipe");
    const { checkExpected, readRecipe } =
      recipeFile === undefined ? {} : await import("../../runs/recipe.js");
    const recipe = recipeFile === undefined ? undefined : await readRecipe!(recipeFile);
    await addGivenEncoders(context);
    const plan = planFromFlags("train", context, recipe, flags.table === undefined ? "loso" : "table");
    const { trainRun } = await import("../../runs/train-run.js");
    const { hooks, end } = runHooks(context);
    try {
      const run = await trainRun(
        plan,
        {
          ...(recipe ? { title: recipe.title, check: (result) => checkExpected!(recipe, result) } : {}),
          out,
          command: repeatCommand("train", context),
        },
        hooks,
      );
      end();
      if (!json) {
        const { printEvaluation } = await import("../print-evaluation.js");
        const { percent } = await import("../../runs/report/words.js");
        print(printEvaluation(run.result));
        if (run.abstention) {
          const { coverage, risk, minConfidence } = run.abstention;
          print(
            `Below ${percent(minConfidence)} confidence it stays silent: it answers ${percent(coverage)} of the clips of unseen speakers, ${percent(risk)} of the answers are wrong.`,
          );
        }
        print(`Artifact: ${run.out} (${Math.ceil(run.bytes / 1024)} KiB)\nReport:   ${run.report}`);
      }
      printJson({
        artifact: run.out,
        bytes: run.bytes,
        report: run.report,
        broken: run.broken,
        ...(run.abstention && { abstention: run.abstention }),
        evaluation: run.result,
      });
    } finally {
      end();
    }
  },
};
