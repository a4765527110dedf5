/** Lists of utterances as other tools write them: CSV rows and JSONL lines become utterances, or an error that names line and column. */
import { listChoices, UndertoneError } from "../errors.js";
import { corpora } from "./corpora/index.js";
import { type Columns, chooseColumns, columnRemarks, fileColumns, plainColumn } from "./manifest-columns.js";
import { parseTime } from "./time-value.js";
import { type DimensionName, dimensionNames, type Utterance, unknownSpeaker } from "./utterance.js";

/** One row: where it stands in the file, and its cells by column. JSON values keep their type. */
export interface ManifestRow {
  /** From 1, as editors count. */
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
}

const sexes: Record<string, string> = {
  f: "female",
  female: "female",
  w: "female",
  woman: "female",
  weiblich: "female",
  frau: "female",
  femme: "female",
  m: "male",
  male: "male",
  man: "male",
  männlich: "male",
  maennlich: "male",
  mann: "male",
  homme: "male",
};
const missing = new Set(["", "nan", "nat", "none", "null", "na"]);

/** What a manifest gave. */
export interface ParsedManifest {
  /** `file` is as it stands in the manifest, with `/`. */
  readonly utterances: readonly Utterance[];
  /** How many have no known speaker. */
  readonly unknownSpeakers: number;
  /** The column of the speakers; undefined when there is none. */
  readonly speakerColumn: string | undefined;
  /** The columns of the spans' ends, when there are any. */
  readonly spanColumns: readonly string[];
  /** What its user should know of its columns, one sentence each. */
  readonly remarks: readonly string[];
}

export interface ManifestOptions {
  /** The column of the speakers (`--speaker-from column:NAME`); default: the first that is named like one. */
  readonly speakerColumn?: string | undefined;
  /** Whether starts and ends are left alone, for lists whose times are no positions in their files. */
  readonly wholeFiles?: boolean;
}

/**
 * Returns the utterances of rows with a header. `file` is needed. Without a speaker column, the speaker is read from the file's name when
 * that is a name of a known corpus, else it is `unknown`: one for all, so that no split can claim unseen speakers. Columns `votes:WORD` or a
 * JSON object in `votes` are rater counts; `arousal`, `valence`, `dominance` are dimensions; other columns become attributes.
 * @throws UndertoneError `manifest/invalid`, naming `source`, line and column.
 */
export function parseManifestRows(
  source: string,
  rows: readonly ManifestRow[],
  { speakerColumn, wholeFiles }: ManifestOptions = {},
): ParsedManifest {
  if (rows.length === 0)
    throw new UndertoneError(
      "manifest/invalid",
      `The manifest '${source}' has no rows, expected a row for each utterance`,
    );
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const all = chooseColumns(names, rows[0].values);
  const found = wholeFiles ? withoutSpans(all) : all;
  const columns =
    speakerColumn === undefined ? found : { ...found, speaker: named(source, names, speakerColumn) };
  const used = new Set<string>();
  const ids = new Map<string, number>();
  const utterances = rows.map((row) => {
    const utterance = parseRow(source, row, { columns, used });
    const path = utterance.id.replace(/(^|\/)(\.?\/)+/g, "$1");
    const before = ids.get(path);
    if (before !== undefined) {
      throw new UndertoneError(
        "manifest/invalid",
        `The manifest '${source}', line ${row.line}, repeats '${utterance.id}' of line ${before}, expected each stretch of a file once`,
        { details: { source, line: row.line } },
      );
    }
    ids.set(path, row.line);
    return utterance;
  });
  const unknownSpeakers = utterances.filter((one) => one.speaker === unknownSpeaker).length;
  return {
    utterances,
    unknownSpeakers,
    speakerColumn: columns.speaker,
    spanColumns: [columns.start, columns.end].filter((column) => column !== undefined),
    remarks: [
      ...(columns.label === undefined && utterances.some(({ label }) => label !== undefined)
        ? ["labels from the file names, which are those of a known corpus"]
        : []),
      ...columnRemarks(columns, rows, {
        used,
        speakersKnown: unknownSpeakers < utterances.length,
        taught: utterances.some(({ label, votes, dimensions }) => label !== undefined || votes || dimensions),
      }),
    ],
  };
}

function withoutSpans({ start: _start, end: _end, ...columns }: Columns): Columns {
  return columns;
}

/** Returns the column that `--speaker-from` names, as it is spelled. @throws UndertoneError `manifest/invalid`. */
function named(source: string, names: readonly string[], wanted: string): string {
  const found =
    names.find((name) => name === wanted) ?? names.find((name) => plainColumn(name) === plainColumn(wanted));
  if (found !== undefined) return found;
  throw new UndertoneError(
    "manifest/invalid",
    `The manifest '${source}' has the columns ${names.join(", ")}, expected the column '${wanted}' of --speaker-from among them`,
  );
}

