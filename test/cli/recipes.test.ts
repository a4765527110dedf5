/** Recipes on the command line: what a recipe and flags have in common, what flags may change, and what a recipe may hold. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { random } from "@undertone/core/math";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../packages/node/src/cli/commands/evaluate.js";
import { search } from "../../packages/node/src/cli/commands/search.js";
import { train } from "../../packages/node/src/cli/commands/train.js";
import { runCommand } from "./run-command.js";

const folder = mkdtempSync(join(tmpdir(), "undertone-recipes-"));
const inside = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const words = ["happy", "sad"];
beforeAll(() => {
  const chance = random("recipes");
  const rows = Array.from({ length: 48 }, (_, i) => ({
    id: `u${i}`,
    speaker: `s${i % 6}`,
    sex: i % 2 ? "female" : "male",
    label: words[Math.floor(i / 6) % 2],
    arousal: (Math.floor(i / 6) % 2) + 0.1 * chance.normal(),
    features: [chance.normal() + 2 * (Math.floor(i / 6) % 2), chance.normal(), chance.normal()],
  }));
  for (const name of ["made", "other"])
    writeFileSync(
      inside(`${name}.json`),
      JSON.stringify({ featureSet: "three", names: ["a", "b", "c"], rows }),
    );
});

const base = {
  format: 1,
  title: "made",
  corpus: "made",
  labelMap: "as-labelled",
  features: "three",
  model: { kind: "gaussian-naive-bayes" },
  folds: "speaker:3",
  expected: { uar: { min: 0.6 } },
};
const ofValues = {
  ...base,
  labelMap: undefined,
  model: { kind: "ridge-regression", params: { alpha: 1 } },
  target: "all",
  expected: { ccc: { min: 0.5 } },
};

/** Returns the arguments that a recipe of these fields gives. */
function recipe(fields: object, table = "made"): string[] {
  const path = inside(`recipe-${Math.abs(random(JSON.stringify(fields)).integer(1e9))}.json`);
  writeFileSync(path, JSON.stringify(fields));
  return ["--table", inside(`${table}.json`), "--recipe", path];
}

const flags = ["--table", inside("made.json"), "--model", "gaussian-naive-bayes", "--folds", "speaker:3"];

describe("a recipe and the flags that say the same", () => {
  it.each([
    ["classes", base, flags],
    ["another seed", { ...base, seed: 7 }, [...flags, "--seed", "7"]],
    [
      "preparation and parameters",
      { ...base, model: { kind: "logistic-regression", params: { C: 0.1 }, prepare: ["robust-scale"] } },
      [
        ...["--table", inside("made.json"), "--folds", "speaker:3", "--model", "logistic-regression"],
        ...["--param", "C=0.1", "--prepare", "robust-scale"],
      ],
    ],
    [
      "speakers who are known, and a calibration",
      { ...base, adapt: "speaker:3", calibration: "platt" },
      [...flags, "--adapt", "speaker:3", "--calibration", "platt"],
    ],
    ["attributes", { ...base, attributes: ["sex"] }, [...flags, "--attributes", "sex"]],
    ["importance", { ...base, importance: true }, [...flags, "--importance"]],
    [
      "values",
      ofValues,
      [
        ...["--table", inside("made.json"), "--model", "ridge-regression", "--param", "alpha=1"],
        ...["--folds", "speaker:3", "--target", "arousal"],
      ],
    ],
    [
      "values beside classes",
      { ...base, target: ["arousal"], valueModel: ofValues.model },
      [...flags, "--target", "arousal", "--value-model", "ridge-regression", "--value-param", "alpha=1"],
    ],
  ])("give the same evaluation: %s", async (_, fields, args) => {
    const [byRecipe, byFlags] = [
      (await runCommand(evaluate, recipe(fields))).document,
      (await runCommand(evaluate, args)).document,
    ];
    expect(byRecipe).toEqual(byFlags);
  });

  it("a recipe of values tells a CCC that it missed", async () => {
    const missed = recipe({ ...ofValues, expected: { ccc: { min: 0.9999 } } });
    await expect(runCommand(evaluate, missed)).rejects.toMatchObject({
      code: "recipe/result-missed",
      message: expect.stringContaining("got ccc 0."),
    });
  });
});

