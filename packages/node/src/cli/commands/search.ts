/** `undertone search`: hyper-parameters chosen on speakers inside the training part, and honest scores of that choice. */
import { dirname, relative, resolve } from "node:path";
import type { LoadedData } from "../../runs/load-data.js";
import { planOptions, withPaths } from "../../runs/plan/options.js";
import { type EvaluationPlan, learns } from "../../runs/plan/run-plan.js";
import type { SearchRun } from "../../runs/search/search-run.js";
import type { Command } from "../command.js";
import { dataPositionals, textFlag, wholeFlag, withEnding } from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";
import { planFlags, planFromFlags, unchecked } from "../plan.js";
import { runHooks } from "../run-hooks.js";
import { curveFromFlags, searchFlags } from "../search-flags.js";

export const search: Command = {
  name: "search",
  summary: "choose hyper-parameters on unseen speakers: grid, random, successive halving; nested; curves",
  positionals: dataPositionals,
  flags: planFlags("search", searchFlags),
  examples: [
    "undertone search --table data/ravdess-seed-v1.parquet --model logistic-regression --grid C=0.001,0.01,0.1,1",
    "undertone search --data corpora/tess --features seed-v1 --model rbf-svm --random C=log-uniform:0.1:100 gamma=log-uniform:0.0001:0.1 --trials 30 --halving --nested --out best.json",
  ],
  async run(context) {
    const { flags, json, print, printJson } = context;
    const curve = curveFromFlags(flags);
    await addGivenEncoders(context);
    const asked = await planFromFlags("search", context);
    const out = withEnding(textFlag(flags, "out"), ".json");
    const threads = wholeFlag(flags, "threads", { low: 1 });
    const [{ openRun }, { curveData, searchData, searchSplits }, { searchRunPlan }, { splitData }] =
      await Promise.all([
        import("../../runs/open-run.js"),
        import("../../runs/search/search-run.js"),
        import("../../runs/search/settings.js"),
        import("../../runs/split-run.js"),
      ]);
    const settled = searchRunPlan(asked, curve !== undefined);
    const { hooks, end } = runHooks(context);
    try {
      const { data, changes } = await openRun(asked, hooks, (listed) =>
        curve ? splitData(listed, settled) : searchSplits(listed, settled),
      );
      if (changes.length > 0) hooks.onWarning?.(unchecked(changes));
      const plan = {
        ...settled,
        journal: textFlag(flags, "journal"),
        threads,
        changes,
      };
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
        const recipe = recipeOf(run, asked, { ...data, out });
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
  plan: EvaluationPlan,
  data: LoadedData & { readonly out: string },
): Readonly<Record<string, unknown>> {
  const { search: _, ...options } = planOptions;
  const settled = Object.fromEntries(
    Object.keys(options).map((name) => [name, plan[name as keyof typeof options]]),
  );
  const { model } = result.best;
  const uar = nested?.evaluation?.uar;
  return {
    format: 1,
    title: `${data.corpus}, ${data.featureSet}, ${model.kind}: the best of ${result.tried.length} settings`,
    note: nested
      ? "Settings chosen inside the training part of each fold scored this; the setting here was chosen on all speakers, so that its own score on the same folds is no longer honest."
      : "The setting was chosen on these speakers: its score on them flatters it. undertone search --nested gives an honest one.",
    ...settled,
    corpus: data.corpus,
    ...(learns(plan).classes && { labelMap: data.labelMap.id }),
    features: data.featureSet.replace(/ with .*$/, ""),
    model,
    ...withPaths(plan, (path) => relative(dirname(resolve(data.out)), resolve(path))),
    expected: uar === undefined ? {} : { uar: { min: Math.max(0, Math.floor(100 * uar - 3) / 100) } },
  };
}
