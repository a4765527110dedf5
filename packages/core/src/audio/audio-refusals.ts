/** The sentences that audio files are refused with. */
import { UndertoneError } from "../errors.js";
import { converts } from "./name-format.js";
import type { AudioContainer } from "./sniff-container.js";

/** What helps where a part of a file is missing. */
const copyAgain = "copy or download it again";

/** `audio/truncated`: how many seconds are there of a cut file, and of how many when it says so. */
export function truncated(name: string, seconds: number, expectedSeconds?: number): UndertoneError {
  const there = `${seconds.toFixed(3)} s`;
  const what =
    expectedSeconds !== undefined && expectedSeconds > seconds
      ? `${there} of the ${expectedSeconds.toFixed(3)} s that its header says are there`
      : `it ends in the middle of its data after ${there}`;
  const rest = seconds > 0 ? ", or keep what is there with 'ffmpeg -i FILE out.wav'" : "";
  const message = `${name} is cut short: ${what}; ${copyAgain}${rest}.`;
  return new UndertoneError("audio/truncated", message, {
    details: { seconds, ...(expectedSeconds === undefined ? {} : { expectedSeconds }) },
  });
}

/** `audio/empty`: nothing behind the header. */
export function withoutSamples(name: string): UndertoneError {
  return new UndertoneError("audio/empty", `${name} has a header but no samples, expected audio.`);
}

/** `audio/truncated`: bytes of a file of this kind that end before one of its chunks. */
export function withoutChunk(name: string, bytes: Uint8Array, what: string): UndertoneError {
  const message = `${name} is cut short: ${bytes.length} bytes of ${what} chunk; ${copyAgain}.`;
  return new UndertoneError("audio/truncated", message);
}

/** `audio/unsupported`: a container of plain samples with something else inside; `kind` as in "an AU". */
export function compressedInside(
  name: string,
  { kind, what, ending }: { readonly kind: string; readonly what: string; readonly ending: string },
): UndertoneError {
  return new UndertoneError(
    "audio/unsupported",
    `${name} is ${kind} file with ${what} inside, expected uncompressed samples, A-law or µ-law: ${converts(ending)}.`,
  );
}

/** `audio/not-audio`: a container whose tracks are no sound. */
export function withoutSound(name: string, container: AudioContainer, cause?: unknown): UndertoneError {
  const message = `${name} is a ${container} file without sound, expected audio.`;
  return new UndertoneError("audio/not-audio", message, { cause });
}

/** Faults of a decoder's code, of WebAssembly too, and of reading beyond an end say nothing to who has the file. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (/^(Reference|Type|Range|Runtime)Error$/.test(cause.name)) return "its data are damaged";
  return cause.message.split("\n")[0].replace(/\.$/, "");
}

/** What a decoder's own error becomes: `audio/unsupported` or `audio/not-audio`. */
export function undecodable(name: string, container: AudioContainer, cause: unknown): UndertoneError {
  const reason = reasonOf(cause);
  if (/no audio track/i.test(reason)) return withoutSound(name, container, cause);
  const what = `${name} begins as ${container} but cannot be decoded`;
  if (!/unsupported|no decoder/i.test(reason))
    return new UndertoneError("audio/not-audio", `${what}: ${reason}.`, { cause });
  const ending = container.startsWith("ogg-") ? "ogg" : container;
  const message = `${what}, as ${reason.replace(/^unsupported: /, "")}: ${converts(ending)}.`;
  return new UndertoneError("audio/unsupported", message, { cause });
}
