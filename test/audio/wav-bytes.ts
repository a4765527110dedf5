/** Builds WAV files byte by byte, honest and lying ones, for tests. */

export interface WavParts {
  readonly tag?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly bits?: number;
  readonly frameBytes?: number;
  /** The encoded samples. */
  readonly data?: Uint8Array;
  /** What the data chunk says of its length; default: the truth. */
  readonly dataSize?: number;
  /** What the RIFF header says of the file's length; default: the truth. */
  readonly riffSize?: number;
  /** Whole chunks before and after the samples, by name and content. */
  readonly before?: readonly (readonly [string, Uint8Array])[];
  readonly after?: readonly (readonly [string, Uint8Array])[];
  /** Writes WAVE_FORMAT_EXTENSIBLE around the tag. */
  readonly extensible?: boolean;
  /** Puts the format behind the samples. */
  readonly formatLast?: boolean;
}

/** Returns the bytes of a WAV file. */
export function wavBytes(parts: WavParts): Uint8Array {
  const {
    tag = 1,
    channels = 1,
    sampleRate = 16000,
    bits = 16,
    data = new Uint8Array(0),
    extensible = false,
  } = parts;
  const frameBytes = parts.frameBytes ?? (channels * bits) / 8;
  const format = new DataView(new ArrayBuffer(extensible ? 40 : 16));
  format.setUint16(0, extensible ? 0xfffe : tag, true);
  format.setUint16(2, channels, true);
  format.setUint32(4, sampleRate, true);
  format.setUint32(8, sampleRate * frameBytes, true);
  format.setUint16(12, frameBytes, true);
  format.setUint16(14, bits, true);
  if (extensible) {
    format.setUint16(16, 22, true);
    format.setUint16(18, bits, true);
    format.setUint16(24, tag, true);
  }
  const formatChunk = chunk("fmt ", new Uint8Array(format.buffer));
  const chunks = [
    ...(parts.formatLast ? [] : [formatChunk]),
    ...(parts.before ?? []).map(([name, content]) => chunk(name, content)),
    chunk("data", data, parts.dataSize),
    ...(parts.formatLast ? [formatChunk] : []),
    ...(parts.after ?? []).map(([name, content]) => chunk(name, content)),
  ];
  const length = chunks.reduce((sum, each) => sum + each.length, 4);
  const head = new DataView(new ArrayBuffer(8));
  head.setUint32(4, parts.riffSize ?? length, true);
  const result = new Uint8Array(8 + length);
  result.set(new Uint8Array(head.buffer));
  result.set(ascii("RIFF"));
  result.set(ascii("WAVE"), 8);
  let at = 12;
  for (const each of chunks) {
    result.set(each, at);
    at += each.length;
  }
  return result;
}

/** Returns 16-bit little-endian samples. */
export function int16Bytes(values: ArrayLike<number>): Uint8Array {
  return new Uint8Array(Int16Array.from(values).buffer);
}

/** Returns 32-bit little-endian floats. */
export function float32Bytes(values: ArrayLike<number>): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** Returns the bytes of an ASCII text. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function chunk(name: string, content: Uint8Array, size = content.length): Uint8Array {
  const result = new Uint8Array(8 + content.length + (content.length % 2));
  result.set(ascii(name));
  new DataView(result.buffer).setUint32(4, size, true);
  result.set(content, 8);
  return result;
}
