/** How many planted label errors of RAVDESS are found, by the speech embedding and in the shipped table (which needs no corpora, but time). */
import { join } from "node:path";
import { takeUtterances } from "@undertone/core/data";
import { describe, expect, it } from "vitest";
import { corpus, root } from "../../../../../test/corpora.js";
import { plantLabelErrors, precisionAtPlanted } from "../../../../../test/golden/plant-label-errors.js";
import { loadData } from "../load-data.js";
import { findLabelErrors } from "./check-labels.js";

const ravdess = corpus("ravdess");

describe.skipIf(!ravdess)(
  "planted label errors of RAVDESS (corpora/ravdess), by the speech embedding",
  () => {
    it("fill at least 0.6 of the first 5 %, mean of two seeds", async () => {
      const data = await loadData({ data: [ravdess!] }, "speech-embedding-v1");
      const found: number[] = [];
      for (const seed of [1, 2]) {
        const { dataset, planted } = plantLabelErrors(data.dataset, { part: 0.05, seed });
        const { errors, uar } = await findLabelErrors({ ...data, dataset }, { seed });
        const ids = errors.doubts.map(({ id }) => id);
        found.push(precisionAtPlanted(ids, planted));
        console.log(`seed ${seed}: precision at 5 % ${found.at(-1)!.toFixed(3)}, UAR ${uar.toFixed(3)}`);
      }
      expect(found.reduce((sum, value) => sum + value) / found.length).toBeGreaterThanOrEqual(0.6);
    });
  },
);

it("planted label errors of the shipped table are most of those doubted first, with each of three seeds", async () => {
  const data = await loadData({ data: [], table: join(root, "data/ravdess-seed-v1.parquet") }, undefined);
  const found: number[] = [];
  for (const seed of [1, 2, 3]) {
    const { dataset, planted } = plantLabelErrors(data.dataset, { part: 0.05, seed });
    const { errors } = await findLabelErrors({ ...data, dataset }, { seed });
    expect(planted.size).toBe(72);
    const ids = errors.doubts.map(({ id }) => id);
    found.push(precisionAtPlanted(ids, planted));
  }
  console.log(`shipped table: precision at 5 % ${found.map((one) => one.toFixed(3)).join(", ")}`);
  for (const one of found) expect(one).toBeGreaterThanOrEqual(0.6);
});

it("with 4 of the 8 classes of the shipped table no label is doubted that the models agree with", async () => {
  const data = await loadData({ data: [], table: join(root, "data/ravdess-seed-v1.parquet") }, undefined);
  const kept = ["angry", "happy", "neutral", "sad"];
  const utterances = data.dataset.utterances.filter(({ label }) => kept.includes(label!));
  const ids = new Set(utterances.map(({ id }) => id));
  const rows = data.table.ids.flatMap((id, i) => (ids.has(id) ? [i] : []));
  const few = {
    ...data,
    dataset: { ...data.dataset, utterances },
    table: takeUtterances(data.table, rows),
  };
  const { errors, uar } = await findLabelErrors(few, { seed: 1 });
  expect(errors.thresholds.filter((threshold) => threshold === null)).toHaveLength(4);
  expect(errors.doubts.filter(({ labelScore, suggestedScore }) => suggestedScore <= labelScore)).toEqual([]);
  expect(errors.doubts.map(({ suggested }) => suggested).filter((name) => !kept.includes(name))).toEqual([]);
  // As many doubts as the models' mistakes: those are the labels that they do not agree with.
  console.log(`${errors.doubts.length} doubts among ${utterances.length}, UAR ${uar.toFixed(3)}`);
  expect(errors.doubts.length).toBeLessThan(1.5 * (1 - uar) * utterances.length);
});
