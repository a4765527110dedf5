/** Reads manifests in CSV, with the line of each row. */
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { type ManifestOptions, type ParsedManifest, parseCsvManifest } from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import Papa from "papaparse";
import { fileError } from "../io/file-error.js";

/**
 * Returns the text of a manifest, and its utterances when it ends in `.csv` or `.tsv`.
 * @throws UndertoneError `file/*` or `manifest/invalid`, naming line and column.
 */
export async function readCsvManifest(
  path: string,
  options: ManifestOptions = {},
): Promise<{ readonly text: string; readonly parsed?: ParsedManifest }> {
  const ending = extname(path).toLowerCase();
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof TypeError)
      throw new UndertoneError(
        "manifest/invalid",
        `The manifest '${path}' is not UTF-8 text, expected CSV or JSONL`,
        { cause: error },
      );
    throw fileError(error, path);
  }
  if (ending !== ".csv" && ending !== ".tsv") return { text };
  const rows = csvRows(path, text, ending === ".tsv" ? "\t" : undefined);
  const [header, ...lines] = rows;
  if (!header)
    throw new UndertoneError(
      "manifest/invalid",
      `The manifest '${path}' is empty, expected a header and a row for each utterance`,
    );
  return { text, parsed: parseCsvManifest(path, header.cells, lines, options) };
}

/** Returns the cells of each row with the line it begins on; empty lines are skipped. */
function csvRows(
  path: string,
  text: string,
  delimiter: string | undefined,
): { readonly line: number; readonly cells: readonly string[] }[] {
  const rows: { line: number; cells: readonly string[] }[] = [];
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  let line = 1;
  let last = 0;
  Papa.parse<string[]>(text, {
    delimiter: delimiter ?? (firstLine.includes(";") && !firstLine.includes(",") ? ";" : ","),
    step({ data, errors, meta }) {
      const [error] = errors;
      if (error) {
        throw new UndertoneError(
          "manifest/invalid",
          `The manifest '${path}', line ${line}: ${error.message}, expected CSV`,
          { details: { source: path, line } },
        );
      }
      if (data.length > 1 || data[0].trim() !== "") rows.push({ line, cells: data });
      // A quoted cell may hold line breaks.
      line += (text.slice(last, meta.cursor).match(/\r\n|\n|\r/g) ?? []).length;
      last = meta.cursor;
    },
  });
  return rows;
}
