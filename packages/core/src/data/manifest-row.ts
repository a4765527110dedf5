/** One row of a list becomes an utterance, or an error that names line and column. */
import { UndertoneError } from "../errors.js";
import { corpora } from "./corpora/index.js";
import { type Columns, plainColumn, voteCount } from "./manifest-columns.js";
import { parseTime, writtenNumber } from "./time-value.js";
import {
  type DimensionName,
  dimensionNames,
  isUnknownSpeaker,
  type Utterance,
  unknownSpeaker,
} from "./utterance.js";

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
/** What lists say of a speaker whose sex nobody knows. */
const noSex = new Set(["unknown", "u", "?"]);
/** Columns of dimensions, ours and MSP-Podcast's. */
const dimensionColumns = new Map<string, DimensionName>([
  ...dimensionNames.map((name): [string, DimensionName] => [name, name]),
  ["emoact", "arousal"],
  ["emoval", "valence"],
  ["emodom", "dominance"],
]);
const missing = new Set(["", "nan", "nat", "none", "null", "na"]);

/** Returns the utterance of a row. @throws UndertoneError `manifest/invalid`, naming line and column. */
export function parseRow(
  source: string,
  { line, values }: ManifestRow,
  {
    columns,
    emotions,
    used: usedByAny,
  }: { columns: Columns; emotions: readonly string[]; used: Set<string> },
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
    speakerCell && !missing.has(speakerCell.text.toLowerCase()) ? oneName(speakerCell.text) : undefined;
  const said = speakerName ?? (speakerCell ? undefined : named?.name?.speaker) ?? unknownSpeaker;
  const speaker = isUnknownSpeaker(said) ? unknownSpeaker : said;

  const labelCell = take("label");
  const written = labelCell && !missing.has(labelCell.text.toLowerCase()) ? labelCell.text : undefined;

  const attributes: Record<string, string> =
    speakerCell || !named?.name ? {} : { corpus: named.corpus.id, ...named.name.attributes };
  for (const name of ["sex", "sentence", "language", "corpus"] as const) {
    const found = take(name);
    if (!found || missing.has(found.text.toLowerCase())) continue;
    if (name === "sex" && noSex.has(found.text.toLowerCase())) continue;
    attributes[name] = name === "sex" ? (sexes[found.text.toLowerCase()] ?? found.text) : found.text;
  }

  const votes: Record<string, number> = {};
  const dimensions: Partial<Record<DimensionName, number>> = {};
  for (const [column, value] of Object.entries(values)) {
    if (used.has(column)) continue;
    const lower = column.trim().toLowerCase();
    if (emotions.includes(column)) {
      votes[column.trim()] = voteCount(value);
      continue;
    }
    if (lower === "votes" || lower.startsWith("votes:")) {
      usedByAny.add(column);
      const found =
        lower === "votes"
          ? votesObject({ source, line, column }, value)
          : { [column.trim().slice("votes:".length)]: value };
      for (const [word, count] of Object.entries(found)) {
        const text = cell({ source, line, column }, count);
        if (missing.has(text.toLowerCase())) continue;
        if (!(writtenNumber(text) >= 0))
          throw invalid({ source, line, column }, `is '${text}'`, "a number of votes");
        votes[word] = writtenNumber(text);
      }
      continue;
    }
    const dimension = dimensionColumns.get(lower);
    const text = cell({ source, line, column }, value);
    if (missing.has(text.toLowerCase())) continue;
    if (dimension) {
      usedByAny.add(column);
      const rating = writtenNumber(text);
      if (!Number.isFinite(rating)) throw invalid({ source, line, column }, `is '${text}'`, "a number");
      dimensions[dimension] = rating;
    } else if (plainColumn(column).replace("_", "") === "copyof")
      attributes.copyOf = text.replaceAll("\\", "/");
    else attributes[column] = text;
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

/** Returns the name in a list of names as Python writes it, `['Ann']`; undefined where it holds several, of which any may speak elsewhere. */
function oneName(text: string): string | undefined {
  const [, , names] = /^\[(["'])(.*)\1\]$/s.exec(text) ?? [];
  if (names === undefined) return text;
  return /["']\s*,\s*["']/.test(names) ? undefined : names;
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

/** Returns the error of a cell. */
export function invalid(place: Place, got: string, expected: string, more: object = {}): UndertoneError {
  const { source, line, column } = place;
  return new UndertoneError(
    "manifest/invalid",
    `The manifest '${source}', line ${line}, column '${column}': ${got}, expected ${expected}`,
    { details: { source, line, column, ...more } },
  );
}
