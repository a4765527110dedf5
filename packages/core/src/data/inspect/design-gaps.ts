/** Compares a corpus at hand with its balanced design. */
import type { Corpus, DesignBlock } from "../corpora/corpus.js";
import type { Utterance } from "../utterance.js";

/** What is missing from or doubled in a balanced design. */
export interface DesignGaps {
  /** How many cells the design has, and how many of them occur. */
  readonly expected: number;
  readonly present: number;
  /** Cells that do not occur, as `speaker YAF, label sad, sentence beg`. */
  readonly missing: readonly string[];
  /** Cells that occur more than once. */
  readonly doubled: readonly { readonly cell: string; readonly ids: readonly string[] }[];
}

/**
 * Returns the gaps, or null when the corpus is not balanced. Blocks of the design in which nothing occurs (the songs of a corpus of which
 * one has only the speech) do not count.
 */
export function findDesignGaps(corpus: Corpus, utterances: readonly Utterance[]): DesignGaps | null {
  const missing: string[] = [];
  const doubled: { cell: string; ids: string[] }[] = [];
  let expected = 0;
  let present = 0;
  for (const block of corpus.design) {
    const own = utterances.filter((utterance) => inBlock(utterance, block));
    if (own.length === 0) continue;
    const factors = Object.entries(block).map(
      ([name, values]) =>
        [
          name,
          values === "seen"
            ? [...new Set(own.flatMap((utterance) => factor(utterance, name) ?? []))].sort()
            : values,
        ] as const,
    );
    const ids = new Map<string, string[]>();
    for (const utterance of own) {
      const key = factors.map(([name]) => `${name} ${factor(utterance, name)}`).join(", ");
      ids.set(key, [...(ids.get(key) ?? []), utterance.id]);
    }
    for (const cell of cells(factors)) {
      expected++;
      const found = ids.get(cell);
      if (!found) missing.push(cell);
      else present++;
      if (found && found.length > 1) doubled.push({ cell, ids: found });
    }
  }
  return expected === 0 ? null : { expected, present, missing, doubled };
}

function factor(utterance: Utterance, name: string): string | undefined {
  return name === "speaker"
    ? utterance.speaker
    : name === "label"
      ? utterance.label
      : utterance.attributes[name];
}

function inBlock(utterance: Utterance, block: DesignBlock): boolean {
  return Object.entries(block).every(([name, values]) => {
    const value = factor(utterance, name);
    return value !== undefined && (values === "seen" || values.includes(value));
  });
}

function* cells(factors: readonly (readonly [string, readonly string[]])[], prefix = ""): Generator<string> {
  const [first, ...rest] = factors;
  if (!first) {
    yield prefix;
    return;
  }
  for (const value of first[1])
    yield* cells(rest, `${prefix}${prefix === "" ? "" : ", "}${first[0]} ${value}`);
}
