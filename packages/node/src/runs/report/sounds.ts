/** How the report plays an utterance: from the recording beside it, or from a copy within it. */
import { readFile, stat } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { type AudioContainer, sniffContainer } from "@undertone/core/audio";
import type { Utterance } from "@undertone/core/data";

/** Where an utterance's sound is. */
export interface Sound {
  /** A relative address, or a `data:` one. */
  readonly url: string;
  /** Seconds within the file, for a part of it. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** The sounds by utterance id, and how they come. */
export interface Sounds {
  readonly kind: "embedded" | "linked" | "none";
  readonly byId: ReadonlyMap<string, Sound>;
  /** Megabytes of all copies together. */
  readonly megabytes: number;
}

const types: Readonly<Record<AudioContainer, string>> = {
  wav: "audio/wav",
  aiff: "audio/aiff",
  caf: "audio/x-caf",
  au: "audio/basic",
  w64: "audio/x-w64",
  flac: "audio/flac",
  mp3: "audio/mpeg",
  aac: "audio/aac",
  "ogg-vorbis": "audio/ogg",
  "ogg-opus": "audio/ogg",
  "ogg-flac": "audio/ogg",
  webm: "audio/webm",
  m4a: "audio/mp4",
};

/**
 * Returns the sounds for a report at `report`: copies when all recordings together are at most `embedUpTo` megabytes, links otherwise, and
 * none when no recording is there (a feature table without its corpus). `copies`: whether a report holds each file once, or once for each
 * utterance that is a part of it.
 */
export async function findSounds(
  utterances: readonly Utterance[],
  { report, embedUpTo, copies }: { report: string; embedUpTo: number; copies: "files" | "utterances" },
): Promise<Sounds> {
  const files = [...new Set(utterances.map(({ file }) => file))];
  const sizes = new Map<string, number>();
  for (const file of files) {
    const size = await stat(file).then(
      (found) => (found.isFile() ? found.size : undefined),
      () => undefined,
    );
    if (size !== undefined) sizes.set(file, size);
  }
  const copied = copies === "files" ? files : utterances.map(({ file }) => file);
  const megabytes = copied.reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0) / 1e6;
  if (sizes.size === 0) return { kind: "none", byId: new Map(), megabytes: 0 };
  const embed = megabytes <= embedUpTo;
  const urls = new Map<string, string>();
  for (const file of sizes.keys()) urls.set(file, embed ? await dataUrl(file) : link(file, report));
  const byId = new Map<string, Sound>();
  for (const { id, file, start, end } of utterances) {
    const url = urls.get(file);
    if (url !== undefined) byId.set(id, { url, start, end });
  }
  return { kind: embed ? "embedded" : "linked", byId, megabytes };
}

async function dataUrl(file: string): Promise<string> {
  const bytes = await readFile(file);
  const container = sniffContainer(bytes);
  const type = container ? types[container] : "application/octet-stream";
  return `data:${type};base64,${bytes.toString("base64")}`;
}

/** Returns the address of a file as seen from the report. */
function link(file: string, report: string): string {
  return relative(dirname(resolve(report)), resolve(file))
    .split(sep)
    .map(encodeURIComponent)
    .join("/");
}
