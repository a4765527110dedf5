/** What the boxes of an MP4 or QuickTime file (ISO/IEC 14496-12) say about its first sound track. */
import { type ContainerFacts, hasText } from "./sniff-container.js";

interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Returns rate, channels and length of the sound track, and whether a box reaches beyond the file. */
export function mp4Facts(bytes: Uint8Array): ContainerFacts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const top = boxes(view, 0, bytes.length);
  const cut = top.some((box) => box.end > bytes.length);
  const moov = top.find((box) => box.type === "moov");
  if (moov === undefined || moov.end > bytes.length) return { cut: true };
  for (const trak of within(view, moov, "trak")) {
    const mdia = within(view, trak, "mdia")[0];
    const handler = mdia && within(view, mdia, "hdlr")[0];
    if (!mdia || !handler || !hasText(bytes, handler.start + 8, "soun")) continue;
    return { cut, ...trackFacts(bytes, view, mdia) };
  }
  return { cut, hasSound: false };
}

function trackFacts(bytes: Uint8Array, view: DataView, mdia: Box): Partial<ContainerFacts> {
  const header = within(view, mdia, "mdhd")[0];
  const minf = within(view, mdia, "minf")[0];
  const table = minf && within(view, minf, "stbl")[0];
  if (!header || !table || header.start + 32 > bytes.length) return {};
  const long = view.getUint8(header.start) === 1;
  const timescale = view.getUint32(header.start + (long ? 20 : 12));
  const duration = long ? Number(view.getBigUint64(header.start + 24)) : view.getUint32(header.start + 16);
  const sizes = within(view, table, "stsz")[0];
  const entry = within(view, table, "stsd")[0];
  const channels = entry && entry.start + 34 <= entry.end ? view.getUint16(entry.start + 32) : 0;
  let bound: number | undefined;
  if (sizes && sizes.start + 12 <= sizes.end) {
    const each = view.getUint32(sizes.start + 4);
    const count = view.getUint32(sizes.start + 8);
    // More samples than bytes, or a table longer than its box: a lie that would cost the decoder its memory.
    const lies = each > 0 ? count * each > bytes.length : sizes.start + 12 + count * 4 > sizes.end;
    const isAac = entry !== undefined && hasText(bytes, entry.start + 12, "mp4a");
    if (lies) bound = Number.POSITIVE_INFINITY;
    else if (isAac) bound = count * 1024 * Math.max(1, channels);
  }
  return {
    ...(timescale > 0 && duration > 0 && duration !== 0xffffffff ? { seconds: duration / timescale } : {}),
    ...(channels > 0 ? { channels } : {}),
    ...(bound === undefined ? {} : { samplesBound: bound }),
  };
}

function within(view: DataView, parent: Box, type: string): readonly Box[] {
  return boxes(view, parent.start, parent.end).filter((box) => box.type === type && box.end <= parent.end);
}

/** Lists the boxes between two positions; the last one may claim to end beyond `end`. */
function boxes(view: DataView, start: number, end: number): Box[] {
  const found: Box[] = [];
  for (let at = start; at + 8 <= end; ) {
    let size = view.getUint32(at);
    let head = 8;
    if (size === 1 && at + 16 <= end) {
      size = Number(view.getBigUint64(at + 8));
      head = 16;
    } else if (size === 0) {
      size = end - at;
    }
    if (size < head) break;
    const type = String.fromCharCode(
      view.getUint8(at + 4),
      view.getUint8(at + 5),
      view.getUint8(at + 6),
      view.getUint8(at + 7),
    );
    const body = { type, start: at + head, end: at + size };
    found.push(body);
    at += size;
  }
  return found;
}
