/** The curve of speaker adaptation: what n unlabelled utterances of a test speaker are worth. */

import { estimator } from "@undertone/core/learn";
import type { ScoredUtterance } from "../packages/core/src/evaluate/evaluation-result.js";
import { fitFolds } from "../packages/core/src/evaluate/fit-folds.js";
import { defaultShrinkage } from "../packages/core/src/learn/learn-speaker.js";
import { loadData } from "../packages/node/src/runs/load-data.js";
import { sourceOf } from "../packages/node/src/runs/plan/run-plan.js";
import { readRecipe } from "../packages/node/src/runs/recipe.js";
import { splitData } from "../packages/node/src/runs/split-run.js";

const counts = [1, 3, 5, 8, 16, "all"] as const;

/** One point of the curve. */
export interface AdaptationPoint {
  readonly utterances: (typeof counts)[number] | 0;
  /** UAR, mean over the draws. */
  readonly uar: number;
  /** UAR of each draw. */
  readonly draws: readonly number[];
}

function uar(predictions: readonly ScoredUtterance[], classes: readonly string[]): number {
  const recalls = classes.map((name) => {
    const own = predictions.filter(({ truth }) => truth === name);
    return own.filter(({ predicted }) => predicted === name).length / own.length;
  });
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

/** Returns the curve of a recipe's model on its own folds, utterances drawn `draws` times by seed; each fold is fitted once. */
export async function adaptationCurve(
  recipePath: string,
  folder: string,
  draws = 5,
): Promise<AdaptationPoint[]> {
  const recipe = await readRecipe(recipePath);
  const data = await loadData(sourceOf({ ...recipe, data: [folder] }), recipe.features);
  const { splits } = await splitData(data, recipe);
  const asked = [
    { utterances: 0 as const, draw: 0 },
    ...counts.flatMap((utterances) =>
      Array.from({ length: utterances === "all" ? 1 : draws }, (_, draw) => ({ utterances, draw })),
    ),
  ];
  const scored = asked.map((): ScoredUtterance[] => []);
  const folds = fitFolds({
    dataset: data.dataset,
    table: data.table,
    labelMap: data.labelMap,
    splits,
    estimator: estimator(recipe.model.kind, recipe.model.params),
    seed: recipe.seed,
    train: data.train,
    test: data.test,
  });
  for await (const fold of folds) {
    process.stderr.write(`${fold.name} is fitted\n`);
    for (const [i, { utterances, draw }] of asked.entries()) {
      const adapt = utterances === 0 ? undefined : { utterances, shrinkage: defaultShrinkage };
      scored[i].push(...(await fold.classes!.score(adapt, draw)));
    }
  }
  return [0 as const, ...counts].map((utterances) => {
    const each = asked.flatMap((one, i) =>
      one.utterances === utterances ? [uar(scored[i], data.labelMap.classes)] : [],
    );
    return { utterances, uar: each.reduce((a, b) => a + b, 0) / each.length, draws: each };
  });
}
