/**
 * Arousal, valence, dominance and votes on the command line. No recordings come with such ratings, so a rule makes them from the labels: a level for
 * each word, give or take.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { readArtifact } from "@undertone/core/artifact";
import { UndertoneError } from "@undertone/core/errors";
import { encodeTable, loadData } from "undertone";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../packages/node/src/cli/commands/evaluate.js";
import { predict } from "../../packages/node/src/cli/commands/predict.js";
import { train } from "../../packages/node/src/cli/commands/train.js";
import { root } from "../corpora.js";
import { runCommand } from "./run-command.js";
import { errorCode, runUndertone } from "./run-undertone.js";
import { writeSyntheticCorpus } from "./synthetic-audio.js";

const folder = mkdtempSync(join(tmpdir(), "undertone-values-"));
const [manifest, other, table] = ["rated.csv", "other.csv", "rated.parquet"].map((name) =>
  join(folder, name),
) as [string, string, string];
const data = ["--data", manifest, "--features", "seed-v1"];
const fromTable = ["--table", table];
const ridge = ["--model", "ridge-regression", "--folds", "loso"];
const bayes = ["--model", "gaussian-naive-bayes", "--folds", "loso"];
const words = ["happy", "sad", "angry"];
/** A real voice: the speech gate lets no synthetic vowel through. */
const clip = join(root, "examples/clips/03-01-05-02-01-01-16.flac");
let wave = "";
/** The clips of every list here are among those that the artifacts learnt from. */
const learnt = ["--allow-leak", "utterance"];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  process.env.UNDERTONE_CACHE = join(folder, "cache");
  const files = writeSyntheticCorpus(join(folder, "corpus"), { actors: 3, takes: 2 });
  wave = files.at(-1)!;
  const codes = [...new Set(files.map((file) => file.match(/\d\d-\d\d-(\d\d)/)![1]))];
  const lines = files.map((file, i) => {
    const word = codes.indexOf(file.match(/\d\d-\d\d-(\d\d)/)![1]);
    const speaker = file.match(/(\d\d)\.wav$/)![1];
    // One clip is not rated; of five raters one hears the next word in every third clip.
    const arousal = i === 0 ? "" : 1 + 2 * word + 0.1 * (i % 3);
    const strays = i % 3 === 0 ? 1 : 0;
    const counts = words.map((_, k) => (k === word ? 5 - strays : k === (word + 1) % 3 ? strays : 0));
    return [relative(folder, file), `actor-${speaker}`, words[word], arousal, i % 2, ...counts].join(",");
  });
  const header = `file,speaker,label,arousal,valence,${words.map((word) => `votes:${word}`).join(",")}`;
  writeFileSync(manifest, `${header}\n${lines.join("\n")}\n`);
  writeFileSync(other, `${header}\n${lines.slice(0, 12).join("\n")}\n`);
  const loaded = await loadData({ data: [manifest] }, "seed-v1");
  writeFileSync(
    table,
    await encodeTable({ dataset: loaded.dataset, table: loaded.table, featureSet: "seed-v1" }, "parquet"),
  );
});

describe("evaluate --target", () => {
  it("scores values on unseen speakers, from a feature table as from the recordings", async () => {
    const { document, text } = await runCommand(evaluate, [...data, ...ridge, "--target", "all"]);
    expect(document.protocol).toMatchObject({ speakers: 3, leftOut: 1, speakerIndependent: true });
    expect(document.names).toEqual(["arousal", "valence"]);
    expect(document.scores.arousal.ccc).toBeGreaterThan(0.5);
    expect(document.folds).toHaveLength(3);
    expect(text).toMatch(/^arousal +-?\d\.\d{3} +-?\d\.\d{3} to -?\d\.\d{3}/m);
    expect(text).toMatch(/^valence /m);
    const again = await runCommand(evaluate, [...fromTable, ...ridge, "--target", "arousal,valence"]);
    expect(again.document.scores).toEqual(document.scores);
  });

  it("takes steps of preparation, and writes a report that tells of them", async () => {
    const report = join(folder, "report.html");
    const steps = "robust-scale,select-correlation:k=50";
    const more = ["--target", "arousal", "--prepare", steps, "--report", report];
    const { document } = await runCommand(evaluate, [...fromTable, ...ridge, ...more]);
    expect(document.protocol.model.prepare).toBe(steps);
    expect(document.folds[1].trainCount).toBe(11);
    expect(document.scores.arousal.ccc).toBeGreaterThan(0.5);
    const html = readFileSync(report, "utf8");
    expect(html).toContain(steps);
    expect(html).toContain('aria-label="Predicted against rated arousal of 17 clips"');
  });

  it("compares scores with votes", async () => {
    const learner = ["--model", "logistic-regression", "--folds", "loso"];
    const { document } = await runCommand(evaluate, [...fromTable, ...learner, "--target", "votes"]);
    expect(document.protocol.model).toMatchObject({ learnFrom: "votes", classWeight: "none" });
    expect(document.rated.utterances).toBe(18);
    expect(document.rated.jensenShannon).toBeLessThan(0.4);
  });
});

