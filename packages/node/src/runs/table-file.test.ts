import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { corpora, type Utterance } from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import { matrix } from "@undertone/core/math";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { encodeTable, type LabelledTable, readTable, tableFormats } from "./table-file.js";

const folder = mkdtempSync(join(tmpdir(), "undertone-table-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tableOf(counts: readonly number[], values: readonly number[], text = "b"): LabelledTable {
  const utterances = counts.map(
    (_, i): Utterance => ({
      id: `u${i}`,
      file: `u${i}`,
      speaker: `s${i % 2}`,
      label: text,
      attributes: { sex: "female", sentence: `0${i}` },
    }),
  );
  const offsets = new Uint32Array(counts.length + 1);
  counts.forEach((count, i) => {
    offsets[i + 1] = offsets[i] + count;
  });
  const rows = offsets[counts.length];
  const data = Float32Array.from({ length: rows * 2 }, (_, i) => values[i % values.length]);
  return {
    dataset: { name: "x", utterances },
    table: {
      ids: utterances.map(({ id }) => id),
      names: ["first, with comma", "second"],
      frames: matrix(rows, 2, data),
      offsets,
    },
    featureSet: "set-v1",
    folds: new Map(utterances.map(({ id }, i) => [id, `fold-${(i % 2) + 1}`])),
  };
}

async function codeOf(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => "no error",
    (error: unknown) => (error instanceof UndertoneError ? `${error.code}: ${error.message}` : String(error)),
  );
}

describe("table files", () => {
  it.each(tableFormats)("%s gives back what was written, to the last bit", async (format) => {
    const path = join(folder, `round.${format}`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 12 }),
        fc.string({ minLength: 1 }).filter((text) => text.trim() === text),
        async (counts, values, text) => {
          const written = tableOf(
            counts,
            values.map((value) => value + 0),
            text,
          );
          writeFileSync(path, await encodeTable(written, format));
          const read = await readTable(path);
          expect(read.table).toEqual(written.table);
          expect(read.dataset.utterances).toEqual(written.dataset.utterances);
          expect(read.folds).toEqual(written.folds);
          expect(read.featureSet).toBe(format === "csv" ? "round" : "set-v1");
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each(tableFormats)("%s keeps which split and which list an utterance is of", async (format) => {
    const path = join(folder, `told.${format}`);
    const written = tableOf([1, 1], [0.5, 0.25]);
    const told = { split: "train", list: "a.csv" };
    const utterances = written.dataset.utterances.map((one, i) => ({
      ...one,
      attributes: i === 0 ? told : { list: "b.csv" },
    }));
    const dataset = { name: "x", utterances };
    writeFileSync(path, await encodeTable({ ...written, dataset }, format));
    const read = await readTable(path);
    expect(read.table).toEqual(written.table);
    expect(read.dataset.utterances).toEqual(utterances);
  });

  it.each(corpora.map((one) => [one.id, one] as const))(
    "csv keeps what names of %s tell",
    async (id, corpus) => {
      const path = join(folder, `${id}.csv`);
      const [told, other = told] = Object.values(corpus.examples);
      const written = tableOf([1, 1], [0.5, 0.25]);
      const utterances = written.dataset.utterances.map((one, i) => ({ ...one, ...[told, other][i] }));
      writeFileSync(path, await encodeTable({ ...written, dataset: { name: id, utterances } }, "csv"));
      const read = await readTable(path);
      expect(read.table).toEqual(written.table);
      expect(read.dataset.utterances).toEqual(utterances);
    },
  );

  it("reads a CSV file of another tool: file, speaker and emotion columns", async () => {
    const path = join(folder, "other.csv");
    writeFileSync(
      path,
      "file,speaker,emotion,loudness,pitch\na.wav,anna,happy,0.5,200\nb.wav,ben,sad,0.25,100\n",
    );
    const { dataset, table, folds } = await readTable(path);
    expect(dataset.utterances.map(({ id, speaker, label }) => [id, speaker, label])).toEqual([
      ["a.wav", "anna", "happy"],
      ["b.wav", "ben", "sad"],
    ]);
    expect(table.names).toEqual(["loudness", "pitch"]);
    expect([...table.frames.data]).toEqual([0.5, 200, 0.25, 100]);
    expect(folds).toBeUndefined();
  });

  it("reads missing values as NaN: an empty cell, NaN, null", async () => {
    const csv = join(folder, "missing.csv");
    writeFileSync(csv, "id,speaker,label,x,y\na,s,happy,,1\nb,s,sad,2,nan\n");
    const read = await readTable(csv);
    expect([...read.table.frames.data]).toEqual([Number.NaN, 1, 2, Number.NaN]);
    for (const format of ["json", "parquet", "csv"] as const) {
      const path = join(folder, `missing-again.${format}`);
      writeFileSync(path, await encodeTable(read, format));
      expect([...(await readTable(path)).table.frames.data], format).toEqual([Number.NaN, 1, 2, Number.NaN]);
    }
  });

  it.each([
    [
      "infinite.csv",
      "id,speaker,label,x\na,s,happy,Infinity\n",
      "row 1 of column 'x' is not a finite number",
    ],
    ["no-speaker.csv", "id,label,x\na,happy,1\n", "no column 'speaker'"],
    ["no-id.csv", "speaker,label,x\na,happy,1\n", "no column 'id' or 'file'"],
    ["no-number.csv", "id,speaker,label,x\na,s,happy,loud\n", "row 1 of column 'x' is not a finite number"],
    ["no-features.csv", "id,speaker,label\na,s,happy\n", "no feature columns"],
    ["empty-label.csv", "id,speaker,label,x\na,s,,1\n", "row 1 has no label"],
    [
      "split.csv",
      "id,speaker,label,x\na,s,l,1\nb,s,l,1\na,s,l,2\n",
      "the rows of one id do not stand together",
    ],
    ["empty.csv", "", "got 0 rows"],
    ["broken.json", "{", "broken.json"],
    ["broken.parquet", "PAR1 and then nothing", "broken.parquet"],
  ])("refuses %s", async (name, content, part) => {
    writeFileSync(join(folder, name), content);
    const code = await codeOf(readTable(join(folder, name)));
    expect(code).toMatch(/^manifest\/invalid: Bad feature table /);
    expect(code).toContain(part);
  });

  it("refuses what is not there and what it cannot read", async () => {
    expect(await codeOf(readTable(join(folder, "none.csv")))).toMatch(/^file\/not-found/);
    expect(await codeOf(readTable("table.xlsx"))).toMatch(
      /^usage\/bad-value: Bad ending of 'table.xlsx', expected .csv, .json or .parquet/,
    );
  });
});
