/** Weights that let blocks of columns count alike, whatever their width, or as they are told to. */
import { UndertoneError } from "../../errors.js";

/** Returns the name of a column's block: what stands before the last colon of its name ("" without one). */
export function blockOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(":")));
}

/**
 * Returns √share / √width of each column's block, the share being 1 of blocks that are not told.
 * @throws UndertoneError `learn/bad-parameter` for a share of a block that no column has.
 */
export function columnWeights(
  names: readonly string[],
  shares: Readonly<Record<string, number>> = {},
): Float64Array {
  const blocks = names.map(blockOf);
  const widths = new Map<string, number>();
  for (const name of blocks) widths.set(name, (widths.get(name) ?? 0) + 1);
  const stranger = Object.keys(shares).find((name) => !widths.has(name));
  if (stranger !== undefined)
    throw new UndertoneError(
      "learn/bad-parameter",
      `The block weights name '${stranger}', expected blocks of the columns: ${[...widths.keys()].join(", ")}`,
    );
  return Float64Array.from(blocks, (name) => Math.sqrt(shares[name] ?? 1) / Math.sqrt(widths.get(name)!));
}
