/** prosody-v1 beside Praat on clips of whole corpora, and the syllables of sentences that are known. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { corpora, corpus, root } from "../../../../test/corpora.js";
import { type PraatGolden, praatBars, praatDifferences } from "../../../../test/golden/praat-parity.js";
import { decodeFlac } from "../../../../test/golden/signals.js";
import { mean, percentiles } from "../math/statistics.js";
import { prosodyDescriptors } from "./prosody/descriptors.js";

const golden = JSON.parse(
  readFileSync(join(root, "test/golden/praat-prosody-corpora.json"), "utf8"),
) as PraatGolden;
const paths = Object.keys(golden.clips);

describe.skipIf(!corpus("ravdess") || !corpus("tess"))(
  "prosody-v1 (needs corpora/ravdess and corpora/tess)",
  () => {
    it("agrees with Praat, the median over 60 clips", async () => {
      const differences = [];
      for (const path of paths)
        differences.push(praatDifferences(await decodeFlac(join(corpora!, path)), golden.clips[path]));
      expect(differences).toHaveLength(60);
      for (const [name, bar] of Object.entries(praatBars))
        expect(
          percentiles(
            differences.map((one) => one[name]),
            [50],
          )[0],
          name,
        ).toBeLessThan(bar);
    });

    it.each([
      ["ravdess", 7],
      ["tess", 4],
    ])(
      "counts the syllables of %s, of which there are %i, within one on average",
      async (name, syllables) => {
        const own = paths.filter((path) => path.startsWith(name));
        const errors = [];
        for (const path of own)
          errors.push(
            Math.abs(prosodyDescriptors(await decodeFlac(join(corpora!, path))).syllables.length - syllables),
          );
        expect(mean(errors)).toBeLessThan(1);
      },
    );
  },
);
