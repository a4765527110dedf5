/** Bytes that are read as they are wanted. */
import { UndertoneError } from "../errors.js";

/** A file or a Blob. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** Resolves to the bytes from `from` to `to` (exclusive), which lie within the size. */
  read(from: number, to: number): Promise<Uint8Array>;
}

/** Returns bytes in memory as a source. */
export function sourceOfBytes(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (from, to) => bytes.subarray(from, to) };
}

/** Resolves to the bytes of a range, all of them. @throws UndertoneError `audio/truncated` when the source no longer has as many as it said. */
export async function readExactly(
  source: ByteSource,
  { from, to, name }: { readonly from: number; readonly to: number; readonly name: string },
): Promise<Uint8Array> {
  const bytes = await source.read(from, to);
  if (bytes.length === to - from) return bytes;
  throw new UndertoneError(
    "audio/truncated",
    `${name} became shorter while it was read: ${bytes.length} bytes from byte ${from} on, expected ${to - from}.`,
  );
}
