/** The boxes of an MP4 or QuickTime file (ISO/IEC 14496-12), and whether its tables are as long as they say. */

export interface Box {
  readonly type: string;
  /** The first byte behind the box's size and type, and the first behind the box; the end may lie beyond what was looked at. */
  readonly start: number;
  readonly end: number;
}

/** Yields the boxes between two positions; the last one may claim to end beyond `end`. */
export function* boxes(view: DataView, start: number, end: number): Generator<Box> {
  for (let at = start; at + 8 <= end; ) {
    let size = view.getUint32(at);
    let head = 8;
    if (size === 1 && at + 16 <= end) {
      size = Number(view.getBigUint64(at + 8));
      head = 16;
    } else if (size === 0) {
      size = end - at;
    }
    if (size < head) return;
    const code = [4, 5, 6, 7].map((i) => view.getUint8(at + i));
    yield { type: String.fromCharCode(...code), start: at + head, end: at + size };
    at += size;
  }
}

/** The boxes that hold boxes, as far as sound is found through them. */
const parents = new Set("moov trak edts mdia minf dinf stbl mvex moof traf mfra".split(" "));
/** Boxes nest seven deep in the standard. */
const mostDepth = 12;

/** A table: bytes before its rows (the version's four bytes and the count included), where its count stands, bytes of a row. */
interface Table {
  readonly head: number;
  readonly count: number;
  readonly row: number;
}

/** Reads a box's first bytes; behind the end of a short box they are zero. */
type ReadTable = (head: DataView) => Table;
const plain =
  (row: number, longRow = row): ReadTable =>
  (head) => ({ head: 8, count: 4, row: head.getUint8(0) === 0 ? row : longRow });

const tables: Readonly<Record<string, ReadTable>> = {
  stts: plain(8),
  ctts: plain(8),
  stsc: plain(12),
  stco: plain(4),
  co64: plain(8),
  stss: plain(4),
  stsh: plain(8),
  stsd: plain(8),
  dref: plain(8),
  elst: plain(12, 20),
  subs: plain(6),
  senc: plain(0),
  stsz: (head) => ({ head: 12, count: 8, row: head.getUint32(4) === 0 ? 4 : 0 }),
  stz2: (head) => ({ head: 12, count: 8, row: head.getUint8(7) / 8 }),
  sbgp: (head) => (head.getUint8(0) === 0 ? { head: 12, count: 8, row: 8 } : { head: 16, count: 12, row: 8 }),
  sgpd: (head) => {
    const version = head.getUint8(0);
    const row = version === 1 ? head.getUint32(8) || 4 : 1;
    return version === 0 ? { head: 12, count: 8, row } : { head: 16, count: 12, row };
  },
  saiz: (head) => {
    const more = (head.getUint8(3) & 1) * 8;
    return { head: 9 + more, count: 5 + more, row: head.getUint8(4 + more) === 0 ? 1 : 0 };
  },
  saio: (head) => {
    const more = (head.getUint8(3) & 1) * 8;
    return { head: 8 + more, count: 4 + more, row: head.getUint8(0) === 0 ? 4 : 8 };
  },
  tfra: (head) => ({ head: 16, count: 12, row: head.getUint8(0) === 0 ? 11 : 19 }),
  trun: (head) => {
    const flags = head.getUint16(2);
    const fields = [1, 4].filter((bit) => flags & bit).length;
    const perSample = [0x100, 0x200, 0x400, 0x800].filter((bit) => flags & bit).length;
    return { head: 8 + 4 * fields, count: 4, row: 4 * perSample };
  },
};

/**
 * Returns what is impossible in the boxes of a file of `fileBytes`, as the end of a sentence, or null: a box beyond the one that it is in,
 * a table of more rows than fit its box, more or larger samples than the file has bytes. `bytes` are the file, or the boxes that describe it.
 */
export function mp4Fault(bytes: Uint8Array, fileBytes = bytes.length): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const walk = (start: number, end: number, depth: number): string | null => {
    if (depth > mostDepth) return `its boxes nest deeper than ${mostDepth}`;
    for (const box of boxes(view, start, end)) {
      if (box.end > end) {
        if (depth === 0) return null; // a file that is cut
        return `its box '${box.type}' ends ${box.end - end} bytes beyond the box that it is in`;
      }
      const fault = parents.has(box.type)
        ? walk(box.start, box.end, depth + 1)
        : depth > 0 || box.type === "sidx"
          ? tableFault(view, box, fileBytes)
          : null;
      if (fault !== null) return fault;
    }
    return null;
  };
  return walk(0, bytes.length, 0);
}

function tableFault(view: DataView, { type, start, end }: Box, fileBytes: number): string | null {
  const bytes = new Uint8Array(32);
  bytes.set(new Uint8Array(view.buffer, view.byteOffset + start, Math.min(32, end - start)));
  const first = new DataView(bytes.buffer);
  if (type === "sidx") return segmentIndexFault(first, end - start);
  const read = tables[type];
  if (read === undefined) return null;
  const { head, count, row } = read(first);
  if (start + head > end) return `its table '${type}' has ${end - start} bytes, expected at least ${head}`;
  const rows = first.getUint32(count);
  const fit = row === 0 ? fileBytes : Math.floor((end - start - head) / row);
  if (rows > fit) return `its table '${type}' says ${rows} rows, expected at most ${fit}`;
  const samples = samplesOf(view, type, start + head, rows);
  return samples > fileBytes
    ? `its table '${type}' speaks of ${samples} samples or bytes, more than the ${fileBytes} bytes of the file`
    : null;
}

/** Returns how many samples the rows of a table speak of, or the bytes of all samples where it lists their sizes. */
function samplesOf(view: DataView, type: string, at: number, rows: number): number {
  let sum = 0;
  if (type === "stts" || type === "ctts" || type === "sbgp") {
    for (let i = 0; i < rows; i++) sum += view.getUint32(at + 8 * i);
  } else if (type === "stsz") {
    const each = view.getUint32(at - 8);
    if (each > 0) return each * rows;
    for (let i = 0; i < rows; i++) sum += view.getUint32(at + 4 * i);
  } else if (type === "stsc") {
    for (let i = 0; i < rows; i++) {
      const chunks = i + 1 < rows ? view.getUint32(at + 12 * (i + 1)) - view.getUint32(at + 12 * i) : 1;
      sum += Math.max(1, chunks) * view.getUint32(at + 12 * i + 4);
    }
  }
  return sum;
}

/** A 'sidx' counts its references in 16 bits, behind fields of a length that its version decides. */
function segmentIndexFault(first: DataView, size: number): string | null {
  const head = first.getUint8(0) === 0 ? 24 : 32;
  const rows = first.getUint16(head - 2);
  const fit = Math.max(0, Math.floor((size - head) / 12));
  return rows > fit ? `its table 'sidx' says ${rows} rows, expected at most ${fit}` : null;
}
