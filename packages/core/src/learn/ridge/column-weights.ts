/** Weights that let blocks of columns count alike, whatever their width. */

/** Returns 1 / √width of each column's block, the block being what stands before the last colon of its name ("" without one). */
export function columnWeights(names: readonly string[]): Float64Array {
  const blocks = names.map((name) => name.slice(0, Math.max(0, name.lastIndexOf(":"))));
  const widths = new Map<string, number>();
  for (const name of blocks) widths.set(name, (widths.get(name) ?? 0) + 1);
  return Float64Array.from(blocks, (name) => 1 / Math.sqrt(widths.get(name)!));
}
