/** `undertone train`: a model fitted on all the data, its honest evaluation, and both in one artifact with a report beside it. */

import { flag } from "../../runs/plan/flag.js";
import type { TrainingRun } from "../../runs/train-run.js";
import type { Command, CommandContext } from "../command.js";
import { dataPositionals, textFlag, withEnding } from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";
import { planFlags, planFromFlags, unchecked } from "../plan.js";
import { quoted, repeatCommand } from "../repeat-command.js";
import { runHooks } from "../run-hooks.js";

export const train: Command = {
  name: "train",
  summary: "fit a model, evaluate it on unseen speakers, write an artifact, a report and a model card",
  positionals: {
    ...dataPositionals,
    summary: `${dataPositionals.summary}; nothing else has to be said (docs/your-recordings.md)`,
  },
  flags: planFlags("train", [
    flag(
      "out FILE",
      "the artifact, ending in .onnx; report and card are written beside it, ending in .html and .md (default: named after the data, in the current folder, with a number where that name is taken)",
    ),
  ]),
  examples: [
    "undertone train my-recordings",
    "undertone train --recipe recipes/ravdess.json --data corpora/ravdess --out ravdess.onnx",
    "undertone train --data rated.csv --features seed-v1 --model ridge-regression --target all --out values.onnx",
    "undertone train --data recordings --features seed-v1 --model logistic-regression --param C=0.1 --out mine.onnx",
  ],
  async run(context) {
    const { flags, json, printJson, warn } = context;
    const out = withEnding(textFlag(flags, "out"), ".onnx");
    const plan = await planFromFlags("train", context);
    await addGivenEncoders(context);
    const { trainRun } = await import("../../runs/train-run.js");
    const { hooks, end } = runHooks(context);
    try {
      const run = await trainRun(plan, { out, command: repeatCommand("train", context) }, hooks);
      end();
      if (run.changes.length > 0) warn(unchecked(run.changes));
      if (!json) await printRun(run, context);
      const { classes, values } = run;
      printJson({
        artifact: run.out,
        bytes: run.bytes,
        report: run.report,
        card: run.card,
        chosen: run.chosen,
        broken: run.broken,
        abstention: run.abstention,
        evaluation: classes ?? values,
        ...(classes && { values }),
      });
    } finally {
      end();
    }
  },
};

async function printRun(run: TrainingRun, { flags, print }: CommandContext): Promise<void> {
  const { classes, values, abstention, out, bytes, report, card } = run;
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
  const same = ["data", "corpus", "speaker-from", "label-map", "skip-broken"];
  const explore = repeatCommand("explore", {
    flags: Object.fromEntries(same.map((name) => [name, flags[name]])),
  });
  print(
    [
      `\nArtifact: ${out} (${Math.ceil(bytes / 1024)} KiB)`,
      `Report:   ${report} (open it in a browser)`,
      `Card:     ${card}`,
      `Next:     undertone predict CLIP --model ${quoted(out)}`,
      ...(flags.data === undefined ? [] : [`          ${explore}`]),
    ].join("\n"),
  );
}
