/** Writes files that are either whole or not there. */
import { randomBytes } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, open, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UndertoneError } from "@undertone/core/errors";
import { fileError } from "./file-error.js";

/** Drafts that are being written: a process that ends in the middle, by a second Ctrl-C, takes them along. */
const unfinished = new Set<string>();
process.on("exit", () => {
  for (const draft of unfinished) rmSync(draft, { force: true });
});

/** What a file is to hold: at once, or as it comes. */
export type FileContent = Uint8Array | string | AsyncIterable<string>;

/** How files are written. */
export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether to wait for the disk; without, a power cut may lose the file, or leave one that is cut. Default true. */
  readonly sync?: boolean;
}

/**
 * Resolves when `path` holds `content`, on the disk: written to a hidden file beside it, synchronized, then renamed over it. Missing
 * folders are made. Whatever goes wrong, the old file stays as it was and nothing half-written remains.
 * @throws UndertoneError `file/disk-full`, `file/unreadable` (no permission, a folder), `file/busy` or `cancelled`.
 */
export async function writeAtomic(
  path: string,
  content: FileContent,
  options: WriteOptions = {},
): Promise<void> {
  await writeTogether([[path, content]], options);
}

/** Writes files that belong together as `writeAtomic` does: none takes its place before all are whole. @throws UndertoneError as `writeAtomic`. */
export async function writeTogether(
  files: readonly (readonly [path: string, content: FileContent])[],
  { signal, sync = true }: WriteOptions = {},
): Promise<void> {
  const drafts: [draft: string, path: string][] = [];
  let at = "";
  try {
    for (const [path, content] of files) {
      at = path;
      if (await isDevice(path)) {
        await writeFile(path, content);
        continue;
      }
      await mkdir(dirname(path), { recursive: true });
      const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
      drafts.push([draft, path]);
      unfinished.add(draft);
      const file = await open(draft, "wx");
      try {
        await writeFile(file, content, signal ? { signal } : {});
        if (sync) await file.sync();
      } finally {
        await file.close();
      }
    }
    if (signal?.aborted) throw cancelled(at);
    for (const [draft, path] of drafts) {
      at = path;
      await rename(draft, path);
    }
  } catch (error) {
    await Promise.all(drafts.map(([draft]) => rm(draft, { force: true }).catch(() => undefined)));
    throw signal?.aborted ? cancelled(at) : fileError(error, at);
  } finally {
    for (const [draft] of drafts) unfinished.delete(draft);
  }
}

/**
 * Refuses a path that cannot be written, before the long work whose result it is to hold; nothing is left there.
 * @throws UndertoneError `file/unreadable` (no permission, a folder, below a file), `file/disk-full`.
 */
export async function checkWritable(path: string): Promise<void> {
  try {
    if (await isDevice(path)) return;
    if ((await stat(path).catch(() => null))?.isDirectory())
      throw new UndertoneError("file/unreadable", `'${path}' is a folder, expected a file.`);
    let folder = dirname(resolve(path));
    // A drive that is not there has no folder above it.
    while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
    if (!(await stat(folder)).isDirectory())
      throw new UndertoneError("file/unreadable", `'${folder}' is a file, expected a folder.`);
    const probe = await mkdtemp(join(folder, ".undertone-")).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      throw new UndertoneError("file/unreadable", `No file can be made in '${folder}'.`, { cause: error });
    });
    await rmdir(probe);
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Whether `path` is a device or a pipe, such as /dev/stdout: there is nothing to rename over, and renaming would replace it. */
async function isDevice(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  return info !== null && !info.isFile() && !info.isDirectory();
}

function cancelled(path: string): UndertoneError {
  return new UndertoneError("cancelled", `Cancelled, '${path}' was not written.`);
}
