/** The sound track that the boxes of an MP4 or QuickTime file describe (ISO/IEC 14496-12, -14; QuickTime File Format). */
import type { DecoderStart } from "./encoded.js";
import { type Box, boxes } from "./mp4-boxes.js";
import { mp4Decoder } from "./mp4-entry.js";
import { hasText } from "./sniff-container.js";

/** Where a sample, or several that lie together, is in the file. */
export interface Mp4Sample {
  readonly offset: number;
  readonly size: number;
}

export interface Mp4Track {
  readonly id: number;
  readonly starts: DecoderStart;
  readonly channels: number;
  /** Length of what is presented, in seconds; undefined when the boxes leave it open. */
  readonly seconds: number | undefined;
  /** Seconds of the media before what an edit list presents, and of what it presents. */
  readonly skip: number;
  readonly take: number | undefined;
  /** Samples by the tables; none when they lie in fragments. */
  samples(): Generator<Mp4Sample>;
  /** Bytes of a sample of a fragment that does not say, undefined when the file has no fragments. */
  readonly fragmentDefault: number | undefined;
}

/** Returns the first sound track of a `moov` box (its body), whose tables `mp4Fault` has looked at; null when there is none. */
export function mp4Track(moov: Uint8Array): Mp4Track | null {
  const view = new DataView(moov.buffer, moov.byteOffset, moov.byteLength);
  const whole = { type: "moov", start: 0, end: moov.length };
  const movie = path(view, whole, "mvhd");
  for (const trak of inside(view, whole, "trak")) {
    const mdia = path(view, trak, "mdia");
    const handler = mdia && path(view, mdia, "hdlr");
    const header = path(view, trak, "tkhd");
    const table = mdia && path(view, mdia, "minf", "stbl");
    const entry = table && path(view, table, "stsd");
    if (!handler || !table || !entry || !hasText(moov, handler.start + 8, "soun")) continue;
    const { starts, channels } = mp4Decoder(moov, entry);
    const frameBytes = starts.codec === "pcm" ? starts.format.frameBytes : undefined;
    const id = header ? view.getUint32(header.start + (view.getUint8(header.start) === 1 ? 20 : 12)) : 0;
    const mvex = path(view, whole, "mvex");
    const trex = mvex && [...inside(view, mvex, "trex")].find((box) => view.getUint32(box.start + 4) === id);
    const media = clock(view, path(view, mdia, "mdhd"));
    const edit = edited(view, path(view, trak, "edts", "elst"), clock(view, movie).scale);
    const length = media.scale > 0 && media.duration > 0 ? media.duration / media.scale : undefined;
    return {
      id,
      starts,
      channels,
      seconds: edit.seconds ?? length,
      take: edit.seconds,
      skip: media.scale > 0 ? edit.start / media.scale : 0,
      samples: () => tableSamples(view, table, frameBytes),
      fragmentDefault: mvex ? (trex ? view.getUint32(trex.start + 16) : 0) : undefined,
    };
  }
  return null;
}

/** Returns the first box below `parent` by the types on the way to it. */
function path(view: DataView, parent: Box, ...types: string[]): Box | undefined {
  let at: Box | undefined = parent;
  for (const type of types) at = at && inside(view, at, type).next().value;
  return at;
}

function* inside(view: DataView, parent: Box, type: string): Generator<Box, undefined> {
  for (const box of boxes(view, parent.start, parent.end)) if (box.type === type) yield box;
}

/** The timescale and the duration of an `mdhd` or `mvhd` box; 0 for what it leaves open. */
function clock(view: DataView, box: Box | undefined): { readonly scale: number; readonly duration: number } {
  if (!box || box.end - box.start < 20) return { scale: 0, duration: 0 };
  const long = view.getUint8(box.start) === 1 && box.end - box.start >= 32;
  const duration = long ? Number(view.getBigUint64(box.start + 24)) : view.getUint32(box.start + 16);
  const open = duration === (long ? 2 ** 64 : 0xffffffff);
  return { scale: view.getUint32(box.start + (long ? 20 : 12)), duration: open ? 0 : duration };
}

