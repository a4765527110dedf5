/** Serves the files of a folder, and nothing that was not in it when the server started. */
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".md": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".flac": "audio/flac",
  ".wav": "audio/wav",
};

/** The files of a folder by their path below it, with `/` between the parts. */
export interface StaticFiles {
  readonly paths: readonly string[];
  /** Returns the answer for a path, or undefined when no such file was there. */
  respond(path: string, cacheControl: string): Promise<Response | undefined>;
}

/** Returns the files of `folder`; only paths that were listed are ever opened, so no request can leave the folder. */
export async function staticFiles(folder: string): Promise<StaticFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path).split(sep).join("/"), path]),
  );
  return {
    paths: [...files.keys()].sort(),
    async respond(path, cacheControl) {
      const file = files.get(path);
      if (file === undefined) return undefined;
      return new Response(await readFile(file), {
        headers: {
          "content-type": contentTypes[extname(file)] ?? "application/octet-stream",
          "cache-control": cacheControl,
        },
      });
    },
  };
}
