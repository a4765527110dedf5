/** Names that are one name in two spellings. */

/** Returns what two spellings of a name share: no regard to case, spaces around, Unicode form, `.0`, leading zeros, and what stands between letters and a number. */
export function nameKey(name: string): string {
  return name
    .normalize("NFKC")
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, "_")
    .replace(/(\p{L})_(?=\d)/gu, "$1")
    .replace(/^([^.]*\d)\.0+$/, "$1")
    .replace(/(^|\D)0+(?=\d)/g, "$1");
}

/** Returns the groups of names that share a key and are not spelled alike, each sorted. */
export function sameNames(names: Iterable<string>): string[][] {
  const groups = new Map<string, Set<string>>();
  for (const name of names) groups.set(nameKey(name), (groups.get(nameKey(name)) ?? new Set()).add(name));
  return [...groups.values()].filter(({ size }) => size > 1).map((group) => [...group].sort());
}
