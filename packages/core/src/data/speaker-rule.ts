/** Where the speaker of a recording stands, as `--speaker-from` says it. */
import { UndertoneError } from "../errors.js";
import { humps, isEmotionWord, partsOf } from "./emotion-words.js";

/**
 * The first part of the file's name, a folder, a column of the list, what a regular expression calls `speaker` in the path, or nowhere:
 * then all share one `unknown` speaker, so that no split can claim unseen ones.
 */
export type SpeakerRule =
  | { readonly kind: "prefix" | "folder" | "unknown" }
  | { readonly kind: "column"; readonly column: string }
  | { readonly kind: "pattern"; readonly pattern: RegExp };

export const speakerRuleForms =
  "prefix, folder, unknown, column:NAME or a regular expression with (?<speaker>…)";

/** Returns the rule that a text names. @throws UndertoneError `usage/bad-value`. */
export function parseSpeakerRule(text: string): SpeakerRule {
  if (text === "prefix" || text === "folder" || text === "unknown") return { kind: text };
  const column = /^column:(.+)$/s.exec(text)?.[1]?.trim();
  if (column) return { kind: "column", column };
  const bad = (why: string, cause?: unknown): UndertoneError =>
    new UndertoneError(
      "usage/bad-value",
      `Bad speaker rule '${text}': ${why}, expected ${speakerRuleForms}`,
      { cause },
    );
  if (!text.includes("(?<speaker>")) throw bad("it is no such word and names no speaker");
  try {
    return { kind: "pattern", pattern: new RegExp(text, "u") };
  } catch (cause) {
    throw bad((cause as Error).message, cause);
  }
}

/** What people are called in names, before their number. */
export const personWords =
  "actor|actress|speaker|spkr?|subj(?:ect)?|participant|talker|person|sprecher(?:in)?|proband|vp|id";
/** What stands for people in names before their number, and may stand for other things. */
export const shortPersonWords = "[spfm]|(?:fe)?male|(?:wo)?man";
const personWord = new RegExp(`^(?:${personWords}|${shortPersonWords})$`, "i");

/**
 * Returns the first part of a file's name that is neither its label nor a word for an emotion: `anna` of `anna-1.wav`, `angry_anna_03.wav`, `annaAngry3.wav` and `anna7.wav`,
 * `speaker_01` of `speaker_01_sad.wav`; undefined for a name without parts, and where nothing but a number is left.
 */
export function namePrefix(stem: string, label?: string): string | undefined {
  const parts = partsOf(stem);
  const told = parts.length > 1 ? parts : humps(stem);
  const [, letters] = told.length === 1 ? (/^(\p{L}+)\d+$/u.exec(stem) ?? []) : [];
  const [first, second] = (told.length === 1 ? [letters ?? ""] : told).filter(
    (part) => !isEmotionWord(part) && part.toLowerCase() !== label,
  );
  if (first === undefined) return undefined;
  if (second !== undefined && personWord.test(first) && /^\d+$/.test(second)) return `${first}_${second}`;
  return second === undefined && /^\d*$/.test(first) ? undefined : first;
}
