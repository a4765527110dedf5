/** How far our seed-v1 is from its independent implementation (test/golden/scripts/seed_v1.py), per family and signal. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { featureSet } from "../../packages/core/src/features/feature-sets.js";
import { root } from "../corpora.js";
import { type GoldenSignal, goldenSignal } from "./signals.js";

export interface SeedParityRow {
  readonly set: string;
  readonly signal: string;
  readonly family: string;
  /** Name of the value that is furthest off. */
  readonly name: string;
  /** Greatest |ours − theirs| / max(|theirs|, a tenth of the family's greatest magnitude in this signal). */
  readonly error: number;
}

interface Golden {
  readonly families: readonly (readonly [string, number])[];
  readonly signals: readonly { signal: GoldenSignal; "seed-v1": number[]; "seed-v1-level": number[] }[];
}

/** Returns the greatest error of each family of values, for every golden signal and both sets. */
export async function seedParity(): Promise<SeedParityRow[]> {
  const { families, signals } = JSON.parse(
    await readFile(join(root, "test/golden/seed-v1.json"), "utf8"),
  ) as Golden;
  const rows: SeedParityRow[] = [];
  for (const golden of signals) {
    const wave = { samples: await goldenSignal(golden.signal), sampleRate: 16000 };
    for (const set of ["seed-v1", "seed-v1-level"] as const) {
      const { names } = featureSet(set);
      const { data } = featureSet(set).extract(wave);
      if (data.length !== golden[set].length)
        throw new Error(`${set}: ${data.length} values, expected ${golden[set].length}`);
      let from = 0;
      for (const [family, count] of families) {
        const expected = golden[set].slice(from, from + count);
        const floor = 0.1 * Math.max(...expected.map(Math.abs), 1e-3);
        let error = 0;
        let name = names[from];
        expected.forEach((value, i) => {
          const relative = Math.abs(data[from + i] - value) / Math.max(Math.abs(value), floor);
          if (!(relative <= error)) {
            error = Number.isNaN(relative) ? Number.POSITIVE_INFINITY : relative;
            name = names[from + i];
          }
        });
        rows.push({ set, signal: golden.signal.name, family, name, error });
        from += count;
      }
    }
  }
  return rows;
}
