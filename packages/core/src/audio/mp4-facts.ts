/** What the boxes of an MP4 or QuickTime file (ISO/IEC 14496-12) say about its first sound track. */
import { type Box, boxes } from "./mp4-boxes.js";
import { type ContainerFacts, hasText } from "./sniff-container.js";

/** Returns rate, channels and length of the sound track, and whether a box reaches beyond the file. */
export function mp4Facts(bytes: Uint8Array): ContainerFacts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let moov: Box | undefined;
  let cut = false;
  for (const box of boxes(view, 0, bytes.length)) {
    cut ||= box.end > bytes.length;
    if (box.type === "moov") moov ??= box;
  }
  if (moov === undefined || moov.end > bytes.length) return { cut: true, hasSound: false };
  for (const trak of within(view, moov, "trak")) {
    const mdia = first(view, trak, "mdia");
    const handler = mdia && first(view, mdia, "hdlr");
    if (!mdia || !handler || !hasText(bytes, handler.start + 8, "soun")) continue;
    return { cut, ...trackFacts(bytes, view, mdia) };
  }
  return { cut, hasSound: false };
}

function trackFacts(bytes: Uint8Array, view: DataView, mdia: Box): Partial<ContainerFacts> {
  const header = first(view, mdia, "mdhd");
  const minf = first(view, mdia, "minf");
  const table = minf && first(view, minf, "stbl");
  if (!header || !table || header.start + 32 > bytes.length) return {};
  const long = view.getUint8(header.start) === 1;
  const timescale = view.getUint32(header.start + (long ? 20 : 12));
  const duration = long ? Number(view.getBigUint64(header.start + 24)) : view.getUint32(header.start + 16);
  const sizes = first(view, table, "stsz");
  const entry = first(view, table, "stsd");
  const channels = entry && entry.start + 34 <= entry.end ? view.getUint16(entry.start + 32) : 0;
  let bound: number | undefined;
  if (sizes && sizes.start + 12 <= sizes.end) {
    const count = view.getUint32(sizes.start + 8);
    if (entry !== undefined && hasText(bytes, entry.start + 12, "mp4a"))
      bound = count * 1024 * Math.max(1, channels);
  }
  return {
    ...(timescale > 0 && duration > 0 && duration !== 0xffffffff ? { seconds: duration / timescale } : {}),
    ...(channels > 0 ? { channels } : {}),
    ...(bound === undefined ? {} : { samplesBound: bound }),
  };
}

function* within(view: DataView, parent: Box, type: string): Generator<Box> {
  for (const box of boxes(view, parent.start, parent.end)) if (box.type === type) yield box;
}

function first(view: DataView, parent: Box, type: string): Box | undefined {
  return within(view, parent, type).next().value;
}
