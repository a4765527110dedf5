/** Aligned tables and wrapped paragraphs for the terminal. */

/** A column of a text table. */
export interface TextColumn {
  readonly title: string;
  /** Default right, as numbers stand. */
  readonly align?: "left" | "right";
  /** Longer cells end in `…`; default no limit. */
  readonly maxWidth?: number;
}

/** Returns the lines of a table: a head, a light rule, one line a row; columns stand two blanks apart. */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly (string | number)[])[],
): string[] {
  const cut = (cell: string | number, column: TextColumn): string => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters in a file name must not reach the terminal
    const text = String(cell).replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
    const limit = column.maxWidth ?? Number.POSITIVE_INFINITY;
    return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  };
  const cells = [columns.map(({ title }) => title), ...rows].map((row) =>
    columns.map((column, j) => cut(row[j] ?? "", column)),
  );
  const widths = columns.map((_, j) => Math.max(...cells.map((row) => row[j].length)));
  const lines = cells.map((row) =>
    row
      .map((cell, j) => (columns[j].align === "left" ? cell.padEnd(widths[j]) : cell.padStart(widths[j])))
      .join("  ")
      .trimEnd(),
  );
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [lines[0], rule, ...lines.slice(1)];
}

/** Returns the words of `text` in lines of at most `width` characters; a longer word has a line of its own. */
export function wrapText(
  text: string,
  { width = 100, indent = "" }: { width?: number; indent?: string } = {},
): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return line ? [...lines, line] : lines;
}
