/** Arrays one behind the other. */

/** Returns the samples of all blocks; those of one block as they are. */
export function joinSamples(blocks: readonly Float32Array[]): Float32Array {
  return blocks.length === 1 ? blocks[0] : filled(new Float32Array(lengthOf(blocks)), blocks);
}

/** Returns the bytes of all parts; those of one part as they are, where no other has any. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const length = lengthOf(parts);
  const whole = parts.find((part) => part.length === length);
  return whole ?? filled(new Uint8Array(length), parts);
}

function lengthOf(parts: readonly { readonly length: number }[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function filled<All extends Float32Array | Uint8Array>(all: All, parts: readonly All[]): All {
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
