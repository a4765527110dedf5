/** Arousal and valence on the command line, from a manifest's columns. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorCode, runUndertone } from "./run-undertone.js";
import { writeSyntheticCorpus } from "./synthetic-audio.js";

const folder = mkdtempSync(join(tmpdir(), "undertone-values-"));
const manifest = join(folder, "rated.csv");
const env = { UNDERTONE_CACHE: join(folder, "cache") };
const run = (...more: string[]) =>
  runUndertone(
    ["evaluate", "--data", manifest, "--features", "seed-v1", "--model", "ridge-regression", ...more],
    { env },
  );
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  // Three words, each rated by its own arousal, give or take; one clip is not rated.
  const files = writeSyntheticCorpus(join(folder, "corpus"), { actors: 3, takes: 3 });
  const words = [...new Set(files.map((file) => file.match(/\d\d-\d\d-(\d\d)/)![1]!))];
  const lines = files.map((file, i) => {
    const [, word] = file.match(/\d\d-\d\d-(\d\d)/)!;
    const speaker = file.match(/(\d\d)\.wav$/)![1]!;
    const arousal = i === 0 ? "" : 1 + 2 * words.indexOf(word!) + 0.1 * (i % 3);
    return `${relative(folder, file)},actor-${speaker},${arousal},${i % 2}`;
  });
  writeFileSync(manifest, `file,speaker,arousal,valence\n${lines.join("\n")}\n`);
});

describe.concurrent("evaluate --target", () => {
  it("scores values on unseen speakers", async () => {
    const { code, stdout, stderr } = await run("--target", "arousal", "--folds", "loso", "--json", "--quiet");
    expect(code, stderr).toBe(0);
    const result = JSON.parse(stdout);
    expect(result.protocol).toMatchObject({ speakers: 3, leftOut: 1, speakerIndependent: true });
    expect(result.scores.arousal.ccc).toBeGreaterThan(0.5);
    expect(result.folds).toHaveLength(3);
  });

  it("prints both values as a table", async () => {
    const { code, stdout } = await run("--target", "arousal,valence", "--folds", "loso", "--quiet");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^arousal +-?\d\.\d{3} +-?\d\.\d{3} to -?\d\.\d{3}/m);
    expect(stdout).toMatch(/^valence /m);
  });

  it.each([
    [["--target", "warmth"], "usage/bad-value", 2],
    [["--target", "arousal", "--report", "x.html"], "usage/bad-value", 2],
    [["--target", "dominance"], "corpus/empty", 1],
    [["--target", "arousal", "--param", "beta=1"], "learn/bad-parameter", undefined],
  ] as const)("refuses %j", async (flags, code, exit) => {
    const outcome = await run(...flags, "--folds", "loso", "--json", "--quiet");
    expect(errorCode(outcome)).toBe(code);
    if (exit !== undefined) expect(outcome.code).toBe(exit);
  });
});