/**
 * Returns the rows of a JSONL text: one object a line, empty lines skipped.
 * @throws UndertoneError `manifest/invalid`.
 */
export function parseJsonlManifest(
  source: string,
  text: string,
  options: ManifestOptions = {},
): ParsedManifest {
  const rows = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .flatMap((json, i): ManifestRow[] => {
      if (json.trim() === "") return [];
      let values: unknown;
      try {
        values = JSON.parse(json);
      } catch (cause) {
        throw new UndertoneError(
          "manifest/invalid",
          `The manifest '${source}', line ${i + 1}, is not JSON, expected one object a line (${(cause as Error).message})`,
          {
            details: { source, line: i + 1 },
            cause,
          },
        );
      }
      if (typeof values !== "object" || values === null || Array.isArray(values)) {
        throw new UndertoneError(
          "manifest/invalid",
          `The manifest '${source}', line ${i + 1}, is ${JSON.stringify(values).slice(0, 40)}, expected an object`,
          {
            details: { source, line: i + 1 },
          },
        );
      }
      return [{ line: i + 1, values: values as Record<string, unknown> }];
    });
  return parseManifestRows(source, rows, options);
}

/**
 * Returns the utterances of a parsed CSV: the header, and the cells of each line with its line number.
 * @throws UndertoneError `manifest/invalid`.
 */
export function parseCsvManifest(
  source: string,
  header: readonly string[],
  lines: readonly { readonly line: number; readonly cells: readonly string[] }[],
  options: ManifestOptions = {},
): ParsedManifest {
  const names = header.map((name) => name.trim());
  const twice = names.find((name, i) => name !== "" && names.indexOf(name) !== i);
  if (twice !== undefined)
    throw invalid({ source, line: 1, column: twice }, "stands twice in the header", "each column once");
  if (chooseColumns(names, {}).file === undefined) {
    const headless = names.some((name) => /\.(wav|flac|mp3|ogg|opus|m4a|mp4|webm|aiff?)$/i.test(name));
    throw new UndertoneError(
      "manifest/invalid",
      headless
        ? `The manifest '${source}' begins with a recording ('${names.join(", ").slice(0, 60)}'), expected a first line that names the columns, such as file,speaker,emotion`
        : `The manifest '${source}' has the columns ${names.join(", ") || "(none)"}, expected one named ${listChoices(fileColumns.slice(0, 6))}`,
      { details: { source, line: 1 } },
    );
  }
  return parseManifestRows(source, csvManifestRows(source, header, lines), options);
}

/**
 * Returns the rows of a parsed CSV with any columns; one without a name, the row number that pandas writes, is left out.
 * @throws UndertoneError `manifest/invalid` for a row with fewer cells than the header, or more that are not empty.
 */
export function csvManifestRows(
  source: string,
  header: readonly string[],
  lines: readonly { readonly line: number; readonly cells: readonly string[] }[],
): ManifestRow[] {
  const names = header.map((name) => name.trim());
  return lines.map(({ line, cells }) => {
    if (cells.length < names.length || cells.slice(names.length).some((text) => text.trim() !== "")) {
      throw new UndertoneError(
        "manifest/invalid",
        `The manifest '${source}', line ${line}, has ${cells.length} cells, expected ${names.length} as in the header`,
        { details: { source, line } },
      );
    }
    return {
      line,
      values: Object.fromEntries(names.flatMap((name, i) => (name === "" ? [] : [[name, cells[i]]]))),
    };
  });
}

