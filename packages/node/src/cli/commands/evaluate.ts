/** `undertone evaluate`: honest scores of a model on speakers that it has not heard. */
import { dimensionNames, type EvaluationResult, listChoices, UndertoneError } from "@undertone/core";
import type { BrokenFile } from "../../runs/extract-table.js";
import type { Command, CommandContext, FlagValues } from "../command.js";
import {
  attributesFlag,
  calibrationFlag,
  dataChoiceFlags,
  dataFlag,
  listFlag,
  modelFlags,
  protocolFlags,
  seedFlag,
  speedFlags,
  textFlag,
} from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";
import { planFromFlags } from "../plan.js";
import { repeatCommand } from "../repeat-command.js";
import { runHooks } from "../run-hooks.js";

export const evaluate: Command = {
  name: "evaluate",
  summary: "score a model on speakers that it has not heard",
  flags: [
    dataFlag,
    {
      name: "table",
      type: "string",
      value: "FILE",
      summary: "feature table with id, speaker and label columns instead of --data",
    },
    ...modelFlags,
    {
      name: "target",
      type: "string",
      value: "LIST",
      summary:
        "predict values instead of classes: arousal, valence, dominance or several, such as arousal,valence; --model is then a regressor",
    },
    attributesFlag,
    ...speedFlags,
    {
      name: "adapt",
      type: "string",
      value: "SPEC",
      summary:
        "speaker: adapt to each test speaker by the mean of all the speaker's utterances, unlabelled; speaker:N by N drawn ones",
    },
    {
      name: "artifact",
      type: "string",
      value: "FILE",
      summary: "score this artifact as it is, instead of fitting --features and --model",
    },
    {
      name: "recipe",
      type: "string",
      value: "FILE",
      summary: "repeat a recipe, and fail when its result is missed",
    },
    ...protocolFlags,
    calibrationFlag,
    ...dataChoiceFlags,
    {
      name: "importance",
      type: "boolean",
      summary: "also tell which features the model needs, and which way they move its answers",
    },
    {
      name: "robustness",
      type: "boolean",
      summary: "also score clips through gain, noise, telephone and rooms; needs --data",
    },
    {
      name: "robustness-clips",
      type: "number",
      value: "N",
      summary: "test clips that --robustness draws, evenly over speakers (default 240)",
    },
    {
      name: "noise",
      type: "string",
      value: "DIR",
      many: true,
      summary: "folder of recorded noise for --robustness",
    },
    { name: "report", type: "string", value: "FILE", summary: "write the report, one HTML file" },
  ],
  examples: [
    "undertone evaluate --recipe recipes/ravdess.json --data corpora/ravdess --json",
    "undertone evaluate --data rated.csv --features seed-v1 --model ridge-regression --target arousal,valence --folds loso",
    "undertone evaluate --data corpora/tess --features seed-v1 --model linear-svm --folds loso --report tess.html",
  ],
  async run(context) {
    const { flags, json, print, printJson } = context;
    const artifact = textFlag(flags, "artifact");
    const recipeFile = textFlag(flags, "recipe");
    const report = textFlag(flags, "report");
    const target = textFlag(flags, "target");
    await addGivenEncoders(context);
    if (target !== undefined) return evaluateTarget(context, target);
    const { hooks, end } = runHooks(context);
    let result: EvaluationResult;
    let broken: readonly BrokenFile[];
    let title = "Evaluation";
    let check: (() => void) | undefined;
    try {
      if (artifact !== undefined) {
        const data = listFlag(flags, "data");
        if (data.length === 0)
          throw new UndertoneError(
            "usage/missing",
            "Missing --data of 'evaluate', expected the folder of a corpus or a manifest",
          );
        const clash = [
          "recipe",
          "features",
          "model",
          "param",
          "prepare",
          "attributes",
          "train-speeds",
          "test-speeds",
          "adapt",
          "folds",
          "table",
          "group",
          "calibration",
          "robustness",
          "importance",
        ].find((name) => flags[name] !== undefined);
        if (clash)
          throw new UndertoneError(
            "usage/bad-value",
            `Got both --artifact and --${clash}, expected one of them`,
          );
        const { evaluateArtifact } = await import("../../runs/evaluate-artifact.js");
        const corpus = textFlag(flags, "corpus");
        const labelMap = textFlag(flags, "label-map");
        ({ result, broken } = await evaluateArtifact(
          artifact,
          {
            data,
            ...(corpus === undefined ? {} : { corpus }),
            ...(labelMap === undefined ? {} : { labelMap }),
            skipBroken: flags["skip-broken"] === true,
            allowLeak: listFlag(flags, "allow-leak"),
            seed: seedFlag(flags),
          },
          hooks,
        ));
        title = `Evaluation of ${artifact}`;
      } else {
        const { checkExpected, readRecipe } =
          recipeFile === undefined ? {} : await import("../../runs/recipe.js");
        const recipe = recipeFile === undefined ? undefined : await readRecipe!(recipeFile);
        const plan = planFromFlags(
          "evaluate",
          context,
          recipe,
          flags.table === undefined ? undefined : "table",
        );
        const { evaluateRun } = await import("../../runs/evaluate-run.js");
        const robustness = robustnessFlags(flags);
        const run = await evaluateRun(
          { ...plan, importance: flags.importance === true, ...(robustness && { robustness }) },
          hooks,
        );
        result = run.result;
        broken = run.data.broken;
        if (recipe) {
          title = recipe.title;
          check = () => checkExpected!(recipe, result);
        }
      }
    } finally {
      end();
    }
    if (report !== undefined) {
      const [{ howMade, renderReport }, { writeAtomic }] = await Promise.all([
        import("../../runs/report/index.js"),
        import("../../io/write-atomic.js"),
      ]);
      await writeAtomic(
        report,
        renderReport(result, { title, command: repeatCommand("evaluate", context), ...howMade(result) }),
      );
    }
    if (!json) {
      const { printEvaluation } = await import("../print-evaluation.js");
      print(printEvaluation(result));
      if (report !== undefined) print(`Report: ${report}`);
    }
    check?.();
    printJson({ ...result, broken, ...(report === undefined ? {} : { report }) });
  },
};

