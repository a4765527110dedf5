/** The search as a user has it: the real binary, stopped and killed on the way. */
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { random } from "../../packages/core/src/math/random.js";
import { search } from "../../packages/node/src/cli/commands/search.js";
import { parseCommandLine } from "../../packages/node/src/cli/parse.js";
import { errorCode, runUndertone, temporaryFolder } from "./run-undertone.js";

interface TableOptions {
  readonly speakers?: number;
  readonly change?: (row: { values: (number | string)[]; label: string; speaker: number }, i: number) => void;
}

/** Writes a table of two classes, six takes each a speaker; the first two of five columns tell the class. */
function table(folder: string, { speakers = 6, change }: TableOptions = {}): string {
  const chance = random("search");
  const lines = Array.from({ length: speakers * 12 }, (_, i) => {
    const row = {
      speaker: Math.floor(i / 12),
      label: i % 2 === 0 ? "happy" : "sad",
      values: Array.from({ length: 5 }, (_, j): number | string => chance.normal() + (j < 2 ? i % 2 : 0)),
    };
    change?.(row, i);
    return `u${i},s${row.speaker},${row.label},${row.values.join(",")}`;
  });
  const path = join(folder, "table.csv");
  writeFileSync(path, `id,speaker,label,a,b,c,d,e\n${lines.join("\n")}\n`);
  return path;
}

/** What the command throws, run in this process: it is refused before any thread starts. */
async function refusal(args: readonly string[]): Promise<unknown> {
  try {
    const { flags, positionals } = parseCommandLine(search, args);
    const silent = { update() {}, end() {} };
    await search.run({
      flags,
      positionals,
      json: true,
      signal: new AbortController().signal,
      print() {},
      printJson() {},
      warn() {},
      progress: () => silent,
    });
    return undefined;
  } catch (error) {
    return error;
  }
}

const results = (journal: string): string[] =>
  existsSync(journal) ? readdirSync(journal).filter((name) => /^[0-9a-f]+\.json$/.test(name)) : [];
const logistic = ["--model", "logistic-regression", "--folds", "speaker:3"];
const inner = ["--inner", "3"];

