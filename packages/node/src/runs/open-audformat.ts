/** Opens a database in audformat: tables `db.ID.csv` in one folder, of which some hold the labels and others the speakers. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  chooseColumns,
  csvManifestRows,
  dimensionNames,
  type ManifestRow,
  parseManifestRows,
  type SpeakerRule,
} from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import type { OpenedDataset } from "./open-dataset.js";
import { openParsed } from "./open-list.js";
import { readCsv } from "./read-list.js";

interface Table {
  readonly id: string;
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly ManifestRow[];
}

type Values = Record<string, unknown>;

/** The columns by which a segment is known. */
const index = ["file", "start", "end"];

/** Whether a file is a table of a database in audformat. */
export function isAudformatTable(path: string): boolean {
  return /^db\..+\.csv$/.test(basename(path)) && existsSync(join(dirname(path), "db.yaml"));
}

/** Returns the dataset of the tables in a folder, or undefined when it holds none; `only` is the path of the table whose labels are taken. @throws UndertoneError `file/*`, `manifest/invalid`, `corpus/ambiguous`. */
export async function openAudformat(
  folder: string,
  rule: SpeakerRule | undefined,
  only?: string,
): Promise<OpenedDataset | undefined> {
  const names = await readdir(folder);
  const tables = names
    .filter((name) => /^db\.[^/]+\.csv$/.test(name))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  if (tables.length === 0) {
    const others = names.filter((name) => /^db\..+\.(parquet|pkl)$/.test(name));
    if (others.length === 0 || !existsSync(join(folder, "db.yaml"))) return undefined;
    throw new UndertoneError(
      "manifest/invalid",
      `The audformat database '${folder}' keeps its tables as ${others.slice(0, 3).join(", ")}, expected CSV, as audformat's Database.save(…, storage_format="csv") writes it`,
    );
  }
  const read = await Promise.all(
    tables.map(async (name): Promise<Table> => {
      const path = join(folder, name);
      const { header, lines } = await readCsv(path);
      const columns = header.map((column) => column.trim());
      return { id: name.slice(3, -4), path, columns, rows: csvManifestRows(path, header, lines) };
    }),
  );
  const { rows, from, used } = joinTables(folder, read, only);
  const column = rule?.kind === "column" ? rule.column : undefined;
  const parsed = parseManifestRows(from.path, rows, { speakerColumn: column });
  const opened = await openParsed(from.path, { parsed, remarks: [] }, rule);
  return {
    ...opened,
    dataset: { ...opened.dataset, name: basename(folder) },
    remarks: [`read as audformat: ${used.map((id) => `db.${id}.csv`).join(", ")}`, ...opened.remarks],
  };
}

function labelColumn({ columns }: Table): string | undefined {
  return (
    chooseColumns(columns).label ?? columns.find((name) => dimensionNames.some((known) => known === name))
  );
}

/** Returns one row for each segment: the labels of the tables that have some, and what the others tell of its file and speaker. */
function joinTables(
  folder: string,
  tables: readonly Table[],
  only: string | undefined,
): { readonly rows: readonly ManifestRow[]; readonly from: Table; readonly used: readonly string[] } {
  const labelled = tables.filter(
    (table) => table.columns.includes("file") && labelColumn(table) !== undefined,
  );
  const wanted = (table: Table): boolean =>
    only === undefined ? table.id.includes("gold") : basename(table.path) === basename(only);
  const taken = labelled.some(wanted) ? labelled.filter(wanted) : labelled;
  const [from] = taken;
  if (!from)
    throw new UndertoneError(
      "manifest/invalid",
      `The audformat database '${folder}' has the tables ${tables.map(({ id }) => id).join(", ")}, expected one with the columns file and emotion`,
    );
  const rows = new Map<string, { readonly line: number; readonly values: Values; readonly table: Table }>();
  for (const table of taken) {
    const part = /(^|[._-])(train|dev|test)([._-]|$)/.exec(table.id)?.[2];
    for (const { line, values } of table.rows) {
      const key = keyOf(values, index);
      const before = rows.get(key);
      const label = labelColumn(table)!;
      const other = before && labelColumn(before.table)!;
      if (before && other && String(before.values[other]) !== String(values[label]))
        throw new UndertoneError(
          "corpus/ambiguous",
          `The audformat tables ${before.table.id} and ${table.id} label '${values.file}' otherwise ('${before.values[other]}' and '${values[label]}'), expected '--data ${before.table.path}' or '--data ${table.path}'`,
        );
      const whole = keyOf(values, ["start", "end"]) === "\0" && { start: "", end: "" };
      rows.set(key, {
        line,
        values: { ...values, ...whole, ...(part && { split: part }), ...before?.values },
        table: before?.table ?? table,
      });
    }
  }
  const used = taken.map(({ id }) => id);
  // Tables of files first, as those of speakers are found by what they tell.
  const others = tables
    .filter((table) => !labelled.includes(table))
    .sort((a, b) => Number(b.columns.includes("file")) - Number(a.columns.includes("file")));
  for (const table of others) {
    const keys = table.columns.includes("file")
      ? index.filter((name) => table.columns.includes(name))
      : table.columns.slice(0, 1);
    const known = new Map(table.rows.map(({ values }) => [keyOf(values, keys), values]));
    let found = 0;
    for (const row of rows.values()) {
      const more = known.get(keyOf(row.values, keys));
      if (!more) continue;
      found++;
      for (const [name, value] of Object.entries(more)) row.values[name] ??= value;
    }
    if (found > 0) used.push(table.id);
  }
  return { rows: [...rows.values()], from, used };
}

function keyOf(values: Readonly<Values>, keys: readonly string[]): string {
  // A whole file is from 0 days to NaT, or has no times at all.
  return keys.map((name) => String(values[name] ?? "").replace(/^(NaT|0 days( 00:00:00)?)$/, "")).join("\0");
}
