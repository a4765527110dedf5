/** Feature tables as files: Parquet, CSV or JSON by the ending, with who spoke and what was heard beside the numbers. */

import { basename, extname } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Dataset, FeatureTable, Utterance } from "@undertone/core/data";
import { listChoices, UndertoneError } from "@undertone/core/errors";
import { type Matrix, matrix } from "@undertone/core/math";
import { readInput } from "../io/read-input.js";
import { cellNumber, isRating, ratingFields, readRatings } from "./table-ratings.js";

/** A feature table with its utterances, in one order, and the fold in which each is tested, when the file tells. */
export interface LabelledTable {
  readonly dataset: Dataset;
  readonly table: FeatureTable;
  readonly featureSet: string;
  /** Label map and corpus of the file's origin, when it tells. */
  readonly corpus?: string | undefined;
  readonly labelMap?: string;
  /** Utterance id -> name of the fold that tests it. */
  readonly folds?: ReadonlyMap<string, string> | undefined;
}

export const tableFormats = ["csv", "json", "parquet"] as const;
export type TableFormat = (typeof tableFormats)[number];

/** Columns of text that a file may have beside `utteranceColumns`; all other columns of a CSV file must be features. */
const textColumns = [
  "corpus",
  "language",
  "sex",
  "age",
  "emotion",
  "intensity",
  "sentence",
  "sentenceKind",
  "text",
  "number",
  "word",
  "take",
  "statement",
  "repetition",
  "modality",
  "channel",
  "copyOf",
  "split",
  "list",
];
const utteranceColumns = ["id", "file", "start", "end", "speaker", "label", "fold"];

/** Returns the format that a file's ending asks for. @throws UndertoneError `usage/bad-value`. */
export function tableFormat(path: string): TableFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const format = tableFormats.find((known) => known === ending);
  if (!format) {
    throw new UndertoneError(
      "usage/bad-value",
      `Bad ending of '${path}', expected ${listChoices(tableFormats.map((known) => `.${known}`))}`,
    );
  }
  return format;
}

/** Returns the shortest decimal that is the same float32. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** Rows of one utterance, all or some of them. */
export interface TablePart {
  readonly utterance: Utterance;
  readonly features: Matrix;
}

interface TextColumn {
  readonly name: string;
  get(utterance: Utterance): string | undefined;
}

/** Returns the columns of text that some of the utterances fill. */
function textColumnsOf(utterances: readonly Utterance[], folds: LabelledTable["folds"]): TextColumn[] {
  const attributes = [
    ...new Set(utterances.flatMap((utterance) => Object.keys(utterance.attributes))),
  ].filter((name) => !utteranceColumns.includes(name));
  const columns: [string, TextColumn["get"]][] = [
    ["id", ({ id }) => id],
    ["start", ({ start }) => start?.toString()],
    ["end", ({ end }) => end?.toString()],
    ["speaker", ({ speaker }) => speaker],
    ["label", ({ label }) => label],
    ...attributes.map((name): [string, TextColumn["get"]] => [
      name,
      (utterance) => utterance.attributes[name],
    ]),
    ["fold", ({ id }) => folds?.get(id)],
    ...ratingFields(utterances),
  ];
  return columns
    .map(([name, get]) => ({ name, get }))
    .filter(
      ({ name, get }) => name === "id" || utterances.some((utterance) => (get(utterance) ?? "") !== ""),
    );
}

function* partsOf({
  dataset: { utterances },
  table: { frames, offsets },
}: LabelledTable): Generator<TablePart> {
  for (const [i, utterance] of utterances.entries()) {
    const data = frames.data.subarray(offsets[i] * frames.cols, offsets[i + 1] * frames.cols);
    yield { utterance, features: matrix(offsets[i + 1] - offsets[i], frames.cols, data) };
  }
}

async function parquetBytes(labelled: LabelledTable): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const { featureSet, corpus, labelMap, dataset, table, folds } = labelled;
  const { data, rows, cols } = table.frames;
  const owners = dataset.utterances.flatMap((utterance, i) =>
    new Array<Utterance>(table.offsets[i + 1] - table.offsets[i]).fill(utterance),
  );
  const buffer = parquetWriteBuffer({
    columnData: [
      ...textColumnsOf(dataset.utterances, folds).map(({ name, get }) => ({
        name,
        data: owners.map((utterance) => get(utterance) ?? ""),
        type: "STRING" as const,
        nullable: false,
      })),
      ...table.names.map((name, j) => ({
        name,
        data: Float32Array.from({ length: rows }, (_, r) => data[r * cols + j]),
        type: "FLOAT" as const,
        encoding: "BYTE_STREAM_SPLIT" as const,
        nullable: false,
        offsetIndex: false,
      })),
    ],
    codec: "GZIP",
    compressors: { GZIP: (bytes) => gzipSync(bytes, { level: 9 }) },
    statistics: false,
    rowGroupSize: 1_000_000,
    kvMetadata: [
      { key: "undertone", value: JSON.stringify({ featureSet, corpus, labelMap, dataset: dataset.name }) },
    ],
    createdBy: "undertone",
  });
  return new Uint8Array(buffer);
}

