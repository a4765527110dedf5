/** What every corpus in the list keeps: its documented names, its words, its label map, its design. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  corpora,
  findDesignGaps,
  foldsFromSpec,
  labelMap,
  labelMaps,
  mapLabel,
  parseFolds,
} from "@undertone/core/data";
import { describe, expect, it } from "vitest";
import { corpora as corporaFolder, corpus as corpusFolder, root } from "../corpora.js";

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

it("corpora and label maps have distinct ids", () => {
  for (const ids of [corpora.map(({ id }) => id), labelMaps.map(({ id }) => id)])
    expect(new Set(ids).size).toBe(ids.length);
});

describe.each(corpora.map((corpus) => [corpus.id, corpus] as const))("corpus %s", (id, corpus) => {
  const examples = Object.entries(corpus.examples);

  it("parses the names of its documentation, whatever the ending", () => {
    expect(examples.length).toBeGreaterThan(1);
    for (const [path, parsed] of examples) {
      expect(corpus.parse(path), path).toEqual(parsed);
      expect(corpus.parse(path.replace(/\.\w+$/, ".flac")), path).toEqual(parsed);
      expect(corpus.parse(`deep/er/${path}`), path).toEqual(parsed);
    }
  });

  it("is the only corpus that recognizes its names", () => {
    for (const [path] of examples) {
      expect(
        corpora.filter((other) => other.parse(path) !== null).map((other) => other.id),
        path,
      ).toEqual([id]);
    }
  });

  it.each([
    "",
    "readme.txt",
    "a.wav",
    "speech/001.wav",
    "__MACOSX/._x.wav",
    "03-01-09-01-01-01-01.wav",
    "DC_a16.wav",
    "17a01Fa.wav",
    "2001_DFA_ANG_XX.wav",
    "OAF_back_joy.wav",
    "XX0_anger_1.wav",
    "EB0_disgust_1.wav",
    "EB0_anger_91.wav",
  ])("refuses the name '%s'", (name) => {
    expect(corpus.parse(name)).toBeNull();
  });

  it("keeps every word in its own label map and maps every word somewhere in the shared ones", () => {
    const own = labelMap(corpus.defaultLabelMap);
    expect([...own.classes].sort()).toEqual([...corpus.words].sort());
    for (const word of corpus.words) {
      expect(own.classes).toContain(mapLabel(own, word));
      for (const shared of ["common-4", "common-6", "common-7"]) mapLabel(labelMap(shared), word);
    }
    for (const [, { label }] of examples) expect(corpus.words).toContain(label);
  });

  it("knows licence, citation, language and a sentence text for the sentences that it names", () => {
    expect(corpus.licence).not.toBe("");
    expect(corpus.citation).toMatch(/\d{4}/);
    expect(corpus.language).toMatch(/^[a-z]{2}$/);
    for (const [, { attributes }] of examples) {
      if (attributes.sentence! in corpus.sentences && attributes.text)
        expect(corpus.sentences[attributes.sentence!]).toBe(attributes.text);
    }
  });
});

describe("oddities of published copies", () => {
  const parse = (id: string, path: string) => corpora.find((corpus) => corpus.id === id)!.parse(path);

  it("TESS: OA_bite_neutral lacks the F, its speaker is OAF", () => {
    expect(parse("tess", "OAF_neutral/OA_bite_neutral.wav")).toMatchObject({
      speaker: "OAF",
      label: "neutral",
      attributes: { sentence: "bite" },
    });
  });

  it.each([
    "OAF_Fear/OAF_back_fear.wav",
    "OAF_fear/OAF_back_fear.wav",
    "OAF_Pleasant_surprise/OAF_back_ps.wav",
    "YAF_pleasant_surprised/YAF_back_ps.wav",
    "YAF_pleasant_surprise/YAF_back_ps.wav",
    "TESS Toronto emotional speech set data/OAF_Sad/OAF_back_sad.wav",
  ])("TESS: folder spelling %s", (path) => {
    expect(parse("tess", path)?.speaker).toBe(path.includes("YAF") ? "YAF" : "OAF");
  });

  it("TESS: a file in the folder of another emotion or speaker is not taken", () => {
    expect(parse("tess", "OAF_sad/OAF_back_fear.wav")).toBeNull();
    expect(parse("tess", "OAF_sad/YAF_back_sad.wav")).toBeNull();
  });

  it("RAVDESS: audio of video files and songs; odd actors are men, even ones women; neutral is never strong", () => {
    expect(parse("ravdess", "Actor_02/01-02-01-01-01-01-02.mp4")).toMatchObject({
      label: "neutral",
      attributes: { sex: "female", channel: "song", modality: "audio-video" },
    });
    expect(parse("ravdess", "Actor_23/02-01-08-02-01-01-23.mp4")?.attributes).toMatchObject({
      sex: "male",
      modality: "video",
    });
    expect(parse("ravdess", "03-01-01-02-01-01-01.wav")).toBeNull();
    expect(parse("ravdess", "03-01-02-02-01-01-25.wav")).toBeNull();
  });

  it("CREMA-D: 1040_ITH_SAD_X is of unspecified level; 48 of the 91 actors are men", () => {
    expect(parse("crema-d", "1040_ITH_SAD_X.wav")?.attributes.intensity).toBe("unspecified");
    const sexes = Array.from(
      { length: 91 },
      (_, i) => parse("crema-d", `${1001 + i}_DFA_ANG_XX.wav`)!.attributes.sex,
    );
    expect(sexes.filter((sex) => sex === "male").length).toBe(48);
  });

  it("SAVEE: both layouts; all emotion-specific sentences share one id, as neutral ones repeat them", () => {
    expect(parse("savee", "DC/a04.wav")?.attributes.sentence).toBe(
      parse("savee", "DC_n09.wav")?.attributes.sentence,
    );
    expect(parse("savee", "DC_a01.wav")?.attributes.sentence).toBe(
      parse("savee", "KL_su01.wav")?.attributes.sentence,
    );
    expect(parse("savee", "XX/a04.wav")).toBeNull();
    expect(parse("savee", "JE_n30.wav")?.label).toBe("neutral");
  });
});

it("the committed RAVDESS folds test each of the 24 actors once", () => {
  const folds = parseFolds(JSON.parse(readFileSync(join(root, "data/folds/ravdess.json"), "utf8")));
  expect(folds.kind).toBe("speakers");
  const speakers = folds.kind === "speakers" ? folds.testSpeakers.flat() : [];
  expect([...speakers].sort()).toEqual(Array.from({ length: 24 }, (_, i) => String(i + 1).padStart(2, "0")));
});

describe.skipIf(!corporaFolder)("the corpora folder (UNDERTONE_CORPORA)", () => {
  const expected = {
    ravdess: [1440, 24],
    tess: [2799, 2],
    emodb: [446, 10],
    nemo: [791, 6],
    "crema-d-sample": [7, 2],
    "ravdess-48k": [6, 2],
  } as const;
  const idOf = (name: string) =>
    name.startsWith("ravdess") ? "ravdess" : name.startsWith("crema") ? "crema-d" : name;

  it.each(Object.entries(expected))(
    "every file of %s is recognized: %j utterances and speakers",
    (name, [count, speakers]) => {
      const corpus = corpora.find(({ id }) => id === idOf(name))!;
      const parsed = files(corpusFolder(name)!)
        .filter((path) => !path.endsWith(".csv"))
        .map((path) => corpus.parse(path));
      expect(parsed.length).toBe(count);
      expect(parsed).not.toContain(null);
      expect(new Set(parsed.map((one) => one!.speaker)).size).toBe(speakers);
    },
  );

  it("agrees with the independent manifest on speaker, sex and emotion", () => {
    const [, ...lines] = readFileSync(join(corporaFolder!, "manifest.csv"), "utf8").trim().split("\n");
    let checked = 0;
    for (const line of lines) {
      const [path, name, , speaker, gender, emotion] = line.split(",") as string[];
      const corpus = corpora.find(({ id }) => id === idOf(name!));
      if (!corpus) continue;
      const parsed = corpus.parse(path!);
      // The manifest spells nEMO's words as RAVDESS does.
      const wordOf = (label = ""): string | null =>
        name === "nemo" ? mapLabel(labelMap("common-7"), label) : label;
      expect([parsed?.speaker, parsed?.attributes.sex?.[0], wordOf(parsed?.label)], path).toEqual([
        speaker!.replace("Actor_", ""),
        gender,
        wordOf(emotion),
      ]);
      checked++;
    }
    expect(checked).toBe(1440 + 2799 + 7 + 446 + 791);
  });

  it("TESS lacks one cell, YAF says 'beg' sadly; RAVDESS lacks none", () => {
    const gaps = (name: "tess" | "ravdess") => {
      const corpus = corpora.find(({ id }) => id === name)!;
      return findDesignGaps(
        corpus,
        files(corpusFolder(name)!).map((path) => ({ id: path, file: path, ...corpus.parse(path)! })),
      )!;
    };
    expect(gaps("tess")).toMatchObject({
      expected: 2800,
      present: 2799,
      missing: ["speaker YAF, label sad, sentence beg"],
      doubled: [],
    });
    expect(gaps("ravdess")).toMatchObject({ expected: 1440, present: 1440, missing: [], doubled: [] });
  });

  it("the published RAVDESS folds are those of the corpora folder", () => {
    const published = JSON.parse(readFileSync(join(corporaFolder!, "folds.json"), "utf8"));
    const committed = JSON.parse(readFileSync(join(root, "data/folds/ravdess.json"), "utf8"));
    expect(committed.testSpeakers).toEqual(published.ravdess.testSpeakers);
    const corpus = corpora.find(({ id }) => id === "ravdess")!;
    const dataset = {
      name: "ravdess",
      utterances: files(corpusFolder("ravdess")!).map((path) => ({
        id: path,
        file: path,
        ...corpus.parse(path)!,
      })),
    };
    expect(
      foldsFromSpec(parseFolds(published, "ravdess"), dataset, { seed: 1 }).map(({ test }) => test.length),
    ).toEqual(Array(6).fill(240));
  });
});