describe("--bootstrap", () => {
  it("says how many samples intervals are drawn from, of classes, of values and of a nested search; and nothing else changes", async () => {
    const few = (await runCommand(evaluate, [...flags, "--bootstrap", "200"])).document;
    const usual = (await runCommand(evaluate, flags)).document;
    expect([few.ci.samples, usual.ci.samples]).toEqual([200, 1000]);
    expect(few.ci.uar).not.toEqual(usual.ci.uar);
    for (const key of ["uar", "predictions", "protocol", "folds", "trust"])
      expect(few[key]).toEqual(usual[key]);
    const values = (await runCommand(evaluate, recipe({ ...ofValues, bootstrap: 300 }))).document;
    expect(values.ci.samples).toBe(300);
    const grid = ["--grid", "smoothing=1e-9", "--inner", "2", "--nested", "--threads", "1"];
    const nested = (await runCommand(search, [...flags, ...grid, "--bootstrap", "400"])).document;
    expect(nested.nested.evaluation.ci.samples).toBe(400);
    await expect(runCommand(evaluate, [...flags, "--bootstrap", "5"])).rejects.toMatchObject({
      message: "Bad value '5' for --bootstrap, expected a whole number from 100",
    });
  });
});

describe("flags beside a recipe", () => {
  const impossible = { ...base, expected: { uar: { min: 1 } } };
  it("change folds and seed: the protocol says so, and the expected result does not apply", async () => {
    await expect(runCommand(evaluate, recipe(impossible))).rejects.toMatchObject({
      code: "recipe/result-missed",
    });
    const changed = [...recipe(impossible), "--folds", "speaker:2", "--seed", "3"];
    const { protocol } = (await runCommand(evaluate, changed)).document;
    expect(protocol).toMatchObject({ folds: "speaker:2", seed: 3 });
    expect(protocol.summary).toMatch(/NOT AS THE RECIPE SAYS: folds speaker:2, seed 3$/);
  });
  it("that repeat it change nothing", async () => {
    const same = [...recipe(impossible), "--folds", "speaker:3", "--seed", "1"];
    await expect(runCommand(evaluate, same)).rejects.toMatchObject({ code: "recipe/result-missed" });
  });
  it("that name its own file of folds change nothing", async () => {
    const ids = Array.from({ length: 48 }, (_, i) => `u${i}`);
    const [train, test] = [0, 1].map((odd) => ids.filter((_, i) => (i % 6) % 2 === odd));
    const folds = [
      { name: "one", train, test },
      { name: "two", train: test, test: train },
    ];
    writeFileSync(inside("folds.json"), JSON.stringify({ folds }));
    const file = relative(process.cwd(), inside("folds.json"));
    const same = [...recipe({ ...impossible, folds: "folds.json" }), "--folds", file];
    await expect(runCommand(evaluate, same)).rejects.toMatchObject({ code: "recipe/result-missed" });
  });
  it("may name data of another corpus, which the protocol names", async () => {
    const { protocol } = (await runCommand(evaluate, recipe(impossible, "other"))).document;
    expect(protocol.summary).toMatch(/NOT AS THE RECIPE SAYS: data of other$/);
  });
  it("may add what it does not settle, and refuse what it does", async () => {
    const { importance } = (await runCommand(evaluate, [...recipe(base), "--importance"])).document;
    expect(importance).toBeDefined();
    await expect(
      runCommand(evaluate, [...recipe({ ...base, importance: true }), "--importance"]),
    ).rejects.toMatchObject({ code: "usage/bad-value" });
  });
  it.each([
    ["--model", "linear-svm"],
    ["--param", "C=1"],
    ["--group", "sentence"],
    ["--calibration", "platt"],
    ["--target", "all"],
    ["--allow-leak", "speaker"],
    ["--label-map", "common-4"],
  ])("%s is refused", async (...given) => {
    await expect(runCommand(evaluate, [...recipe(base), ...given])).rejects.toMatchObject({
      code: "usage/bad-value",
      message: `Got both --recipe and ${given[0]}, which the recipe settles`,
    });
  });
});

