/** How many planted label errors of RAVDESS the speech embedding finds. */
import { describe, expect, it } from "vitest";
import { corpus } from "../../../../../test/corpora.js";
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