/** Flags that have no meaning for values. */
const onlyForClasses = [
  "artifact",
  "recipe",
  "table",
  "label-map",
  "prepare",
  "train-speeds",
  "test-speeds",
  "adapt",
  "calibration",
  "robustness",
  "importance",
  "report",
];

async function evaluateTarget(context: CommandContext, target: string): Promise<void> {
  const { flags, json, print, printJson } = context;
  const clash = onlyForClasses.find((name) => flags[name] !== undefined);
  if (clash)
    throw new UndertoneError(
      "usage/bad-value",
      `Got both --target and --${clash}, which is for classes only`,
    );
  const names = target.split(",").map((word) => {
    const name = dimensionNames.find((known) => known === word.trim());
    if (name) return name;
    throw new UndertoneError(
      "usage/bad-value",
      `Bad value '${word}' for --target, expected ${listChoices(dimensionNames)}`,
    );
  });
  const { features, ...plan } = planFromFlags("evaluate", context, undefined);
  const { hooks, end } = runHooks(context);
  try {
    const { evaluateValues } = await import("../../runs/evaluate-values.js");
    const run = await evaluateValues({ ...plan, features: features! }, [...new Set(names)], hooks);
    if (!json) {
      const { printValues } = await import("../print-values.js");
      print(printValues(run.result));
    }
    printJson({ ...run.result, broken: run.broken });
  } finally {
    end();
  }
}

/** Returns what --robustness asks for, or undefined. @throws UndertoneError `usage/bad-value`. */
function robustnessFlags(flags: FlagValues): { clips: number; noise: readonly string[] } | undefined {
  const clips = flags["robustness-clips"] ?? 240;
  if (typeof clips !== "number" || !Number.isInteger(clips) || clips < 1)
    throw new UndertoneError(
      "usage/bad-value",
      `Bad value '${clips}' for --robustness-clips, expected a whole number from 1`,
    );
  if (flags.robustness !== true) return undefined;
  if (flags.table !== undefined)
    throw new UndertoneError(
      "usage/bad-value",
      "Got both --robustness and --table, expected recordings (--data) to degrade",
    );
  return { clips, noise: listFlag(flags, "noise") };
}
