/** A short fingerprint against accidents: cut files, flipped bits, renamed features. It is no protection against intent. */

/** Returns 53 bits of the bytes as 14 hexadecimal digits (cyrb53 by bryc, public domain). */
export function checksum(...parts: readonly Uint8Array[]): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (const bytes of parts) {
    for (let i = 0; i < bytes.length; i++) {
      a = Math.imul(a ^ bytes[i], 2654435761);
      b = Math.imul(b ^ bytes[i], 1597334677);
    }
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(16).padStart(14, "0");
}

/** Returns the fingerprint of a feature set's column names and their order. */
export function namesChecksum(names: readonly string[]): string {
  return checksum(new TextEncoder().encode(names.join("\n")));
}
