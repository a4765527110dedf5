/** `undertone evaluate`: honest scores of a model on speakers that it has not heard. */
import { type Evaluation, evaluationDocument, UndertoneError } from "@undertone/core";
import type { EvaluationPlan, EvaluationRun } from "../../runs/evaluate-run.js";
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
    const { flags } = context;
    const artifact = textFlag(flags, "artifact");
    const recipeFile = textFlag(flags, "recipe");
    const target = parseTarget(flags);
    if (target) checkTarget(flags, target);
    await addGivenEncoders(context);
    if (artifact !== undefined) return evaluateGiven(context, artifact);
    const { hooks, end } = runHooks(context);
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
      const { evaluateRun } = await import("../../runs/evaluate-run.js");
      const plan = { ...targetPlan(asked, target), robustness: robustnessFlags(flags) };
      const { data, ...evaluation } = await evaluateRun(
        { ...plan, importance: flags.importance === true },
        hooks,
      );
      end();
      await show(context, evaluation, {
        title: recipe?.title ?? "Evaluation",
        broken: data.broken,
        check: () => recipe && checkExpected!(recipe, evaluation.classes!),
      });
    } finally {
      end();
    }
  },
};

/** Returns the plan of learning what --target asks for. @throws UndertoneError `usage/bad-value`. */
function targetPlan(plan: EvaluationPlan, target: Target | undefined): EvaluationPlan {
  if (!target) return plan;
  return target.kind === "votes"
    ? votesPlan(plan)
    : { ...plan, values: { names: target.names, besideClasses: false } };
}

/** Writes the report, prints the tables or the document; `check` refuses a result once it has been shown. */
async function show(
  context: CommandContext,
  evaluation: Evaluation,
  about: { title: string; broken: EvaluationRun["data"]["broken"]; check?: () => void },
): Promise<void> {
  const { flags, json, print, printJson } = context;
  const { title, broken, check } = about;
  const report = textFlag(flags, "report");
  if (report !== undefined) {
    const [{ renderReport }, { writeAtomic }] = await Promise.all([
      import("../../runs/report/index.js"),
      import("../../io/write-atomic.js"),
    ]);
    const command = repeatCommand("evaluate", context);
    await writeAtomic(report, renderReport(evaluation, { title, command }));
  }
  if (!json) {
    const { printEvaluation } = await import("../print-evaluation.js");
    print(printEvaluation(evaluation));
    if (report !== undefined) print(`Report: ${report}`);
  }
  check?.();
  printJson({ ...evaluationDocument(evaluation), broken, report });
}

/** `evaluate --artifact`: classes, values, or both, as the artifact gives them. */
async function evaluateGiven(context: CommandContext, artifact: string): Promise<void> {
  const { flags } = context;
  const data = listFlag(flags, "data");
  if (data.length === 0)
    throw new UndertoneError(
      "usage/missing",
      "Missing --data of 'evaluate', expected the folder of a corpus or a manifest",
    );
  const clash = settledByArtifact.find((name) => flags[name] !== undefined);
  if (clash)
    throw new UndertoneError("usage/bad-value", `Got both --artifact and --${clash}, expected one of them`);
  const corpus = textFlag(flags, "corpus");
  const labelMap = textFlag(flags, "label-map");
  const robustness = robustnessFlags(flags);
  const { hooks, end } = runHooks(context);
  try {
    const { evaluateArtifact } = await import("../../runs/evaluate-artifact.js");
    const { broken, ...evaluation } = await evaluateArtifact(
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
    await show(context, evaluation, { title: `Evaluation of ${artifact}`, broken });
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
