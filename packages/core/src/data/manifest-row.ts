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
  const at = (column: string): Place => ({ source, line, column });
  const take = (name: keyof Columns): string | undefined => {
    const column = columns[name];
    if (column === undefined || !(column in values)) return undefined;
    used.add(column);
    return written(at(column), values[column]);
  };
  const file = take("file")?.replaceAll("\\", "/");
  if (file === undefined || file.includes("\0"))
    throw invalid(
      at(columns.file ?? "file"),
      file === undefined ? "is empty" : "has a zero byte",
      "the path of a recording",
    );

  const time = (name: "start" | "end"): number | undefined => {
    const text = take(name);
    if (text === undefined) return undefined;
    const seconds = parseTime(text);
    if (seconds !== null && seconds >= 0) return seconds;
    throw invalid(at(columns[name]!), `is '${text}'`, "seconds or a time such as 0 days 00:00:01.5");
  };
  const start = time("start");
  const end = time("end");
  if (end !== undefined && end <= (start ?? 0))
    throw invalid(at(columns.end!), `is ${end} s`, `a time after the start, ${start ?? 0} s`, {
      backwards: true,
    });

  const named = corpora
    .map((corpus) => ({ corpus, name: corpus.parse(file) }))
    .find(({ name }) => name !== null);
  const hasSpeakers = columns.speaker !== undefined && columns.speaker in values;
  const speakerCell = take("speaker");
  const said = hasSpeakers ? speakerCell && oneName(speakerCell) : named?.name?.speaker;
  const speaker = said === undefined || isUnknownSpeaker(said) ? unknownSpeaker : said;
  const label = take("label");

  const attributes: Record<string, string> =
    hasSpeakers || !named?.name ? {} : { corpus: named.corpus.id, ...named.name.attributes };
  const sex = take("sex");
  if (sex !== undefined && !noSex.has(sex.toLowerCase())) attributes.sex = sexes[sex.toLowerCase()] ?? sex;
  for (const name of ["sentence", "language", "corpus"] as const) {
    const text = take(name);
    if (text !== undefined) attributes[name] = text;
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
          ? votesObject(at(column), value)
          : { [column.trim().slice("votes:".length)]: value };
      for (const [word, count] of Object.entries(found)) {
        const text = written(at(column), count);
        if (text === undefined) continue;
        if (!(writtenNumber(text) >= 0)) throw invalid(at(column), `is '${text}'`, "a number of votes");
        votes[word] = writtenNumber(text);
      }
      continue;
    }
    const dimension = dimensionColumns.get(lower);
    const text = written(at(column), value);
    if (text === undefined) continue;
    if (dimension) {
      usedByAny.add(column);
      const rating = writtenNumber(text);
      if (!Number.isFinite(rating)) throw invalid(at(column), `is '${text}'`, "a number");
      dimensions[dimension] = rating;
    } else if (plainColumn(column).replace("_", "") === "copyof")
      attributes.copyOf = text.replaceAll("\\", "/");
    else attributes[column] = text;
  }
  const rated = Object.keys(votes).length > 0 || Object.keys(dimensions).length > 0;
  return {
    id: start === undefined && end === undefined ? file : `${file}#${start ?? 0}-${end ?? ""}`,
    file,
    start,
    end,
    speaker,
    // A list of nothing but a corpus' files: their names say the label, as they do in a folder.
    label: label ?? (columns.label === undefined && !rated ? named?.name?.label : undefined),
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

/** Returns a cell as trimmed text; undefined where it is empty or says that there is nothing. */
function written(place: Place, value: unknown): string | undefined {
  if (value !== null && typeof value === "object")
    throw invalid(place, `is ${JSON.stringify(value).slice(0, 40)}`, "text or a number");
  const text = String(value ?? "").trim();
  return missing.has(text.toLowerCase()) ? undefined : text;
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

/** Returns the error of a row; `text` says what it is and what was expected. */
export function invalidLine(source: string, line: number, text: string, cause?: unknown): UndertoneError {
  return new UndertoneError("manifest/invalid", `The manifest '${source}', line ${line}, ${text}`, {
    details: { source, line },
    cause,
  });
}
