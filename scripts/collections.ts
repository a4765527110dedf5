/**
 * Measures what adaptation to a collection does where the collection's mix of classes is one-sided, on left-out corpora of a recipe:
 * `npx tsx scripts/collections.ts RECIPE DIR`, with the recipe's corpora below DIR. Prints accuracy without and with adaptation, mean of 20 draws a corpus.
 */
import { fitCalibration } from "../packages/core/src/evaluate/calibration/index.js";
import {
  collectionScores,
  fitCollectionAdaptation,
} from "../packages/core/src/evaluate/collection-adaptation.js";
import type { ScoredUtterance } from "../packages/core/src/evaluate/evaluation-result.js";
import { calibrationRows } from "../packages/core/src/evaluate/score-table.js";
import { calibratedBy } from "../packages/core/src/evaluate/trust/cross-fit.js";
import { type Random, random } from "../packages/core/src/math/index.js";
import { readRecipe } from "../packages/node/src/index.js";
import { evaluateData } from "../packages/node/src/runs/evaluate-run.js";
import { openRun } from "../packages/node/src/runs/open-run.js";

const draws = 20;

/** A way to draw a collection of a corpus: such as is drawn `draw`th. */
type Draw = (all: readonly ScoredUtterance[], draw: number, chance: Random) => ScoredUtterance[];

const classesOf = (all: readonly ScoredUtterance[]): string[] =>
  [...new Set(all.map(({ truth }) => truth))].sort();
const some = (all: readonly ScoredUtterance[], count: number, chance: Random): ScoredUtterance[] =>
  chance.shuffle([...all]).slice(0, count);
/** Returns a draw of so many recordings of one class, the classes taking turns, and so many of the others. */
const oneSided =
  (own: number, others: number): Draw =>
  (all, draw, chance) => {
    const classes = classesOf(all);
    const name = classes[draw % classes.length];
    return [
      ...some(
        all.filter(({ truth }) => truth === name),
        own,
        chance,
      ),
      ...some(
        all.filter(({ truth }) => truth !== name),
        others,
        chance,
      ),
    ];
  };

const collections: Record<string, Draw> = {
  "8 clips": (all, _, chance) => some(all, 8, chance),
  "30 clips": (all, _, chance) => some(all, 30, chance),
  "20 clips of one class": oneSided(20, 0),
  "45 of one class, 5 others": oneSided(45, 5),
  "speakers of one class each, 8 clips": (all, _, chance) =>
    [...new Set(all.map(({ speaker }) => speaker))].flatMap((speaker) => {
      const own = all.filter((one) => one.speaker === speaker);
      const classes = classesOf(own);
      const name = classes[chance.integer(classes.length)];
      return some(
        own.filter(({ truth }) => truth === name),
        8,
        chance,
      );
    }),
};

const [path, folder] = process.argv.slice(2);
const recipe = await readRecipe(path);
const { plan, data } = await openRun({
  ...recipe,
  data: recipe.corpus.split("+").map((id) => `${folder}/${id}`),
});
const found: Record<string, { alone: number[]; adapted: number[] }> = {};
await evaluateData(
  data,
  { ...plan, changes: [] } as Parameters<typeof evaluateData>[1],
  {},
  {
    calibration: recipe.calibration,
    async onFold(fold, predictions) {
      const classes = data.labelMap.classes;
      const within = await fold.within();
      const calibration = fitCalibration(recipe.calibration ?? "none", calibrationRows(within, classes));
      const adaptation = fitCollectionAdaptation(calibratedBy(within, classes, calibration), {
        classes,
        calibrates: true,
      });
      if (!adaptation) throw new Error(`${fold.name}: too little to adapt by`);
      for (const [name, draw] of Object.entries(collections)) {
        found[name] ??= { alone: [], adapted: [] };
        const into = found[name];
        const right = { alone: 0, adapted: 0 };
        for (let d = 0; d < draws; d++) {
          const own = draw(predictions, d, random(1).fork(`${fold.name} ${name} ${d}`));
          const known = collectionScores(own, adaptation);
          for (const one of own) {
            const top = (scores: readonly number[]): string => classes[scores.indexOf(Math.max(...scores))];
            if (top(one.scores) === one.truth) right.alone += 1 / own.length / draws;
            if (top(known(one)) === one.truth) right.adapted += 1 / own.length / draws;
          }
        }
        into.alone.push(right.alone);
        into.adapted.push(right.adapted);
      }
    },
  },
);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const shown = (value: number): string => (100 * value).toFixed(1);
for (const [name, { alone, adapted }] of Object.entries(found))
  console.log(
    `${name}: ${shown(mean(alone))} % alone, ${shown(mean(adapted))} % adapted; by corpus ${alone.map((one, i) => `${shown(one)} to ${shown(adapted[i])}`).join(", ")}`,
  );
