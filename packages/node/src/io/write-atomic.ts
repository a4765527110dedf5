/** Writes files that are either whole or not there. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UndertoneError } from "@undertone/core/errors";
import { fileError } from "./file-error.js";

/** Drafts that are being written: a process that ends in the middle, by a second Ctrl-C, takes them along. */
const drafts = new Set<string>();
process.on("exit", () => {
  for (const draft of drafts) rmSync(draft, { force: true });
});

/**
 * Resolves when `path` holds `content`, on the disk: written to a hidden file beside it, synchronized, then renamed over it. Missing
 * folders are made. Whatever goes wrong, the old file stays as it was and nothing half-written remains.
 * @param sync whether to wait for the disk; without, a power cut may lose the file, or leave one that is cut.
 * @throws UndertoneError `file/disk-full`, `file/unreadable` (no permission, a folder), `file/busy` or `cancelled`.
 */
export async function writeAtomic(
  path: string,
  content: Uint8Array | string,
  { signal, sync = true }: { readonly signal?: AbortSignal | undefined; readonly sync?: boolean } = {},
): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    if (await isDevice(path)) return await writeFile(path, content);
    await mkdir(dirname(path), { recursive: true });
    drafts.add(draft);
    const file = await open(draft, "wx");
    try {
      await file.writeFile(content, signal ? { signal } : {});
      if (sync) await file.sync();
    } finally {
      await file.close();
    }
    if (signal?.aborted) throw cancelled(path);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw signal?.aborted ? cancelled(path) : fileError(error, path);
  } finally {
    drafts.delete(draft);
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
