/** Reads FlatBuffers (flatbuffers.dev/internals): tables whose fields are found by number. */

/** A table; a field that is absent is 0, empty or undefined. Offsets that lead out of the buffer throw RangeError. */
export interface FlatTable {
  byte(field: number): number;
  /** int32 */
  integer(field: number): number;
  /** int64 */
  long(field: number, absent?: bigint): bigint;
  float(field: number): number;
  text(field: number): string;
  table(field: number): FlatTable | undefined;
  tables(field: number): FlatTable[];
  texts(field: number): string[];
  longs(field: number): BigInt64Array;
  floats(field: number): Float32Array;
  /** A view, not a copy. */
  bytes(field: number): Uint8Array;
}

const decoder = new TextDecoder();

/** How often the bytes of a buffer are read, on average: vectors of tables may share tables, and a few bytes so become any number. */
const mostReadings = 16;

/** Returns the root table of a buffer. @throws RangeError when it is none. */
export function flatRoot(bytes: Uint8Array): FlatTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  let left = mostReadings * bytes.length;
  const target = (at: number): number => at + view.getUint32(at, true);
  /** Where a vector's elements begin, and how many there are. */
  const vector = (at: number, size: number): { from: number; count: number } => {
    const count = view.getUint32(at, true);
    if (at + 4 + count * size > bytes.length) throw new RangeError("flatRoot: a vector ends outside");
    left -= count * size;
    if (left < 0) throw new RangeError("flatRoot: vectors that are shared too often");
    return { from: at + 4, count };
  };
  const string = (at: number): string => {
    const { from, count } = vector(at, 1);
    return decoder.decode(bytes.subarray(from, from + count));
  };

  const table = (at: number): FlatTable => {
    const layout = at - view.getInt32(at, true);
    const layoutBytes = view.getUint16(layout, true);
    /** Where a field's value lies, or undefined for one that is absent. */
    const place = (field: number): number | undefined => {
      const slot = 4 + 2 * field;
      const offset = slot < layoutBytes ? view.getUint16(layout + slot, true) : 0;
      return offset === 0 ? undefined : at + offset;
    };
    const elements = <T>(field: number, size: number, read: (at: number) => T): T[] => {
      const found = place(field);
      if (found === undefined) return [];
      const { from, count } = vector(target(found), size);
      return Array.from({ length: count }, (_, i) => read(from + i * size));
    };
    const scalar = <T>(field: number, absent: T, read: (at: number) => T): T => {
      const found = place(field);
      return found === undefined ? absent : read(found);
    };
    return {
      byte: (field) => scalar(field, 0, (at) => view.getUint8(at)),
      integer: (field) => scalar(field, 0, (at) => view.getInt32(at, true)),
      long: (field, absent = 0n) => scalar(field, absent, (at) => view.getBigInt64(at, true)),
      float: (field) => scalar(field, 0, (at) => view.getFloat32(at, true)),
      text: (field) => scalar(field, "", (at) => string(target(at))),
      table: (field) => scalar<FlatTable | undefined>(field, undefined, (at) => table(target(at))),
      tables: (field) => elements(field, 4, (at) => table(target(at))),
      texts: (field) => elements(field, 4, (at) => string(target(at))),
      longs: (field) => BigInt64Array.from(elements(field, 8, (at) => view.getBigInt64(at, true))),
      floats: (field) => Float32Array.from(elements(field, 4, (at) => view.getFloat32(at, true))),
      bytes: (field) =>
        scalar(field, new Uint8Array(0), (at) => {
          const { from, count } = vector(target(at), 1);
          return bytes.subarray(from, from + count);
        }),
    };
  };
  return table(target(0));
}
