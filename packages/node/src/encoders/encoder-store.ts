/** The encoder files that a user has added: kept by content in the cache folder, each with a record of where it came from. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { UndertoneError } from "@undertone/core/errors";
import { encoderName } from "@undertone/core/features";
import { type EncoderFile, fetchRemedy, isPackageFile, knownEncoder } from "@undertone/core/onnx";
import { type ContentStore, contentStore } from "../io/content-store.js";
import { cacheFolder } from "../io/places.js";

/** What is known of a kept encoder file. */
export interface EncoderRecord {
  /** What ids call it. */
  readonly name: string;
  /** SHA-256, 64 hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: number;
  /** SPDX id, or `unknown`. */
  readonly licence: string;
  /** `hf:ORG/MODEL@COMMIT/PATH`, an address, `npm:PACKAGE@VERSION/PATH`, or the file's own name. */
  readonly source: string;
}

/** Returns the SHA-256 in hexadecimal digits. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Files of the cache folder as it is now: `HASH.onnx` beside its record `HASH.json`. */
function store(): ContentStore {
  return contentStore(join(cacheFolder(), "encoders"));
}

/** Returns where a kept file lies, whether it is there or not. */
export function encoderPath(sha256: string): string {
  return store().path(`${sha256}.onnx`);
}

/** Returns a kept file's bytes, if it is kept. */
export function keptEncoder(sha256: string): Promise<Uint8Array | undefined> {
  return store().read(`${sha256}.onnx`);
}

/** Returns the records of all kept files; a record that cannot be read counts as none. */
export async function encoderRecords(): Promise<EncoderRecord[]> {
  const keys = await store()
    .keys()
    .catch(() => []);
  const records = await Promise.all(keys.filter((key) => key.endsWith(".json")).map(readRecord));
  return records.filter((record) => record !== undefined);
}

/** Returns the record of a kept file, if it is kept. */
export function encoderRecord(sha256: string): Promise<EncoderRecord | undefined> {
  return readRecord(`${sha256}.json`);
}

async function readRecord(key: string): Promise<EncoderRecord | undefined> {
  try {
    const text = new TextDecoder().decode(await store().read(key));
    const { name, sha256, bytes, licence, source } = JSON.parse(text) as EncoderRecord;
    const whole = [name, sha256, licence, source].every((text) => typeof text === "string");
    return whole ? { name, sha256, bytes, licence, source } : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the files with licence and origin where they were added here, for those who write down what an artifact needs. */
export function withOrigins(files: readonly EncoderFile[]): Promise<EncoderFile[]> {
  return Promise.all(
    files.map(async (file) => {
      const record = isPackageFile(file) ? undefined : await encoderRecord(file.sha256);
      return record ? { ...file, licence: record.licence, source: record.source } : file;
    }),
  );
}

/** Keeps a file and its record, and returns the record. @throws UndertoneError `file/disk-full`, `file/unreadable`, `cancelled`. */
export async function keepEncoder(
  bytes: Uint8Array,
  { name, licence, source }: Pick<EncoderRecord, "name" | "licence" | "source">,
  signal?: AbortSignal,
): Promise<EncoderRecord> {
  const sha256 = sha256Of(bytes);
  const record: EncoderRecord = { name: encoderName(name), sha256, bytes: bytes.length, licence, source };
  const kept = await keptEncoder(sha256);
  if (!kept || sha256Of(kept) !== sha256) await store().write(`${sha256}.onnx`, bytes, signal);
  await store().write(`${sha256}.json`, `${JSON.stringify(record, null, 2)}\n`, signal);
  return record;
}

/**
 * Returns the record of the file that an id means: the one of that hash, of that name, or the only one.
 * @throws UndertoneError `features/encoder-missing` when there is none, `features/unknown` when there are several.
 */
export async function findEncoder({
  name,
  sha256,
}: {
  readonly name: string | undefined;
  readonly sha256: string | undefined;
}): Promise<EncoderRecord> {
  const records = await encoderRecords();
  const fitting = records.filter(
    (record) =>
      (name === undefined || record.name === name) && (sha256 === undefined || record.sha256 === sha256),
  );
  if (fitting.length === 1) return fitting[0];
  const kept = records.map((record) => record.name).join(", ") || "none";
  const wanted = name === undefined ? "an encoder" : `the encoder '${name}'`;
  if (fitting.length === 0) {
    const known = knownEncoder(sha256 ?? name ?? "");
    const remedy = known
      ? fetchRemedy(known)
      : "'undertone encoder add FILE' keeps an ONNX speech encoder such as wav2vec 2.0, HuBERT, WavLM or Whisper's, and 'undertone encoder add hf:ORG/MODEL/PATH.onnx --download' fetches one from a hub";
    throw new UndertoneError(
      "features/encoder-missing",
      `There is no file of ${wanted} (kept: ${kept}); ${remedy}`,
      { details: { name, sha256, kept: records } },
    );
  }
  throw new UndertoneError(
    "features/unknown",
    `Got ${wanted}, which ${fitting.length} kept files fit, expected a name with a SHA-256 behind it, such as encoder:${fitting[0].name}:${fitting[0].sha256}`,
    { details: { fitting } },
  );
}