/** What an edit list presents: from where in the media, in its timescale, and how many seconds; other parts than the first are taken to follow it. */
function edited(
  view: DataView,
  box: Box | undefined,
  movieScale: number,
): { readonly start: number; readonly seconds: number | undefined } {
  if (!box) return { start: 0, seconds: undefined };
  const long = view.getUint8(box.start) === 1;
  const row = long ? 20 : 12;
  let start: number | undefined;
  let sum = 0;
  for (let i = 0, at = box.start + 8; i < view.getUint32(box.start + 4); i++, at += row) {
    const time = long ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4);
    if (time < 0) continue; // an empty edit: silence before the media
    start ??= time;
    sum += long ? Number(view.getBigUint64(at)) : view.getUint32(at);
  }
  return { start: start ?? 0, seconds: sum > 0 && movieScale > 0 ? sum / movieScale : undefined };
}

/** Bytes of PCM that are given as one sample. */
const pcmBytes = 2 ** 16;

/** Yields the samples that the tables name; samples of `frameBytes` each (PCM) many together. */
function* tableSamples(view: DataView, table: Box, frameBytes: number | undefined): Generator<Mp4Sample> {
  const sizes = path(view, table, "stsz");
  const runs = path(view, table, "stsc");
  const short = path(view, table, "stco");
  const chunks = short ?? path(view, table, "co64");
  if (!sizes || !runs || !chunks) return;
  const each = view.getUint32(sizes.start + 4);
  const count = view.getUint32(sizes.start + 8);
  const runCount = view.getUint32(runs.start + 4);
  let sample = 0;
  let run = 0;
  for (let chunk = 0; chunk < view.getUint32(chunks.start + 4) && sample < count; chunk++) {
    const firstOf = (i: number): number => view.getUint32(runs.start + 8 + 12 * i);
    while (run + 1 < runCount && firstOf(run + 1) <= chunk + 1) run++;
    const inChunk = runCount > 0 ? Math.min(view.getUint32(runs.start + 12 + 12 * run), count - sample) : 0;
    const at = chunks.start + 8 + chunk * (short ? 4 : 8);
    let offset = short ? view.getUint32(at) : Number(view.getBigUint64(at));
    const most = frameBytes === undefined ? 1 : Math.ceil(pcmBytes / frameBytes);
    for (let i = 0; i < inChunk; i += most) {
      const together = Math.min(most, inChunk - i);
      const size = frameBytes
        ? together * frameBytes
        : each > 0
          ? each
          : view.getUint32(sizes.start + 12 + 4 * sample);
      yield { offset, size };
      offset += size;
      sample += together;
    }
  }
}

/** Yields the samples of a track in a `moof` box (its body), which begins at byte `boxOffset` of the file. */
export function* fragmentSamples(
  moof: Uint8Array,
  { id, fragmentDefault = 0 }: Mp4Track,
  boxOffset: number,
): Generator<Mp4Sample> {
  const view = new DataView(moof.buffer, moof.byteOffset, moof.byteLength);
  for (const traf of inside(view, { type: "moof", start: 0, end: moof.length }, "traf")) {
    const head = path(view, traf, "tfhd");
    if (!head || view.getUint32(head.start + 4) !== id) continue;
    const flags = view.getUint32(head.start) & 0xffffff;
    let at = head.start + 8;
    let base = boxOffset;
    if (flags & 1) {
      base = Number(view.getBigUint64(at));
      at += 8;
    }
    at += (flags & 2 ? 4 : 0) + (flags & 8 ? 4 : 0);
    const usual = flags & 16 ? view.getUint32(at) : fragmentDefault;
    let offset = base;
    for (const run of inside(view, traf, "trun")) {
      const flags = view.getUint32(run.start) & 0xffffff;
      let row = run.start + 8;
      if (flags & 1) {
        offset = base + view.getInt32(row);
        row += 4;
      }
      if (flags & 4) row += 4;
      for (let i = 0; i < view.getUint32(run.start + 4); i++) {
        if (flags & 0x100) row += 4;
        const size = flags & 0x200 ? view.getUint32(row) : usual;
        row += (flags & 0x200 ? 4 : 0) + (flags & 0x400 ? 4 : 0) + (flags & 0x800 ? 4 : 0);
        yield { offset, size };
        offset += size;
      }
    }
  }
}
