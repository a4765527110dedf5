/** Runs that compute their features several times over, which the tests' own two minutes do not hold: speeds, degraded copies, speakers. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../corpora.js";
import { errorCode, runUndertone } from "./run-undertone.js";
import { writeSyntheticCorpus } from "./synthetic-audio.js";

const folder = mkdtempSync(join(tmpdir(), "undertone-runs-"));
const corpus = join(folder, "corpus");
const env = { UNDERTONE_CACHE: join(folder, "cache") };
beforeAll(() => {
  writeSyntheticCorpus(corpus, { actors: 4, takes: 5 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("runs with copies of recordings", () => {
  it("trains at several speeds a model that adapts, and keeps what it hears of a speaker in a file", async () => {
    const [adaptable, profile] = [join(folder, "adaptable.onnx"), join(folder, "me.json")];
    const trained = await runUndertone(
      [
        ...[
          "train",
          "--data",
          corpus,
          "--features",
          "seed-v1",
          "--model",
          "ridge-classifier",
          "--out",
          adaptable,
        ],
        ...[
          "--param",
          "speakerCentring=0.75",
          "--train-speeds",
          "0.9,1",
          "--test-speeds",
          "1,1.1",
          "--json",
          "--quiet",
        ],
      ],
      { env },
    );
    expect(trained.code, trained.stderr).toBe(0);
    expect(JSON.parse(trained.stdout).evaluation.protocol.summary).toMatch(
      /speakerCentring = 0\.75.*training copies at speed 0\.9; 1, scores averaged over speed 1; 1\.1/,
    );
    const clips = readdirSync(join(root, "examples/clips"))
      .filter((name) => name.endsWith(".flac"))
      .slice(0, 2);
    const predict = [
      "predict",
      ...clips.map((name) => join(root, "examples/clips", name)),
      "--speaker",
      profile,
      "--json",
    ];
    const heard = await runUndertone([...predict, "--model", adaptable], { env });
    expect(heard.code, heard.stderr).toBe(0);
    expect(JSON.parse(heard.stdout).predictions[0]).not.toHaveProperty("speaker");
    const { heard: kept } = JSON.parse(readFileSync(profile, "utf8"));
    expect(kept).toHaveLength(2);
    expect(kept[0].scores).toHaveLength(3);
    expect(kept[0].marks.length).toBeGreaterThan(0);
    await runUndertone([...predict, "--model", adaptable], { env });
    expect(JSON.parse(readFileSync(profile, "utf8")).heard).toHaveLength(4);
    expect(
      errorCode(await runUndertone([...predict, "--model", join(root, "models/ravdess.onnx")], { env })),
    ).toBe("artifact/not-adaptable");
    writeFileSync(profile, "[]");
    expect(errorCode(await runUndertone([...predict, "--model", adaptable], { env }))).toBe(
      "file/unreadable",
    );
  });

  it("trains on degraded copies that a recipe asks for, the same ones each time, and tests on none", async () => {
    const recipe = join(folder, "copies.json");
    const evaluate = async (copies?: unknown) => {
      const fields = {
        format: 1,
        title: "copies",
        corpus: "ravdess",
        labelMap: "ravdess-8",
        features: "seed-v1",
      };
      const model = { kind: "gaussian-naive-bayes" };
      const text = JSON.stringify({ ...fields, model, folds: "speaker:2", copies, expected: {} });
      writeFileSync(recipe, text);
      return runUndertone(["evaluate", "--recipe", recipe, "--data", corpus, "--json"], { env });
    };
    const plain = JSON.parse((await evaluate()).stdout);
    const chains = [
      [{ kind: "noise", colour: "pink", snrDb: [0, 10] }],
      [{ kind: "band-limit", lowHz: 300, highHz: [3300, 3500] }, { kind: "mu-law" }],
    ];
    const [first, second] = [await evaluate(chains), await evaluate(chains)];
    expect(first.code, first.stderr).toBe(0);
    const result = JSON.parse(first.stdout);
    expect(result.protocol.summary).toContain("one more training copy through noise or band-limit, mu-law,");
    expect(result.predictions).toEqual(JSON.parse(second.stdout).predictions);
    expect(result.predictions.map(({ id }: { id: string }) => id)).toEqual(
      plain.predictions.map(({ id }: { id: string }) => id),
    );
    expect(result.predictions).not.toEqual(plain.predictions);
    for (const step of [{ kind: "hiss" }, { kind: "noise" }, { kind: "noise", snrDb: [5, 5000] }])
      expect(errorCode(await evaluate([[step]]))).toBe("recipe/invalid");
  });
});
