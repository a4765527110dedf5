/** Reads lists of recordings, CSV or JSONL, in the encodings and with the delimiters that spreadsheets write. */
import { extname } from "node:path";
import {
  chooseColumns,
  type ManifestOptions,
  type ParsedManifest,
  parseCsvManifest,
  parseJsonlManifest,
} from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import Papa from "papaparse";
import { readInput } from "../io/read-input.js";

/** What stands between the cells, the likeliest first. */
const delimiters = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars" };
type Delimiter = keyof typeof delimiters;

/** Cells and the line that they begin on. */
interface CsvLine {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Rows that a delimiter is tried on. */
const tried = 50;

/**
 * Returns what a list holds, and how it was read where that is not as its name says.
 * @throws UndertoneError `file/*` or `manifest/invalid`, naming line and column.
 */
export async function readList(
  path: string,
  options: ManifestOptions = {},
): Promise<{ readonly parsed: ParsedManifest; readonly remarks: readonly string[] }> {
  const ending = extname(path).toLowerCase();
  if (ending !== ".csv" && ending !== ".tsv") {
    const { text, remarks } = await readText(path);
    return { parsed: parseJsonlManifest(path, text, options), remarks };
  }
  const { header, lines, remarks } = await readCsv(path);
  return { parsed: parseCsvManifest(path, header, lines, options), remarks };
}

/** Returns the header and lines of a CSV file. @throws UndertoneError `file/*` or `manifest/invalid`. */
export async function readCsv(path: string): Promise<{
  readonly header: readonly string[];
  readonly lines: readonly CsvLine[];
  readonly remarks: readonly string[];
}> {
  const { text, remarks } = await readText(path);
  const delimiter = findDelimiter(text);
  const [header, ...lines] = csvLines(path, text, delimiter);
  if (!header)
    throw new UndertoneError(
      "manifest/invalid",
      `The manifest '${path}' is empty, expected a header and a row for each utterance`,
    );
  const usual = delimiter === "," || (delimiter === "\t" && /\.tsv$/i.test(path));
  return {
    header: header.cells,
    lines,
    remarks: [...remarks, ...(usual ? [] : [`read with ${delimiters[delimiter]} between the cells`])],
  };
}

async function readText(
  path: string,
): Promise<{ readonly text: string; readonly remarks: readonly string[] }> {
  const { text, encoding } = decodeText(path, await readInput(path));
  return { text, remarks: encoding === "utf-8" ? [] : [`read as ${encoding}`] };
}

/** Returns the text of bytes in UTF-8, in UTF-16 with or without a mark, or else in Windows-1252, of which Latin-1 is a part. */
function decodeText(path: string, bytes: Uint8Array): { readonly text: string; readonly encoding: string } {
  const [first, second] = bytes;
  const encoding =
    (first === 0xff && second === 0xfe) || (first !== 0 && second === 0)
      ? "utf-16le"
      : (first === 0xfe && second === 0xff) || (first === 0 && second !== 0)
        ? "utf-16be"
        : "utf-8";
  for (const candidate of encoding === "utf-8" ? ["utf-8", "windows-1252"] : [encoding]) {
    try {
      const text = new TextDecoder(candidate, { fatal: true }).decode(bytes);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those tell bytes that are no text
      if (!/[\u0000-\u0008\u000e-\u001f]/.test(text)) return { text, encoding: candidate };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  throw new UndertoneError(
    "manifest/invalid",
    `The manifest '${path}' is not text in UTF-8, UTF-16 or Latin-1, expected CSV or JSONL`,
  );
}

/** Returns the delimiter by which the header names recordings and the rows have as many cells; a comma when none does. */
function findDelimiter(text: string): Delimiter {
  const found = (Object.keys(delimiters) as Delimiter[]).flatMap((delimiter) => {
    const { data } = Papa.parse<string[]>(text, { delimiter, preview: tried, skipEmptyLines: true });
    const header = (data[0] ?? []).map((name) => name.trim());
    if (chooseColumns(header).file === undefined) return [];
    return [{ delimiter, even: data.filter((row) => row.length === header.length).length }];
  });
  return found.reduce((a, b) => (b.even > a.even ? b : a), found[0] ?? { delimiter: ",", even: 0 }).delimiter;
}

/** Returns the cells of each row with the line it begins on; empty lines are skipped. */
function csvLines(path: string, text: string, delimiter: Delimiter): CsvLine[] {
  const rows: CsvLine[] = [];
  let line = 1;
  let last = 0;
  Papa.parse<string[]>(text, {
    delimiter,
    step({ data, errors, meta }) {
      const [error] = errors;
      if (error) {
        throw new UndertoneError(
          "manifest/invalid",
          `The manifest '${path}', line ${line}: ${error.message}, expected CSV`,
          { details: { source: path, line } },
        );
      }
      if (data.some((cell) => cell.trim() !== "")) rows.push({ line, cells: data });
      // A quoted cell may hold line breaks.
      line += (text.slice(last, meta.cursor).match(/\r\n|\n|\r/g) ?? []).length;
      last = meta.cursor;
    },
  });
  return rows;
}
