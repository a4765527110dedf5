/** Names what a file is that cannot be read, with the way to make of it one that can. */
import { UndertoneError } from "../errors.js";
import { hasText, skipId3, sniffContainer } from "./sniff-container.js";

/** Returns the end of a sentence: the line that converts a file with that ending. */
export function converts(ending: string): string {
  return `convert it with 'ffmpeg -i in.${ending} out.wav'`;
}

/** The text that stands at an index of the file, what the file is then, and its usual ending. */
type Format = readonly [at: number, text: string, what: string, ending: string];

/** Sound that others decode. */
const sounds: readonly Format[] = [
  [0, "NIST_1A", "SPHERE", "sph"],
  [0, "ajkg", "Shorten", "shn"],
  [0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", "ASF (Windows Media)", "wma"],
  [0, "#!AMR", "AMR", "amr"],
  [0, "MPCK", "Musepack", "mpc"],
  [0, "MP+", "Musepack", "mpc"],
  [0, "MAC ", "Monkey's Audio", "ape"],
  [0, "wvpk", "WavPack", "wv"],
  [0, "TTA1", "True Audio", "tta"],
  [0, "TTA2", "True Audio", "tta"],
  [0, "OFR ", "OptimFROG", "ofr"],
  [0, "tBaK", "TAK", "tak"],
  [0, "DSD ", "DSD", "dsf"],
  [0, "FRM8", "DSD", "dff"],
  [0, ".RMF", "RealMedia", "rm"],
  [0, ".ra\xfd", "RealAudio", "ra"],
  [0, "\x0b\x77", "AC-3", "ac3"],
  [0, "\x7f\xfe\x80\x01", "DTS", "dts"],
  [0, "qoaf", "QOA", "qoa"],
  [0, "Creative Voice File", "VOC", "voc"],
  [8, "8SVX", "8SVX", "8svx"],
  [8, "16SV", "16SV", "iff"],
  [0, "2BIT", "AVR", "avr"],
  [0, " paf", "PAF", "paf"],
  [0, "fap ", "PAF", "paf"],
  [0, "PVF1", "PVF", "pvf"],
  [0, ".SoX", "SoX", "sox"],
  [0, "XoS.", "SoX", "sox"],
  [0, "nut/multimedia", "NUT", "nut"],
  [0, "\x56\xe0", "AAC in LATM", "loas"],
  [0, "\x56\xe1", "AAC in LATM", "loas"],
  [0, "\x64\xa3\x01\x00", "IRCAM", "sf"],
  [0, "\x64\xa3\x02\x00", "IRCAM", "sf"],
  [0, "\x64\xa3\x03\x00", "IRCAM", "sf"],
  [0, "\x64\xa3\x04\x00", "IRCAM", "sf"],
  [0, "\x00\x01\xa3\x64", "IRCAM", "sf"],
  [0, "\x00\x02\xa3\x64", "IRCAM", "sf"],
  [0, "\xf0\x7e", "MIDI Sample Dump", "sds"],
  [8, "AVI ", "AVI", "avi"],
  [0, "FLV\x01", "Flash video", "flv"],
  [0, "\x00\x00\x01\xba", "MPEG video", "mpg"],
  [0, "\x47\x40", "an MPEG transport stream", "ts"],
];

/** Streams of Ogg, by how the first page goes on. */
const oggStreams: readonly Format[] = [
  [28, "Speex   ", "Speex in Ogg", "spx"],
  [28, "\x80theora", "Theora video in Ogg", "ogv"],
];

/** What is no sound, and what to do instead. */
const others: readonly (readonly [at: number, text: string, what: string])[] = [
  [0, "version https://git-lfs", "a Git LFS pointer, not the file itself: fetch it with 'git lfs pull'"],
  [0, "/annex/objects/", "a git-annex pointer, not the file itself: fetch it with 'git annex get'"],
  [0, "\x00\x05\x16\x07", "what macOS keeps beside a file ('._' names): the sound is in the file beside it"],
  [0, "PK\x03\x04", "a ZIP archive: unpack it first"],
  [0, "\x1f\x8b", "a gzip archive: unpack it first"],
  [0, "Rar!", "a RAR archive: unpack it first"],
  [0, "7z\xbc\xaf", "a 7z archive: unpack it first"],
  [0, "\xfd7zXZ", "an xz archive: unpack it first"],
  [257, "ustar", "a tar archive: unpack it first"],
  [0, "MThd", "MIDI, which has notes and no sound"],
  [8, "RMID", "MIDI, which has notes and no sound"],
  [0, "%PDF", "a PDF document"],
  [0, "\x89PNG", "a PNG picture"],
  [0, "\xff\xd8\xff", "a JPEG picture"],
  [0, "GIF8", "a GIF picture"],
  [8, "WEBP", "a WebP picture"],
  [0, "PAR1", "a Parquet table"],
  [0, "\x93NUMPY", "a NumPy array"],
  [0, "\x89HDF", "an HDF5 file"],
  [0, "MATLAB 5.0", "a MATLAB file"],
  [20, "samplerate", "a MATLAB file"],
  [0, "Extended Instrument:", "an instrument of FastTracker"],
  [0, "ALawSoundFile**", "a recording of a Psion: convert it with 'sox in.wve out.wav'"],
  [0, "SQLite format 3", "an SQLite database"],
];

/** Returns which sound that others decode the bytes are. */
function otherSound(bytes: Uint8Array): Format | undefined {
  const start = skipId3(bytes);
  const formats = hasText(bytes, 0, "OggS") ? oggStreams : sounds;
  return formats.find(([at, text]) => hasText(bytes, start + at, text));
}

/** Returns what the bytes are that are no sound, or null for what is not known. */
function otherKind(bytes: Uint8Array): string | null {
  return others.find(([at, text]) => hasText(bytes, at, text))?.[2] ?? textKind(bytes);
}

/** Returns what a file is by its bytes, as in "it is a PDF document", for one that is not what was expected; null for what is not known. */
export function fileKind(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return "an empty file";
  const sound = sniffContainer(bytes.subarray(0, 65536)) ?? otherSound(bytes)?.[2];
  return sound === undefined ? otherKind(bytes) : `a recording (${sound})`;
}

/** Returns the error for bytes of no container that is read: `audio/empty` for none, `audio/unsupported` for sound of another kind, `audio/not-audio` for all else. */
export function unreadable(bytes: Uint8Array, name: string): UndertoneError {
  if (bytes.length === 0)
    return new UndertoneError("audio/empty", `${name} is empty (0 bytes), expected audio.`);
  const sound = otherSound(bytes);
  if (sound !== undefined) {
    const [, , what, ending] = sound;
    return new UndertoneError(
      "audio/unsupported",
      `${name} is ${what}, which is not read: ${converts(ending)}.`,
    );
  }
  const what = otherKind(bytes);
  if (what === null && /\.(raw|pcm)\W*$/i.test(name)) {
    return new UndertoneError(
      "audio/not-audio",
      `${name} has no header that says how to read it: convert it with 'ffmpeg -f s16le -ar RATE -ac CHANNELS -i in.raw out.wav', or whatever its samples are.`,
    );
  }
  return new UndertoneError(
    "audio/not-audio",
    what === null
      ? `${name} is not audio: its first bytes are those of no format that is known.`
      : `${name} is not audio but ${what}.`,
  );
}

/** Returns what kind of text the bytes are, or null when they are none. */
function textKind(bytes: Uint8Array): string | null {
  const text = new TextDecoder().decode(bytes.subarray(0, 512));
  if (/^\s*<(!doctype html|html|head)/i.test(text))
    return "a web page, such as a server sends with an error: download it again";
  if (/^\s*<\?xml/i.test(text)) return "an XML text";
  if (/^\s*[{[]\s*["{[\]}]/.test(text)) return "a JSON text, such as a server sends with an error";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is what makes a text
  return text.length >= 4 && !/[\x00-\x08\x0e-\x1f\ufffd]/.test(text.slice(0, -4)) ? "a text" : null;
}
