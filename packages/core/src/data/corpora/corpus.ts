/** What a corpus is: what its file names say, and what is known about it from its publication. */

/** What a file's name says. */
export interface ParsedName {
  /** The speaker as the corpus names them. */
  readonly speaker: string;
  /** The corpus' own word for the emotion. */
  readonly label: string;
  /** All else: `sex`, `age`, `sentence`, `text`, `intensity`, `take`, … */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * One block of a balanced design: every combination of its values should occur once. Keys are `speaker`, `label` or attributes;
 * `"seen"` stands for the values that occur in the files.
 */
export type DesignBlock = Readonly<Record<string, readonly string[] | "seen">>;

/** A corpus that is recognized by its file names; adding one is one file and one line in `corpora/index.ts`. */
export interface Corpus {
  /** Short id such as `ravdess`. */
  readonly id: string;
  readonly title: string;
  /** ISO 639-1 code of the language spoken. */
  readonly language: string;
  readonly licence: string;
  readonly citation: string;
  /** The corpus' own words for emotions, all that `parse` can return. */
  readonly words: readonly string[];
  /** Sentence id -> what is said, as far as it is published; ids that are not listed may occur. */
  readonly sentences: Readonly<Record<string, string>>;
  /** Id of the label map that keeps every class. */
  readonly defaultLabelMap: string;
  /** Empty when the corpus is not balanced. A block counts only when the corpus at hand has a file in it. */
  readonly design: readonly DesignBlock[];
  /** File names from the corpus' documentation with what they say, for the contract test. */
  readonly examples: Readonly<Record<string, ParsedName>>;
  /** Returns what the path (posix, relative to the corpus' folder) says, or null when it is not a name of this corpus. */
  parse(relativePath: string): ParsedName | null;
}

/** Returns the folder's and the file's name without ending of a posix path. */
export function nameParts(relativePath: string): {
  readonly folder: string;
  readonly stem: string;
  readonly ending: string;
} {
  const parts = relativePath.split("/");
  const file = parts.at(-1)!;
  const dot = file.lastIndexOf(".");
  return {
    folder: parts.at(-2) ?? "",
    stem: dot > 0 ? file.slice(0, dot) : file,
    ending: dot > 0 ? file.slice(dot + 1).toLowerCase() : "",
  };
}
