/** Agreement with scikit-learn's preparation (test/golden/scripts/sklearn_preparation.py), and what resampling keeps. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Matrix, matrixFromRows, row, takeRows } from "../../math/matrix.js";
import { random } from "../../math/random.js";
import { type ChosenStep, parsePreparation } from "./index.js";
import { anovaF } from "./select-anova.js";
import { correlationF } from "./select-correlation.js";
import { mutualInformation } from "./select-mutual-information.js";
import type { TrainingRows } from "./step.js";

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../../test/golden/${name}.json`, import.meta.url), "utf8"));
const golden = read("sklearn-preparation") as {
  tolerance: { values: number; mutualInformation: number };
  gaps: number[];
  transforms: { prepare: string[]; missing: boolean; values: (number | null)[][] }[];
  anovaF: number[];
  correlationF: number[][];
  apart: number[][];
  mutualInformation: number[];
  selectL1: Record<string, number[]>;
};
const { x, y } = read("sklearn-models-wine") as { x: number[][]; y: number[] };
const order = x.map((_, i) => i);
const [train, test] = [order.filter((i) => i % 3 !== 0), order.filter((i) => i % 3 === 0).slice(0, 12)];
const whole = matrixFromRows(x);
const gappy = matrixFromRows(
  x.map((values, i) =>
    values.map((value, j) => (golden.gaps.includes(j) && (7 * i + 3 * j) % 11 === 0 ? Number.NaN : value)),
  ),
);
const context = (seed = 1) => ({ random: random(seed) });
const rowsOf = (from: Matrix): TrainingRows => ({
  x: takeRows(from, train),
  names: x[0].map((_, j) => `column-${j}`),
  labels: Int32Array.from(train, (i) => y[i]),
  classes: 3,
});

async function run(specs: string[], from: Matrix): Promise<{ shown: Matrix; names: readonly string[] }> {
  let rows = rowsOf(from);
  let shown = takeRows(from, test);
  for (const { step, params } of parsePreparation(specs)) {
    if (step.changes !== "columns") throw new TypeError("not a step of columns");
    const { transformer, names } = await step.fit(rows, params, context());
    rows = { ...rows, x: transformer.transform(rows.x), names };
    shown = transformer.transform(shown);
  }
  return { shown, names: rows.names };
}

describe("scikit-learn's preparation of wine", () => {
  it.each(golden.transforms)("$prepare", async ({ prepare, missing, values }) => {
    const { shown } = await run(prepare, missing ? gappy : whole);
    const expected = values.flat().map((value) => value ?? Number.NaN);
    expect(Array.from(shown.data, Number.isNaN)).toEqual(expected.map(Number.isNaN));
    expect(shown.data.filter((value) => !Number.isNaN(value))).toBeAllClose(
      expected.filter((value) => !Number.isNaN(value)),
      { atol: golden.tolerance.values, rtol: 1e-6 },
    );
  });

  it("f_classif and the best columns of it", async () => {
    const scores = anovaF(rowsOf(whole));
    expect(scores).toBeAllClose(golden.anovaF, { rtol: 1e-4, atol: 0 });
    const best = [...golden.anovaF.keys()].sort((a, b) => golden.anovaF[b] - golden.anovaF[a]).slice(0, 4);
    expect((await run(["select-anova:k=4"], whole)).names).toEqual(
      best.sort((a, b) => a - b).map((j) => `column-${j}`),
    );
  });

  it("f_regression, the larger one of two values, and the best columns of it", async () => {
    const values = matrixFromRows(train.map((i) => [y[i], x[i][0] * y[i]]));
    const expected = golden.correlationF[0].map((f, j) => Math.max(f, golden.correlationF[1][j]));
    expect(correlationF(rowsOf(whole).x, values)).toBeAllClose(expected, { rtol: 1e-4, atol: 0 });
    const [{ step, params }] = parsePreparation(["select-correlation:k=4"]) as [ChosenStep];
    if (step.changes !== "columns") throw new TypeError("not a step of columns");
    const { names } = await step.fit({ ...rowsOf(whole), values }, params, context());
    const best = [...expected.keys()].sort((a, b) => expected[b] - expected[a]).slice(0, 4);
    expect(names).toEqual(best.sort((a, b) => a - b).map((j) => `column-${j}`));
  });

  it("mutual_info_classif, where no two values are equal", () => {
    const rows = { ...rowsOf(whole), x: matrixFromRows(golden.apart) };
    const scores = mutualInformation(rows, { neighbours: 3, random: random(1) });
    expect(scores).toBeAllClose(golden.mutualInformation, {
      atol: golden.tolerance.mutualInformation,
      rtol: 0,
    });
  });

  it.each(Object.entries(golden.selectL1))("SelectFromModel with L1, C = %s", async (C, columns) => {
    expect((await run([`select-l1:C=${C}`], whole)).names).toEqual(columns.map((j) => `column-${j}`));
  });
});

describe("mutual information", () => {
  it("is the entropy of the class for a column that tells it, and about 0 for noise", () => {
    const chance = random(1);
    const labels = Int32Array.from({ length: 600 }, (_, i) => i % 2);
    const rows = matrixFromRows(Array.from(labels, (label) => [label * 10 + chance.next(), chance.next()]));
    const [told, noise] = mutualInformation(
      { x: rows, labels, classes: 2 },
      { neighbours: 3, random: chance },
    );
    expect(told).toBeCloseTo(Math.log(2), 2);
    expect(noise).toBeLessThan(0.05);
  });
});

/** Unequal classes in two columns. */
const drawn = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 3 }),
      fc.float({ min: -9, max: 9, noNaN: true }),
    ),
    {
      minLength: 4,
      maxLength: 40,
    },
  )
  .map(
    (cells): TrainingRows => ({
      x: matrixFromRows(cells.map(([label, group, value]) => [value, label + group / 10])),
      names: ["a", "b"],
      labels: Int32Array.from(cells, ([label]) => label),
      classes: 3,
      groups: Int32Array.from(cells, ([, group]) => group),
      weights: Float32Array.from(cells, (_, i) => 1 + i),
    }),
  );