describe("a recipe that searches", () => {
  const searching = {
    ...base,
    model: { kind: "logistic-regression" },
    search: { grid: { C: [0.001, 1] }, inner: 2, nested: true },
  };
  it("is searched as by flags, and by no other command", async () => {
    const threads = ["--threads", "1", "--journal"];
    const args = [
      ...["--table", inside("made.json"), "--model", "logistic-regression", "--folds", "speaker:3"],
      ...["--grid", "C=0.001,1", "--inner", "2", "--nested"],
    ];
    const [byRecipe, byFlags] = [
      (await runCommand(search, [...recipe(searching), ...threads, inside("one")])).document,
      (await runCommand(search, [...args, ...threads, inside("two")])).document,
    ];
    expect(byRecipe).toEqual(byFlags);
    for (const command of [evaluate, train])
      await expect(
        runCommand(command, [...recipe(searching), ...(command === train ? ["--out", "x.onnx"] : [])]),
      ).rejects.toMatchObject({
        code: "usage/bad-value",
        message: expect.stringContaining("search --recipe"),
      });
    await expect(runCommand(search, [...recipe(searching), "--inner", "3"])).rejects.toMatchObject({
      message: "Got both --recipe and --inner, which the recipe settles",
    });
  });
  const grid = ["--grid", "C=0.001,1", "--inner", "2", "--threads", "1"];
  it("takes its search from flags where the recipe has none, and writes a recipe of its own: the other's title, note and schema are not of it, and paths are relative", async () => {
    const out = inside("found/best.json");
    const plain = recipe({
      ...base,
      $schema: "./recipe.schema.json",
      note: "an honest score",
      model: { kind: "logistic-regression" },
      robustness: { noise: ["street"] },
    });
    await runCommand(search, [...plain, ...grid, "--out", out]);
    const { $schema, ...written } = JSON.parse(readFileSync(out, "utf8"));
    expect(written).toMatchObject({
      title: "made, three, logistic-regression: the best of 2 settings",
      note: expect.stringContaining("its score on them flatters it"),
      folds: "speaker:3",
      features: "three",
      robustness: { noise: ["../street"] },
      expected: {},
    });
    expect($schema).toBeUndefined();
  });
  it("says where flags change it, as evaluate does", async () => {
    const changed = [...recipe(searching), "--folds", "speaker:2", "--seed", "3", "--threads", "1"];
    const { document, warnings } = await runCommand(search, changed);
    expect(document.nested.evaluation.protocol.summary).toMatch(
      /NOT AS THE RECIPE SAYS: folds speaker:2, seed 3$/,
    );
    expect(warnings).toEqual([
      "the recipe's expected result does not apply, for the run has folds speaker:2, seed 3",
    ]);
  });
});

describe("a recipe is refused", () => {
  it.each([
    [{ ...ofValues, calibration: "platt" }, "Got both 'target' and 'calibration', which is for classes only"],
    [{ ...ofValues, labelMap: "common-4" }, "Got both 'target' and 'labelMap'"],
    [{ ...base, valueModel: ofValues.model }, "Got 'valueModel' with no 'target'"],
    [{ ...base, labelMap: undefined }, "labelMap: expected the id of a label map"],
    [{ ...base, target: "votes", calibration: "platt" }, "towards the labels"],
    [{ ...base, target: ["warmth"] }, "target"],
    [{ ...base, search: { trials: 3 } }, "Got 'trials' without 'random'"],
    [
      { ...base, subset: { tess: { sentence: { every: 4 } } } },
      "'subset' names 'tess', expected a corpus of 'corpus', which is made",
    ],
    [{ ...base, corpus: "tess", subset: { tess: { sentence: { every: 1 } } } }, "subset.tess.sentence"],
    [{ ...base, labelMap: "common-4", views: ["common-7"] }, "The view 'common-7' has the class 'disgust'"],
    [{ ...base, expected: { views: { "common-4": {} } } }, "expected.views: 'common-4' is none of 'views'"],
  ])("%j", async (fields, part) => {
    await expect(runCommand(evaluate, recipe(fields))).rejects.toMatchObject({
      code: "recipe/invalid",
      message: expect.stringContaining(part),
    });
  });
  it("for an artifact of attributes, which no recording carries", async () => {
    const args = [...recipe({ ...base, attributes: ["sex"] }), "--out", inside("x.onnx")];
    await expect(runCommand(train, args)).rejects.toMatchObject({
      code: "usage/bad-value",
      message: expect.stringContaining("Got attributes for an artifact"),
    });
  });
});
