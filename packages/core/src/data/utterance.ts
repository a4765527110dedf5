/** One labelled stretch of one recording. */

/** The dimensions that a corpus may rate. */
export const dimensionNames = ["arousal", "valence", "dominance"] as const;
export type DimensionName = (typeof dimensionNames)[number];

/** One utterance of a corpus: a file or a part of it, who spoke, and what was heard in it. */
export interface Utterance {
  /** Unique in its dataset and stable across machines: the path below the corpus folder, with `#start-end` for a part. */
  readonly id: string;
  /** Path of the recording, as given to the reader of the corpus. */
  readonly file: string;
  /** Where the utterance starts and ends in the file, in seconds; absent means the whole file. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  /** The speaker's name, unique in the dataset; never empty. */
  readonly speaker: string;
  /** The corpus' own word for the emotion. */
  readonly label?: string | undefined;
  /** How many raters chose each of the corpus' words. */
  readonly votes?: Readonly<Record<string, number>> | undefined;
  /** Arousal, valence, dominance as the corpus gives them. */
  readonly dimensions?: Readonly<Partial<Record<DimensionName, number>>> | undefined;
  /**
   * All else that the corpus tells, such as `sex` ("female", "male"), `sentence`, `intensity`, `take`, `language`, `corpus`; `copyOf` is the id of the
   * recording that this one was made from. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * The speaker of utterances whose speaker is not known. All of a corpus share it, so that no split can claim unseen speakers: the leak
 * gate finds it in training and test.
 */
export const unknownSpeaker = "unknown";

/** What every figure says where no speaker is known. */
export const speakersUnknownNote = "speakers unknown: cannot be trusted for strangers";

/** Returns the words that some rater chose. */
export function votedWords({ votes = {} }: Pick<Utterance, "votes">): string[] {
  return Object.keys(votes).filter((word) => votes[word] > 0);
}

/** A list of utterances with a name; ids are unique. */
export interface Dataset {
  readonly name: string;
  readonly utterances: readonly Utterance[];
}

/** Returns how many speakers there are in words, the unknown ones apart: "3 speakers", "3 speakers and unknown ones", or the note where none is known. */
export function speakersInWords(utterances: readonly Pick<Utterance, "speaker">[]): string {
  const names = new Set(utterances.map(({ speaker }) => speaker));
  const known = [...names].filter((name) => !isUnknownSpeaker(name)).length;
  if (known === 0 && names.size > 0) return speakersUnknownNote;
  return `${known} speaker${known === 1 ? "" : "s"}${known < names.size ? " and unknown ones" : ""}`;
}

/** Names that lists and folders have for whoever it was, several people perhaps. */
const nobody =
  /(?:^|\/)(?:unknown|unk|unbekannt|inconnu|anonym(?:ous)?|others?|various|mixed|misc|n\/a|[?-]+)$/i;

/** Whether a speaker is the unknown one, of a dataset or of one of several that were joined, in whatever words. */
export function isUnknownSpeaker(speaker: string): boolean {
  return nobody.test(speaker);
}
