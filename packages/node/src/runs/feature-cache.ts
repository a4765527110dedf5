/** A content-addressed store of extracted features; an entry that is damaged, missing or in the way is computed again. */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import {
  augment,
  type CopyChain,
  changeSpeed,
  drawCopy,
  resample,
  type Waveform,
} from "@undertone/core/audio";
import { type OpenFeatureSet, openFeatureSet } from "@undertone/core/features";
import { type Matrix, matrix, random } from "@undertone/core/math";
import { nodeEncoderResources } from "../encoders/encoder-resources.js";
import { contentStore } from "../io/content-store.js";
import { openFileSource } from "../io/file-source.js";
import type { AugmentJob } from "../workers/audio-job.js";

const magic = 0x31465455; // "UTF1"
const headerBytes = 16;
/** File systems take 255 bytes; speed and fingerprint come behind. */
const longestName = 200;
/** Bytes of a recording that are read at a time. */
const hashedBytes = 2 ** 20;

/** Features of recordings, by the recordings' content. */
export interface FeatureCache {
  /** Returns the entry, or undefined when there is none that is whole. */
  read(key: string): Promise<Matrix | undefined>;
  /** Stores an entry; a second process may write the same one. Resolves to false when the folder cannot be written. */
  write(key: string, features: Matrix): Promise<boolean>;
}

/**
 * Returns a fingerprint of what the feature set and the resampler really compute: the hash of the features of a short synthetic
 * vowel at 44.1 kHz, played at `speed` and sent through each chain of copies. With it in the key, a cache never outlives a change of the code.
 */
async function fingerprint(
  set: OpenFeatureSet,
  { speed, copies = [] }: { speed: number; copies?: readonly CopyChain[] | undefined },
): Promise<string> {
  const sampleRate = 44100;
  const samples = Float32Array.from({ length: sampleRate * 0.6 }, (_, i) => {
    const t = i / sampleRate;
    let value = 0;
    for (let k = 1; k <= 24; k++)
      value += Math.sin(2 * Math.PI * k * (120 * t + 20 * t * t)) / (1 + Math.abs(k - 5));
    return 0.05 * value * Math.min(1, 10 * t);
  });
  const wave: Waveform = { samples, sampleRate };
  const plain = resample(wave, set.sampleRate);
  const hash = createHash("sha256");
  const through = copies.map((chain) =>
    augment(plain, drawCopy([chain], random("steps")), { random: random("audio") }),
  );
  for (const copy of [plain, ...through]) {
    const { data, rows, cols } = await set.extract(changeSpeed(copy, speed));
    hash
      .update(`${set.id} ${rows} ${cols} ${set.names.join(" ")} `)
      .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex").slice(0, 12);
}

/** The id where file systems take it as a name, else its beginning and its hash. */
function folderName(id: string): string {
  const name = encodeURIComponent(id);
  const hash = createHash("sha256").update(id).digest("hex");
  return name.length <= longestName ? name : `${name.slice(0, longestName - 17)}-${hash.slice(0, 16)}`;
}

/**
 * Resolves to the key of an utterance: the SHA-256 of the file's bytes, the part of it and what happens to its audio.
 * @throws UndertoneError `file/not-found`, `file/unreadable` or `file/busy`.
 */
export async function cacheKey(
  source: string | Uint8Array,
  part: { readonly start?: number | undefined; readonly end?: number | undefined },
  augmented?: AugmentJob,
): Promise<string> {
  const hash = createHash("sha256");
  if (typeof source !== "string") hash.update(source);
  else {
    const file = await openFileSource(source);
    try {
      for (let at = 0; at < file.size; at += hashedBytes)
        hash.update(await file.read(at, Math.min(file.size, at + hashedBytes)));
    } finally {
      await file.close();
    }
  }
  return hash
    .update(`#${part.start ?? ""}-${part.end ?? ""}${augmented ? JSON.stringify(augmented) : ""}`)
    .digest("hex");
}

function encode(features: Matrix): Uint8Array {
  const bytes = new Uint8Array(headerBytes + features.data.byteLength);
  bytes.set(
    new Uint8Array(features.data.buffer, features.data.byteOffset, features.data.byteLength),
    headerBytes,
  );
  const header = new DataView(bytes.buffer);
  header.setUint32(0, magic, true);
  header.setUint32(4, features.rows, true);
  header.setUint32(8, features.cols, true);
  header.setUint32(12, crc32(bytes.subarray(headerBytes), features.rows), true);
  return bytes;
}

function decode(bytes: Uint8Array, cols: number): Matrix | undefined {
  if (bytes.length < headerBytes) return undefined;
  const header = new DataView(bytes.buffer, bytes.byteOffset);
  const rows = header.getUint32(4, true);
  const body = bytes.subarray(headerBytes);
  const whole =
    header.getUint32(0, true) === magic &&
    header.getUint32(8, true) === cols &&
    body.length === rows * cols * 4 &&
    header.getUint32(12, true) === crc32(body, rows);
  return whole ? matrix(rows, cols, new Float32Array(Uint8Array.from(body).buffer)) : undefined;
}

/**
 * Returns the store of one feature set at one speed, and through one list of chains, below `folder`.
 * @throws UndertoneError as `openFeatureSet`.
 */
export async function openFeatureCache(
  folder: string,
  featureSetId: string,
  { speed = 1, copies }: { readonly speed?: number; readonly copies?: readonly CopyChain[] | undefined } = {},
): Promise<FeatureCache> {
  const set = await openFeatureSet(featureSetId, nodeEncoderResources());
  const played = `${speed === 1 ? "" : `-speed-${speed}`}${copies ? "-copies" : ""}`;
  const print = await fingerprint(set, { speed, copies });
  await set.close?.();
  const place = join(folder, "features", `${folderName(set.id)}${played}-${print}`);
  const store = contentStore(place, { shardLetters: 2, sync: false });
  return {
    async read(key) {
      const bytes = await store.read(key);
      return bytes && decode(bytes, set.names.length);
    },
    write: (key, features) =>
      store.write(key, encode(features)).then(
        () => true,
        () => false,
      ),
  };
}
