/**
 * The numbers of a manifest as bytes: one field of the ONNX file beside the JSON, in which `{ "numbers": i }` stands for the i-th list. Written
 * as JSON they were nine tenths of a file.
 *
 * | bytes | are, little-endian |
 * | --- | --- |
 * | 0–3 | the magic `UNDN` |
 * | 4–7 | the version of this layout |
 * | 8–11 | how many lists there are |
 * | 8 for each list | its type (`types`) and how many values it has |
 * | the rest | the lists, one after the other, each from a whole byte on |
 */
import { UndertoneError } from "../errors.js";

/**
 * The number of the field of `ModelProto` that holds the bytes: from the range that protocol buffers leave to organisations for their own use.
 * Readers of ONNX pass over fields that they do not know, and keep them.
 */
export const numbersField = 55_837;

/** The version that this code writes and reads. */
const numbersVersion = 1;

const magic = [0x55, 0x4e, 0x44, 0x4e];
const headerBytes = 12;
const entryBytes = 8;

/** The parts of a manifest whose lists of numbers are taken out of the JSON. */
const partsWithNumbers = [
  "reference",
  "outOfDistribution",
  "speakers",
  "collections",
  "calibration",
  "learntClips",
] as const;
/** Values of all lists together: a number of half a byte in the file takes eight in memory. */
const mostValues = 2 ** 24;
/** Lists stand no deeper in them. */
const mostDepth = 6;

interface NumberType {
  readonly code: number;
  readonly bits: number;
  /** Whether the type holds the value exactly. */
  holds(value: number): boolean;
  /** Returns the value at an index of the list that starts at a byte. */
  read(view: DataView, at: number, index: number): number;
  write(view: DataView, at: number, index: number, value: number): void;
}

const isInteger = (value: number, low: number, high: number): boolean =>
  Number.isInteger(value) && value >= low && value <= high && !Object.is(value, -0);

/** Narrowest first: a list is written in the first that holds every value exactly, so that nothing is lost. */
const types: readonly NumberType[] = [
  {
    // Two's complement, the even value in the low half of its byte.
    code: 4,
    bits: 4,
    holds: (value) => isInteger(value, -8, 7),
    read: (view, at, i) => (view.getInt8(at + (i >> 1)) << (i % 2 === 0 ? 28 : 24)) >> 28,
    write: (view, at, i, value) => {
      const byte = at + (i >> 1);
      view.setUint8(byte, view.getUint8(byte) | ((value & 15) << (4 * (i % 2))));
    },
  },
  {
    code: 3,
    bits: 8,
    holds: (value) => isInteger(value, -128, 127),
    read: (view, at, i) => view.getInt8(at + i),
    write: (view, at, i, value) => view.setInt8(at + i, value),
  },
  {
    code: 1,
    bits: 32,
    holds: (value) => Object.is(Math.fround(value), value),
    read: (view, at, i) => view.getFloat32(at + 4 * i, true),
    write: (view, at, i, value) => view.setFloat32(at + 4 * i, value, true),
  },
  {
    code: 2,
    bits: 64,
    holds: () => true,
    read: (view, at, i) => view.getFloat64(at + 8 * i, true),
    write: (view, at, i, value) => view.setFloat64(at + 8 * i, value, true),
  },
];

const bytesOf = ({ bits }: NumberType, length: number): number => Math.ceil((bits * length) / 8);

/** A JSON document with every value that `replace` answers for replaced; the others are looked into. */
function replaced(value: unknown, replace: (value: object) => unknown, depth = mostDepth): unknown {
  if (typeof value !== "object" || value === null || depth === 0) return value;
  const other = replace(value);
  if (other !== undefined) return other;
  if (Array.isArray(value)) return value.map((entry) => replaced(entry, replace, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, replaced(entry, replace, depth - 1)]),
  );
}

function inParts<T extends object>(document: T, replace: (value: object) => unknown): T {
  const parts = partsWithNumbers.filter((part) => Object.hasOwn(document, part));
  const changed = parts.map((part) => [part, replaced(document[part as keyof T], replace)]);
  return { ...document, ...Object.fromEntries(changed) };
}

