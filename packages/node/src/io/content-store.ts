/** A folder of entries by key, each whole or not there, which several processes may fill at a time. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileError } from "./file-error.js";
import { writeAtomic } from "./write-atomic.js";

/** Entries by key; a key is a file name. */
export interface ContentStore {
  /** Returns where an entry lies, whether it is there or not. */
  path(key: string): string;
  /** Resolves to the bytes, or undefined when they are not there or cannot be read. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Resolves when the entry is written. @throws UndertoneError `file/disk-full`, `file/unreadable`, `cancelled`. */
  write(key: string, content: Uint8Array | string, signal?: AbortSignal): Promise<void>;
  /** Resolves to all keys in order, none where there is no folder. @throws UndertoneError `file/unreadable`. */
  keys(): Promise<string[]>;
}

/** Options of `contentStore`. */
export interface ContentStoreOptions {
  /** How many first letters of its key name the folder of an entry, for stores of many thousands. Default 0. */
  readonly shardLetters?: number;
  /** Whether a written entry is on the disk, for what cannot be computed again. Default true. */
  readonly sync?: boolean;
}

/** Returns the store in a folder, which is made with the first entry. */
export function contentStore(
  folder: string,
  { shardLetters = 0, sync = true }: ContentStoreOptions = {},
): ContentStore {
  const path = (key: string): string => join(folder, key.slice(0, shardLetters), key);
  return {
    path,
    read: (key) => readFile(path(key)).catch(() => undefined),
    write: (key, content, signal) => writeAtomic(path(key), content, { signal, sync }),
    async keys() {
      try {
        const entries = await readdir(folder, { withFileTypes: true, recursive: shardLetters > 0 });
        // Drafts begin with a dot.
        return entries
          .flatMap((entry) => (entry.isFile() && !entry.name.startsWith(".") ? [entry.name] : []))
          .sort();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw fileError(error, folder);
      }
    },
  };
}