function parseRow(
  source: string,
  { line, values }: ManifestRow,
  { columns, used: usedByAny }: { columns: Columns; used: Set<string> },
): Utterance {
  const used = new Set<string>();
  const take = (name: keyof Columns): { readonly column: string; readonly text: string } | undefined => {
    const column = columns[name];
    if (column === undefined || !(column in values)) return undefined;
    used.add(column);
    return { column, text: cell({ source, line, column }, values[column]) };
  };
  const fileCell = take("file");
  if (!fileCell || missing.has(fileCell.text.toLowerCase()))
    throw invalid(
      { source, line, column: fileCell?.column ?? "file" },
      "is empty",
      "the path of a recording",
    );
  const file = fileCell.text.replaceAll("\\", "/");
  if (file.includes("\0"))
    throw invalid({ source, line, column: fileCell.column }, "has a zero byte", "the path of a recording");

  const time = (name: "start" | "end"): number | undefined => {
    const found = take(name);
    if (!found || missing.has(found.text.toLowerCase())) return undefined;
    const seconds = parseTime(found.text);
    if (seconds === null || !(seconds >= 0))
      throw invalid(
        { source, line, column: found.column },
        `is '${found.text}'`,
        "seconds or a time such as 0 days 00:00:01.5",
      );
    return seconds;
  };
  const start = time("start");
  const end = time("end");
  if (end !== undefined && end <= (start ?? 0))
    throw invalid(
      { source, line, column: columns.end! },
      `is ${end} s`,
      `a time after the start, ${start ?? 0} s`,
      { backwards: true },
    );

  const named = corpora
    .map((corpus) => ({ corpus, name: corpus.parse(file) }))
    .find(({ name }) => name !== null);
  const speakerCell = take("speaker");
  const speakerName =
    speakerCell && !missing.has(speakerCell.text.toLowerCase()) ? speakerCell.text : undefined;
  const speaker = speakerName ?? (speakerCell ? undefined : named?.name?.speaker) ?? unknownSpeaker;

  const labelCell = take("label");
  const written = labelCell && !missing.has(labelCell.text.toLowerCase()) ? labelCell.text : undefined;

  const attributes: Record<string, string> =
    speakerCell || !named?.name ? {} : { corpus: named.corpus.id, ...named.name.attributes };
  for (const name of ["sex", "sentence", "language", "corpus"] as const) {
    const found = take(name);
    if (!found || missing.has(found.text.toLowerCase())) continue;
    attributes[name] = name === "sex" ? (sexes[found.text.toLowerCase()] ?? found.text) : found.text;
  }

  const votes: Record<string, number> = {};
  const dimensions: Partial<Record<DimensionName, number>> = {};
  for (const [column, value] of Object.entries(values)) {
    if (used.has(column)) continue;
    const lower = column.trim().toLowerCase();
    if (lower === "votes" || lower.startsWith("votes:")) {
      usedByAny.add(column);
      const found =
        lower === "votes"
          ? votesObject({ source, line, column }, value)
          : { [column.trim().slice("votes:".length)]: value };
      for (const [word, count] of Object.entries(found)) {
        const text = cell({ source, line, column }, count);
        if (missing.has(text.toLowerCase())) continue;
        if (!(Number(text) >= 0))
          throw invalid({ source, line, column }, `is '${text}'`, "a number of votes");
        votes[word] = Number(text);
      }
      continue;
    }
    const dimension = dimensionNames.find((name) => name === lower);
    const text = cell({ source, line, column }, value);
    if (missing.has(text.toLowerCase())) continue;
    if (dimension) {
      usedByAny.add(column);
      if (!Number.isFinite(Number(text))) throw invalid({ source, line, column }, `is '${text}'`, "a number");
      dimensions[dimension] = Number(text);
    } else attributes[column] = text;
  }
  const rated = Object.keys(votes).length > 0 || Object.keys(dimensions).length > 0;
  // A list of nothing but a corpus' files: their names say the label, as they do in a folder.
  const label = written ?? (columns.label === undefined && !rated ? named?.name?.label : undefined);
  return {
    id: start === undefined && end === undefined ? file : `${file}#${start ?? 0}-${end ?? ""}`,
    file,
    start,
    end,
    speaker,
    label,
    ...(Object.keys(votes).length > 0 && { votes }),
    ...(Object.keys(dimensions).length > 0 && { dimensions }),
    attributes,
  };
}

/** Returns a cell as trimmed text; JSON null is empty. */
function cell(place: Place, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value.trim();
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw invalid(place, `is ${JSON.stringify(value).slice(0, 40)}`, "text or a number");
}

function votesObject(place: Place, value: unknown): Record<string, unknown> {
  let object: unknown = value;
  if (typeof value === "string") {
    if (missing.has(value.trim().toLowerCase())) return {};
    try {
      object = JSON.parse(value);
    } catch {
      object = undefined;
    }
  }
  if (typeof object === "object" && object !== null && !Array.isArray(object))
    return object as Record<string, unknown>;
  throw invalid(place, `is ${JSON.stringify(value).slice(0, 40)}`, 'an object such as {"angry": 3}');
}

/** Where something stands in a manifest. */
interface Place {
  readonly source: string;
  readonly line: number;
  readonly column: string;
}

function invalid(place: Place, got: string, expected: string, more: object = {}): UndertoneError {
  const { source, line, column } = place;
  return new UndertoneError(
    "manifest/invalid",
    `The manifest '${source}', line ${line}, column '${column}': ${got}, expected ${expected}`,
    { details: { source, line, column, ...more } },
  );
}
