/** `undertone search`: hyper-parameters chosen on speakers inside the training part, and honest scores of that choice. */
import { dirname, relative, resolve } from "node:path";
import { UndertoneError } from "@undertone/core";
import type { Recipe } from "../../runs/recipe.js";
import type { SearchRun, SearchRunPlan } from "../../runs/search/search-run.js";
import type { Command } from "../command.js";
import {
  adaptFlag,
  attributesFlag,
  calibrationFlag,
  dataChoiceFlags,
  dataFlag,
  modelFlags,
  protocolFlags,
  speedFlags,
  tableFlag,
  targetFlag,
  textFlag,
} from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";
import { runHooks } from "../run-hooks.js";
import { curveFromFlags, searchFlags, searchPlanFromFlags } from "../search-flags.js";

export const search: Command = {
  name: "search",
  summary: "choose hyper-parameters on unseen speakers: grid, random, successive halving; nested; curves",
  flags: [
    dataFlag,
    tableFlag,
    ...modelFlags,
    targetFlag,
    ...searchFlags,
    attributesFlag,
    ...speedFlags,
    adaptFlag,
    calibrationFlag,
    ...protocolFlags,
    ...dataChoiceFlags,
  ],
  examples: [
    "undertone search --table data/ravdess-seed-v1.parquet --model logistic-regression --grid C=0.001,0.01,0.1,1",
    "undertone search --data corpora/tess --features seed-v1 --model rbf-svm --random C=log-uniform:0.1:100 gamma=log-uniform:0.0001:0.1 --trials 30 --halving --nested --out best.json",
  ],
  async run(context) {
    const { flags, json, print, printJson } = context;
    const curve = curveFromFlags(flags);
    await addGivenEncoders(context);
    const plan = searchPlanFromFlags(context, curve !== undefined);
    const out = textFlag(flags, "out");
    if (out !== undefined && !out.endsWith(".json"))
      throw new UndertoneError(
        "usage/bad-value",
        `Bad value '${out}' for --out, expected a file ending in .json`,
      );
    if (out !== undefined && plan.attributes !== undefined)
      throw new UndertoneError(
        "usage/bad-value",
        "Got both --out and --attributes, expected one of them: a recipe is for recordings, which carry no attributes",
      );
    if (out !== undefined && plan.values)
      throw new UndertoneError(
        "usage/bad-value",
        "Got both --out and --target with values, expected one of them: a recipe is for classes",
      );
    const [{ loadData }, { curveData, searchData }, { searchMeasure, withCandidate }] = await Promise.all([
      import("../../runs/load-data.js"),
      import("../../runs/search/search-run.js"),
      import("@undertone/core"),
    ]);
    // Refuses what it does not know before the long work.
    const { learns } = searchMeasure(plan.measure);
    for (const candidate of [{}, ...plan.candidates]) withCandidate(plan.model, candidate, learns);
    const { hooks, end } = runHooks(context);
    try {
      const data = await loadData(plan, plan.features, hooks);
      const { printCurve, printSearch } = await import("../print-search.js");
      if (curve) {
        const points = await curveData(data, plan, curve, hooks);
        end();
        const title = curve.kind === "learning" ? "training speakers" : curve.name;
        if (!json) print(printCurve(title, points, plan.measure));
        printJson({
          curve: curve.kind,
          ...(curve.kind === "validation" && { name: curve.name }),
          measure: plan.measure,
          points,
        });
        return;
      }
      const run = await searchData(data, plan, hooks);
      end();
      if (out !== undefined) {
        const { writeAtomic } = await import("../../io/write-atomic.js");
        const recipe = recipeOf(run, plan, { ...data, out });
        await writeAtomic(out, `${JSON.stringify(recipe, null, 2)}\n`, { signal: context.signal });
      }
      if (!json) {
        print(printSearch(run));
        if (out !== undefined) print(`Recipe: ${out}`);
      }
      const { result, nested, trials, restored } = run;
      printJson({
        ...result,
        nested,
        trials,
        restored,
        recipe: out,
      });
    } finally {
      end();
    }
  },
};

/** Returns the recipe of the best setting; what nested scores showed is the least that it must reach, three points allowed for chance. */
function recipeOf(
  { result, nested }: SearchRun,
  plan: SearchRunPlan,
  data: { corpus: string; featureSet: string; labelMap: { id: string }; out: string },
): Recipe {
  const { kind, params, prepare } = result.best.model;
  const least = nested && Math.max(0, Math.floor(100 * nested.evaluation!.uar - 3) / 100);
  return {
    format: 1,
    title: `${data.corpus}, ${data.featureSet}, ${kind}: the best of ${result.tried.length} settings`,
    note: nested
      ? "Settings chosen inside the training part of each fold scored this UAR; the setting here was chosen on all speakers, so that its own score on the same folds is no longer honest."
      : "The setting was chosen on these speakers: its score on them flatters it. undertone search --nested gives an honest one.",
    corpus: data.corpus,
    labelMap: data.labelMap.id,
    features: data.featureSet,
    model: { kind, params: params as Recipe["model"]["params"], ...(prepare && { prepare: [...prepare] }) },
    ...(plan.speeds && { speeds: { train: [...plan.speeds.train], test: [...plan.speeds.test] } }),
    folds: /\.json$/i.test(plan.folds)
      ? relative(dirname(resolve(data.out)), resolve(plan.folds))
      : plan.folds,
    ...(plan.group && { group: plan.group }),
    ...(plan.adapt !== undefined && {
      adapt: plan.adapt === "all" ? "speaker" : `speaker:${plan.adapt}`,
    }),
    ...(plan.calibration !== undefined && {
      calibration: plan.calibration as NonNullable<Recipe["calibration"]>,
    }),
    seed: plan.seed,
    allowLeak: [...(plan.allowLeak ?? [])],
    expected: least === undefined ? {} : { uar: { min: least } },
  };
}
