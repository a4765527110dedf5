/** Lists are read in the encodings and with the delimiters that spreadsheets write. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readList } from "./read-list.js";

const folder = mkdtempSync(join(tmpdir(), "undertone-list-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Uint8Array, name = "m.csv") {
  writeFileSync(join(folder, name), content);
  return readList(join(folder, name));
}

const rows = [
  ["file", "speaker", "emotion", "note"],
  ["a.wav", "Jörg", "Ärger", 'said "no", loud; with | and\ttab'],
  ["b.wav", "Ann", "joy", ""],
];
const quoted = (delimiter: string, newline = "\n"): string =>
  `${rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter)).join(newline)}${newline}`;

describe("readList", () => {
  it.each([",", ";", "\t", "|"])("with '%s' between the cells, in each encoding", async (delimiter) => {
    const text = quoted(delimiter, "\r\n");
    const utf16 = Buffer.from(`\uFEFF${text}`, "utf16le");
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(`\uFEFF${text}`),
      Buffer.from(text, "latin1"),
      utf16,
      Buffer.from(text, "utf16le"),
      Buffer.from(utf16).swap16(),
    ]) {
      const { parsed } = await read(bytes);
      expect(parsed.utterances).toMatchObject([
        { file: "a.wav", speaker: "Jörg", label: "Ärger", attributes: { note: rows[1][3] } },
        { file: "b.wav", speaker: "Ann", label: "joy" },
      ]);
    }
    expect((await read(Buffer.from(text, "latin1"))).remarks[0]).toBe("read as windows-1252");
  });

  it("with semicolons and decimal commas, commas inside cells, a tab under .tsv, and one column", async () => {
    expect((await read("file;emotion;text\na.wav;joy;well, yes\nb.wav;joy;no, never, no\n")).remarks[0]).toBe(
      "read with semicolons between the cells",
    );
    expect((await read("file\temotion\na.wav\tjoy\n", "m.tsv")).remarks).toEqual([]);
    expect((await read("file\na.wav\n")).parsed.utterances).toHaveLength(1);
  });

  it("without a header says so", async () => {
    await expect(read("002-0.mp3, 2025-02-27 01:04, 444.95 KB\n")).rejects.toMatchObject({
      code: "manifest/invalid",
      message: expect.stringContaining("begins with a recording"),
    });
  });

  it("takes the column of recordings that holds some, and a time with a comma", async () => {
    const { parsed } = await read(
      "file\tlabel\tpath\tStart_Time\tEnd_Time\nx_15\tsad\t/My Drive/x 15.wav\t00:00:01,500\t0:00:02,5\n",
    );
    expect(parsed.utterances[0]).toMatchObject({ file: "/My Drive/x 15.wav", start: 1.5, end: 2.5 });
    expect(parsed.spanColumns).toEqual(["Start_Time", "End_Time"]);
  });

  it("names columns once: those taken under another name, those that may be meant, those that nothing uses", async () => {
    const body = ["1", "2", "3", "4"].map(
      (n) => `${n}.wav,${Number(n) % 2},${Number(n) > 2 ? "joy" : "sad"},${n},20`,
    );
    const { parsed } = await read(`file,user,feeling,tag,age\n${body.join("\n")}\n`);
    expect(parsed.remarks).toEqual([
      "no column is named emotion or label; rename one to it, such as 'feeling' (2: sad, joy)",
      "the speaker may be in 'user' (2: 1, 0): --speaker-from 'column:NAME' takes it",
      "columns that nothing is learnt from: user, feeling, tag",
    ]);
    const taken = await read("file,Class,Sprecher\na.wav,joy,x\n");
    expect(taken.parsed.utterances[0]).toMatchObject({ label: "joy", speaker: "x" });
    expect(taken.parsed.remarks).toEqual(["labels from the column 'Class'"]);
  });
});
