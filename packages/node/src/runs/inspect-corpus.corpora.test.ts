/** `corpus inspect` on the real corpora finds what their README lists, and nothing that is not there. */
import { describe, expect, it } from "vitest";
import { corpus } from "../../../../test/corpora.js";
import type { Oddity } from "./corpus-oddities.js";
import { type InspectReport, inspectCorpus } from "./inspect-corpus.js";

const find = (report: InspectReport, kind: Oddity["kind"]) =>
  report.oddities.filter((one) => one.kind === kind);

describe.skipIf(!corpus("ravdess"))("RAVDESS (UNDERTONE_CORPORA/ravdess)", () => {
  it("has one recording under two names and no other flaw of its files", async () => {
    const report = await inspectCorpus(corpus("ravdess")!);
    expect(report.duplicates).toEqual([
      ["Actor_07/03-01-03-01-02-01-07.flac", "Actor_07/03-01-03-01-02-02-07.flac"],
    ]);
    expect([report.utterances, Object.keys(report.speakers).length, report.sexes]).toEqual([
      1440,
      24,
      { female: 12, male: 12 },
    ]);
    expect(report.labels.neutral!.utterances).toBe(96);
    expect(report.seconds).toBeCloseTo(5329, -1);
    expect(find(report, "level-tells-class")).toHaveLength(1);
    expect(find(report, "digital-silence")[0].count).toBeGreaterThanOrEqual(296);
    expect(
      find(report, "broken").concat(
        find(report, "missing-cell"),
        find(report, "doubled-cell"),
        find(report, "same-recording"),
      ),
    ).toEqual([]);
  });
});

describe.skipIf(!corpus("ravdess-48k"))("RAVDESS as published (UNDERTONE_CORPORA/ravdess-48k)", () => {
  it("has one stereo file with equal channels and is a part of the corpus", async () => {
    const report = await inspectCorpus(corpus("ravdess-48k")!);
    expect(find(report, "stereo")).toMatchObject([
      { severity: "note", examples: ["Actor_01/03-01-02-01-01-02-01.wav"] },
    ]);
    expect(find(report, "part-of-corpus")[0].message).toContain("6 of 1440");
    expect(report.clues).toEqual({ length: null, level: null });
  });
});

describe.skipIf(!corpus("tess"))("TESS (UNDERTONE_CORPORA/tess)", () => {
  it("lacks one cell, has a clipped file and no duplicates", async () => {
    const report = await inspectCorpus(corpus("tess")!);
    expect(report.duplicates).toEqual([]);
    expect(find(report, "missing-cell")[0].examples).toEqual(["speaker YAF, label sad, sentence beg"]);
    expect(find(report, "clipping")[0].examples[0]).toMatch(/^OAF_pleasant_surprise\/OAF_pad_ps\.flac/);
    expect(find(report, "length-tells-class")).toHaveLength(1);
    expect(find(report, "same-recording")).toEqual([]);
  });
});
