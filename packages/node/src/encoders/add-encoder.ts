/** Adds an encoder file to those that are kept: a known one by its name, a path, a package, a hub or an address. */
import { basename } from "node:path";
import { isArtifact } from "@undertone/core/artifact";
import { fileKind } from "@undertone/core/audio";
import { closest, isUndertoneError, listChoices, UndertoneError } from "@undertone/core/errors";
import { describeEncoder } from "@undertone/core/features";
import { fetchRemedy, type KnownEncoder, knownEncoder, knownEncoders } from "@undertone/core/onnx";
import { readInput } from "../io/read-input.js";
import { nodeRuntime } from "../runtime/node-runtime.js";
import {
  type EncoderRecord,
  encoderRecord,
  encoderRecords,
  keepEncoder,
  keptEncoder,
  sha256Of,
} from "./encoder-store.js";
import type { FetchOptions } from "./fetch-bytes.js";
import type { EncoderSource, FoundEncoder } from "./sources/encoder-source.js";
import { encoderSources } from "./sources/index.js";

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
 * Keeps the encoder file that `asked` names and returns its record.
 * @param asked the name of a known encoder, a path, or what one of `encoderSources` takes.
 * @throws UndertoneError `features/encoder-missing` when it is not to be had or the network may not be asked; `features/encoder-mismatch` when another file came
 * than is known; `file/*`; `onnx/*` when it is no network that the runtime loads; `usage/bad-value`; `features/mismatch` for a network that is no speech encoder.
 */
export async function addEncoder(asked: string, options: AddEncoderOptions = {}): Promise<EncoderRecord> {
  const known = knownEncoder(asked);
  const source = known?.source ?? asked;
  const place = encoderSources.find((one) => one.takes(source));
  const named = { ...(known && identity(known)), ...given(options) };
  const kept = known ? await wholeRecord(known.sha256) : place && (await keptFrom(place, source));
  if (
    kept &&
    Object.entries(named).every(([key, value]) => kept.record[key as keyof EncoderRecord] === value)
  )
    return kept.record;
  const found = kept
    ? { ...kept.record, bytes: kept.bytes }
    : await (place ? bytesFrom(place, source, { ...options, known }) : bytesOf(source));
  const sha256 = sha256Of(found.bytes);
  if (known && known.sha256 !== sha256) {
    throw new UndertoneError(
      "features/encoder-mismatch",
      `The encoder '${known.name}' came from ${source} with the SHA-256 ${sha256}, expected ${known.sha256}; nothing was kept, and an index that serves the original file brings it`,
      { details: { found: sha256, expected: known.sha256 } },
    );
  }
  await refuseOtherFiles(found.bytes, asked);
  // What is known of the same content already is not forgotten.
  const byContent = (await encoderRecord(sha256)) ?? identityOf(sha256) ?? found;
  return keepEncoder(found.bytes, { ...byContent, ...named }, options.signal);
}

/** Refuses a file that is no speech encoder, by its first bytes or its inputs. @throws UndertoneError `onnx/*`, `features/mismatch`. */
async function refuseOtherFiles(bytes: Uint8Array, asked: string): Promise<void> {
  const expected = "expected an ONNX speech encoder such as wav2vec 2.0, HuBERT, WavLM or Whisper's";
  try {
    await describeEncoder(bytes, { runtime: nodeRuntime(), asker: `'${asked}'` });
    if (!isArtifact(bytes)) return;
  } catch (cause) {
    if (!isUndertoneError(cause, "onnx/invalid")) throw cause;
    const kind = fileKind(bytes) ?? `a file that is damaged, cut short or no ONNX (${cause.message})`;
    throw new UndertoneError(cause.code, `'${asked}' is ${kind}; ${expected}`, { cause });
  }
  throw new UndertoneError(
    "features/mismatch",
    `'${asked}' is a model that 'undertone train' wrote, which --model takes; ${expected}`,
  );
}

/** Returns what `encoder add` takes, the known encoders with their sizes and licences, for messages. */
export function sourceChoices(): string {
  const known = knownEncoders.map(
    ({ name, bytes, licence }) => `${name} (${Math.round(bytes / 1e6)} MB, ${licence})`,
  );
  const forms = ["the path of an ONNX speech encoder", ...encoderSources.map(({ form }) => form)];
  return `a known encoder: ${known.join(", ")}; ${listChoices(forms)}`;
}

function identity({
  name,
  licence,
  source,
}: KnownEncoder): Pick<EncoderRecord, "name" | "licence" | "source"> {
  return { name, licence, source };
}

function identityOf(sha256: string): ReturnType<typeof identity> | undefined {
  const known = knownEncoder(sha256);
  return known && identity(known);
}

function given({ name, licence }: AddEncoderOptions): Partial<Pick<EncoderRecord, "name" | "licence">> {
  return { ...(name !== undefined && { name }), ...(licence !== undefined && { licence }) };
}

/** A kept file, whole as it was. */
interface Kept {
  readonly record: EncoderRecord;
  readonly bytes: Uint8Array;
}

async function wholeRecord(sha256: string): Promise<Kept | undefined> {
  const [record, bytes] = await Promise.all([encoderRecord(sha256), keptEncoder(sha256)]);
  return record && bytes && sha256Of(bytes) === sha256 ? { record, bytes } : undefined;
}

/** What was fetched once is not fetched again; what is installed may have changed since. */
async function keptFrom(place: EncoderSource, source: string): Promise<Kept | undefined> {
  if (await place.installed?.(source)) return undefined;
  const records = await encoderRecords();
  const record = records.find((one) => place.takes(one.source) && place.isKept(source, one.source));
  return record && wholeRecord(record.sha256);
}

async function bytesFrom(
  place: EncoderSource,
  source: string,
  { known, ...options }: AddEncoderOptions & { readonly known: KnownEncoder | undefined },
): Promise<FoundEncoder> {
  const installed = await place.installed?.(source);
  if (installed && place.isKept(source, installed.source)) return installed;
  const byHand = place.byHand(source, options);
  if (options.download) return place.fetch(source, { ...options, byHand, sha256: known?.sha256 });
  throw new UndertoneError(
    "features/encoder-missing",
    `The encoder '${known?.name ?? source}' is not kept here, and nothing is fetched unasked; ${known ? fetchRemedy(known) : `--download fetches it, or ${byHand}`}`,
    { details: { source } },
  );
}

async function bytesOf(path: string): Promise<FoundEncoder> {
  try {
    const name = basename(path);
    return { bytes: await readInput(path), name, licence: "unknown", source: name };
  } catch (cause) {
    if (!isUndertoneError(cause, "file/not-found")) throw cause;
    const names = knownEncoders.map(({ name }) => name);
    const meant = closest(path, names);
    throw new UndertoneError(
      "features/encoder-missing",
      `There is no encoder file '${path}'${meant === undefined ? "" : ` (did you mean '${meant}'?)`}, expected ${sourceChoices()}`,
      { cause, details: { source: path } },
    );
  }
}
