/** What `corpus inspect` listens to; the real corpora are in inspect-corpus.corpora.test.ts. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inspectCorpus } from "./inspect-corpus.js";

const audio = new URL("../../../../test/audio/", import.meta.url).pathname;

it("listens to the recordings of a list beside those of a folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "undertone-inspect-"));
  try {
    for (const name of ["clips/angry/1.wav", "clips/calm/1.wav", "more/1.wav"])
      cpSync(join(audio, "s16.wav"), join(folder, name));
    writeFileSync(join(folder, "more.csv"), "file,speaker,emotion\nmore/1.wav,ann,calm\n");
    const report = await inspectCorpus([join(folder, "clips"), join(folder, "more.csv")]);
    expect(report).toMatchObject({ files: 3, utterances: 3 });
    expect(report.labels.calm.seconds).toBe(2 * report.labels.angry.seconds);
    expect(report.duplicates).toHaveLength(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
