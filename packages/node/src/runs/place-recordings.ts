/** Where the recordings of a list lie: below its folder or one above, or wherever their names are found. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** Files of a list that are tried at each place. */
const tried = 50;
/** How far recordings are looked for by their names: the list may lie in a folder with all else. */
const [deepest, mostEntries] = [4, 20_000];

/** Where recordings are. */
export interface PlacedRecordings {
  /** The folder that the list's paths start from. */
  readonly root: string;
  /** Returns the absolute path of a file as the list names it. */
  place(file: string): string;
  readonly remarks: readonly string[];
}

/**
 * Returns where the recordings of the list at `path` lie: the folder of the list or one of the three above, that in which most are. Where none of them is there,
 * each is taken from the one file below the list's folder whose path ends as it does, which is said: lists move between machines.
 */
export async function placeRecordings(path: string, files: readonly string[]): Promise<PlacedRecordings> {
  const own = dirname(resolve(path));
  const above = ["", "..", "../..", "../../.."].map((up) => resolve(own, up));
  const some = [...new Set(files)].slice(0, tried);
  const counts = above.map((folder) => some.filter((file) => existsSync(resolve(folder, file))).length);
  const most = Math.max(...counts);
  const root = above[counts.indexOf(most)];
  const plain = { root, place: (file: string) => resolve(root, file), remarks: [] };
  if (most > 0) return plain;
  const byEnd = new Map<string, string | null>();
  for (const found of await filesBelow(own))
    for (const end of endsOf(found)) byEnd.set(end, byEnd.has(end) ? null : found);
  const find = (file: string): string | undefined => endsOf(file).flatMap((end) => byEnd.get(end) ?? [])[0];
  const example = some.find((file) => find(file) !== undefined);
  if (example === undefined) return plain;
  return {
    root: own,
    place: (file) => resolve(own, find(file) ?? file),
    remarks: [`recordings found by their names: '${example}' is '${find(example)}'`],
  };
}

/** Returns the path, and what is left of it without the first folder, the first two, and so on to the name. */
function endsOf(path: string): string[] {
  return path.split("/").map((_, k, parts) => parts.slice(k).join("/"));
}

/** Returns the paths of the files below a folder, with `/`, as far as is looked. */
async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  let waiting = [""];
  for (let depth = 0; depth < deepest && found.length < mostEntries; depth++) {
    const next: string[] = [];
    for (const below of waiting.slice(0, mostEntries)) {
      const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
      for (const entry of entries) {
        const name = below === "" ? entry.name : `${below}/${entry.name}`;
        if (entry.isDirectory()) next.push(name);
        else found.push(name);
      }
    }
    waiting = next;
  }
  return found;
}
