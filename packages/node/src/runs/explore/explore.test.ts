/** Exploring: a small corpus from table to report, and what cannot be explored. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { functionalsTable } from "@undertone/core/data";
import { isUndertoneError } from "@undertone/core/errors";
import { type Matrix, matrix, random } from "@undertone/core/math";
import { parseHTML } from "linkedom";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "../../../../../test/corpora.js";
import { findSounds } from "../report/sounds.js";
import { encodeTable } from "../table-file.js";
import { exploreRun } from "./explore-run.js";
import { renderExploration } from "./render-exploration.js";
import { findings } from "./words.js";

const folder = mkdtempSync(join(tmpdir(), "undertone-explore-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nasty = `</script><img src=x onerror="alert(1)">'`;

/** Writes a table of `count` utterances of two labels and some speakers; labels lie 3 deviations apart. */
async function writeTable(
  name: string,
  {
    count = 48,
    speakers = 4,
    labelOf = (i: number): string => (i % 2 ? "glad" : "sorry"),
    change = (_: Matrix) => {},
  } = {},
): Promise<string> {
  const stream = random(name);
  const frames = matrix(count, 6);
  const utterances = Array.from({ length: count }, (_, i) => {
    for (let j = 0; j < 6; j++)
      frames.data[i * 6 + j] =
        j === 5 ? 1 : stream.normal() + (j === 0 ? 3 * (i % 2) : 0) + (i === 7 ? 9 : 0);
    return {
      id: i === 3 ? nasty : `clip-${i}.wav`,
      file: `clip-${i}.wav`,
      speaker: `s${Math.floor(i / 2) % speakers}`,
      label: labelOf(i),
      attributes: { sex: (Math.floor(i / 2) % speakers) % 2 ? "female" : "male" },
    };
  });
  change(frames);
  const table = functionalsTable(
    utterances.map(({ id }) => id),
    ["a", "b", "c", "d", "e", "still"],
    frames,
  );
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, await encodeTable({ dataset: { name, utterances }, table, featureSet: "own" }, "csv"));
  return path;
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error) => (isUndertoneError(error) ? error.code : error),
  );

