/** `undertone train`: a model fitted on all the data, its honest evaluation, and both in one artifact with a report beside it. */
import { UndertoneError } from "@undertone/core";
import type { EvaluationPlan } from "../../runs/evaluate-run.js";
import type { TrainingRun } from "../../runs/train-run.js";
import type { Command, CommandContext, FlagValues } from "../command.js";
import {
  calibrationFlag,
  dataChoiceFlags,
  dataFlag,
  listFlag,
  modelFlags,
  neededFlag,
  parseParameters,
  parseTarget,
  protocolFlags,
  speedFlags,
  type Target,
  tableFlag,
  targetFlag,
  textFlag,
} from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";
import { planFromFlags } from "../plan.js";
import { repeatCommand } from "../repeat-command.js";
import { runHooks } from "../run-hooks.js";
import { checkTarget, votesPlan } from "../target.js";

export const train: Command = {
  name: "train",
  summary: "fit a model, evaluate it on unseen speakers, write an artifact and a report",
  flags: [
    dataFlag,
    tableFlag,
    ...modelFlags,
    targetFlag,
    {
      name: "value-model",
      type: "string",
      value: "KIND",
      summary:
        "learn the values of --target beside classes, in one artifact: the regressor; --model is then of classes",
    },
    {
      name: "value-param",
      type: "string",
      value: "NAME=VALUE",
      many: true,
      summary: "hyper-parameter of --value-model, such as alpha=10",
    },
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
    "undertone train --data rated.csv --features seed-v1 --model ridge-regression --target all --out values.onnx",
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
    const target = parseTarget(flags);
    const values = valuesOfFlags(flags, target);
    if (target) checkTarget(flags, target, values?.valueModel !== undefined);
    await addGivenEncoders(context);
    const recipeFile = textFlag(flags, "recipe");
    const { checkExpected, readRecipe } =
      recipeFile === undefined ? {} : await import("../../runs/recipe.js");
    const recipe = recipeFile === undefined ? undefined : await readRecipe!(recipeFile);
    const asked = planFromFlags("train", context, recipe, flags.table === undefined ? "loso" : "table");
    const plan = target?.kind === "votes" ? votesPlan(asked) : { ...asked, ...values };
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
      if (!json) await printRun(run, print);
      printJson({
        artifact: run.out,
        bytes: run.bytes,
        report: run.report,
        broken: run.broken,
        abstention: run.abstention,
        evaluation: run.classes ?? run.values,
        ...(run.classes && { values: run.values }),
      });
    } finally {
      end();
    }
  },
};

async function printRun(run: TrainingRun, print: CommandContext["print"]): Promise<void> {
  const { classes, values, abstention, out, bytes, report } = run;
  const { printEvaluation } = await import("../print-evaluation.js");
  if (classes) print(printEvaluation({ classes }));
  if (abstention) {
    const { coverage, risk, minConfidence } = abstention;
    const { percent } = await import("../../runs/report/words.js");
    print(
      `Below ${percent(minConfidence)} confidence it stays silent: it answers ${percent(coverage)} of the clips of unseen speakers, ${percent(risk)} of the answers are wrong.`,
    );
  }
  if (values) print(printEvaluation({ values }));
  print(`Artifact: ${out} (${Math.ceil(bytes / 1024)} KiB)\nReport:   ${report}`);
}

/** Returns the values of --target, and the regressor that learns them beside classes; undefined without. @throws UndertoneError `usage/bad-value`. */
function valuesOfFlags(
  flags: FlagValues,
  target: Target | undefined,
): Pick<EvaluationPlan, "valueModel" | "values"> | undefined {
  const kind = textFlag(flags, "value-model");
  if (kind === undefined && flags["value-param"] !== undefined)
    throw new UndertoneError("usage/bad-value", "Got --value-param without --value-model, expected both");
  if (target?.kind === "values") {
    const params = parseParameters(listFlag(flags, "value-param"));
    return {
      values: { names: target.names, besideClasses: kind !== undefined },
      ...(kind !== undefined && { valueModel: { kind, params } }),
    };
  }
  if (kind === undefined) return undefined;
  throw new UndertoneError(
    "usage/bad-value",
    `Got --value-model with ${target ? "--target votes" : "no --target"}, expected the values that it learns, such as --target all`,
  );
}
