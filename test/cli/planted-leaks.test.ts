/** Four leaks, planted in feature tables: the real binary refuses each by name, and says so on the first line when it is allowed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { random } from "../../packages/core/src/math/random.js";
import { errorCode, runUndertone, temporaryFolder } from "./run-undertone.js";

interface Row {
  id: string;
  speaker: string;
  label: string;
  fold: string;
  copyOf: string;
  values: number[];
}

/** Four speakers × two classes × three takes; two speakers in each of two folds. */
function honest(): Row[] {
  const chance = random("leaks");
  return Array.from({ length: 24 }, (_, i) => {
    const speaker = i % 4;
    const label = (i >> 2) % 2;
    return {
      id: `u${i}`,
      speaker: `s${speaker}`,
      label: label === 0 ? "happy" : "sad",
      fold: speaker < 2 ? "one" : "two",
      copyOf: "",
      values: [3 * label + chance.normal(), 100 + 10 * chance.normal(), chance.next()],
    };
  });
}

function standardized(rows: readonly Row[]): Row[] {
  const columns = rows[0].values.map((_, j) => rows.map(({ values }) => values[j]));
  const scaled = columns.map((column) => {
    const mean = column.reduce((a, b) => a + b, 0) / column.length;
    const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
    return column.map((value) => (value - mean) / deviation);
  });
  return rows.map((row, i) => ({ ...row, values: scaled.map((column) => column[i]) }));
}

const planted: [kind: string, what: string, plant: (rows: Row[]) => Row[]][] = [
  [
    "speaker",
    "a speaker in both parts",
    (rows) => rows.map((row, i) => (i === 0 ? { ...row, fold: "two" } : row)),
  ],
  [
    "duplicate",
    "a duplicate recording",
    (rows) => rows.map((row, i) => (i === 2 ? { ...row, values: rows[0].values } : row)),
  ],
  ["preprocessing", "a scaler fitted on everything", standardized],
  [
    "duplicate",
    "augmentation before the split",
    (rows) => [
      ...rows,
      { ...rows[0], id: "u0-noisy", speaker: "s2", fold: "two", copyOf: "u0", values: [0.1, 99, 0.5] },
    ],
  ],
];

function write(folder: string, rows: readonly Row[]): string {
  const path = join(folder, "table.csv");
  const lines = rows.map(({ id, speaker, label, fold, copyOf, values }) =>
    [id, speaker, label, fold, copyOf, ...values].join(","),
  );
  writeFileSync(path, `${["id,speaker,label,fold,copyOf,a,b,c", ...lines].join("\n")}\n`);
  return path;
}

const evaluate = (table: string, ...more: string[]) =>
  runUndertone(["evaluate", "--table", table, "--model", "logistic-regression", ...more]);

describe("planted leaks", () => {
  it("takes the honest table", async () => {
    const { code } = await evaluate(write(temporaryFolder(), honest()), "--quiet");
    expect(code).toBe(0);
  });

  it.each(planted)("refuses %s: %s", async (kind, _, plant) => {
    const table = write(temporaryFolder(), plant(honest()));
    const refused = await evaluate(table);
    expect(refused.code).toBe(1);
    expect(errorCode(refused)).toBe("split/leak");
    expect(refused.stderr).toContain(`--allow-leak ${kind}`);
    const allowed = await evaluate(table, "--allow-leak", kind, "--json");
    expect(allowed.code).toBe(0);
    expect(JSON.parse(allowed.stdout).leaks.map((leak: { kind: string }) => leak.kind)).toEqual([kind]);
  });
});
