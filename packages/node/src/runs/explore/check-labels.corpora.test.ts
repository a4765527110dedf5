/** How many planted label errors of RAVDESS are found, by the speech embedding and in the shipped table (which needs no corpora, but time). */
import { join } from "node:path";
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
