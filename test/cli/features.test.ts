/** `undertone features`: many recordings, broken ones among them, and whole datasets. */
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../corpora.js";
import { errorCode, runUndertone, temporaryFolder } from "./run-undertone.js";
import { write } from "./synthetic-audio.js";

const clip = join(root, "examples/clips/03-01-05-02-01-01-16.flac");

it("writes the rows of all recordings but the broken, names those, and says nothing else", async () => {
  const folder = temporaryFolder();
  const env = { UNDERTONE_CACHE: join(folder, "cache") };
  const names = Array.from({ length: 20 }, (_, i) =>
    join(folder, "in", `${String(i).padStart(2, "0")}.flac`),
  );
  for (const name of names) {
    write(name, "");
    copyFileSync(clip, name);
  }
  const bad = write(join(folder, "in", "10.wav"), "no audio");
  const out = join(folder, "out.csv");
  const args = ["features", join(folder, "in"), "--set", "logmel-v1", "--out", out];
  const refused = await runUndertone(args, { env });
  expect([errorCode(refused), refused.code, existsSync(out)]).toEqual(["corpus/broken-files", 1, false]);
  const outcome = await runUndertone([...args, "--skip-broken", "--json"], { env });
  expect(outcome.code).toBe(0);
  expect(outcome.stderr).toMatch(/^undertone: [^\n]+10\.wav' is not audio[^\n]+\n$/);
  const { files, rows, broken } = JSON.parse(outcome.stdout);
  expect([files, broken.map(({ file }: { file: string }) => file)]).toEqual([20, [bad]]);
  const [head, ...lines] = readFileSync(out, "utf8").trimEnd().split("\n");
  expect(head).toMatch(/^id,/);
  expect(lines).toHaveLength(rows);
  expect([...new Set(lines.map((line) => line.split(",")[0]))]).toEqual(names);
});

it("writes who spoke and what was heard of a dataset, of which a table can be learnt from", async () => {
  const folder = temporaryFolder();
  for (const [i, word] of ["happy", "sad"].entries()) {
    const file = join(folder, "mine", word, `anna-${i}.flac`);
    write(file, "");
    copyFileSync(clip, file);
  }
  const args = ["features", "--data", join(folder, "mine"), "--speaker-from", "prefix", "--set", "seed-v1"];
  const outcome = await runUndertone(args, { env: { UNDERTONE_CACHE: join(folder, "cache") } });
  expect(outcome.code, outcome.stderr).toBe(0);
  const rows = outcome.stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split(",").slice(0, 3));
  expect(rows).toEqual([
    ["id", "speaker", "label"],
    ["happy/anna-0.flac", "anna", "happy"],
    ["sad/anna-1.flac", "anna", "sad"],
  ]);
});
