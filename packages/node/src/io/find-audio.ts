/** Finds the audio files of a folder by what is in them. */
import { readdir, realpath, stat } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { type AudioContainer, sniffContainer, unreadable } from "@undertone/core/audio";
import { stopIfAborted, UndertoneError } from "@undertone/core/errors";
import { fileError } from "./file-error.js";
import { openAtOnce } from "./file-source.js";
import { forEachConcurrently } from "./for-each-concurrently.js";

/** A file that is audio, or that is named as if it were. */
export interface AudioFile {
  /** Absolute path. */
  readonly path: string;
  /** Path from the folder that was searched, with `/` between its parts. */
  readonly relativePath: string;
  /** What the content is; null when only the name says audio. */
  readonly container: AudioContainer | null;
  /** Why it is not audio, where it could be looked into. */
  readonly refusal?: UndertoneError;
  /** Length of the file. */
  readonly bytes: number;
}

const audioEndings = new Set(
  ".wav .wave .aif .aiff .aifc .flac .mp3 .mp2 .aac .ogg .oga .opus .webm .mka .mkv .m4a .m4b .mp4 .mov .caf .au .snd .w64 .sph .spx .wma .amr .3gp .wv .ape .tta .mpc .voc".split(
    " ",
  ),
);
/** Nearly every file shows what it is within the first, the rest within the second number of bytes. */
const firstLook = 4096;
const secondLook = 65536;
const filesAtOnce = 16;

/**
 * Returns the audio files below `folder`, sorted by relative path: recognized by content, whatever their ending. Files that are
 * named like audio but are not come too, with `container: null`. Hidden files and folders are left out; symbolic links are
 * followed, each real folder is entered once.
 * @throws UndertoneError `file/not-found`, `file/unreadable` or `cancelled`.
 */
export async function findAudio(
  folder: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<AudioFile[]> {
  const root = resolve(folder);
  const info = await stat(root).catch((error: unknown) => {
    throw fileError(error, folder);
  });
  if (!info.isDirectory())
    throw new UndertoneError("file/unreadable", `'${folder}' is a file, expected a folder.`);
  const files = (await listFiles(root, signal)).map((relativePath) => ({
    path: join(root, relativePath),
    relativePath,
    named: audioEndings.has(extname(relativePath).toLowerCase()),
  }));
  return (await inspectAll(files, signal)).sort((a, b) => (a.relativePath < b.relativePath ? -1 : 1));
}

/** Returns files that are meant to be audio, whatever their ending, in any order. @throws UndertoneError `cancelled`. */
export function lookInto(
  paths: readonly string[],
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<AudioFile[]> {
  return inspectAll(
    paths.map((path) => ({ path, relativePath: path, named: true })),
    signal,
  );
}

/** A file to look into; one that is `named` like audio is returned even where it is none. */
type Candidate = Pick<AudioFile, "path" | "relativePath"> & { readonly named: boolean };

async function inspectAll(
  files: readonly Candidate[],
  signal: AbortSignal | undefined,
): Promise<AudioFile[]> {
  const found: AudioFile[] = [];
  await forEachConcurrently(files, filesAtOnce, async (one) => {
    stopIfAborted(signal);
    const file = await inspect(one);
    if (file) found.push(file);
  });
  return found;
}

async function listFiles(root: string, signal: AbortSignal | undefined): Promise<string[]> {
  const files: string[] = [];
  const entered = new Set<string>();
  const waiting = [""];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    stopIfAborted(signal);
    const path = join(root, folder);
    try {
      const real = await realpath(path);
      if (entered.has(real)) continue;
      entered.add(real);
      const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) =>
        a.name < b.name ? -1 : 1,
      );
      for (const entry of entries) {
        if (entry.name.startsWith(".")) continue;
        const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
        const target = entry.isSymbolicLink() ? await stat(join(root, name)).catch(() => null) : entry;
        if (target?.isDirectory()) waiting.push(name);
        else if (target === null || target.isFile()) files.push(name);
      }
    } catch (error) {
      throw fileError(error, path);
    }
  }
  return files;
}

async function inspect({ path, relativePath, named }: Candidate): Promise<AudioFile | null> {
  const unknown = named ? { path, relativePath, container: null, bytes: 0 } : null;
  const file = await openAtOnce(path).catch(() => null);
  if (file === null) return unknown; // a broken link or no permission: decoding it will say so
  try {
    const info = await file.stat();
    if (!info.isFile()) return unknown;
    const { size } = info;
    const buffer = new Uint8Array(Math.min(size, secondLook));
    let container: AudioContainer | null = null;
    let filled = 0;
    for (const goal of [firstLook, secondLook]) {
      const wanted = Math.min(goal, buffer.length) - filled;
      if (wanted <= 0) break;
      filled += (await file.read(buffer, filled, wanted, filled)).bytesRead;
      container = sniffContainer(buffer.subarray(0, filled));
      if (container !== null) break;
    }
    if (container !== null) return { path, relativePath, container, bytes: size };
    const refusal = unreadable(buffer.subarray(0, filled), `'${path}'`);
    return named ? { path, relativePath, container, refusal, bytes: size } : null;
  } catch {
    return unknown;
  } finally {
    await file.close();
  }
}
