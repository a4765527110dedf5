/** Pages of Ogg (RFC 3533) around packets that another container held: for decoders that take nothing else. */

import { joinBytes } from "./join-arrays.js";

/** Returns a writer of the pages of one stream. */
export function oggPages(): (packets: readonly Uint8Array[], isFirst?: boolean) => Uint8Array {
  let sequence = 0;
  const page = (packets: readonly Uint8Array[], isFirst: boolean): Uint8Array => {
    const lacing = packets.flatMap(({ length }) => [
      ...new Array<number>(Math.floor(length / 255)).fill(255),
      length % 255,
    ]);
    const body = packets.reduce((sum, { length }) => sum + length, 0);
    const bytes = new Uint8Array(27 + lacing.length + body);
    const view = new DataView(bytes.buffer);
    bytes.set([0x4f, 0x67, 0x67, 0x53, 0, isFirst ? 2 : 0]);
    view.setBigInt64(6, isFirst ? 0n : -1n, true); // no position: nothing is trimmed
    view.setUint32(14, 1, true);
    view.setUint32(18, sequence++, true);
    bytes[26] = lacing.length;
    bytes.set(lacing, 27);
    let at = 27 + lacing.length;
    for (const packet of packets) {
      bytes.set(packet, at);
      at += packet.length;
    }
    view.setUint32(22, checksum(bytes), true);
    return bytes;
  };
  return (packets, isFirst = false) => {
    const pages: Uint8Array[] = [];
    let waiting: Uint8Array[] = [];
    let segments = 0;
    for (const packet of packets) {
      const needed = Math.floor(packet.length / 255) + 1;
      if (needed > 255) throw new Error(`a packet of ${packet.length} bytes is longer than a page`);
      if (segments + needed > 255) {
        pages.push(page(waiting, false));
        waiting = [];
        segments = 0;
      }
      waiting.push(packet);
      segments += needed;
    }
    if (waiting.length > 0) pages.push(page(waiting, isFirst));
    return joinBytes(pages);
  };
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value < 0 ? 0x04c11db7 : 0);
  return value;
});

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = (sum << 8) ^ table[(sum >>> 24) ^ byte];
  return sum >>> 0;
}