/** Returns a table as the bytes or text of a file. */
export async function encodeTable(
  labelled: LabelledTable,
  format: TableFormat,
): Promise<Uint8Array | string> {
  if (format === "parquet") return parquetBytes(labelled);
  const text: string[] = [];
  const { dataset, table, featureSet, folds } = labelled;
  const head = { utterances: dataset.utterances, names: table.names, featureSet, folds };
  for await (const rows of encodeParts(head, partsOf(labelled), format)) text.push(rows);
  return text.join("");
}

/** What a table's text begins with. */
export interface TableHead extends Pick<LabelledTable, "featureSet" | "folds"> {
  /** All whose rows may come: they say which columns there are. */
  readonly utterances: readonly Utterance[];
  readonly names: readonly string[];
}

/** Gives the text of a file row after row, so that a table need not be held. The rows of one utterance come together. */
export async function* encodeParts(
  { utterances, names, featureSet, folds }: TableHead,
  parts: AsyncIterable<TablePart> | Iterable<TablePart>,
  format: "csv" | "json",
): AsyncGenerator<string> {
  const columns = textColumnsOf(utterances, folds);
  const { default: papa } = await import("papaparse");
  const csv = (rows: unknown[][]): string => `${papa.unparse(rows, { newline: "\n" })}\n`;
  const json = ([utterance, features]: [Utterance, number[]]): string =>
    JSON.stringify({
      ...Object.fromEntries(columns.map(({ name, get }) => [name, get(utterance) ?? ""])),
      features,
    });
  yield format === "csv"
    ? csv([[...columns.map(({ name }) => name), ...names]])
    : `{"featureSet":${JSON.stringify(featureSet)},"names":${JSON.stringify(names)},"rows":[`;
  let comma = "";
  for await (const { utterance, features } of parts) {
    if (features.rows === 0) continue;
    const rows = Array.from({ length: features.rows }, (_, r) =>
      Array.from(features.data.subarray(r * features.cols, (r + 1) * features.cols), shortest),
    );
    const text = columns.map(({ get }) => get(utterance) ?? "");
    yield format === "csv"
      ? csv(rows.map((values) => [...text, ...values]))
      : comma + rows.map((values) => json([utterance, values])).join(",");
    comma = ",";
  }
  if (format === "json") yield "]}\n";
}

interface RawTable {
  readonly text: ReadonlyMap<string, readonly string[]>;
  readonly numbers: ReadonlyMap<string, ArrayLike<number>>;
  readonly rows: number;
  readonly meta: {
    readonly featureSet?: string;
    readonly corpus?: string | undefined;
    readonly labelMap?: string;
    readonly dataset?: string;
  };
}

/** More than a page of any feature table has, uncompressed. */
const mostPageBytes = 2 ** 28;

async function readParquet(bytes: Uint8Array): Promise<RawTable> {
  const { parquetMetadata, parquetRead } = await import("hyparquet");
  const content = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(content);
  const chunks = new Map<string, ArrayLike<unknown>[]>();
  let refused = false;
  // hyparquet 1.31 starts to read all columns before it looks whether they fit the schema: where they do not, none may come to fail unheard.
  const slice = (from: number, to?: number): Promise<ArrayBuffer> =>
    new Promise((resolve) => setImmediate(() => !refused && resolve(content.slice(from, to))));
  try {
    await parquetRead({
      file: { byteLength: content.byteLength, slice },
      metadata,
      compressors: {
        GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.min(length, mostPageBytes) }),
      },
      onChunk: ({ columnName, columnData }) => {
        chunks.set(columnName, [...(chunks.get(columnName) ?? []), columnData]);
      },
    });
  } finally {
    refused = true;
  }
  const text = new Map<string, string[]>();
  const numbers = new Map<string, number[]>();
  for (const { name, type } of metadata.schema) {
    const parts = chunks.get(name);
    if (!parts) continue;
    const values = parts.flatMap((part) => Array.from(part));
    if (type === "FLOAT" || type === "DOUBLE")
      numbers.set(
        name,
        values.map((value, r) => cellNumber(value, r, name)),
      );
    else
      text.set(
        name,
        values.map((value) => (value === null || value === undefined ? "" : String(value))),
      );
  }
  const stored = metadata.key_value_metadata?.find(({ key }) => key === "undertone")?.value;
  return { text, numbers, rows: Number(metadata.num_rows), meta: stored ? JSON.parse(stored) : {} };
}

