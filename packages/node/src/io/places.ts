/** Where the package, its shipped models and clips, and the user's cache are. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Returns the URL of this package's folder (with a slash at its end), from source, bundle or published package alike. */
export function packageFolder(): URL {
  let folder = new URL("./", import.meta.url);
  while (!existsSync(new URL("bin/undertone.js", folder))) {
    const parent = new URL("../", folder);
    if (parent.href === folder.href) throw new Error(`No package folder above ${import.meta.url}`);
    folder = parent;
  }
  return folder;
}

/** Returns the absolute path of something shipped: beside this package's sources when published, at the root of a checkout. */
export function shippedPath(path: string): string {
  const inPackage = new URL(path, packageFolder());
  return fileURLToPath(existsSync(inPackage) ? inPackage : new URL(`../../${path}`, packageFolder()));
}

/** Returns the folder for what can be computed again: `UNDERTONE_CACHE`, or the system's cache folder. */
export function cacheFolder(): string {
  const { UNDERTONE_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (UNDERTONE_CACHE) return UNDERTONE_CACHE;
  if (process.platform === "darwin") return join(homedir(), "Library/Caches/undertone");
  if (process.platform === "win32" && LOCALAPPDATA) return join(LOCALAPPDATA, "undertone/Cache");
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "undertone");
}

/** Returns the version in package.json, such as `0.1.0`. */
export function packageVersion(): string {
  const text = readFileSync(new URL("package.json", packageFolder()), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
