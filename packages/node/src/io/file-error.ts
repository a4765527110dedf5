/** Turns what the operating system says of a file into an `UndertoneError`. */
import { readdirSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { closest, UndertoneError } from "@undertone/core/errors";

/** Returns the error for a failed read or write of `path`; an `UndertoneError` is returned as it is. */
export function fileError(cause: unknown, path: string): Error {
  if (cause instanceof UndertoneError) return cause;
  const { code, path: at = path } = (cause ?? {}) as { code?: unknown; path?: string };
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return new UndertoneError("file/not-found", `There is no file '${path}'${meant(path)}`, { cause });
    case "ENOSPC":
    case "EDQUOT":
      return new UndertoneError("file/disk-full", `The disk is full, '${path}' was not written.`, { cause });
    case "EISDIR":
      return new UndertoneError("file/unreadable", `'${path}' is a folder, expected a file.`, { cause });
    case "EEXIST": // of making the folder that the file is to be in
      return new UndertoneError("file/unreadable", `'${at}' is a file, expected a folder.`, { cause });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new UndertoneError("file/unreadable", `No permission for '${path}'.`, { cause });
    case "ELOOP":
      return new UndertoneError("file/unreadable", `'${path}' is a symbolic link in a circle.`, { cause });
    case "EBUSY":
    case "ETXTBSY":
      return new UndertoneError("file/busy", `'${path}' is in use by another program.`, { cause });
    default:
      if (typeof code === "string") {
        return new UndertoneError("file/unreadable", `Cannot use '${path}' (${code}).`, { cause });
      }
      return cause instanceof Error ? cause : new Error(String(cause));
  }
}

/** Returns the end of the sentence about a file that is not there: the neighbour that was meant where there is one, else where it was looked for. */
function meant(path: string): string {
  const folder = dirname(resolve(path));
  try {
    // The ending makes no file alike.
    const limit = Math.floor(basename(path, extname(path)).length / 3);
    const near = closest(basename(path), readdirSync(folder), limit);
    return near === undefined
      ? `, looked for it in '${folder}'.`
      : `, did you mean '${join(dirname(path), near)}'?`;
  } catch {
    return `, nor a folder '${folder}'.`;
  }
}
