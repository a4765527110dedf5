/** Sees, from bytes as they come, whether a compressed file ends inside a frame or page: walks from header to header. */
import { joinBytes } from "./join-arrays.js";
import { mpegFrame, mpegLength } from "./mpeg-frame.js";
import { oggPage } from "./ogg-page.js";
import { type AudioContainer, hasText, skipId3 } from "./sniff-container.js";

export interface CutWatch {
  push(chunk: Uint8Array): void;
  /** Whether a file that ends with the bytes so far is cut. */
  readonly cut: boolean;
}

/** Returns how far it is from `at` to the next header, null when more bytes are needed to tell, or "end" where the walk is over. */
type Step = (bytes: Uint8Array, at: number) => number | null | "end";

/** Returns a watch for one file of a container; for those whose length is known otherwise it sees nothing. */
export function cutWatch(container: AudioContainer): CutWatch {
  switch (container) {
    case "mp3":
    case "aac":
      return mpegWatch();
    case "ogg-vorbis":
    case "ogg-opus":
    case "ogg-flac":
      return walk(pageStep);
    default:
      return { push: () => undefined, cut: false };
  }
}

/** A watch that also says whether it saw the end of what it walks over. */
interface Walk extends CutWatch {
  readonly ended: boolean;
}

function walk(step: Step): Walk {
  let held: Uint8Array = new Uint8Array(0);
  let skip = 0; // bytes still to come before the next header
  let ended = false;
  return {
    push(chunk) {
      if (ended) return;
      const bytes = joinBytes([held, chunk]);
      let at = skip;
      while (at < bytes.length) {
        const next = step(bytes, at);
        ended = next === "end";
        if (next === null || next === "end") break;
        at += next;
      }
      skip = Math.max(0, at - bytes.length);
      held = ended ? new Uint8Array(0) : bytes.slice(at);
    },
    get ended() {
      return ended;
    },
    get cut() {
      return !ended && (skip > 0 || held.length > 0);
    },
  };
}

const pageStep: Step = (bytes, at) => {
  if (at + 27 > bytes.length) return hasText(bytes, at, "OggS".slice(0, bytes.length - at)) ? null : "end";
  if (!hasText(bytes, at, "OggS")) return "end";
  const { body, end } = oggPage(bytes, at);
  return body > bytes.length ? null : end - at;
};

/** Frames behind tags; a Xing or Info header in the first one tells how many there should be. */
function mpegWatch(): CutWatch {
  let promised: number | null = null;
  let first = true;
  let count = 0;
  let searched = 0;
  const frames = walk((bytes, at) => {
    if (first && hasText(bytes, at, "ID3"))
      return at + 10 <= bytes.length ? skipId3(bytes.subarray(at, at + 10)) : null;
    if (at + 7 > bytes.length) return first || bytes[at] === 0xff ? null : "end";
    const frame = mpegFrame(bytes, at);
    if (frame === null || frame.bytes === null) {
      // A tag or padding ends the stream; the decoder finds its own way over anything else.
      return first && frame === null && searched++ < 65536 ? 1 : "end";
    }
    const length = first ? mpegLength(bytes, at, frame) : undefined;
    if (length === null) return null;
    first = false;
    if (length) {
      promised = length.frames ?? null;
      return frame.bytes;
    }
    count++;
    return frame.bytes;
  });
  return {
    push: frames.push,
    get cut() {
      return frames.cut || (promised !== null && !frames.ended && count < promised - 1);
    },
  };
}
