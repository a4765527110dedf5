/** Reads one entry of a zip archive without the rest of it (PKWARE's APPNOTE 6.3; stored and deflated entries, no ZIP64). */
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import type { ByteSource } from "@undertone/core/audio";

/** Where an entry lies. */
interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly at: number;
}

const endBytes = 22;
const longestComment = 0xffff;
const headBytes = 30;

/** Resolves to an entry's content, or undefined where the archive has no entry of that name. @throws Error that says what is wrong with the archive. */
export async function readZipEntry(archive: ByteSource, name: string): Promise<Uint8Array | undefined> {
  const { entries, at: directoryAt } = await directory(archive);
  const entry = entries.find((one) => one.name === name);
  if (!entry) return undefined;
  // What stands before the content may be longer than the directory says: up to the next entry is enough.
  const next = Math.min(directoryAt, ...entries.flatMap(({ at }) => (at > entry.at ? [at] : [])));
  const part = await archive.read(entry.at, next);
  const view = viewOf(part);
  if (part.length < headBytes || view.getUint32(0, true) !== 0x04034b50)
    throw new Error(`'${name}' does not begin where the directory says`);
  const from = headBytes + view.getUint16(26, true) + view.getUint16(28, true);
  const packed = part.subarray(from, from + entry.packedBytes);
  const content = await unpack(packed, entry);
  if (content.length !== entry.bytes || crc32(content) !== entry.crc) throw new Error(`'${name}' is damaged`);
  return content;
}

async function unpack(packed: Uint8Array, { name, method, bytes }: ZipEntry): Promise<Uint8Array> {
  if (method === 0) return packed;
  if (method !== 8) throw new Error(`'${name}' is packed by method ${method}, expected none or deflate`);
  try {
    return await promisify(inflateRaw)(packed, { maxOutputLength: Math.max(1, bytes) });
  } catch (cause) {
    throw new Error(`'${name}' is damaged`, { cause });
  }
}

async function directory(archive: ByteSource): Promise<{ entries: ZipEntry[]; at: number }> {
  const tailAt = Math.max(0, archive.size - endBytes - longestComment);
  const tail = await archive.read(tailAt, archive.size);
  const view = viewOf(tail);
  let end = tail.length - endBytes;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new Error("it is no zip archive, or was cut");
  const size = view.getUint32(end + 12, true);
  const at = view.getUint32(end + 16, true);
  if (at === 0xffffffff || at + size > tailAt + end) throw new Error("its directory cannot be read");
  const bytes =
    at >= tailAt ? tail.subarray(at - tailAt, at - tailAt + size) : await archive.read(at, at + size);
  return { entries: entriesOf(bytes), at };
}

function entriesOf(bytes: Uint8Array): ZipEntry[] {
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= bytes.length && view.getUint32(at, true) === 0x02014b50; ) {
    const nameBytes = view.getUint16(at + 28, true);
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes)),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedBytes: view.getUint32(at + 20, true),
      bytes: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
