/** The keys of a JSON document with the types of what stands there: what a script that reads it relies on. */

/** What was found at one path. */
interface Place {
  readonly types: Set<string>;
  /** How many objects are there. */
  objects: number;
  /** In how many of the objects above it there is this key. */
  keyed: number;
}

/**
 * Returns path -> types for all that is in a document, arrays collapsed: `folds[].name` -> `string`. Types that differ from entry to entry
 * stand side by side, `null|number`; a `?` at the end says that some entries have no such key. What is empty says so.
 */
export function keyPaths(document: unknown): Record<string, string> {
  const places = new Map<string, Place>();
  const at = (path: string): Place => {
    const place = places.get(path) ?? { types: new Set(), objects: 0, keyed: 0 };
    places.set(path, place);
    return place;
  };
  const visit = (value: unknown, path: string): void => {
    const place = at(path);
    if (Array.isArray(value)) {
      if (value.length === 0) place.types.add("empty array");
      for (const one of value) visit(one, `${path}[]`);
    } else if (typeof value === "object" && value !== null) {
      place.objects++;
      const entries = Object.entries(value);
      if (entries.length === 0) place.types.add("empty object");
      for (const [key, one] of entries) {
        const inner = path === "" ? key : `${path}.${key}`;
        at(inner).keyed++;
        visit(one, inner);
      }
    } else place.types.add(value === null ? "null" : typeof value);
  };
  visit(document, "");
  const found = [...places].flatMap(([path, { types, keyed }]): [string, string][] => {
    const sometimes = keyed > 0 && keyed < at(path.slice(0, Math.max(0, path.lastIndexOf(".")))).objects;
    if (types.size === 0 && !sometimes) return [];
    return [[path, `${[...types].sort().join("|") || "there"}${sometimes ? "?" : ""}`]];
  });
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}