describe("train --target", () => {
  it("writes an artifact of values, which predict and evaluate --artifact know", async () => {
    const out = join(folder, "values.onnx");
    const run = (
      await runCommand(train, [
        ...data,
        ...ridge,
        "--target",
        "all",
        "--train-speeds",
        "1,0.9",
        "--test-speeds",
        "0.9,1",
        "--out",
        out,
      ])
    ).document;
    const { ccc, mae, rmse } = run.evaluation.scores.arousal;
    const { manifest: facts } = readArtifact(readFileSync(out));
    expect(facts).toMatchObject({ requires: ["speeds", "dimensions"], classes: [], evaluation: null });
    expect(facts.dimensions!.values).toEqual([
      { name: "arousal", low: 1, high: 5.2, mean: expect.closeTo(3.2, 0) },
      { name: "valence", low: 0, high: 1, mean: expect.closeTo(0.5, 0) },
    ]);
    expect(facts.dimensions!.evaluation!.measures[0]).toMatchObject({ name: "arousal", ccc, mae, rmse });
    const said = `arousal: CCC ${ccc.toFixed(3)}, MAE ${mae.toFixed(3)}, RMSE ${rmse.toFixed(3)}`;
    expect(facts.card.limits).toContain(said);
    expect(facts.card.limits).toContain("3 folds of one unseen speaker (loso)");
    expect(facts.card.limits).toContain("training copies at speed 1; 0.9, values averaged over speed 0.9; 1");

    const heard = await runCommand(predict, [clip, "--model", out]);
    expect(heard.text).toMatch(/ {2}arousal \d+\.\d\d, valence /);
    const windows = await runCommand(predict, [clip, "--model", out, "--timeline"]);
    expect(windows.text).toMatch(/^ +0:00\.5 – +0:02\.0 {2}arousal \d+\.\d\d, valence /m);

    await expect(
      runCommand(evaluate, ["--data", other, "--artifact", out, "--robustness"]),
    ).rejects.toMatchObject({ code: "usage/bad-value" });
    const again = await runCommand(evaluate, ["--data", other, "--artifact", out, ...learnt]);
    expect(again.document.scores.arousal.ccc).toBeGreaterThan(0.8);
    expect(again.document.protocol).toMatchObject({
      utterances: 11,
      leftOut: 1,
      folds: "none: trained elsewhere",
    });
    expect(again.text).toMatch(/value +CCC +95 % interval +MAE +RMSE +R²/);
    await expect(runCommand(evaluate, ["--data", manifest, "--artifact", out])).rejects.toMatchObject({
      code: "split/leak",
    });
  });

  it("writes classes and values into one artifact", async () => {
    const out = join(folder, "both.onnx");
    const more = ["--target", "arousal", "--value-model", "ridge-regression", "--value-param", "alpha=10"];
    const run = (await runCommand(train, [...fromTable, ...bayes, ...more, "--out", out])).document;
    expect(run.evaluation.uar).toBeGreaterThan(0.5);
    expect(run.values.protocol.model).toMatchObject({ kind: "ridge-regression", alpha: 10 });
    expect(readFileSync(run.report, "utf8")).toContain("Predicted against rated arousal");
    const outcome = await runUndertone(["predict", clip, "--model", out, "--json", "--quiet"]);
    const [prediction] = JSON.parse(outcome.stdout).predictions;
    expect(Object.keys(prediction.scores)).toEqual([...words].sort());
    expect(prediction.dimensions.arousal).toEqual(expect.any(Number));
    const again = (await runCommand(evaluate, ["--data", other, "--artifact", out, ...learnt])).document;
    expect(again.uar).toBeGreaterThan(0.5);
    expect(again.values.scores.arousal.ccc).toBeGreaterThan(0.5);
    const unrated = join(folder, "unrated.csv");
    writeFileSync(unrated, `file,speaker,label\n${relative(folder, wave)},a,angry\n`);
    const classes = (await runCommand(evaluate, ["--data", unrated, "--artifact", out, ...learnt])).document;
    expect(classes).toMatchObject({ protocol: { utterances: 1 } });
    expect(classes.values).toBeUndefined();
  });

  it("learns the shares of the votes, and says how far the scores are from them", async () => {
    const out = join(folder, "votes.onnx");
    const learner = ["--model", "logistic-regression", "--folds", "loso"];
    const run = (await runCommand(train, [...fromTable, ...learner, "--target", "votes", "--out", out]))
      .document;
    const { jensenShannon } = run.evaluation.rated;
    const { manifest: facts } = readArtifact(readFileSync(out));
    expect(facts.evaluation!.jensenShannon).toBe(jensenShannon);
    expect(facts.calibration).toEqual({ kind: "none" });
    expect(facts.card.limits).toContain(`mean Jensen-Shannon distance ${jensenShannon.toFixed(3)}`);
    const again = (await runCommand(evaluate, ["--data", other, "--artifact", out, ...learnt])).document;
    expect(again.rated.jensenShannon).toBeLessThan(0.3);
  });

  it("takes the word of most votes where an utterance has no label", async () => {
    const unlabelled = join(folder, "unlabelled.csv");
    const [header, ...rows] = readFileSync(manifest, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    writeFileSync(
      unlabelled,
      `${[header!, ...rows].map((cells) => cells.filter((_, j) => j !== 2).join(",")).join("\n")}\n`,
    );
    const both = await Promise.all(
      [unlabelled, manifest].map((path) => loadData({ data: [path], votes: true }, "seed-v1")),
    );
    const [guessed, told] = both.map(({ dataset }) => dataset.utterances.map(({ label }) => label));
    expect(guessed).toEqual(told);
  });
});

describe("--target refuses", () => {
  const never = ["--out", join(folder, "never.onnx")];
  it.each([
    [
      "evaluate",
      ["--target", "warmth"],
      "usage/bad-value",
      "expected arousal, valence, dominance, all or votes",
    ],
    [
      "evaluate",
      ["--target", "arousal", "--artifact", "a.onnx"],
      "usage/bad-value",
      "expected --artifact alone",
    ],
    [
      "evaluate",
      ["--target", "votes", "--artifact", "a.onnx"],
      "usage/bad-value",
      "expected --artifact alone",
    ],
    [
      "evaluate",
      ["--target", "arousal", "--recipe", "a.json"],
      "usage/bad-value",
      "which the recipe settles",
    ],
    ["evaluate", ["--target", "votes", "--recipe", "a.json"], "usage/bad-value", "which the recipe settles"],
    ["evaluate", ["--target", "arousal", "--label-map", "common-4"], "usage/bad-value", "for classes only"],
    ["evaluate", ["--target", "arousal", "--adapt", "speaker"], "usage/bad-value", "no regressor takes"],
    [
      "evaluate",
      ["--target", "arousal", "--calibration", "platt"],
      "usage/bad-value",
      "a value is no probability",
    ],
    ["evaluate", ["--target", "votes", "--calibration", "platt"], "usage/bad-value", "towards the labels"],
    ["evaluate", ["--target", "arousal", "--robustness"], "usage/bad-value", "for classes only"],
    ["evaluate", ["--target", "arousal", "--importance"], "usage/bad-value", "for classes only"],
    ["evaluate", ["--target", "dominance"], "corpus/empty", "no utterance with dominance"],
    ["evaluate", ["--target", "arousal", "--param", "beta=1"], "learn/bad-parameter", "beta"],
    [
      "evaluate",
      ["--target", "arousal", "--prepare", "select-anova"],
      "learn/bad-parameter",
      "learns from classes",
    ],
    ["evaluate", ["--target", "arousal", "--test-speeds", "0.9"], "usage/bad-value", "speed 1"],
    ["train", ["--target", "arousal", "--max-risk", "0.2"], "usage/bad-value", "a value has no confidence"],
    ["train", ["--target", "votes", "--calibration", "platt"], "usage/bad-value", "towards the labels"],
    ["train", ["--target", "votes", "--param", "learnFrom=labels"], "usage/bad-value", "learnFrom=votes"],
    ["train", ["--value-model", "lasso"], "usage/bad-value", "--target all"],
    ["train", ["--target", "votes", "--value-model", "lasso"], "usage/bad-value", "--target votes"],
    ["train", ["--target", "all", "--value-param", "alpha=1"], "usage/bad-value", "--value-model"],
    [
      "train",
      ["--target", "all", "--value-model", "lasso", "--recipe", "a.json"],
      "usage/bad-value",
      "--recipe",
    ],
    [
      "train",
      ["--target", "all", "--value-model", "lasso", "--param", "speakerCentring=1"],
      "learn/bad-parameter",
      "does not adapt to speakers",
    ],
  ] as const)("%s %j", async (name, flags, code, words) => {
    const [command, model] = name === "train" ? [train, [...bayes, ...never]] : [evaluate, ridge];
    const refused = await runCommand(command, [...fromTable, ...model, ...flags]).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(UndertoneError);
    expect(refused).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it("data without votes, in one sentence of the program", async () => {
    const bare = join(folder, "bare.csv");
    writeFileSync(bare, `file,speaker,label\n${relative(folder, wave)},a,angry\n`);
    const args = [
      "evaluate",
      "--data",
      bare,
      "--features",
      "seed-v1",
      ...bayes,
      "--target",
      "votes",
      "--quiet",
    ];
    const outcome = await runUndertone(args);
    expect(outcome.code).toBe(1);
    expect(errorCode(outcome)).toBe("learn/single-class");
  });
});
