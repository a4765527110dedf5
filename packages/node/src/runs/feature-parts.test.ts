import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Utterance } from "@undertone/core/data";
import { featureSet } from "@undertone/core/features";
import { afterAll, beforeAll, expect, it } from "vitest";
import { wavBytes } from "../../../../test/cli/synthetic-audio.js";
import { root } from "../../../../test/corpora.js";
import { exampleClip } from "../../../../test/golden/signals.js";
import type { BrokenFile } from "./extract-table.js";
import { featureParts } from "./feature-parts.js";
import type { TablePart } from "./table-file.js";

const name = "03-01-05-02-01-01-16.flac";
const clip = join(root, "examples/clips", name);
const folder = mkdtempSync(join(tmpdir(), "undertone-parts-"));
const cache = process.env.UNDERTONE_CACHE;
let speech = new Float32Array();
beforeAll(async () => {
  process.env.UNDERTONE_CACHE = join(folder, "cache");
  speech = Float32Array.from(await exampleClip(name));
});
afterAll(() => {
  if (cache === undefined) delete process.env.UNDERTONE_CACHE;
  else process.env.UNDERTONE_CACHE = cache;
  rmSync(folder, { recursive: true, force: true });
});

const utterance = (file: string): Utterance => ({ id: file, file, speaker: "", attributes: {} });

async function partsOf(
  files: readonly string[],
  options: { featureSetId: string; windowSeconds?: number; maxSeconds?: number; skipBroken?: boolean },
): Promise<{ parts: TablePart[]; broken: BrokenFile[]; warnings: string[] }> {
  const parts: TablePart[] = [];
  const broken: BrokenFile[] = [];
  const warnings: string[] = [];
  const told = {
    onBroken: (file: BrokenFile) => void broken.push(file),
    onWarning: (text: string) => void warnings.push(text),
  };
  for await (const part of featureParts(files.map(utterance), { name: "files", ...told, ...options }))
    parts.push(part);
  return { parts, broken, warnings };
}

it("cuts recordings into windows with start and end, and counts those that are silent", async () => {
  const file = join(folder, "pause.wav");
  const samples = new Float32Array(5 * 16_000);
  samples.set(speech.subarray(0, 2 * 16_000));
  writeFileSync(file, wavBytes(samples, { format: 3 }));
  const { parts, warnings } = await partsOf([file], { featureSetId: "seed-v1", windowSeconds: 2 });
  const heard = { samples: samples.subarray(0, 2 * 16_000), sampleRate: 16_000 };
  expect(parts.map(({ utterance: { id, start, end } }) => ({ id, start, end }))).toEqual([
    { id: `${file}#t=0,2`, start: 0, end: 2 },
  ]);
  expect(parts[0].features.data).toEqual(featureSet("seed-v1").extract(heard).data);
  expect(warnings).toEqual([`'${file}': 2 of 3 windows are silent or too short and have no row`]);
  const long = await partsOf([file], { featureSetId: "seed-v1", maxSeconds: 4 });
  expect(long.parts.map(({ utterance: { id } }) => id)).toEqual([`${file}#t=0,5`]);
  expect(long.warnings).toEqual([expect.stringContaining("lasts more than 4 s and has a row for each 60 s")]);
});

it("gives the frames of a long recording in pieces, as those of the whole", async () => {
  const file = join(folder, "long.wav");
  const samples = Float32Array.from({ length: 20 * 16_000 }, (_, i) => speech[i % speech.length]);
  writeFileSync(file, wavBytes(samples, { format: 3 }));
  const { parts } = await partsOf([file], { featureSetId: "logmel-v1", maxSeconds: 10 });
  const rows = parts.flatMap(({ features: { data } }) => [...data]);
  expect(parts.length).toBeGreaterThan(2);
  expect(Float32Array.from(rows)).toEqual(
    featureSet("logmel-v1").extract({ samples, sampleRate: 16_000 }).data,
  );
});

it("takes an utterance that is a stretch of a long recording as one", async () => {
  const file = join(folder, "stretch.wav");
  const samples = Float32Array.from({ length: 20 * 16_000 }, (_, i) => speech[i % speech.length]);
  writeFileSync(file, wavBytes(samples, { format: 3 }));
  const cut = { ...utterance(file), id: "a turn", start: 15, end: 17 };
  const told = { onBroken: () => undefined, onWarning: expect.unreachable };
  const parts: TablePart[] = [];
  const options = { name: "files", featureSetId: "seed-v1", maxSeconds: 10, ...told };
  for await (const part of featureParts([cut], options)) parts.push(part);
  expect(parts.map(({ utterance: { id } }) => id)).toEqual(["a turn"]);
  const heard = { samples: samples.subarray(15 * 16_000, 17 * 16_000), sampleRate: 16_000 };
  expect(parts[0].features.data).toEqual(featureSet("seed-v1").extract(heard).data);
});

it("says that the rows before a fault stay", async () => {
  const file = join(folder, "cut.flac");
  writeFileSync(file, readFileSync(clip).subarray(0, 40_000));
  const { parts, broken, warnings } = await partsOf([file, clip], {
    ...{ featureSetId: "logmel-v1", maxSeconds: 1, skipBroken: true },
  });
  expect(broken).toMatchObject([{ id: file, code: "audio/truncated" }]);
  const kept = parts.filter(({ utterance: { id } }) => id === file);
  const rows = kept.reduce((sum, { features }) => sum + features.rows, 0);
  expect(rows).toBeGreaterThan(0);
  expect(warnings).toEqual([`'${file}' keeps the ${rows} rows of what was read before it broke`]);
});

it("names broken recordings, and goes on where it may", async () => {
  const bad = join(folder, "bad.wav");
  writeFileSync(bad, "no audio");
  const set = { featureSetId: "seed-v1" };
  const { parts, broken } = await partsOf([bad, clip], { ...set, skipBroken: true });
  expect(parts.map(({ utterance: { id } }) => id)).toEqual([clip]);
  expect(broken).toEqual([
    { id: bad, file: bad, code: "audio/not-audio", message: expect.stringContaining(bad) },
  ]);
  await expect(partsOf([bad, clip], set)).rejects.toMatchObject({ code: "corpus/broken-files" });
  await expect(partsOf([bad], set)).rejects.toMatchObject({ code: "audio/not-audio" });
  await expect(partsOf([bad], { ...set, skipBroken: true })).rejects.toMatchObject({ code: "corpus/empty" });
});
