/** What a journal gives back, and to whom. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openJournal } from "./journal.js";

const folder = mkdtempSync(join(tmpdir(), "undertone-journal-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const trial = {
  model: { kind: "gaussian-naive-bayes", params: {} },
  split: { name: "fold-1", train: ["a"], dev: [], test: ["b"] },
};
const result = { failed: { code: "learn/single-class", message: "one class" } } as const;

it("gives no result of other data, also where whose journal it is cannot be read", async () => {
  const path = join(folder, "journal");
  await (await openJournal(path, "one")).add(trial, result);
  expect((await openJournal(path, "one")).get(trial)).toEqual(result);
  truncateSync(join(path, "search.json"), 5);
  await openJournal(path, "other");
  expect((await openJournal(path, "other")).get(trial)).toBeUndefined();
});

it("is a folder, and says so to a file", async () => {
  const file = join(folder, "old.jsonl");
  writeFileSync(file, "{}\n");
  await expect(openJournal(file, "one")).rejects.toMatchObject({
    code: "file/unreadable",
    message: `'${file}' is a file, expected a folder.`,
  });
});
