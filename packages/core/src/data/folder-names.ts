/** The rule for folders that are no known corpus: the parent folder is the label. */
import { nameParts, type ParsedName } from "./corpora/corpus.js";
import { unknownSpeaker } from "./utterance.js";

/**
 * Where the speaker of `…/label/file.wav` stands: in the folder above the label, in the file's name up to the first `_`, `-` or `.`, or
 * nowhere. Nowhere means one `unknown` speaker for all, so that no split can claim unseen speakers.
 */
export type SpeakerRule = "folder" | "prefix" | "unknown";

/** Returns what a path says by the rule, or null when it has no folder, or the rule finds no speaker. */
export function parseFolderName(relativePath: string, rule: SpeakerRule): ParsedName | null {
  const parts = relativePath.split("/");
  const label = parts.at(-2);
  if (!label) return null;
  const { stem } = nameParts(relativePath);
  const speaker =
    rule === "folder" ? parts.at(-3) : rule === "prefix" ? /^([^_.-]+)[_.-]/.exec(stem)?.[1] : unknownSpeaker;
  return speaker ? { speaker, label, attributes: {} } : null;
}

/** Returns the rule that fits all paths: `folder` when each has a folder above its label, else `unknown`. */
export function guessSpeakerRule(relativePaths: readonly string[]): SpeakerRule {
  const deep = relativePaths.every((path) => path.split("/").length >= 3);
  const speakers = new Set(relativePaths.map((path) => path.split("/").at(-3)));
  return deep && speakers.size > 1 ? "folder" : "unknown";
}