function changed(spec: string, rows: TrainingRows, seed = 1): TrainingRows {
  const [{ step, params }] = parsePreparation([spec]) as [ReturnType<typeof parsePreparation>[number]];
  if (step.changes !== "rows") throw new TypeError("not a step of rows");
  return step.change(rows, params, context(seed));
}

const counts = ({ labels }: TrainingRows): number[] =>
  [0, 1, 2].map((k) => labels.filter((label) => label === k).length);

describe("resampling", () => {
  it.each(["oversample", "smote", "undersample"])(
    "%s leaves as many rows of each class that is there",
    (spec) => {
      fc.assert(
        fc.property(drawn, (rows) => {
          const [before, after] = [counts(rows), counts(changed(spec, rows))];
          const present = before.filter((count) => count > 0);
          const target = spec === "undersample" ? Math.min(...present) : Math.max(...present);
          expect(after).toEqual(before.map((count) => (count > 0 ? target : 0)));
        }),
      );
    },
  );

  it("keeps class, group and weight with a row, and the given rows first", () => {
    fc.assert(
      fc.property(drawn, (rows) => {
        const after = changed("oversample", rows);
        expect(after.x.data.slice(0, rows.x.data.length)).toEqual(rows.x.data);
        for (let i = 0; i < after.x.rows; i++) {
          const from = after.weights![i] - 1;
          expect([after.labels[i], after.groups![i], ...row(after.x, i)]).toEqual([
            rows.labels[from],
            rows.groups![from],
            ...row(rows.x, from),
          ]);
        }
      }),
    );
  });

  it("makes rows by SMOTE between two rows of one class and group", () => {
    fc.assert(
      fc.property(drawn, (rows) => {
        const after = changed("smote", rows);
        for (let i = rows.x.rows; i < after.x.rows; i++) {
          const own = Array.from(rows.labels.keys()).filter(
            (r) => rows.labels[r] === after.labels[i] && rows.groups![r] === after.groups![i],
          );
          // The second column is the same all through a class and group, the first between its rows.
          const values = own.map((r) => row(rows.x, r)[0]);
          const [made, mark] = row(after.x, i);
          expect(mark).toBeCloseTo(row(rows.x, own[0])[1], 6);
          expect(made).toBeGreaterThanOrEqual(Math.min(...values) - 1e-5);
          expect(made).toBeLessThanOrEqual(Math.max(...values) + 1e-5);
        }
      }),
    );
  });
});

describe("drop-outliers", () => {
  it("drops planted rows and no other", () => {
    const chance = random(3);
    const rows: TrainingRows = {
      x: matrixFromRows(
        Array.from({ length: 60 }, (_, i) =>
          Array.from({ length: 5 }, () => chance.normal() * (i % 20 === 7 ? 100 : 1)),
        ),
      ),
      names: ["a", "b", "c", "d", "e"],
      labels: Int32Array.from({ length: 60 }, (_, i) => i % 2),
      classes: 2,
      weights: Float32Array.from({ length: 60 }, (_, i) => 1 + i),
    };
    const kept = changed("drop-outliers", rows).weights!;
    expect([7, 27, 47].filter((i) => kept.includes(1 + i))).toEqual([]);
    expect(kept.length).toBeGreaterThanOrEqual(56);
  });

  it("keeps a class that would vanish", () => {
    const rows: TrainingRows = {
      x: matrixFromRows([[0], [1], [2], [1.5], [0.5], [1000]]),
      names: ["a"],
      labels: Int32Array.of(0, 0, 0, 0, 0, 1),
      classes: 2,
    };
    expect(counts(changed("drop-outliers", rows))).toEqual([5, 1, 0]);
  });
});