describe("undertone search", () => {
  it("goes on after Ctrl-C and after a kill, with the results of a search that was never stopped", async () => {
    const folder = temporaryFolder();
    const file = table(folder);
    const args = (journal: string, ...more: string[]) => [
      "search",
      "--table",
      file,
      "--model",
      "random-forest",
      "--param",
      "trees=60",
      "--folds",
      "speaker:2",
      "--inner",
      "2",
      "--grid",
      "maxFeatures=1,2",
      "minLeaf=1,3",
      "--nested",
      "--json",
      "--quiet",
      "--journal",
      join(folder, journal),
      ...more,
    ];
    const journal = join(folder, "stopped");
    const killed = await runUndertone(args("stopped"), {
      interrupt: () => results(journal).length > 5,
      interruptBy: "SIGKILL",
    });
    expect(killed.code).toBe(null);
    const before = results(journal);
    expect(before.length).toBeGreaterThan(5);
    expect(before.length).toBeLessThan(26);
    // What a disk has damaged counts as none.
    truncateSync(join(journal, before[0]), 9);
    const stopped = await runUndertone(args("stopped"), {
      interrupt: () => results(journal).length > before.length + 4,
    });
    expect(stopped.code).toBe(130);
    expect(errorCode(stopped)).toBe("cancelled");
    const finished = await runUndertone(args("stopped"));
    const whole = await runUndertone(args("whole", "--threads", "1"));
    const [resumed, never] = [finished, whole].map(({ stdout }) => JSON.parse(stdout));
    expect(resumed.restored).toBeGreaterThan(8);
    expect(never.restored).toBe(0);
    expect({ ...resumed, restored: 0 }).toEqual(never);
    expect(never.trials).toBe(4 * 2 + 2 * (4 * 2 + 1));
    const other = await runUndertone(args("stopped", "--seed", "2"));
    expect(errorCode(other)).toBe("file/exists");
  });

  it("writes the best setting as a recipe that evaluate repeats, preparation included", async () => {
    const folder = temporaryFolder();
    const recipe = join(folder, "best.json");
    const file = table(folder);
    const found = await runUndertone([
      "search",
      "--table",
      file,
      ...logistic,
      ...inner,
      "--prepare",
      "median-impute,select-anova",
      "--random",
      "C=log-uniform:0.01:10",
      "select-anova.k=int:1:4",
      "--trials",
      "4",
      "--halving",
      "--nested",
      "--json",
      "--out",
      recipe,
    ]);
    expect(found.stderr).toBe("");
    const { best, tried, nested } = JSON.parse(found.stdout);
    expect(tried.length).toBe(4);
    expect(tried.map(({ share }: { share: number }) => share).sort()).toEqual([1 / 3, 1 / 3, 1, 1]);
    const written = JSON.parse(readFileSync(recipe, "utf8"));
    expect(written.model).toEqual(best.model);
    expect(written.model.prepare).toEqual([
      "median-impute",
      `select-anova:k=${best.candidate["select-anova.k"]}`,
    ]);
    expect(nested.evaluation.leaks).toEqual([]);
    expect(nested.evaluation.predictions.length).toBe(72);
    const again = await runUndertone(["evaluate", "--table", file, "--recipe", recipe, "--json"]);
    expect(again.stderr).toBe("");
    expect(JSON.parse(again.stdout).uar).toBeGreaterThan(0.6);
  });

  it("draws learning and validation curves", async () => {
    const file = table(temporaryFolder());
    const curve = async (...args: string[]) => {
      const { stdout, stderr } = await runUndertone([
        "search",
        "--table",
        file,
        ...logistic,
        ...inner,
        "--json",
        ...args,
      ]);
      expect(stderr).toBe("");
      return JSON.parse(stdout).points as { at: number; trainCount: number; train: number; test: number }[];
    };
    const learning = await curve("--learning-curve", "0.25,0.5,1");
    expect(learning.map(({ at, trainCount }) => [at, trainCount])).toEqual([
      [0.25, 12],
      [0.5, 24],
      [1, 48],
    ]);
    const validation = await curve("--validation-curve", "C=0.0001,100");
    expect(validation.map(({ at }) => at)).toEqual([0.0001, 100]);
    for (const { train, test } of [...learning, ...validation]) {
      expect(train).toBeGreaterThanOrEqual(test - 0.1);
      expect(test).toBeGreaterThan(0.5);
    }
  });

  it("chooses by a loss, with a calibration inside and speakers who are known, and says so in the recipe", async () => {
    const folder = temporaryFolder();
    const out = join(folder, "best.json");
    const args = [
      "search",
      "--table",
      table(folder),
      ...logistic,
      ...inner,
      "--grid",
      "C=0.0001,1",
      "--nested",
    ];
    const more = [
      "--measure",
      "log-loss",
      "--calibration",
      "temperature",
      "--adapt",
      "speaker:4",
      "--out",
      out,
    ];
    const { stdout, stderr, code } = await runUndertone([...args, ...more, "--quiet"]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^ +C +Log loss +mean of folds/m);
    expect(stdout).toContain("chosen by logLoss among 2 settings");
    expect(stdout).toMatch(/ADAPTED\s+to\s+each\s+test\s+speaker/);
    expect(stdout).toMatch(/temperature\s+calibration\s+fitted\s+inside/);
    expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({
      adapt: "speaker:4",
      calibration: "temperature",
    });
  });

  it("chooses a regressor of values", async () => {
    const folder = temporaryFolder();
    const file = table(folder);
    const rated = readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line, i) => (i === 0 ? `${line},arousal` : `${line},${3 + Number(line.split(",")[3])}`));
    writeFileSync(file, `${rated.join("\n")}\n`);
    const args = ["search", "--table", file, "--model", "ridge-regression", "--folds", "speaker:3", ...inner];
    const more = ["--target", "all", "--grid", "alpha=0.01,1000", "--measure", "rmse", "--nested", "--quiet"];
    const { stdout, stderr, code } = await runUndertone([...args, ...more]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^Best: alpha=0\.01\n/);
    expect(stdout).toMatch(/chosen by rmse among 2 settings/);
    expect(stdout).toMatch(/^arousal +0\.\d{3}|^arousal +1\.000/m);
    const best = join(folder, "best.json");
    const written = await runUndertone([
      ...args,
      "--target",
      "all",
      "--grid",
      "alpha=0.01,1000",
      "--out",
      best,
    ]);
    expect(written.code, written.stderr).toBe(0);
    expect(JSON.parse(readFileSync(best, "utf8"))).toMatchObject({
      target: "all",
      model: { params: { alpha: 0.01 } },
    });
    const again = await runUndertone(["evaluate", "--table", file, "--recipe", best, "--json"]);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout).scores.arousal.ccc).toBeGreaterThan(0.9);
  });

  const bad: [what: string, args: string[], code: string, text: RegExp, options?: TableOptions][] = [
    [
      "an unknown parameter",
      ["--grid", "c=1,2"],
      "learn/bad-parameter",
      /no parameter 'c', did you mean 'C'\?/,
    ],
    [
      "a value that is not accepted",
      ["--grid", "C=1,-2"],
      "learn/bad-parameter",
      /'C' of 'logistic-regression' got -2/,
    ],
    ["a step that is not there", ["--grid", "pca.components=2"], "learn/bad-parameter", /'pca'/],
    [
      "more folds than speakers",
      ["--grid", "C=1", "--inner=7"],
      "split/too-few-speakers",
      /7 folds of 6 speakers/,
    ],
    [
      "more inner folds than training speakers",
      ["--grid", "C=1", "--inner=5", "--nested"],
      "split/too-few-speakers",
      /5 folds of 4 speakers/,
    ],
    [
      "a single class",
      ["--grid", "C=1"],
      "learn/single-class",
      /one class only/,
      {
        change: (row) => {
          row.label = "sad";
        },
      },
    ],
    ["a distribution in a grid", ["--grid", "C=uniform:0:1"], "usage/bad-value", /--random draws/],
    ["a range upside down", ["--random", "C=uniform:1:0"], "usage/bad-value", /LOW below HIGH/],
    ["nothing to try", [], "usage/missing", /--grid/],
    [
      "a measure of values",
      ["--grid", "C=1", "--measure", "ccc"],
      "usage/bad-value",
      /'ccc' does not measure classes/,
    ],
    [
      "a measure of classes for values",
      ["--grid", "C=1", "--target", "arousal", "--measure", "log-loss"],
      "usage/bad-value",
      /'log-loss' does not measure values, expected --measure ccc, mae, rmse or r2/,
    ],
    [
      "values whose speakers are to be known",
      ["--grid", "C=1", "--target", "arousal", "--adapt", "speaker"],
      "usage/bad-value",
      /no regressor takes/,
    ],
    [
      "speakers who are to be known by missing values",
      ["--grid", "C=1", "--prepare", "median-impute", "--adapt", "speaker"],
      "learn/not-finite",
      /Adaptation got a table with missing values/,
      {
        change: (row, i) => {
          if (i === 3) row.values[0] = "";
        },
      },
    ],
  ];
  it.each(bad)("answers %s with one sentence", async (_, args, code, text, options) => {
    const given = ["--table", table(temporaryFolder(), options ?? {}), ...logistic, ...args];
    const refused: unknown = await refusal(given);
    expect(refused).toMatchObject({ code, message: expect.stringMatching(text) });
  });

  it("takes constant columns, missing values that a step fills, and a class that is in one speaker only", async () => {
    const file = table(temporaryFolder(), {
      change(row, i) {
        row.values[4] = 7;
        if (i % 6 === 0) row.values[3] = "";
        if (row.speaker === 0 && i % 4 === 0) row.label = "calm";
      },
    });
    const found = await runUndertone([
      "search",
      "--table",
      file,
      ...logistic,
      ...inner,
      "--prepare",
      "knn-impute",
      "--grid",
      "C=0.1,1",
      "--nested",
      "--json",
    ]);
    expect(found.stderr).toBe("");
    expect(JSON.parse(found.stdout).nested.evaluation.classes).toEqual(["calm", "happy", "sad"]);
  });

  it("goes on without the settings that fail, and says which", async () => {
    const file = table(temporaryFolder(), {
      change: (row, i) => {
        if (i === 5) row.values[2] = "";
      },
    });
    const args = ["search", "--table", file, ...logistic, ...inner, "--prepare", "select-variance", "--grid"];
    const none = await runUndertone([...args, "C=1"]);
    expect(errorCode(none)).toBe("learn/not-finite");
    const found = await runUndertone([
      ...args.map((arg) => arg.replace("select-variance", "median-impute,select-variance")),
      "select-variance.threshold=0,1000",
    ]);
    expect(found.code).toBe(0);
    expect(found.stdout).toMatch(/1000 +failed/);
    expect(found.stdout).toMatch(/'select-variance' keeps none of 5 columns/);
  });
});
