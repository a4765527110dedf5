/** Adds an encoder file to those that are kept: from a path, an installed package, a hub or an address. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { UndertoneError } from "@undertone/core/errors";
import { describeEncoder } from "@undertone/core/features";
import { readInput } from "../io/read-input.js";
import { nodeRuntime } from "../runtime/node-runtime.js";
import {
  type EncoderRecord,
  encoderPath,
  encoderRecord,
  encoderRecords,
  keepEncoder,
  sha256Of,
} from "./encoder-store.js";
import {
  defaultHub,
  type FetchOptions,
  fetchAddress,
  fetchHubFile,
  hubAddress,
  parseHubFile,
} from "./fetch-encoder.js";
import { readEncoderSource } from "./package-file.js";

/** Options of `addEncoder`. */
export interface AddEncoderOptions extends FetchOptions {
  /** Whether the network may be asked. Default false. */
  readonly download?: boolean | undefined;
  /** What ids shall call it; default: the model's or the file's name. */
  readonly name?: string | undefined;
  /** SPDX id of its licence, where the source does not tell. */
  readonly licence?: string | undefined;
}

/**
 * Keeps the encoder file that `source` names and returns its record.
 * @param source a path, `npm:PACKAGE/PATH`, `hf:ORG/MODEL[@REVISION]/PATH` or an https address.
 * @throws UndertoneError `features/encoder-missing` when it is not to be had or the network may not be asked; `file/*`; `onnx/*` when it is no network that the
 * runtime loads; `usage/bad-value`.
 */
export async function addEncoder(source: string, options: AddEncoderOptions = {}): Promise<EncoderRecord> {
  const known = await knownDownload(source);
  if (known && options.name === undefined && options.licence === undefined) return known;
  const found = known
    ? { ...known, bytes: await readFile(encoderPath(known.sha256)) }
    : await bytesOf(source, options);
  await describeEncoder(found.bytes, nodeRuntime());
  // What is known of the same content already is not forgotten.
  const before = await encoderRecord(sha256Of(found.bytes));
  const record = { ...(before ?? found), ...given(options) };
  return keepEncoder(found.bytes, record, options.signal);
}

function given({ name, licence }: AddEncoderOptions): Partial<Pick<EncoderRecord, "name" | "licence">> {
  return { ...(name !== undefined && { name }), ...(licence !== undefined && { licence }) };
}

/** What was fetched once is not fetched again. */
async function knownDownload(source: string): Promise<EncoderRecord | undefined> {
  const isHub = source.startsWith("hf:");
  if (!isHub && !/^https?:/.test(source)) return undefined;
  const file = isHub ? parseHubFile(source) : undefined;
  for (const record of await encoderRecords()) {
    if (record.source === source) return record;
    if (!file || !record.source.startsWith("hf:")) continue;
    const kept = parseHubFile(record.source);
    const same = kept.model === file.model && kept.path === file.path;
    if (same && (file.revision === undefined || kept.revision!.startsWith(file.revision))) return record;
  }
  return undefined;
}

async function bytesOf(
  source: string,
  options: AddEncoderOptions,
): Promise<{ bytes: Uint8Array; name: string; licence: string; source: string }> {
  const isHub = source.startsWith("hf:");
  if (isHub || /^https?:/.test(source)) {
    const { download = false, hub = defaultHub } = options;
    if (!download) {
      const address = isHub ? hubAddress(parseHubFile(source), hub) : source;
      throw new UndertoneError(
        "features/encoder-missing",
        `The encoder '${source}' is not kept here, and nothing is fetched unasked; --download fetches it, or save ${address} and give the file's path`,
        { details: { source, address } },
      );
    }
    return isHub ? fetchHubFile(parseHubFile(source), options) : fetchAddress(source, options);
  }
  if (source.startsWith("npm:")) return readEncoderSource(source);
  try {
    return {
      bytes: await readInput(source),
      name: basename(source),
      licence: "unknown",
      source: basename(source),
    };
  } catch (cause) {
    if (!(cause instanceof UndertoneError) || cause.code !== "file/not-found") throw cause;
    throw new UndertoneError(
      "features/encoder-missing",
      `There is no encoder file '${source}', expected the path of an ONNX speech encoder, such as the export of a wav2vec 2.0, HuBERT, WavLM or Whisper encoder; hf:ORG/MODEL/PATH.onnx with --download fetches one from a hub`,
      { cause, details: { source } },
    );
  }
}
