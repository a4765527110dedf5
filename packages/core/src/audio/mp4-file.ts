/** The sound of MP4 and QuickTime files, sample by sample, whole or in fragments. */
import type { UndertoneError } from "../errors.js";
import { truncated, undecodable, withoutSound } from "./audio-refusals.js";
import { type ByteSource, readExactly } from "./byte-source.js";
import type { Encoded, EncodedPiece, EncodedReading } from "./encoded.js";
import { headerFault } from "./header-fault.js";
import { fragmentSamples, type Mp4Sample, type Mp4Track, mp4Track } from "./mp4-track.js";

/** A box of the file itself. */
interface TopBox {
  readonly type: string;
  readonly offset: number;
  readonly body: number;
  readonly end: number;
}

/** Most bytes of a box that describes samples: a day of AAC has 15 MB of them. */
const mostBoxBytes = 2 ** 28;
/** Bytes that are read together, and the most of one sample. */
const groupBytes = 2 ** 16;
const mostSampleBytes = 2 ** 24;

/** Resolves to the file's first sound track. @throws UndertoneError `audio/truncated`, `audio/not-audio`, `audio/unsupported`. */
export async function openMp4(source: ByteSource, name: string): Promise<Encoded> {
  let found: Mp4Track | undefined;
  let rest = 0;
  const reading: EncodedReading = { position: 0, cut: false };
  for await (const box of topBoxes(source, 0, name)) {
    reading.cut = box.end > source.size;
    if (box.type !== "moov" || found || reading.cut) continue;
    found = trackOf(await described(source, box, name), name);
    rest = box.end;
  }
  if (!found) throw truncated(name, 0);
  const track = found;
  const { samples, fragmentDefault, seconds, skip, take, channels, starts } = track;
  return {
    seconds,
    skip: starts.codec === "opus-packets" ? 0 : skip, // OpusHead says it too
    take,
    channels,
    reading,
    async *pieces() {
      let begins: EncodedPiece["starts"] = starts;
      for await (const group of groups()) {
        const [{ offset }] = group;
        const end = group[group.length - 1].offset + group[group.length - 1].size;
        if (end > source.size) {
          reading.cut = true;
          return;
        }
        const bytes = await readExactly(source, { from: offset, to: end, name });
        reading.position = end;
        const data = group.map((sample) =>
          bytes.subarray(sample.offset - offset, sample.offset - offset + sample.size),
        );
        yield { data, starts: begins };
        begins = undefined;
      }

      async function* groups(): AsyncGenerator<Mp4Sample[]> {
        const budget = { left: source.size };
        yield* grouped(samples(), { name, budget });
        if (fragmentDefault === undefined) return;
        for await (const box of topBoxes(source, rest, name)) {
          if (box.type !== "moof") continue;
          if (box.end > source.size) return;
          const moof = await described(source, box, name);
          yield* grouped(fragmentSamples(moof, track, box.offset), { name, budget });
        }
      }
    },
  };
}

function trackOf(moov: Uint8Array, name: string): Mp4Track {
  let track: Mp4Track | null;
  try {
    track = mp4Track(moov);
  } catch (error) {
    throw undecodable(name, "m4a", error);
  }
  if (track === null) throw withoutSound(name, "m4a");
  return track;
}

/** Reads a box's body and refuses impossible counts in it. */
async function described(source: ByteSource, box: TopBox, name: string): Promise<Uint8Array> {
  if (box.end - box.offset > mostBoxBytes)
    throw undecodable(name, "m4a", new Error(`its box '${box.type}' has ${box.end - box.offset} bytes`));
  const bytes = await readExactly(source, { from: box.offset, to: box.end, name });
  const fault = headerFault(bytes, "m4a", source.size);
  if (fault !== null) throw undecodable(name, "m4a", new Error(fault));
  return bytes.subarray(box.body - box.offset);
}

async function* topBoxes(source: ByteSource, from: number, name: string): AsyncGenerator<TopBox> {
  for (let at = from; at + 8 <= source.size; ) {
    const head = await readExactly(source, { from: at, to: Math.min(at + 16, source.size), name });
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    let size = view.getUint32(0);
    const long = size === 1 && head.length === 16;
    if (long) size = Number(view.getBigUint64(8));
    else if (size === 0) size = source.size - at;
    if (size < 8) return;
    const type = String.fromCharCode(...head.subarray(4, 8));
    yield { type, offset: at, body: at + (long ? 16 : 8), end: at + size };
    at += size;
  }
}

/** Gathers samples that lie together. The budget bounds how often many tables may speak of the same bytes, or of none. */
function* grouped(
  samples: Iterable<Mp4Sample>,
  { name, budget }: { readonly name: string; readonly budget: { left: number } },
): Generator<Mp4Sample[]> {
  const refused = (what: string): UndertoneError => undecodable(name, "m4a", new Error(what));
  let group: Mp4Sample[] = [];
  let end = 0;
  for (const sample of samples) {
    budget.left -= Math.max(1, sample.size);
    if (budget.left < 0) throw refused("its tables speak of more samples or bytes than the file has");
    if (sample.size === 0) continue;
    if (sample.size > mostSampleBytes || sample.offset < 0)
      throw refused(`it says a sample of ${sample.size} bytes at byte ${sample.offset}`);
    const goesOn = sample.offset === end && end + sample.size - group[0]?.offset <= groupBytes;
    if (group.length > 0 && !goesOn) {
      yield group;
      group = [];
    }
    group.push(sample);
    end = sample.offset + sample.size;
  }
  if (group.length > 0) yield group;
}
