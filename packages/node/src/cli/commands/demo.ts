/** `undertone demo`: the main job on real data that ships with Undertone, in seconds. */

import { join } from "node:path";
import { shippedPath } from "../../io/places.js";
import { flag } from "../../runs/plan/flag.js";
import { checkExpected, readRecipe } from "../../runs/recipe.js";
import { trainRun } from "../../runs/train-run.js";
import type { Command } from "../command.js";
import { printEvaluation } from "../print-evaluation.js";
import { runHooks } from "../run-hooks.js";

export const demo: Command = {
  name: "demo",
  summary:
    "train and evaluate on the feature table of RAVDESS that ships, write an artifact and a report into ./out",
  flags: [flag("out DIR", "folder for the artifact and the report", { default: "out" })],
  examples: ["undertone demo", "npm run demo"],
  async run(context) {
    const { flags, print, printJson } = context;
    const started = performance.now();
    const recipe = await readRecipe(shippedPath("recipes/ravdess.json"));
    const table = shippedPath(`data/${recipe.corpus}-${recipe.features}.parquet`);
    const { hooks, end } = runHooks(context);
    try {
      print(`${recipe.title}\nFrom the feature table ${table}\n`);
      const run = await trainRun(
        { ...recipe, data: [], table, folds: "table" },
        { out: join(String(flags.out), `${recipe.corpus}.onnx`), title: recipe.title },
        hooks,
      );
      end();
      checkExpected(recipe, run);
      const seconds = (performance.now() - started) / 1000;
      print(printEvaluation(run));
      print(`Artifact: ${run.out} (${Math.ceil(run.bytes / 1024)} KiB)`);
      print(`Report:   ${run.report} (open it in a browser)`);
      print(`Try it:   npx undertone predict --model ${run.out} CLIP`);
      print(`${seconds.toFixed(1)} s in all`);
      printJson({
        artifact: run.out,
        bytes: run.bytes,
        report: run.report,
        seconds,
        evaluation: run.classes,
      });
    } finally {
      end();
    }
  },
};
