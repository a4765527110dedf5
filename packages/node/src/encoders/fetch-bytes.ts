/** Asks the network for bytes: https only, with patience, limits, parts of a file, and one sentence for whatever refuses. */
import type { ByteSource } from "@undertone/core/audio";
import { UndertoneError } from "@undertone/core/errors";

/** Options of fetching. */
export interface FetchOptions {
  /** Address of the hub that `hf:` means. */
  readonly hub?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Time without a byte after which the network counts as gone, in milliseconds. */
  readonly patienceMs?: number;
  /** How else the file is to be had, to end a message with. */
  readonly byHand?: string;
}

/** What one question asks for. */
interface Question extends FetchOptions {
  /** Kinds of answers that are understood. */
  readonly accept?: string;
  /** First and last byte. */
  readonly range?: readonly [first: number, last: number];
  readonly mostBytes?: number;
}

/** What came. */
export interface Fetched {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** Where it came from in the end. */
  readonly address: string;
  /** Size of the whole file where `bytes` are the part that was asked for, else undefined. */
  readonly partOf: number | undefined;
}

/** No runtime loads more from memory. */
const mostBytes = 2 ** 31 - 1;

/** Returns the error of a file that is not to be had from an address. */
export function notFetched(
  address: string,
  why: string,
  { byHand, cause }: { readonly byHand?: string | undefined; readonly cause?: unknown } = {},
): UndertoneError {
  const shown = withoutPassword(address);
  return new UndertoneError(
    "features/encoder-missing",
    `The encoder cannot be fetched from '${shown}': ${why}; ${byHand ?? "where the network allows it, save the file by other means and give its path: undertone encoder add FILE"}`,
    { cause, details: { address: shown } },
  );
}

/**
 * Resolves to what an address answers.
 * @throws UndertoneError `features/encoder-missing` when it does not, `usage/bad-value` for an address that is not https, `cancelled`.
 */
export async function fetchBytes(address: string, question: Question = {}): Promise<Fetched> {
  const { signal, onProgress, patienceMs = 30_000, byHand } = question;
  const refuse = (why: string, cause?: unknown): UndertoneError =>
    notFetched(address, why, { byHand, cause });
  const most = question.mostBytes ?? mostBytes;
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), patienceMs);
  const either = signal ? AbortSignal.any([signal, quiet.signal]) : quiet.signal;
  try {
    const response = await follow(address, question, either);
    if (!response.ok || !response.body) throw refuse(`the answer is ${response.status}`);
    const total = Number(response.headers.get("content-length") ?? 0);
    const parts: Uint8Array[] = [];
    let length = 0;
    // Not `for await`: of an answer that is aborted when all of it has come, the next part never comes.
    const reader = response.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const part = next.value;
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), patienceMs);
      parts.push(part);
      length += part.length;
      if (length > most) throw refuse(`it has more than ${most} bytes`);
      if (total > 0) onProgress?.(length, total);
      either.throwIfAborted();
    }
    if (total > 0 && length < total && !response.headers.has("content-encoding"))
      throw refuse(`${length} of ${total} bytes came`);
    return {
      bytes: Buffer.concat(parts, length),
      contentType: response.headers.get("content-type") ?? "",
      address: response.url,
      partOf: partOf(response, question, length),
    };
  } catch (error) {
    if (signal?.aborted)
      throw new UndertoneError("cancelled", `Cancelled, '${withoutPassword(address)}' was not fetched.`);
    if (error instanceof UndertoneError) throw error;
    throw refuse(quiet.signal.aborted ? "it does not answer" : reason(error), error);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Resolves to a file whose parts are fetched as they are read where its server gives parts, else to the whole in memory.
 * @throws UndertoneError as `fetchBytes`.
 */
export async function fetchParts(
  address: string,
  options: FetchOptions,
): Promise<ByteSource & { readonly whole?: Uint8Array }> {
  const first = await fetchBytes(address, { ...options, range: [0, 0] });
  if (first.partOf === undefined) {
    const { bytes } = first;
    return { size: bytes.length, read: async (from, to) => bytes.subarray(from, to), whole: bytes };
  }
  return {
    size: first.partOf,
    async read(from, to) {
      const { bytes, partOf } = await fetchBytes(address, { ...options, range: [from, to - 1] });
      if (partOf === first.partOf) return bytes;
      throw notFetched(address, "it changed while it was read", options);
    },
  };
}

/** Returns the size of the file whose asked part came, undefined where the whole came. @throws Error for another part. */
function partOf({ status, headers }: Response, { range }: Question, length: number): number | undefined {
  if (range === undefined || status !== 206) return undefined;
  const said = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get("content-range") ?? "");
  const [first, last, size] = (said?.slice(1) ?? []).map(Number);
  if (first === range[0] && last === Math.min(range[1], size - 1) && length === last - first + 1) return size;
  throw new Error("another part came than was asked for");
}

function expectSafe(address: string): URL {
  const url = URL.parse(address);
  const local = url !== null && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && local)) return url;
  throw new UndertoneError(
    "usage/bad-value",
    `Bad address '${withoutPassword(address)}', expected one that begins with https:// (http:// on this machine only)`,
  );
}

/** Follows what a server hands on, looking at each address before it is asked. A name and a password in an address go to its own server only. */
async function follow(address: string, question: Question, signal: AbortSignal, hops = 5): Promise<Response> {
  const url = expectSafe(address);
  const { accept, range } = question;
  const headers = {
    ...(accept && { accept }),
    ...(range && { range: `bytes=${range[0]}-${range[1]}`, "accept-encoding": "identity" }),
    ...(url.username && { authorization: `Basic ${btoa(credentials(url))}` }),
  };
  url.username = url.password = "";
  const response = await fetch(url, { signal, headers, redirect: "manual" });
  const next = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
  if (next === null) return response;
  await response.body?.cancel();
  if (hops === 0) throw notFetched(address, "it is handed on too often", question);
  return follow(new URL(next, address).href, question, signal, hops - 1);
}

function credentials({ username, password }: URL): string {
  return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
}

function withoutPassword(address: string): string {
  return address.replace(/^(\w+:\/\/)[^/@]*@/, "$1");
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown } | null)?.code;
  if (typeof code !== "string") return cause instanceof Error ? cause.message : String(cause);
  const { HTTPS_PROXY, https_proxy = HTTPS_PROXY, NODE_USE_ENV_PROXY } = process.env;
  return https_proxy && NODE_USE_ENV_PROXY !== "1"
    ? `${code} (Node goes through the proxy of HTTPS_PROXY where NODE_USE_ENV_PROXY=1 is set, from Node 22.21 and 24 on)`
    : code;
}
