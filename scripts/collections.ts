/**
 * Measures what adaptation to collections and to speakers does, one-sided ones among them, on left-out corpora of a recipe:
 * `npx tsx scripts/collections.ts RECIPE DIR`, with the recipe's corpora below DIR. Prints accuracy without and with adaptation, mean of 20 draws a corpus.
 */
import type { ScoredUtterance } from "../packages/core/src/evaluate/evaluation-result.js";
import { groupBy } from "../packages/core/src/evaluate/group-tables.js";
import { type CollectionKind, learnCollection } from "../packages/core/src/learn/learn-collection.js";
import type { ScoredRecording } from "../packages/core/src/learn/learn-speaker.js";
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

/** Returns so many clips of each speaker, all of one class each. */
const oneClassEach =
  (count: number): Draw =>
  (all, _, chance) =>
    [...groupBy(all, ({ speaker }) => speaker).values()].flatMap((own) => {
      const classes = classesOf(own);
      const name = classes[chance.integer(classes.length)];
      return some(
        own.filter(({ truth }) => truth === name),
        count,
        chance,
      );
    });

const collections: Record<string, { readonly draw: Draw; readonly of: CollectionKind }> = {
  "all clips": { draw: (all) => [...all], of: "collection" },
  "30 clips": { draw: (all, _, chance) => some(all, 30, chance), of: "collection" },
  "8 clips": { draw: (all, _, chance) => some(all, 8, chance), of: "collection" },
  "20 clips of one class": { draw: oneSided(20, 0), of: "collection" },
  "all clips of one class": { draw: oneSided(Number.POSITIVE_INFINITY, 0), of: "collection" },
  "45 of one class, 5 others": { draw: oneSided(45, 5), of: "collection" },
  "speakers of one class each, 8 clips": { draw: oneClassEach(8), of: "collection" },
  "all clips, speakers known": { draw: (all) => [...all], of: "speaker" },
  "speakers of one class each, 8 clips, speakers known": { draw: oneClassEach(8), of: "speaker" },
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
      const { recordings, model } = await fold.collections();
      if (!model) throw new Error(`${fold.name}: too little to adapt by`);
      const heard = new Map(predictions.map((one, i) => [one, recordings[i]]));
      for (const [name, { draw, of }] of Object.entries(collections)) {
        found[name] ??= { alone: [], adapted: [] };
        const into = found[name];
        const right = { alone: 0, adapted: 0 };
        for (let d = 0; d < draws; d++) {
          const own = draw(predictions, d, random(1).fork(`${fold.name} ${name} ${d}`));
          const learnt = new Map<ScoredUtterance, (one: ScoredRecording) => number[]>();
          for (const group of of === "speaker" ? groupBy(own, ({ speaker }) => speaker).values() : [own]) {
            const { scoresOf } = learnCollection(
              group.map((one) => heard.get(one)!),
              model,
              of,
            );
            for (const one of group) learnt.set(one, scoresOf);
          }
          for (const one of own) {
            const top = (scores: readonly number[]): string => classes[scores.indexOf(Math.max(...scores))];
            if (top(one.scores) === one.truth) right.alone += 1 / own.length / draws;
            if (top(learnt.get(one)!(heard.get(one)!)) === one.truth) right.adapted += 1 / own.length / draws;
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