function readJson(text: string): RawTable {
  const { featureSet, names, rows } = JSON.parse(text) as {
    featureSet?: string;
    names: string[];
    rows: ({ features: number[] } & Record<string, unknown>)[];
  };
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((key) => key !== "features");
  return {
    text: new Map(keys.map((key) => [key, rows.map((row) => String(row[key] ?? ""))])),
    numbers: new Map(
      names.map((name, j) => [name, rows.map((row, r) => cellNumber(row.features[j], r, name))]),
    ),
    rows: rows.length,
    meta: featureSet ? { featureSet } : {},
  };
}

async function readCsv(content: string): Promise<RawTable> {
  const { default: papa } = await import("papaparse");
  const { data, meta } = papa.parse<Record<string, string>>(content, { header: true, skipEmptyLines: true });
  const names = meta.fields ?? [];
  const isText = (name: string): boolean => textColumns.includes(name) || utteranceColumns.includes(name);
  return {
    text: new Map(names.filter(isText).map((name) => [name, data.map((row) => row[name] ?? "")])),
    numbers: new Map(
      names
        .filter((name) => !isText(name))
        .map((name) => [name, data.map((row, r) => cellNumber(row[name], r, name))]),
    ),
    rows: data.length,
    meta: {},
  };
}

function fromRaw(raw: RawTable, path: string): LabelledTable {
  const bad = (what: string): UndertoneError =>
    new UndertoneError("manifest/invalid", `Bad feature table '${path}': ${what}`);
  const { text, rows, meta } = raw;
  const ratings = readRatings([...raw.text, ...raw.numbers], rows);
  const numbers = new Map([...raw.numbers].filter(([name]) => !isRating(name)));
  const ids = text.get("id") ?? text.get("file");
  if (rows === 0 || !ids)
    throw bad(
      `got ${rows} rows${ids ? "" : " and no column 'id' or 'file'"}, expected at least one row with an id`,
    );
  if (numbers.size === 0) throw bad("got no feature columns, expected columns of numbers beside the text");
  const label = text.get("label") ?? text.get("emotion");
  const speaker = text.get("speaker");
  if (!(label || ratings.size > 0) || !speaker)
    throw bad(`got no column '${speaker ? "label" : "speaker"}', expected 'speaker' and 'label'`);

  const names = [...numbers.keys()];
  const columns = [...numbers.values()];
  const frames = matrix(rows, names.length);
  columns.forEach((values, j) => {
    for (let r = 0; r < rows; r++) {
      frames.data[r * names.length + j] = values[r];
    }
  });

  const starts: number[] = [];
  for (let r = 0; r < rows; r++) if (r === 0 || ids[r] !== ids[r - 1]) starts.push(r);
  if (new Set(starts.map((r) => ids[r])).size !== starts.length)
    throw bad("the rows of one id do not stand together");
  const attributeNames = [...text.keys()].filter(
    (name) => !isRating(name) && name !== "emotion" && !utteranceColumns.includes(name),
  );
  const utterances = starts.map((r): Utterance => {
    const word = label?.[r] || undefined;
    const rated = ratings.get(r);
    if (speaker[r] === "" || (word === undefined && !rated))
      throw bad(`row ${r + 1} has no ${speaker[r] === "" ? "speaker" : "label"}`);
    return {
      id: ids[r],
      file: text.get("file")?.[r] ?? ids[r],
      speaker: speaker[r],
      label: word,
      ...rated,
      attributes: Object.fromEntries(
        attributeNames.map((name) => [name, text.get(name)![r]]).filter(([, value]) => value !== ""),
      ),
    };
  });
  const fold = text.get("fold");
  return {
    dataset: { name: meta.dataset ?? basename(path, extname(path)), utterances },
    table: {
      ids: utterances.map(({ id }) => id),
      names,
      frames,
      offsets: Uint32Array.from([...starts, rows]),
    },
    featureSet: meta.featureSet ?? basename(path, extname(path)),
    ...(meta.corpus ? { corpus: meta.corpus } : {}),
    ...(meta.labelMap ? { labelMap: meta.labelMap } : {}),
    ...(fold?.every((name) => name !== "") ? { folds: new Map(starts.map((r) => [ids[r], fold[r]])) } : {}),
  };
}

/**
 * Returns the feature table in a file, with its utterances. A missing value (an empty cell, null, NaN) is NaN in the table.
 * @throws UndertoneError `file/not-found`, `usage/bad-value` (ending) or `manifest/invalid`.
 */
export async function readTable(path: string): Promise<LabelledTable> {
  const format = tableFormat(path);
  const bytes = await readInput(path);
  try {
    const content = (): string => new TextDecoder().decode(bytes);
    const raw =
      format === "parquet"
        ? await readParquet(bytes)
        : format === "json"
          ? readJson(content())
          : await readCsv(content());
    return fromRaw(raw, path);
  } catch (error) {
    if (error instanceof UndertoneError) throw error;
    throw new UndertoneError("manifest/invalid", `Bad feature table '${path}': ${(error as Error).message}`, {
      cause: error,
    });
  }
}
