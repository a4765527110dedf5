/** Manifests of other tools import; mistakes are named by line and column. */
import { describe, expect, it } from "vitest";
import { parseManifestRows } from "./manifest.js";
import { parseCsvManifest, parseJsonlManifest } from "./manifest-text.js";
import { parseTime } from "./time-value.js";

const csv = (header: string, ...rows: string[]) =>
  parseCsvManifest(
    "m.csv",
    header.split(","),
    rows.map((row, i) => ({ line: i + 2, cells: row.split(",") })),
  );

describe("parseTime", () => {
  it.each([
    ["1.5", 1.5],
    ["0", 0],
    ["0 days 00:00:01.500000", 1.5],
    ["0 days", 0],
    ["1 days 01:02:03", 86400 + 3723],
    ["0 days 00:00:01.877812500", 1.8778125],
    ["00:00:02", 2],
    ["01:02.5", 62.5],
    ["1e-3", 0.001],
    ["1,5", 1.5],
    [",5", 0.5],
  ])("'%s' is %f s", (text, seconds) => {
    expect(parseTime(text)).toBeCloseTo(seconds, 9);
  });

  it.each(["", "NaT", "now", "1,500,000", "1,", "0 dayz", "1:2:3:4"])("'%s' is no time", (text) => {
    expect(parseTime(text)).toBeNull();
  });
});

