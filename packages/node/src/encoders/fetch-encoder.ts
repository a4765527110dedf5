/** Fetches encoder files from a model hub or any https address, with their hash and licence. */
import { UndertoneError } from "@undertone/core/errors";
import { z } from "zod";
import { sha256Of } from "./encoder-store.js";

/** The hub that `hf:` means, unless told. */
export const defaultHub = "https://huggingface.co";

/** A file that was fetched. */
export interface FetchedEncoder {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly licence: string;
  readonly source: string;
}

/** `hf:ORG/MODEL[@REVISION]/PATH`. */
export interface HubFile {
  readonly model: string;
  readonly revision: string | undefined;
  readonly path: string;
}

/** Options of fetching. */
export interface FetchOptions {
  /** Address of the hub. */
  readonly hub?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Time without a byte after which the network counts as gone, in milliseconds. */
  readonly patienceMs?: number;
}

/** No runtime loads more from memory. */
const mostBytes = 2 ** 31 - 1;

/** Returns what an `hf:` source names. @throws UndertoneError `usage/bad-value`. */
export function parseHubFile(source: string): HubFile {
  const found = /^hf:([\w.-]+\/[\w.-]+)(?:@([\w./-]+?))?\/((?:[\w.-]+\/)*[\w.-]+\.(?:onnx|ort))$/.exec(
    source,
  );
  if (!found || found[3].split("/").includes("..")) {
    throw new UndertoneError(
      "usage/bad-value",
      `Bad encoder source '${source}', expected hf:ORG/MODEL/PATH.onnx or hf:ORG/MODEL@REVISION/PATH.onnx`,
    );
  }
  return { model: found[1], revision: found[2], path: found[3] };
}

/** Returns the address at which a browser would find the file. */
export function hubAddress({ model, revision = "main", path }: HubFile, hub: string = defaultHub): string {
  return `${hub}/${model}/resolve/${encodeURIComponent(revision)}/${path}`;
}

const modelInfo = z.object({
  sha: z.string().regex(/^[0-9a-f]{7,64}$/),
  cardData: z.object({ license: z.union([z.string(), z.array(z.string())]).optional() }).nullish(),
  tags: z.array(z.string()).optional(),
  siblings: z
    .array(z.object({ rfilename: z.string(), lfs: z.object({ sha256: z.string() }).nullish() }))
    .optional(),
});

/**
 * Fetches a file of a hub at the commit that its revision is now, with the licence that the hub tells.
 * @throws UndertoneError `features/encoder-missing` when the hub does not answer or lacks the file, `features/encoder-mismatch` when what came has
 * another SHA-256 than the hub says.
 */
export async function fetchHubFile(file: HubFile, options: FetchOptions = {}): Promise<FetchedEncoder> {
  const { hub = defaultHub } = options;
  const { model, revision = "main", path } = file;
  const asked = `${hub}/api/models/${model}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const parsed = modelInfo.safeParse(parseJson(await fetchBytes(asked, 16 * 2 ** 20, options)));
  if (!parsed.success) throw missing(asked, "its answer does not describe a model");
  const { sha, cardData, tags = [], siblings = [] } = parsed.data;
  const bytes = await fetchBytes(hubAddress({ model, revision: sha, path }, hub), mostBytes, options);
  const expected = siblings.find(({ rfilename }) => rfilename === path)?.lfs?.sha256;
  const found = sha256Of(bytes);
  if (expected !== undefined && expected !== found) {
    throw new UndertoneError(
      "features/encoder-mismatch",
      `The file 'hf:${model}@${sha}/${path}' came with the SHA-256 ${found}, expected ${expected} as the hub says`,
      { details: { found, expected } },
    );
  }
  const tagged = tags.find((tag) => tag.startsWith("license:"))?.slice("license:".length);
  const licence = [cardData?.license ?? tagged ?? "unknown"].flat().join(" AND ");
  return { bytes, name: model.split("/")[1], licence, source: `hf:${model}@${sha}/${path}` };
}

/** Fetches a file from its address. @throws UndertoneError `features/encoder-missing`, `usage/bad-value` for an address that is not https. */
export async function fetchAddress(address: string, options: FetchOptions = {}): Promise<FetchedEncoder> {
  const bytes = await fetchBytes(address, mostBytes, options);
  return { bytes, name: new URL(address).pathname, licence: "unknown", source: address };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function missing(address: string, why: string, cause?: unknown): UndertoneError {
  return new UndertoneError(
    "features/encoder-missing",
    `The encoder cannot be fetched from '${address}': ${why}; where the network allows it, save the file by other means and give its path: undertone encoder add FILE`,
    { cause, details: { address } },
  );
}

function expectSafe(address: string): void {
  const url = URL.parse(address);
  const local = url !== null && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && local)) return;
  throw new UndertoneError(
    "usage/bad-value",
    `Bad address '${address}', expected one that begins with https:// (http:// on this machine only)`,
  );
}

async function fetchBytes(
  address: string,
  most: number,
  { signal, onProgress, patienceMs = 30_000 }: FetchOptions,
): Promise<Uint8Array> {
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), patienceMs);
  const either = signal ? AbortSignal.any([signal, quiet.signal]) : quiet.signal;
  try {
    const response = await follow(address, either);
    if (!response.ok || !response.body) throw missing(address, `the answer is ${response.status}`);
    const total = Number(response.headers.get("content-length") ?? 0);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body) {
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), patienceMs);
      parts.push(part);
      length += part.length;
      if (length > most) throw missing(address, `it has more than ${most} bytes`);
      if (total > 0) onProgress?.(length, total);
    }
    if (total > 0 && length < total && !response.headers.has("content-encoding"))
      throw missing(address, `${length} of ${total} bytes came`);
    return Buffer.concat(parts, length);
  } catch (error) {
    if (signal?.aborted) throw new UndertoneError("cancelled", `Cancelled, '${address}' was not fetched.`);
    if (error instanceof UndertoneError) throw error;
    const why = quiet.signal.aborted ? "it does not answer" : reason(error);
    throw missing(address, why, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Follows what a hub hands on, looking at each address before it is asked. */
async function follow(address: string, signal: AbortSignal, hops = 5): Promise<Response> {
  expectSafe(address);
  const response = await fetch(address, { signal, redirect: "manual" });
  const next = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
  if (next === null) return response;
  await response.body?.cancel();
  if (hops === 0) throw missing(address, "it is handed on too often");
  return follow(new URL(next, address).href, signal, hops - 1);
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown } | null)?.code;
  if (typeof code === "string") return code;
  return cause instanceof Error ? cause.message : String(cause);
}
