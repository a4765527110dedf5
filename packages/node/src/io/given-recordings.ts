/** The recordings that a command line names: files, folders of them, and stdin. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { defaultDecodeLimits } from "@undertone/core/audio";
import { stopIfAborted, UndertoneError } from "@undertone/core/errors";
import { findAudio } from "./find-audio.js";

/** One recording. */
export interface GivenRecording {
  /** The path as it was given, below a folder that was given, or `-`. */
  readonly name: string;
  /** The path, or the bytes that stdin gave. */
  readonly source: string | Uint8Array;
}

/** What stands for stdin. */
const stdinName = "-";

/**
 * Resolves to the recordings in the order of the names; those of a folder in the order of their paths, files among them that are only named like audio. Whether
 * a file is there is not asked.
 * @throws UndertoneError `corpus/empty` (a folder without audio), `usage/*` and `audio/too-large` (stdin), `file/unreadable`, `cancelled`.
 */
export async function givenRecordings(
  names: readonly string[],
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<GivenRecording[]> {
  if (names.filter((name) => name === stdinName).length > 1)
    throw new UndertoneError("usage/bad-value", "Got '-' twice, expected one recording on stdin");
  const found: GivenRecording[] = [];
  for (const name of names) {
    const isFolder = name !== stdinName && (await stat(name).catch(() => null))?.isDirectory();
    if (isFolder) found.push(...(await folderRecordings(name, signal)));
    else found.push({ name, source: name === stdinName ? await readStdin(signal) : name });
  }
  return found;
}

async function folderRecordings(folder: string, signal: AbortSignal | undefined): Promise<GivenRecording[]> {
  const files = await findAudio(folder, { signal });
  if (files.length === 0)
    throw new UndertoneError(
      "corpus/empty",
      `The folder '${folder}' holds no audio, expected recordings in it`,
    );
  const paths = files.map(({ relativePath }) => join(folder, relativePath));
  return paths.map((path) => ({ name: path, source: path }));
}

async function readStdin(signal: AbortSignal | undefined): Promise<Uint8Array> {
  const { stdin } = process;
  const { maxBytes } = defaultDecodeLimits;
  if (stdin.isTTY)
    throw new UndertoneError(
      "usage/missing",
      "Missing audio on stdin for '-', got a terminal, expected a pipe or '< FILE'",
    );
  const stop = (): void => void stdin.destroy();
  signal?.addEventListener("abort", stop, { once: true });
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of stdin as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > maxBytes)
        throw new UndertoneError(
          "audio/too-large",
          `stdin has more bytes than the limit of ${maxBytes} (maxBytes).`,
        );
      parts.push(part);
    }
  } finally {
    signal?.removeEventListener("abort", stop);
  }
  stopIfAborted(signal);
  return new Uint8Array(Buffer.concat(parts));
}
