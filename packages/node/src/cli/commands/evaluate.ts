/** `undertone evaluate`: honest scores of a model on speakers that it has not heard. */
import {
  type DimensionName,
  type EvaluationResult,
  UndertoneError,
  type ValueEvaluation,
} from "@undertone/core";
import type { EvaluationRun } from "../../runs/evaluate-run.js";
import type { Command, CommandContext, FlagValues } from "../command.js";
import {
  adaptFlag,
  attributesFlag,
  calibrationFlag,
  dataChoiceFlags,
  dataFlag,
  listFlag,
  modelFlags,
  parseTarget,
  protocolFlags,
  seedFlag,
  speedFlags,
  tableFlag,
  targetFlag,
  textFlag,
} from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";
import { planFromFlags } from "../plan.js";
import { repeatCommand } from "../repeat-command.js";
import { runHooks } from "../run-hooks.js";
import { checkTarget, votesPlan } from "../target.js";

export const evaluate: Command = {
  name: "evaluate",
  summary: "score a model on speakers that it has not heard",
  flags: [
    dataFlag,
    tableFlag,
    ...modelFlags,
    targetFlag,
    attributesFlag,
    ...speedFlags,
    adaptFlag,
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
    const target = parseTarget(flags);
    if (target) checkTarget(flags, target);
    await addGivenEncoders(context);
    if (target?.kind === "values") return evaluateDimensions(context, target.names);
    if (artifact !== undefined) return evaluateGiven(context, artifact);
    const { hooks, end } = runHooks(context);
    let run: EvaluationRun;
    let title = "Evaluation";
    let check: (() => void) | undefined;
    try {
      const { checkExpected, readRecipe } =
        recipeFile === undefined ? {} : await import("../../runs/recipe.js");
      const recipe = recipeFile === undefined ? undefined : await readRecipe!(recipeFile);
      const asked = planFromFlags(
        "evaluate",
        context,
        recipe,
        flags.table === undefined ? undefined : "table",
      );
      const plan = target ? votesPlan(asked) : asked;
      const { evaluateRun } = await import("../../runs/evaluate-run.js");
      const robustness = robustnessFlags(flags);
      run = await evaluateRun({ ...plan, importance: flags.importance === true, robustness }, hooks);
      if (recipe) {
        title = recipe.title;
        check = () => checkExpected!(recipe, run.result);
      }
    } finally {
      end();
    }
    const { result, data } = run;
    if (report !== undefined) await writeReport(report, result, { context, title });
    if (!json) {
      const { printEvaluation } = await import("../print-evaluation.js");
      print(printEvaluation(result));
      if (report !== undefined) print(`Report: ${report}`);
    }
    check?.();
    printJson({ ...result, broken: data.broken, ...(report === undefined ? {} : { report }) });
  },
};

/** `evaluate --target`: arousal, valence, dominance. */
async function evaluateDimensions(
  context: CommandContext,
  names: readonly DimensionName[] | "all",
): Promise<void> {
  const { flags, json, print, printJson } = context;
  const plan = planFromFlags("evaluate", context, undefined, flags.table === undefined ? undefined : "table");
  const report = textFlag(flags, "report");
  const { hooks, end } = runHooks(context);
  try {
    const { evaluateValuesRun } = await import("../../runs/evaluate-values.js");
    const { result, broken } = await evaluateValuesRun(
      { ...plan, values: { names, besideClasses: false } },
      hooks,
    );
    end();
    if (report !== undefined) await writeValueReport(report, result, { context, title: "Evaluation" });
    if (!json) {
      const { printValues } = await import("../print-values.js");
      print(printValues(result));
      if (report !== undefined) print(`Report: ${report}`);
    }
    printJson({ ...result, broken, ...(report === undefined ? {} : { report }) });
  } finally {
    end();
  }
}

async function writeValueReport(
  path: string,
  result: ValueEvaluation,
  { context, title }: { context: CommandContext; title: string },
): Promise<void> {
  const [{ howMade, renderValueReport }, { writeAtomic }] = await Promise.all([
    import("../../runs/report/index.js"),
    import("../../io/write-atomic.js"),
  ]);
  const command = repeatCommand("evaluate", context);
  await writeAtomic(path, renderValueReport(result, { title, command, ...howMade(result) }));
}

/** `evaluate --artifact`: classes, values, or both, as the artifact gives them. */
async function evaluateGiven(context: CommandContext, artifact: string): Promise<void> {
  const { flags, json, print, printJson } = context;
  const data = listFlag(flags, "data");
  if (data.length === 0)
    throw new UndertoneError(
      "usage/missing",
      "Missing --data of 'evaluate', expected the folder of a corpus or a manifest",
    );
  const clash = settledByArtifact.find((name) => flags[name] !== undefined);
  if (clash)
    throw new UndertoneError("usage/bad-value", `Got both --artifact and --${clash}, expected one of them`);
  const report = textFlag(flags, "report");
  const corpus = textFlag(flags, "corpus");
  const labelMap = textFlag(flags, "label-map");
  const robustness = robustnessFlags(flags);
  const { hooks, end } = runHooks(context);
  try {
    const { evaluateArtifact } = await import("../../runs/evaluate-artifact.js");
    const { result, values, broken } = await evaluateArtifact(
      artifact,
      {
        data,
        ...(corpus === undefined ? {} : { corpus }),
        ...(labelMap === undefined ? {} : { labelMap }),
        skipBroken: flags["skip-broken"] === true,
        allowLeak: listFlag(flags, "allow-leak"),
        seed: seedFlag(flags),
        robustness,
      },
      hooks,
    );
    end();
    const title = `Evaluation of ${artifact}`;
    if (report !== undefined && result) await writeReport(report, result, { context, title, values });
    else if (report !== undefined) await writeValueReport(report, values!, { context, title });
    if (!json) {
      if (result) print((await import("../print-evaluation.js")).printEvaluation(result));
      if (values) print((await import("../print-values.js")).printValues(values));
      if (report !== undefined) print(`Report: ${report}`);
    }
    printJson({
      ...(result ? { ...result, values } : values),
      broken,
      ...(report === undefined ? {} : { report }),
    });
  } finally {
    end();
  }
}

/** What an artifact settles, and flags therefore may not. */
const settledByArtifact = [
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
  "importance",
];

async function writeReport(
  path: string,
  result: EvaluationResult,
  about: { context: CommandContext; title: string; values?: ValueEvaluation | undefined },
): Promise<void> {
  const { context, title, values } = about;
  const [{ howMade, renderReport }, { writeAtomic }] = await Promise.all([
    import("../../runs/report/index.js"),
    import("../../io/write-atomic.js"),
  ]);
  const command = repeatCommand("evaluate", context);
  const options = { title, command, ...howMade(result), values };
  await writeAtomic(path, renderReport(result, options));
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