/** Returns a manifest without its lists of numbers, and these as bytes. */
export function takeNumbers<T extends object>(
  manifest: T,
): { readonly manifest: T; readonly bytes: Uint8Array } {
  const lists: { type: NumberType; values: readonly number[] }[] = [];
  const bare = inParts(manifest, (value) => {
    if (!Array.isArray(value) || value.length === 0 || !value.every((entry) => typeof entry === "number"))
      return undefined;
    const type = types.find(({ holds }) => value.every(holds))!;
    return { numbers: lists.push({ type, values: value }) - 1 };
  });
  const start = headerBytes + entryBytes * lists.length;
  const bytes = new Uint8Array(
    lists.reduce((sum, { type, values }) => sum + bytesOf(type, values.length), start),
  );
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint32(4, numbersVersion, true);
  view.setUint32(8, lists.length, true);
  let at = start;
  lists.forEach(({ type, values }, k) => {
    view.setUint32(headerBytes + entryBytes * k, type.code, true);
    view.setUint32(headerBytes + entryBytes * k + 4, values.length, true);
    values.forEach((value, i) => {
      type.write(view, at, i, value);
    });
    at += bytesOf(type, values.length);
  });
  return { manifest: bare, bytes };
}

/**
 * Returns a manifest with its lists of numbers back in their places, each of which may be named once.
 * @throws UndertoneError `artifact/newer-version` for bytes of another version, `artifact/invalid` for bytes that are not what they claim to be.
 */
export function putNumbers<T extends object>(manifest: T, bytes: Uint8Array | undefined): T {
  const lists = bytes && readNumbers(bytes);
  const taken = new Set<unknown>();
  return inParts(manifest, (value) => {
    if (!("numbers" in value)) return undefined;
    const { numbers: index } = value;
    const list = typeof index === "number" ? lists?.[index] : undefined;
    if (!list || taken.has(index))
      throw invalid(
        `the manifest names the list ${JSON.stringify(index)?.slice(0, 60)}${list ? " twice" : ""}, expected each of ${lists?.length ?? 0} once`,
      );
    taken.add(index);
    return list;
  });
}

function invalid(what: string): UndertoneError {
  return new UndertoneError("artifact/invalid", `Bad numbers: ${what}`);
}

function readNumbers(bytes: Uint8Array): number[][] {
  if (bytes.length < headerBytes || magic.some((byte, i) => bytes[i] !== byte))
    throw invalid("they do not start with 'UNDN' and a header of 12 bytes");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = view.getUint32(4, true);
  if (version !== numbersVersion)
    throw new UndertoneError(
      "artifact/newer-version",
      `Got version ${version} of the manifest's numbers, expected ${numbersVersion}; a newer Undertone can open it`,
      { details: { version, supported: numbersVersion } },
    );
  const count = view.getUint32(8, true);
  const start = headerBytes + entryBytes * count;
  if (start > bytes.length) throw invalid(`${count} lists do not fit ${bytes.length} bytes`);
  let end = start;
  const entries = Array.from({ length: count }, (_, k) => {
    const code = view.getUint32(headerBytes + entryBytes * k, true);
    const length = view.getUint32(headerBytes + entryBytes * k + 4, true);
    const type = types.find((known) => known.code === code);
    if (!type) throw invalid(`list ${k} has type ${code}, expected one of 1 to ${types.length}`);
    const at = end;
    end += bytesOf(type, length);
    if (end > bytes.length)
      throw invalid(`list ${k} claims ${length} values, ${bytes.length - at} bytes are left`);
    return { type, length, at };
  });
  const total = entries.reduce((sum, { length }) => sum + length, 0);
  if (total > mostValues) throw invalid(`they are ${total}, expected at most ${mostValues}`);
  if (end !== bytes.length) throw invalid(`they have ${bytes.length} bytes, the lists ${end}`);
  return entries.map(({ type, length, at }) => {
    // There are hundreds of thousands, in a process that has just started: a plain loop is quickest.
    const values = new Array<number>(length);
    for (let i = 0; i < length; i++) values[i] = type.read(view, at, i);
    return values;
  });
}
