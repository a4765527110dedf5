/** How far a corpus is from what a model knows: what `corpus inspect --json` and `explore --json` print of it. */
import type { ConditionRange } from "@undertone/core/artifact";
import type { Interval } from "@undertone/core/evaluate";

/** One condition of the corpus beside that of the training recordings. */
export interface ConditionDistance {
  readonly kind: string;
  readonly unit: string;
  /** 5th, 50th and 95th percentile of the clips that were heard, and of the training recordings; null where the model does not tell. */
  readonly own: ConditionRange;
  readonly known: ConditionRange | null;
  /** Parts of the clips below and above nine of ten training recordings, by more than can be told apart; null where the model does not tell. */
  readonly below: number | null;
  readonly above: number | null;
  /** `lower` or `higher` where that is half of the clips or more, `partly-lower` or `partly-higher` from a quarter on. */
  readonly verdict: "as-known" | "lower" | "higher" | "partly-lower" | "partly-higher" | "not-known";
  /** The numbers in words, and what they come to in one sentence. */
  readonly numbers: string;
  readonly text: string;
}

/** What the model says of the clips that it heard. */
export interface ModelAnswers {
  readonly clips: number;
  /** Parts of the clips that it names, that it holds to be unfamiliar, and that it is too unsure of. */
  readonly named: number;
  readonly unfamiliar: number;
  readonly uncertain: number;
  /** Mean probability of the likeliest class. */
  readonly confidence: number;
}

/** One way to use a model, measured on the labelled clips. */
export interface WayResult {
  readonly way: "as-it-is" | "adapted" | "own";
  readonly uar: number;
  readonly interval: Interval;
  /** What it is better by than the way before it that is best. */
  readonly gain: { readonly over: WayResult["way"]; readonly by: number; readonly interval: Interval } | null;
}

/** The ways to use a model beside each other. */
export interface WayResults {
  readonly clips: number;
  /** Null where it is not known of all who speaks. */
  readonly speakers: number | null;
  readonly classes: readonly string[];
  readonly chance: number;
  /** What was drawn for the intervals; of clips of few speakers they say nothing of others. */
  readonly drawn: "speakers" | "clips";
  readonly ways: readonly WayResult[];
  /** Why a model of the corpus' own is not among them. */
  readonly ownSkipped: string | null;
}

/** Everything that is known of the distance; plain JSON. */
export interface ModelDistance {
  readonly model: {
    readonly name: string;
    readonly file: string;
    readonly classes: readonly string[];
    readonly trainedOn: string;
    readonly clips: number;
    readonly speakers: number;
    /** Whether it adapts to collections. */
    readonly adapts: boolean;
    /** Whether it tells which clips it learnt from. */
    readonly tellsClips: boolean;
  };
  /** Clips of the corpus, those that were listened to, and what of these is no speech to the model. */
  readonly clips: {
    readonly all: number;
    readonly sampled: number;
    readonly noSpeech: number;
    readonly broken: number;
  };
  readonly seed: number;
  readonly conditions: readonly ConditionDistance[];
  readonly answers: ModelAnswers | { readonly skipped: string };
  /** The corpus' words: the model's class for each, and how many clips have those without. */
  readonly labels: {
    readonly classes: Readonly<Record<string, string>>;
    readonly without: Readonly<Record<string, number>>;
  };
  readonly results: WayResults | { readonly skipped: string };
  readonly advice: {
    readonly choice: "as-it-is" | "adapt" | "retrain" | "not-known";
    /** One sentence each. */
    readonly text: readonly string[];
  };
}