describe("CSV", () => {
  it("of nkululeko and audformat: segments, speaker, gender, emotion, age", () => {
    const { utterances } = csv(
      "file,start,end,speaker,gender,emotion,age",
      "wav/a.wav,0 days 00:00:00,0 days 00:00:01.5,3,male,anger,31",
      "wav\\b.wav,0 days,NaT,4,F,joy,",
    );
    expect(utterances).toEqual([
      {
        id: "wav/a.wav#0-1.5",
        file: "wav/a.wav",
        start: 0,
        end: 1.5,
        speaker: "3",
        label: "anger",
        attributes: { sex: "male", age: "31" },
      },
      {
        id: "wav/b.wav#0-",
        file: "wav/b.wav",
        start: 0,
        speaker: "4",
        label: "joy",
        attributes: { sex: "female" },
      },
    ]);
  });

  it("with the row numbers of pandas, other column names, votes and dimensions", () => {
    const { utterances } = csv(
      ",Path,speaker_id,Label,votes:angry,votes:sad,Arousal,valence,room",
      "0,a.wav,s,angry,3,1,0.5,-1,hall",
    );
    expect(utterances).toEqual([
      {
        id: "a.wav",
        file: "a.wav",
        speaker: "s",
        label: "angry",
        votes: { angry: 3, sad: 1 },
        dimensions: { arousal: 0.5, valence: -1 },
        attributes: { room: "hall" },
      },
    ]);
  });

  it("with a column for each emotion: labels where a row names one, else votes", () => {
    const one = csv("FileName,Angry,Sad,Happy", "a.wav,0.0,1.0,0.0", "b.wav,True,False,False", "c.wav,,0,0");
    expect(one.utterances.map(({ label, votes }) => [label, votes])).toEqual([
      ["Sad", undefined],
      ["Angry", undefined],
      [undefined, undefined],
    ]);
    expect(one.remarks).toEqual(["labels from the columns Angry, Sad, Happy, of which a row names one"]);
    const rated = csv("file,speaker,anger,sadness,joy", "a.wav,s,3,1,0", "b.wav,s,0,4,0");
    expect(rated.utterances.map(({ votes }) => votes)).toEqual([
      { anger: 3, sadness: 1, joy: 0 },
      { anger: 0, sadness: 4, joy: 0 },
    ]);
    expect(rated.remarks[0]).toMatch(/^raters' votes from the columns anger, sadness, joy: --target votes/);
    const other = csv("file,speaker,emotion,anger,sadness,joy", "a.wav,s,sad,3,1,0").utterances[0];
    expect([other.label, other.votes]).toEqual(["sad", undefined]);
  });

  it("of MSP-Podcast, BAVED, EmoryNLP: their names of columns, unknown sex, lists of names", () => {
    expect(
      csv("FileName,EmoClass,EmoAct,EmoVal,EmoDom,SpkrID,Gender", "a.wav,N,2.2,4,2.6,30,Unknown")
        .utterances[0],
    ).toMatchObject({
      speaker: "30",
      label: "N",
      dimensions: { arousal: 2.2, valence: 4, dominance: 2.6 },
      attributes: {},
    });
    const said = csv("file,Utterance,speakers", "a.wav,Thank you.,1", "b.wav,No.,2");
    expect(said.utterances.map(({ attributes }) => attributes.sentence)).toEqual(["Thank you.", "No."]);
    const rows = ["['Ann Lee']", "['Ann Lee', 'Bob']", '["O\'Hara"]'].map((speaker, i) => ({
      line: i + 1,
      values: { file: `${i}.wav`, speaker, utterance: `u${i}` },
    }));
    const { utterances } = parseManifestRows("x", rows);
    expect(utterances.map(({ speaker }) => speaker)).toEqual(["Ann Lee", "unknown", "O'Hara"]);
    expect(utterances[0].attributes).toEqual({ utterance: "u0" });
  });

  it.each([
    [["file,speaker", "a.wav"], /line 2, has 1 cells, expected 2/],
    [["wave,speaker", "a.wav,s"], /has the columns wave, speaker, expected one named file/],
    [["file,file", "a,b"], /line 1, column 'file': stands twice/],
    [["file,speaker", "a.wav,s", ",s"], /line 3, column 'file': is empty/],
    [["file,start,speaker", "a.wav,soon,s"], /line 2, column 'start': is 'soon'/],
    [
      ["file,start,end,speaker", "a.wav,2,1,s"],
      /line 2, column 'end': is 1 s, expected a time after the start, 2 s/,
    ],
    [["file,start,speaker", "a.wav,-1,s"], /column 'start'/],
    [["file,speaker", "x/a.wav,s", "./x/./a.wav,s"], /line 3, repeats/],
    [["file,speaker", "a.wav,s", "a.wav,s"], /line 3, repeats 'a.wav' of line 2/],
    [["file,speaker,arousal", "a.wav,s,high"], /column 'arousal': is 'high', expected a number/],
    [["file,speaker,votes:a", "a.wav,s,-2"], /column 'votes:a'/],
    [["file,speaker"], /has no rows/],
  ])("refuses %j", (lines, message) => {
    const [header, ...rows] = lines as [string, ...string[]];
    expect(() => csv(header, ...rows)).toThrow(
      expect.objectContaining({
        code: "manifest/invalid",
        message: expect.stringMatching(message as RegExp),
      }),
    );
  });
});

describe("JSONL", () => {
  const emobox = (extra: object) =>
    JSON.stringify({
      key: "x-1",
      dataset: "x",
      wav: "downloads/x/1.wav",
      type: "raw",
      sample_rate: 48000,
      num_frame: 48000.5,
      task: "category",
      length: 1,
      emo: "p",
      channel: 1,
      ...extra,
    });

  it("of EmoBox: the speaker comes from the name of a known corpus", () => {
    const { utterances } = parseJsonlManifest(
      "r.jsonl",
      emobox({
        dataset: "ravdess",
        wav: "downloads/ravdess/Actor_02/03-01-05-01-01-01-02.wav",
        emo: "Angry",
      }),
    );
    expect(utterances[0]).toMatchObject({
      speaker: "02",
      label: "Angry",
      attributes: { corpus: "ravdess", sex: "female", sentence: "01", key: "x-1" },
    });
  });

  it("of MSP-Podcast: 'Unknown' is nobody, and no one speaker", () => {
    const { utterances } = csv("file,speaker,emotion", "a.wav,Unknown,sad", "b.wav,N/A,sad", "c.wav,127,joy");
    expect(utterances.map(({ speaker }) => speaker)).toEqual(["unknown", "unknown", "127"]);
  });

  it("without a speaker column take one that is named like it; empty cells are unknown speakers", () => {
    const { utterances, speakerColumn } = csv("file,Who,emotion", "a.wav,ann,sad", "b.wav,,sad");
    expect(speakerColumn).toBe("Who");
    expect(utterances.map(({ speaker }) => speaker)).toEqual(["ann", "unknown"]);
  });

  it("of a known corpus' files without a label column have the labels of the names", () => {
    const { utterances, remarks } = csv("file", "x/03a01Fa.wav", "x/08b10Wa.wav");
    expect(utterances.map(({ speaker, label }) => [speaker, label])).toEqual([
      ["03", "happiness"],
      ["08", "anger"],
    ]);
    expect(remarks[0]).toMatch(/^labels from the file names/);
  });

  it("of EmoBox: else the speaker is unknown and counted, never one for each file", () => {
    const { utterances } = parseJsonlManifest(
      "x.jsonl",
      `${emobox({})}\n\n${emobox({ wav: "2.wav", start_time: 1, end_time: 2.5 })}\n`,
    );
    expect(new Set(utterances.map(({ speaker }) => speaker))).toEqual(new Set(["unknown"]));
    expect(utterances[1]).toMatchObject({ start: 1, end: 2.5, id: "2.wav#1-2.5" });
  });

  it("with decimal commas in times and ratings", () => {
    const { utterances } = parseManifestRows("m.csv", [
      {
        line: 2,
        values: { Datei: "a.wav", Anfang: "0,5", Ende: "1,25", arousal: "0,8", "votes:joy": "1,5" },
      },
    ]);
    expect(utterances[0]).toMatchObject({
      start: 0.5,
      end: 1.25,
      dimensions: { arousal: 0.8 },
      votes: { joy: 1.5 },
    });
  });

  it("with votes as an object", () => {
    expect(
      parseManifestRows("x", [{ line: 1, values: { file: "a", speaker: "s", votes: { angry: 2 } } }])
        .utterances[0].votes,
    ).toEqual({ angry: 2 });
    expect(
      parseManifestRows("x", [{ line: 1, values: { file: "a", speaker: "s", votes: '{"angry":2}' } }])
        .utterances[0].votes,
    ).toEqual({ angry: 2 });
  });

  it.each([
    ["{", /line 1, is not JSON/],
    ['{"file":"a","speaker":"s"}\n[1]', /line 2, is \[1\], expected an object/],
    ['{"file":"a","speaker":{"name":"s"}}', /line 1, column 'speaker'/],
    ['{"file":"a","speaker":"s","votes":[1]}', /column 'votes'/],
  ])("refuses %j", (text, message) => {
    expect(() => parseJsonlManifest("x.jsonl", text)).toThrow(
      expect.objectContaining({ code: "manifest/invalid", message: expect.stringMatching(message) }),
    );
  });
});
