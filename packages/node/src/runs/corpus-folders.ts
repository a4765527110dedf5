/** From a folder that holds several corpora to their folders. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { corpora } from "@undertone/core/data";
import { listChoices, UndertoneError } from "@undertone/core/errors";

/** The folders of several corpora. */
export interface CorpusFolders {
  /** The paths, with those of the corpora in the place of a folder that holds them. */
  readonly paths: readonly string[];
  /** Refuses data that came from such a folder, and lack a corpus. @throws UndertoneError `corpus/missing`. */
  check(found: string): void;
}

/** Returns a name as folders may spell it: `emodb` of `EMO-DB`. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** Returns where the corpora of ids joined by `+` are: paths as they are, or the folders below them that are named after these corpora. */
export async function corpusFolders(
  paths: readonly string[],
  joined: string | undefined,
): Promise<CorpusFolders> {
  const ids = joined?.split("+").filter((id) => corpora.some((corpus) => corpus.id === id)) ?? [];
  const holders: string[] = [];
  const found: string[] = [];
  for (const path of paths) {
    const below = ids.length < 2 ? [] : await readdir(path).catch(() => []);
    const own = ids.flatMap((id) => below.find((name) => plain(name) === plain(id)) ?? []);
    if (own.length > 0) holders.push(path);
    found.push(...(own.length > 0 ? own.map((name) => join(path, name)) : [path]));
  }
  return {
    paths: found,
    check(opened) {
      const missing = ids.filter((id) => !opened.split("+").includes(id));
      if (holders.length === 0 || missing.length === 0) return;
      throw new UndertoneError(
        "corpus/missing",
        `The folder '${holders[0]}' has no ${listChoices(missing)}, expected folders named ${ids.join(", ")} in it, or --data for each`,
      );
    },
  };
}
