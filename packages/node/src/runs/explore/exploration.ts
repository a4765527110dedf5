/** What an exploration of a corpus found: what `explore --json` prints and the report draws. */
import type { ClusterChoice } from "@undertone/core/cluster";
import type { LabelDoubt } from "@undertone/core/evaluate";
import type { ModelDistance } from "../distance/model-distance.js";

/** One utterance as the map shows it. */
export interface ExploredUtterance {
  readonly id: string;
  readonly label: string;
  readonly speaker: string;
  readonly sex: string | null;
  /** −1 where the method leaves it out. */
  readonly cluster: number;
  /** Mean of its ranks among the outlier detectors, 0..1, 1 for the most unusual. */
  readonly unusual: number;
}

/** Points of all utterances in the plane. */
export interface ExploredMap {
  readonly kind: string;
  /** Part of near points that are near in truth, 0..1 (Venna and Kaski 2001); null for fewer than 12 utterances. */
  readonly trustworthiness: number | null;
  readonly points: readonly (readonly [number, number])[];
}

/** How a grouping agrees with something known. */
export interface Agreement {
  readonly of: "label" | "speaker" | "sex";
  /** Null where neither the grouping nor what is known parts the utterances. */
  readonly ari: number | null;
  readonly nmi: number | null;
  /** counts[value][cluster]; clusters in ascending order, −1 first where there is noise. */
  readonly values: readonly string[];
  readonly clusters: readonly number[];
  readonly counts: readonly (readonly number[])[];
}

/** One method of grouping, for comparison. */
export interface MethodResult {
  readonly kind: string;
  readonly clusters: number;
  /** Utterances in no cluster. */
  readonly noise: number;
  /** Over the utterances in clusters; null below two clusters. */
  readonly silhouette: number | null;
  /** Null as in an `Agreement`. */
  readonly ariLabel: number | null;
  readonly nmiLabel: number | null;
  readonly nmiSpeaker: number | null;
}

/** An utterance unlike the others, and in what. */
export interface Outlier {
  readonly id: string;
  readonly label: string;
  readonly speaker: string;
  readonly unusual: number;
  /** Scores by detector. */
  readonly scores: Readonly<Record<string, number>>;
  readonly reason: string;
}

/** A doubted label, with what speaks against it. */
export interface ExplainedDoubt extends LabelDoubt {
  readonly reason: string;
}

/** What cross-validation says of the labels. */
export interface LabelCheck {
  readonly protocol: string;
  /** Unweighted average recall of the models whose scores were used. */
  readonly uar: number;
  /** Part of the utterances counted as mislabelled; the models' own errors included. */
  readonly noiseRate: number;
  /** Labels against which another class reaches its usual score. */
  readonly confident: number;
  /** These, the most doubtful first, at most 50. */
  readonly doubts: readonly ExplainedDoubt[];
}

/** Everything that `explore` found; plain JSON. */
export interface Exploration {
  readonly dataset: string;
  readonly featureSet: string;
  readonly features: number;
  readonly components: number;
  /** Part of the variance that the components keep. */
  readonly variance: number;
  readonly centred: boolean;
  readonly labelMap: string;
  readonly seed: number;
  readonly speakers: number;
  /** What labels and speakers cannot teach, one sentence each. */
  readonly warnings: readonly string[];
  /** Utterances whose features differ from those of all before them. */
  readonly distinct: number;
  readonly utterances: readonly ExploredUtterance[];
  readonly maps: readonly ExploredMap[];
  readonly clustering: {
    readonly kind: string;
    readonly clusters: number;
    readonly agreements: readonly Agreement[];
  };
  readonly methods: readonly MethodResult[];
  readonly choice: ClusterChoice;
  readonly outliers: readonly Outlier[];
  readonly labels: LabelCheck | { readonly skipped: string };
  /** How far the corpus is from what a model knows; null where none was asked for. */
  readonly distance: ModelDistance | { readonly skipped: string } | null;
}
