/** Frame-level features against librosa's values on 24 signals (test/golden/scripts/librosa_features.py). */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../../test/corpora.js";
import { librosaParity } from "../../../../test/golden/librosa-parity.js";
import { chromaFilterBank } from "./chroma.js";
import type { FilterBank } from "./filter-bank.js";
import { type MelOptions, melFilterBank } from "./mel.js";

const rows = await librosaParity();

interface GoldenBank extends MelOptions {
  readonly kind: "mel" | "chroma";
  readonly tuning: number;
  readonly sums: readonly number[];
  readonly moments: readonly number[];
  readonly nonzero?: number;
}
const { banks } = JSON.parse(await readFile(join(root, "test/golden/librosa-filters.json"), "utf8")) as {
  banks: GoldenBank[];
};

describe("librosa's features", () => {
  it("are compared on 24 signals", () => {
    expect(new Set(rows.map((row) => row.signal)).size).toBe(24);
  });

  it.each([...new Set(rows.map((row) => row.feature))])(
    "%s agrees within 1e-4 on every signal",
    (feature) => {
      for (const row of rows.filter((candidate) => candidate.feature === feature)) {
        expect(row.shape, row.signal).toEqual(row.expectedShape);
        expect(row.error, `${feature} of ${row.signal}`).toBeLessThan(1e-4);
      }
    },
  );

  it.each(banks.map((bank) => [bank.kind, bank.sampleRate, bank.fftSize, bank] as const))(
    "%s filter bank at %i Hz, %i samples",
    (kind, _rate, _size, golden) => {
      const bank = kind === "mel" ? melFilterBank(golden) : chromaFilterBank(golden);
      const { sums, moments } = summarize(bank);
      expect(sums).toBeAllClose(golden.sums, { rtol: 1e-6, atol: 1e-9 });
      expect(moments).toBeAllClose(golden.moments, { rtol: 1e-6, atol: 1e-9 });
      if (golden.nonzero !== undefined)
        expect(bank.weights.filter((weight) => weight > 0).length).toBe(golden.nonzero);
    },
  );
});

function summarize(bank: FilterBank): { sums: number[]; moments: number[] } {
  const sums: number[] = [];
  const moments: number[] = [];
  for (let f = 0; f < bank.filters; f++) {
    let sum = 0;
    let moment = 0;
    for (let w = bank.offsets[f]; w < bank.offsets[f + 1]; w++) {
      sum += bank.weights[w];
      moment += bank.weights[w] * (bank.starts[f] + w - bank.offsets[f]);
    }
    sums.push(sum);
    moments.push(moment);
  }
  return { sums, moments };
}
