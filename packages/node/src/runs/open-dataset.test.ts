/** Folders and manifests become datasets that account for every file. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findLeaks, foldsFromSpec } from "@undertone/core/data";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { wavBytes, write } from "../../../../test/cli/synthetic-audio.js";
import { openDataset } from "./open-dataset.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "undertone-open-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(...names: string[]): void {
  const wav = wavBytes(Float32Array.from({ length: 800 }, (_, i) => ((i * 97) % 2000) / 32768));
  for (const name of names) write(join(folder, name), wav);
}

it("says in one remark which lists in a folder name recordings that are elsewhere", async () => {
  put("anna_sad_1.wav", "anna_happy_2.wav", "ben_sad_1.wav", "ben_happy_2.wav");
  for (const name of ["a.csv", "b.csv"])
    writeFileSync(join(folder, name), "file,label\nelsewhere/1.wav,sad\nelsewhere/2.wav,happy\n");
  const { remarks } = await openDataset(folder);
  expect(remarks.filter((remark) => remark.includes(".csv"))).toEqual([
    "'a.csv', 'b.csv' are not read: none of the recordings named there is here",
  ]);
});

describe("folders", () => {
  it("with a list in German of Excel, and one that cannot be read named where nothing else tells labels", async () => {
    put("Töne/1.wav", "Töne/2.wav");
    const list = (head: string): void =>
      writeFileSync(
        join(folder, "Liste.csv"),
        Buffer.from(
          `${head}\r\nTöne\\1.wav;wütend;Zoë;weiblich\r\nTöne\\2.wav;froh;Jürgen;männlich\r\n`,
          "latin1",
        ),
      );
    list("Datei;Gefühl;Sprecher;Geschlecht");
    const { dataset, problems } = await openDataset(folder);
    expect(problems).toEqual([]);
    expect(dataset.utterances).toMatchObject([
      { label: "wütend", speaker: "Zoë", attributes: { sex: "female" } },
      { label: "froh", speaker: "Jürgen", attributes: { sex: "male" } },
    ]);
    list("Wo;Gefühl;Sprecher;Geschlecht");
    await expect(openDataset(folder)).rejects.toThrow(
      /tell no labels.*'Liste.csv' is not read as a list.*Wo/,
    );
  });

  it("side by side that are one speaker's each: the folder above, which then tells them", async () => {
    const clips = ["angry/1.wav", "angry/2.wav", "sad/1.wav", "sad/2.wav"];
    put(...["Anna", "Ben", "take1", "take2"].flatMap((who) => clips.map((clip) => `${who}/${clip}`)));
    const named = (...names: string[]) => openDataset(names.map((name) => join(folder, name)));
    const { remarks } = await named("Anna", "Ben");
    const above = /named after \(Anna, Ben\): --data '(.+)', the folder above/.exec(remarks.join("\n"))?.[1];
    expect((await named("take1", "take2")).remarks).toEqual([]);
    rmSync(join(folder, "take1"), { recursive: true });
    rmSync(join(folder, "take2"), { recursive: true });
    const speakers = (await openDataset(above!)).dataset.utterances.map(({ speaker }) => speaker);
    expect([...new Set(speakers)].sort()).toEqual(["Anna", "Ben"]);
  });

  it("in which nothing can be read: the reason of the first", async () => {
    writeFileSync(
      join(folder, "anna_sad.wma"),
      Uint8Array.from([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11]),
    );
    await expect(openDataset(folder)).rejects.toThrow(
      /None of the 1 .*Windows Media.*ffmpeg -i in.wma out.wav/,
    );
  });

  it("of a known corpus: ids are paths below it, strange names are reported and left out", async () => {
    put("Actor_01/03-01-01-01-01-01-01.wav", "Actor_02/03-01-05-01-01-01-02.wav", "Actor_02/copy of x.wav");
    writeFileSync(join(folder, "Actor_01/03-01-02-01-01-01-01.wav"), "no audio");
    const { dataset, corpus, problems } = await openDataset(folder);
    expect(corpus).toBe("ravdess");
    expect(dataset.utterances.map(({ id, speaker }) => [id, speaker])).toEqual([
      ["Actor_01/03-01-01-01-01-01-01.wav", "01"],
      ["Actor_01/03-01-02-01-01-01-01.wav", "01"],
      ["Actor_02/03-01-05-01-01-01-02.wav", "02"],
    ]);
    expect(problems.map(({ kind, count, examples }) => [kind, count, examples])).toEqual([
      ["unrecognized-name", 1, ["Actor_02/copy of x.wav"]],
      ["not-audio", 1, ["Actor_01/03-01-02-01-01-01-01.wav"]],
    ]);
  });

  it("of a known corpus whose own folder tells the speaker", async () => {
    put("KL/a01.wav", "KL/sa02.wav");
    const { corpus, dataset } = await openDataset(join(folder, "KL"));
    expect([corpus, dataset.utterances[0].speaker]).toEqual(["savee", "KL"]);
  });

  it("named after labels: the folder above is the speaker, or the prefix, or nobody", async () => {
    put("ann/angry/x_1.wav", "ann/calm/x_2.wav", "bob/angry/y_1.wav");
    const opened = await openDataset(folder);
    expect(opened.corpus).toBe("folders");
    expect(opened.dataset.utterances.map(({ speaker, label }) => [speaker, label])).toEqual([
      ["ann", "angry"],
      ["ann", "calm"],
      ["bob", "angry"],
    ]);
    const prefixed = await openDataset(folder, { speakerRule: "prefix" });
    expect(prefixed.dataset.utterances.map(({ speaker }) => speaker)).toEqual(["x", "x", "y"]);
  });

  it("without speakers cannot claim unseen ones", async () => {
    put("angry/1.wav", "calm/2.wav", "angry/3.wav", "calm/4.wav");
    const { dataset, problems } = await openDataset(folder);
    expect(problems).toMatchObject([{ kind: "unknown-speaker", count: 4 }]);
    expect(() => foldsFromSpec("loso", dataset, { seed: 1 })).toThrow(
      expect.objectContaining({ code: "split/too-few-speakers" }),
    );
    expect(
      findLeaks(dataset, foldsFromSpec("random:2", dataset, { seed: 1 })).map(({ kind }) => kind),
    ).toEqual(["speaker"]);
  });

  it("together: a copy is known by its original in another list, whatever the case of the column", async () => {
    put("a.wav", "b.wav", "a-noisy.wav");
    writeFileSync(join(folder, "train.csv"), "file,speaker,emotion\na.wav,x,sad\n");
    writeFileSync(
      join(folder, "test.csv"),
      "file,speaker,emotion,copy_of\na-noisy.wav,y,sad,a.wav\nb.wav,y,joy,\n",
    );
    const { dataset } = await openDataset([join(folder, "train.csv"), join(folder, "test.csv")]);
    expect(findLeaks(dataset, foldsFromSpec("list", dataset, { seed: 1 }))).toMatchObject([
      { kind: "duplicate", examples: ["test/a-noisy.wav = train/a.wav"] },
    ]);
  });

  it("together: ids, speakers and sentences do not collide, and one corpus in two folders keeps its speakers", async () => {
    put(
      "r/Actor_01/03-01-01-01-01-01-01.wav",
      "r2/Actor_01/03-01-02-01-01-01-01.wav",
      "own/01/happy/a.wav",
      "own/02/sad/a.wav",
    );
    const { dataset, corpus } = await openDataset(["r", "r2", "own"].map((name) => join(folder, name)));
    expect(corpus).toBe("ravdess+folders");
    expect(dataset.utterances.map(({ id, speaker }) => `${id} ${speaker}`)).toEqual([
      "ravdess/Actor_01/03-01-01-01-01-01-01.wav ravdess/01",
      "ravdess-2/Actor_01/03-01-02-01-01-01-01.wav ravdess/01",
      "own/01/happy/a.wav own/01",
      "own/02/sad/a.wav own/02",
    ]);
    put("more/02/sad/b.wav", "more/03/happy/b.wav");
    const { remarks } = await openDataset(["own", "more"].map((name) => join(folder, name)));
    expect(remarks.at(-1)).toMatch(
      /^speakers of one name in several sources are taken for the same people: 02;/,
    );
  });

  it.each([
    ["nothing in it", [], "corpus/empty"],
    ["names of no corpus", ["a.wav", "b.wav"], "corpus/unknown"],
    ["few names of a corpus", ["x/03-01-01-01-01-01-01.wav", "x/a.wav", "y/b.wav"], "corpus/unknown"],
  ])("with %s are refused", async (_, names, code) => {
    put(...names);
    await expect(openDataset(folder)).rejects.toMatchObject({ code });
  });

  it("that are not there, or a corpus that does not exist, are refused", async () => {
    await expect(openDataset(join(folder, "none"))).rejects.toMatchObject({ code: "file/not-found" });
    await expect(openDataset(folder, { corpus: "ravdes" })).rejects.toMatchObject({ code: "corpus/unknown" });
  });
});

describe("manifests", () => {
  it("in CSV: paths start from the manifest, missing recordings are reported and stay", async () => {
    put("wav/a.wav");
    writeFileSync(
      join(folder, "m.csv"),
      '\uFEFFfile,speaker,emotion,note\r\nwav/a.wav,s1,anger,"two\r\nlines"\r\nwav/gone.wav,s2,joy,\r\n',
    );
    const { dataset, problems, corpus } = await openDataset(join(folder, "m.csv"));
    expect(corpus).toBe("manifest");
    expect(dataset.utterances).toMatchObject([
      { id: "wav/a.wav", file: join(folder, "wav/a.wav"), attributes: { note: "two\r\nlines" } },
      { id: "wav/gone.wav" },
    ]);
    expect(problems).toMatchObject([{ kind: "missing-file", count: 1, examples: ["wav/gone.wav"] }]);
  });

  it("beside recordings are read; several are a choice, but beside a corpus that needs none", async () => {
    put("wav/a.wav", "wav/b.wav");
    writeFileSync(join(folder, "notes.csv"), "what\nnothing\n");
    const rows = "file,who,emotion\nwav/a.wav,s1,anger\nwav/b.wav,s2,joy\n";
    writeFileSync(join(folder, "m.csv"), rows);
    const { dataset, remarks } = await openDataset(folder);
    expect(dataset.utterances.map(({ speaker }) => speaker)).toEqual(["s1", "s2"]);
    expect(remarks[0]).toBe("read by the list 'm.csv' in the folder (--corpus folder overrules)");
    expect(remarks[1]).toMatch(/^speakers from the column 'who': 2/);
    writeFileSync(join(folder, "n.csv"), rows);
    await expect(openDataset(folder)).rejects.toMatchObject({
      code: "corpus/ambiguous",
      message: expect.stringContaining(`'--data ${join(folder, "m.csv")}'`),
    });
    put("r/03-01-01-01-01-01-01.wav", "r/03-01-02-01-01-01-02.wav");
    expect(await openDataset(folder)).toMatchObject({ corpus: "ravdess" });
  });

  it("in audformat: labels, speakers and what is told of them lie in several tables", async () => {
    put("audio/001.wav", "audio/002.wav");
    const table = (id: string, ...rows: string[]): void =>
      writeFileSync(join(folder, `db.${id}.csv`), `${rows.join("\n")}\n`);
    writeFileSync(join(folder, "db.yaml"), "name: x\n");
    table(
      "files",
      "file,duration,speaker",
      "audio/001.wav,0 days 00:00:01,3",
      "audio/002.wav,0 days 00:00:01,8",
    );
    table("speaker", "speaker,age,gender", "3,31,male", "8,34,female");
    table(
      "emotion",
      "file,emotion,emotion.confidence",
      "audio/001.wav,happiness,0.9",
      "audio/002.wav,sadness,1",
    );
    table("emotion.categories.test", "file,start,end,emotion", "audio/002.wav,0 days,NaT,sadness");
    const { dataset, remarks, problems } = await openDataset(folder);
    expect(problems).toEqual([]);
    expect(dataset.utterances).toMatchObject([
      { id: "audio/001.wav", speaker: "3", label: "happiness", attributes: { sex: "male", age: "31" } },
      { id: "audio/002.wav", speaker: "8", label: "sadness", attributes: { split: "test", sex: "female" } },
    ]);
    expect(remarks[0]).toMatch(/^read as audformat: db\.emotion\.csv, db\.emotion\.categories/);
    table("emotion.categories.test", "file,emotion", "audio/002.wav,anger");
    await expect(openDataset(folder)).rejects.toMatchObject({ code: "corpus/ambiguous" });
    const one = await openDataset(join(folder, "db.emotion.csv"));
    expect(one.dataset.utterances.map(({ speaker, label }) => [speaker, label])).toEqual([
      ["3", "happiness"],
      ["8", "sadness"],
    ]);
  });

  it("with spans on another clock are heard whole, those that happen to fit too, or refused where the spans are needed", async () => {
    put("a.wav", "b.wav"); // 0.05 s
    const list = (...rows: string[]): string => {
      writeFileSync(join(folder, "m.csv"), `${["file,emotion,Start_Time,End_Time", ...rows].join("\n")}\n`);
      return join(folder, "m.csv");
    };
    const film = await openDataset(list("a.wav,joy,0.01,0.04", 'b.wav,sad,"00:20:57,256","00:21:00,049"'));
    expect(film.dataset.utterances).toMatchObject([
      { id: "a.wav", start: undefined, end: undefined },
      { id: "b.wav", start: undefined, end: undefined },
    ]);
    expect(film.remarks[0]).toMatch(
      /^'Start_Time' and 'End_Time' run beyond 1 of 2 files.*another clock.*heard whole$/,
    );
    await expect(openDataset(list("a.wav,joy,0.01,0.04", "a.wav,sad,12,13"))).rejects.toMatchObject({
      code: "manifest/invalid",
      message: expect.stringContaining("another clock"),
    });
    const backwards = await openDataset(list("a.wav,joy,9,7", "b.wav,sad,0.01,0.02"));
    expect(backwards.dataset.utterances).toMatchObject([{ id: "a.wav" }, { id: "b.wav", start: undefined }]);
    expect(backwards.remarks[0]).toMatch(/line 2, column 'End_Time'.*heard whole$/);
    await expect(openDataset(list("a.wav,joy,9,7", "a.wav,sad,0.01,0.02"))).rejects.toMatchObject({
      message: expect.stringContaining("line 2, column 'End_Time'"),
    });
    const { dataset } = await openDataset(list("a.wav,joy,0.01,0.04", "b.wav,sad,0,0.05"));
    expect(dataset.utterances[0]).toMatchObject({ id: "a.wav#0.01-0.04", start: 0.01, end: 0.04 });
  });

  it("whose times run backwards and whose files repeat say both; names that tell no more than the sex name no speaker", async () => {
    const list = join(folder, "meld.csv");
    writeFileSync(list, "file,speaker,StartTime,EndTime\na.wav,s,0:02,0:01\na.wav,t,0:03,0:04\n");
    await expect(openDataset(list)).rejects.toMatchObject({
      code: "manifest/invalid",
      message: expect.stringMatching(
        /line 2, column 'EndTime'.*; without its times: .*line 3, repeats 'a.wav'/,
      ),
    });
    const rows = ["Sadness_M_A_no,male", "Fear_M_B_si,male", "Anger_F_A_no,female", "Fear_F_B_si,female"];
    writeFileSync(
      list,
      `file,emotion,gender\n${rows.map((row) => row.replace(",", ".wav,sad,")).join("\n")}\n`,
    );
    const { dataset } = await openDataset(list);
    expect(new Set(dataset.utterances.map(({ speaker }) => speaker))).toEqual(new Set(["unknown"]));
  });

  it("without a corpus are one, whose equal speakers are one; those of a corpus stay apart", async () => {
    const list = (name: string, ...rows: string[]): string => {
      writeFileSync(join(folder, name), `${rows.join("\n")}\n`);
      return join(folder, name);
    };
    const train = list("train.csv", "file,speaker,emotion", "a.wav,s1,sad", "b.wav,s2,joy");
    const test = list("test.csv", "file,speaker,emotion", "c.wav,S1,sad", "d.wav,s2,joy");
    const { dataset } = await openDataset([train, test]);
    expect(dataset.utterances.map(({ speaker }) => speaker)).toEqual(["s1", "s2", "S1", "s2"]);
    const splits = foldsFromSpec("list", dataset, { seed: 1 });
    expect(splits).toMatchObject([{ name: "test", test: ["test/c.wav", "test/d.wav"] }]);
    expect(findLeaks(dataset, splits)).toMatchObject([
      {
        kind: "speaker",
        examples: ["'S1' = 's1'", "s2"],
        message: expect.stringContaining("spell each alike"),
      },
    ]);
    const named = list("x.csv", "file,speaker,emotion,corpus", "e.wav,s1,sad,x");
    put("r/03-01-01-01-01-01-01.wav", "r/03-01-02-01-01-01-02.wav");
    const other = list("r.csv", "file,speaker,emotion", "r/03-01-01-01-01-01-01.wav,actor-one,calm");
    const all = await openDataset([train, test, named, join(folder, "r"), other]);
    expect([...new Set(all.dataset.utterances.map(({ speaker }) => speaker))]).toEqual([
      ...["train/s1", "train/s2", "train/S1"],
      ...["x/s1", "ravdess/01", "ravdess/02"],
    ]);
  });

  it("whose paths are of another machine find recordings by the ends of their paths, one each", async () => {
    put("audio/ann/1.wav", "audio/ben/1.wav", "audio/ben/2.wav");
    writeFileSync(
      join(folder, "m.csv"),
      "file,speaker,emotion\nC:\\data\\ann\\1.wav,a,sad\n/mnt/x/ben/1.wav,b,joy\n2.wav,b,sad\n1.wav,c,joy\n",
    );
    const { dataset, remarks, problems } = await openDataset(join(folder, "m.csv"));
    expect(dataset.utterances.slice(0, 3).map(({ file }) => file)).toEqual(
      ["ann/1.wav", "ben/1.wav", "ben/2.wav"].map((name) => join(folder, "audio", name)),
    );
    expect(remarks[0]).toBe("recordings found by their names: 'C:/data/ann/1.wav' is 'audio/ann/1.wav'");
    expect(problems).toMatchObject([{ kind: "missing-file", examples: ["1.wav"] }]);
  });

  it("take the speaker rule: a column, a pattern, the name", async () => {
    writeFileSync(join(folder, "m.csv"), "file,team,emotion\nx/a_1.wav,s,sad\nx/b_1.wav,s,joy\n");
    const speakers = async (speakerRule: string): Promise<string[]> =>
      (await openDataset(join(folder, "m.csv"), { speakerRule })).dataset.utterances.map(
        ({ speaker }) => speaker,
      );
    expect(await speakers("column:Team")).toEqual(["s", "s"]);
    expect(await speakers("/(?<speaker>[a-z])_")).toEqual(["a", "b"]);
    expect(await speakers("unknown")).toEqual(["unknown", "unknown"]);
    await expect(speakers("column:crew")).rejects.toMatchObject({ code: "manifest/invalid" });
  });

  it("in JSONL as EmoBox keeps them: paths start from a folder above", async () => {
    put("downloads/x/1.wav");
    mkdirSync(join(folder, "data/x"), { recursive: true });
    writeFileSync(
      join(folder, "data/x/x.jsonl"),
      `${JSON.stringify({ key: "x-1", dataset: "x", wav: "downloads/x/1.wav", emo: "p" })}\n`,
    );
    const { dataset, problems } = await openDataset(join(folder, "data/x/x.jsonl"));
    expect(dataset.utterances[0].file).toBe(join(folder, "downloads/x/1.wav"));
    expect(problems).toMatchObject([{ kind: "unknown-speaker", count: 1 }]);
  });

  it("with a mistake name the line, counting those inside quotes", async () => {
    writeFileSync(join(folder, "m.csv"), 'file,start,note\na.wav,0,"x\ny"\nb.wav,now,z\n');
    await expect(openDataset(join(folder, "m.csv"))).rejects.toMatchObject({
      code: "manifest/invalid",
      message: expect.stringContaining("line 4, column 'start'"),
    });
  });

  it.each([
    ["m.csv", ""],
    ["m.csv", "file,speaker\n"],
    ["m.csv", Buffer.from([0xff, 0xfe, 0x00])],
    ["m.jsonl", "not json"],
  ])("%s holding %j is refused", async (name, content) => {
    writeFileSync(join(folder, name), content);
    await expect(openDataset(join(folder, name))).rejects.toMatchObject({ code: "manifest/invalid" });
  });
});

describe("what is no corpus", () => {
  it.each([
    ["nowhere", "file/not-found", /There is no file '.*nowhere', looked for it in '/],
    ["nowhere/below", "file/not-found", /There is no file '.*below', nor a folder '.*nowhere'/],
    [
      "empty",
      "corpus/empty",
      /holds no audio, expected recordings \(WAV, FLAC, .*\) in it or in folders below it/,
    ],
    [
      "one/angry/a.wav",
      "corpus/unknown",
      /is one recording, which 'undertone predict' hears, expected a folder or/,
    ],
    [
      "model.onnx",
      "corpus/unknown",
      /is a model, which --model of 'undertone predict' takes, expected a folder/,
    ],
    ["table.parquet", "corpus/unknown", /is a feature table, which --table takes, expected a folder/],
    ["notes.txt", "corpus/unknown", /is a file, expected a folder or a manifest ending in \.csv/],
    ["one", "learn/single-class", /says 'angry', expected two or more folders named after labels/],
  ])("is refused with what helps: %s", async (name, code, message) => {
    put("one/angry/a.wav", "one/angry/b.wav");
    mkdirSync(join(folder, "empty"));
    for (const file of ["model.onnx", "table.parquet", "notes.txt"]) write(join(folder, file), "text");
    await expect(openDataset(join(folder, name))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});
