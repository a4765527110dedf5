/** The text of lists as other tools write them, CSV and JSONL, as rows and utterances. */
import { listChoices, UndertoneError } from "../errors.js";
import { type ManifestOptions, type ParsedManifest, parseManifestRows } from "./manifest.js";
import { chooseColumns, fileColumns } from "./manifest-columns.js";
import { invalid, invalidLine, type ManifestRow } from "./manifest-row.js";

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
        const why = (cause as Error).message;
        throw invalidLine(source, i + 1, `is not JSON, expected one object a line (${why})`, cause);
      }
      if (typeof values !== "object" || values === null || Array.isArray(values)) {
        const got = JSON.stringify(values).slice(0, 40);
        throw invalidLine(source, i + 1, `is ${got}, expected an object`);
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
  if (chooseColumns(names).file === undefined) {
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
      throw invalidLine(source, line, `has ${cells.length} cells, expected ${names.length} as in the header`);
    }
    return {
      line,
      values: Object.fromEntries(names.flatMap((name, i) => (name === "" ? [] : [[name, cells[i]]]))),
    };
  });
}