describe("exploreRun", () => {
  it("finds groups, maps, the outlier and what labels are like; the report says all of it, escaped", async () => {
    const { exploration, data } = await exploreRun({
      data: [],
      table: await writeTable("small"),
      seed: 1,
      clusters: 2,
    });
    expect(exploration.utterances).toHaveLength(48);
    expect(exploration.maps.map(({ kind, points }) => [kind, points.length])).toEqual([
      ["pca", 48],
      ["t-sne", 48],
      ["umap", 48],
    ]);
    expect(exploration.outliers[0]?.id).toBe("clip-7.wav");
    expect(exploration.outliers[0]?.reason).toMatch(/deviations above the mean/);
    expect(exploration.methods.length).toBe(9);
    expect(exploration.clustering.agreements.map(({ of }) => of)).toEqual(["label", "speaker", "sex"]);
    for (const { counts } of exploration.clustering.agreements)
      expect(counts.flat().reduce((a, b) => a + b)).toBe(48);
    expect("doubts" in exploration.labels && exploration.labels.uar).toBeGreaterThan(0.85);
    expect(JSON.stringify(exploration)).not.toMatch(/null,null|NaN/);

    const sounds = await findSounds(data.dataset.utterances, {
      report: join(folder, "r.html"),
      embedUpTo: 1,
      copies: "files",
    });
    expect(sounds.kind).toBe("none");
    const text = renderExploration(exploration, { title: nasty, sounds });
    const document = parseHTML(text).document;
    expect([...document.querySelectorAll("h2")].map((heading) => heading.textContent)).toEqual([
      "Map",
      "Clusters against what is known",
      "How many clusters there are",
      "Unlike the others",
      "Probably wrong labels",
      "How to repeat it",
    ]);
    expect(document.querySelectorAll("script, img")).toHaveLength(2);
    expect(document.querySelectorAll("[src], [href]:not([href^='#'])")).toHaveLength(0);
    expect(document.querySelectorAll(".contents a")).toHaveLength(6);
    expect(text.slice(0, text.indexOf("<script"))).not.toMatch(/<img|<link|@import|undefined|\[object/);
    const embedded = JSON.parse(document.querySelector("#explore-data")!.textContent!);
    expect(embedded.titles).toContain(nasty);
    expect(embedded.maps[2].points).toHaveLength(48);
  });

  it("is the same for the same seed", async () => {
    const table = await writeTable("again", { count: 20 });
    const [first, second] = [
      await exploreRun({ data: [], table, seed: 4 }),
      await exploreRun({ data: [], table, seed: 4 }),
    ];
    expect(second.exploration).toEqual(first.exploration);
  });

  it("checks labels of one speaker too", async () => {
    const table = await writeTable("one", { speakers: 1 });
    expect((await exploreRun({ data: [], table, seed: 1 })).exploration.labels).toHaveProperty("doubts");
  });

  it("says so where models only guess, instead of doubting labels by them", async () => {
    // What tells the labels apart has the opposite sign for every other speaker.
    const change = ({ data, rows }: Matrix): void => {
      for (let i = 0; i < rows; i++) data[6 * i] = (i % 2 ? 3 : -3) * (Math.floor(i / 2) % 2 ? 1 : -1);
    };
    const table = await writeTable("opposite", { count: 40, speakers: 2, change });
    const { exploration } = await exploreRun({ data: [], table, folds: "loso", seed: 1 });
    expect(exploration.labels).toEqual({
      skipped: expect.stringMatching(/no better than guessing \(50 %\)$/),
    });
  });

  it("refuses too few utterances, NaN, unknown methods and more clusters than utterances", async () => {
    const small = await writeTable("few", { count: 3 });
    expect(await codeOf(exploreRun({ data: [], table: small, seed: 1 }))).toBe("learn/too-few-rows");
    const table = await writeTable("many", { count: 12 });
    expect(await codeOf(exploreRun({ data: [], table, seed: 1, method: "k-medoids" }))).toBe(
      "learn/bad-parameter",
    );
    expect(await codeOf(exploreRun({ data: [], table, seed: 1, clusters: 13 }))).toBe("learn/bad-parameter");
    await expect(exploreRun({ data: [], table, seed: 1, clusters: 3, method: "dbscan" })).rejects.toThrow(
      "'dbscan', which finds the number itself",
    );
    expect(await codeOf(exploreRun({ data: [], table, seed: 1, folds: "third" }))).toBe("split/unknown");
  });

  it("says that all utterances are equal, and how many differ", async () => {
    const equal = await writeTable("equal", { count: 40, change: ({ data }) => data.fill(1) });
    await expect(exploreRun({ data: [], table: equal, seed: 1 })).rejects.toThrow(
      "features of all 40 utterances are equal",
    );
    const change = ({ data, cols }: Matrix): void => {
      data.forEach((_, at) => {
        data[at] = (at % cols) * (Math.floor(at / cols) % 3);
      });
    };
    const three = await writeTable("three", { count: 40, change });
    const { exploration } = await exploreRun({ data: [], table: three, seed: 1 });
    expect(exploration.distinct).toBe(3);
    expect(exploration.choice.counts.map(({ clusters }) => clusters)).toEqual([2, 3]);
    for (const { clusters } of exploration.methods) expect(clusters).toBeLessThanOrEqual(3);
    expect(findings(exploration)[0]).toBe("37 clips have exactly the features of another: 3 of 40 differ.");
    await expect(exploreRun({ data: [], table: three, clusters: 5, seed: 1 })).rejects.toThrow(
      "40 rows of which only 3 differ",
    );
  });

  it("never doubts a label that the models agree with, where some classes have no clips", async () => {
    const table = await writeTable("of-eight", {
      labelOf: (i) => (i % 2 ? "calm" : "angry"),
      change: ({ data, cols }) => {
        for (let at = 0; at < data.length; at += cols) data[at] += 3 * ((at / cols) % 2);
      },
    });
    const { exploration } = await exploreRun({ data: [], table, labelMap: "ravdess-8", seed: 1 });
    expect(exploration.labels).toMatchObject({ confident: 0, doubts: [], uar: 1 });
    expect(findings(exploration)).toContain(
      "No label is doubted by models of the other clips, which are right 100.0 % of the time.",
    );
  });

  it("counts as doubted what it lists", async () => {
    const table = await writeTable("exchanged", {
      count: 60,
      change: ({ data, cols }) => {
        for (let at = 0; at < data.length; at += cols) data[at] += 3 * ((at / cols) % 2);
      },
      labelOf: (i) => ((i % 2 === 1) === i % 10 < 8 ? "calm" : "angry"),
    });
    const { labels } = (await exploreRun({ data: [], table, seed: 1 })).exploration;
    if ("skipped" in labels) throw new Error(labels.skipped);
    expect(labels.confident).toBeGreaterThan(2);
    expect(labels.doubts).toHaveLength(labels.confident);
    expect(labels.doubts.filter(({ confident }) => !confident)).toEqual([]);
  });

  it("judges no labels where all but one have a single clip, and says what the data cannot teach", async () => {
    const labels = ["sorry", ...Array.from({ length: 11 }, (_, i) => (i < 3 ? "sorry" : `label ${i}`))];
    const table = await writeTable("singles", { count: 12, labelOf: (i) => labels[i] });
    const { exploration } = await exploreRun({ data: [], table, seed: 1 });
    expect(exploration.labels).toEqual({ skipped: expect.stringMatching(/^fewer than 2 labels/) });
    expect(exploration.warnings).toEqual([
      expect.stringMatching(/^8 classes are said by one speaker alone/),
      expect.stringMatching(/^8 classes come with one sex alone/),
    ]);
  });

  it("stops on request", async () => {
    const table = await writeTable("stop");
    const signal = AbortSignal.abort();
    expect(await codeOf(exploreRun({ data: [], table, seed: 1 }, { signal }))).toBe("cancelled");
  });
});

describe("findSounds", () => {
  const clip = join(root, "examples/clips/03-01-01-01-01-01-01.flac");
  const utterances = [
    { id: "a", file: clip, speaker: "s", attributes: {} },
    { id: "b", file: clip, start: 1, end: 2, speaker: "s", attributes: {} },
    { id: "gone", file: join(folder, "gone.wav"), speaker: "s", attributes: {} },
  ];

  it("embeds small corpora, each file's parts with their times", async () => {
    const sounds = await findSounds(utterances, {
      report: join(folder, "report.html"),
      embedUpTo: 1,
      copies: "files",
    });
    expect(sounds.kind).toBe("embedded");
    expect(sounds.byId.get("a")?.url).toMatch(/^data:audio\/flac;base64,[A-Za-z0-9+/=]+$/);
    expect(sounds.byId.get("b")).toMatchObject({ start: 1, end: 2 });
    expect(sounds.byId.has("gone")).toBe(false);
  });

  it("links larger ones from where the report is", async () => {
    const sounds = await findSounds(utterances, {
      report: join(root, "examples/a b/report.html"),
      embedUpTo: 0,
      copies: "files",
    });
    expect(sounds.kind).toBe("linked");
    expect(sounds.byId.get("a")?.url).toBe("../clips/03-01-01-01-01-01-01.flac");
  });
});
