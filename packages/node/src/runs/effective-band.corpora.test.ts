/** The effective band of real recordings as they are, and through the lines of telephones. */
import { augment, effectiveBandHz, narrowBandHz } from "@undertone/core/audio";
import { random } from "@undertone/core/math";
import { afterAll, describe, expect, it } from "vitest";
import { corpus } from "../../../../test/corpora.js";
import { openAudioPool } from "../workers/audio-pool.js";
import { openDataset } from "./open-dataset.js";

const pool = openAudioPool();
afterAll(() => pool.close());

const lines = {
  "8 kHz": [{ kind: "band-limit", highHz: 3850 }],
  "A-law": [{ kind: "a-law" }],
  telephone: [{ kind: "band-limit", lowHz: 300, highHz: 3400 }, { kind: "a-law" }],
  GSM: [{ kind: "gsm" }],
};

describe.each(["ravdess", "emodb", "nemo", "tess"])("effective band, %s", (name) => {
  it.skipIf(!corpus(name))(
    `calls no recording narrow, and all copies (UNDERTONE_CORPORA/${name})`,
    async () => {
      const { utterances } = (await openDataset(corpus(name)!)).dataset;
      const every = Math.ceil(utterances.length / 20);
      for (const { file } of utterances.filter((_, i) => i % every === 0)) {
        const { wave } = await pool.decode(file, {});
        expect(narrowBandHz(wave, 16000), file).toBeUndefined();
        for (const [line, steps] of Object.entries(lines)) {
          const copy = augment(wave, [...steps, { kind: "quantize" }], { random: random(1) });
          const edge = effectiveBandHz(copy);
          expect(edge > 3200 && edge < 4300, `${file} through ${line}: ${edge} Hz`).toBe(true);
        }
      }
    },
  );
});
