/** The manifest of an artifact: everything in the file that is not graph, as one JSON document and the numbers that it names. */

import type { DimensionName } from "../data/utterance.js";
import type { Calibration } from "../evaluate/calibration/index.js";
import type { LeftOutCorpus } from "../evaluate/evaluation-result.js";
import type { Conformal } from "../evaluate/trust/conformal.js";
import type { CollectionModel } from "../learn/collection-model.js";
import type { MarkVariances } from "../learn/recording-marks.js";
import type { CoarseAxis } from "../math/coarse-axes.js";

/** The version of the manifest's format that this code writes, and the newest that it reads. */
export const artifactFormat = 2;

/** The key in the ONNX model's metadata under which the manifest stands. */
export const manifestKey = "undertone";

/**
 * What a manifest may require of its reader beyond its format: `speeds`, to average scores over `features.speeds`; `dimensions`, to know that the
 * graph gives values of arousal, valence or dominance, beside its scores or alone.
 */
export const knownRequirements = ["speeds", "dimensions"] as const;

/** When the recognizer stays silent for want of speech. */
export interface SpeechGate {
  /** Shortest audio that is looked at, in seconds. */
  readonly minSeconds: number;
  /** Least time above the noise floor, in seconds. */
  readonly minActiveSeconds: number;
  /** Least voiced time, in seconds. */
  readonly minVoicedSeconds: number;
}

/** Moments of each feature over the training part, in the order of the feature set's names. */
export interface ReferenceProfile {
  readonly utterances: number;
  readonly mean: readonly number[];
  /** Population standard deviation. */
  readonly deviation: readonly number[];
}

/** A 5th, 50th and 95th percentile. */
export interface ConditionRange {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** What the training recordings were like, in the columns of the feature set `conditions-v1`. */
export interface ConditionProfile {
  /** How many of them were measured. */
  readonly utterances: number;
  readonly known: Readonly<Record<string, ConditionRange>>;
}

/** What tells recordings that sound like the training ones from others: their spread along and across their principal axes. */
export interface OutOfDistributionProfile {
  /** Axes over the standardized features. */
  readonly axes: readonly CoarseAxis[];
  /** Inverse covariance along the axes, row-major. */
  readonly precision: readonly number[];
  /** Mean variance across the axes. */
  readonly residualVariance: number;
  /** Percentiles 0..100 of the distances of training speakers who were held out, or of corpora from the others where there are several. */
  readonly percentiles: readonly number[];
  /** Above this score, 0..1, the recognizer says "unfamiliar"; 1 for never. */
  readonly abstainAbove: number;
}

/** What an evaluation of this model's recipe on unseen speakers gave. */
export interface EvaluationSummary {
  /** Unweighted average recall, 0..1. */
  readonly uar: number;
  /** 95 % interval of the UAR, by bootstrap over speakers. */
  readonly ci: { readonly low: number; readonly high: number };
  /** One sentence: data, speakers, folds, seed. */
  readonly protocol: string;
  /** What leaked between training and test, one sentence each; empty for an honest evaluation. */
  readonly leaks: readonly string[];
  /** Mean Jensen-Shannon distance of the scores to the raters' votes, 0..1; absent where the corpus has no votes. */
  readonly jensenShannon?: number;
  /** What models of the same recipe gave that had not heard the corpus; absent where there is one corpus. */
  readonly corpora?: readonly Omit<LeftOutCorpus, "riskCoverage">[];
}

/** One of the values that a model gives, in the unit of the ratings that it learnt from. */
export interface DimensionRange {
  readonly name: DimensionName;
  /** The least and the greatest rating of the training part, and their mean. */
  readonly low: number;
  readonly high: number;
  readonly mean: number;
}

/** Measures of one value on unseen speakers; null where one is not defined. */
export interface DimensionMeasures {
  readonly name: DimensionName;
  readonly ccc: number | null;
  /** 95 % interval of the CCC, by bootstrap over speakers. */
  readonly ci: { readonly low: number; readonly high: number };
  /** In the unit of the ratings. */
  readonly mae: number | null;
  readonly rmse: number | null;
  readonly r2: number | null;
}

/** The part of a model that gives values. */
export interface DimensionHead {
  /** The graph's output, [N, values] float32. */
  readonly output: string;
  readonly model: { readonly kind: string; readonly params: Readonly<Record<string, unknown>> };
  /** In the order of the output's columns. */
  readonly values: readonly DimensionRange[];
  /** Null when it was never evaluated. */
  readonly evaluation: {
    readonly measures: readonly DimensionMeasures[];
    /** One sentence: data, speakers, folds, seed. */
    readonly protocol: string;
    /** What leaked between training and test, one sentence each; empty for an honest evaluation. */
    readonly leaks: readonly string[];
  } | null;
}

/** What a person should know before using the model; one or more sentences each. */
export interface ModelCard {
  readonly licence: string;
  readonly data: string;
  readonly intendedUse: string;
  readonly limits: string;
  readonly citation: string;
}

/** A file of an npm package, known by its content. */
export interface PackageReference {
  readonly package: string;
  readonly path: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A file that no dependency of Undertone carries, known by its content; its layer, pooling and level stand in the feature set's id. */
export interface NamedReference {
  readonly name: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** SPDX id, or `unknown`. */
  readonly licence: string;
  /** Where it came from, such as `hf:ORG/MODEL@REVISION/PATH`, or `unknown`. */
  readonly source: string;
}

/** A file of a third-party network that an artifact needs. */
export type EncoderReference = PackageReference | NamedReference;

/** Everything about an artifact but its graph; plain JSON. In the file its lists of numbers are bytes (`manifest-numbers.ts`). */
export interface ArtifactManifest {
  /** The format of the file: 1, where the numbers stand in the JSON, or 2. */
  readonly format: number;
  /** What a reader must understand beyond the format to use the model rightly. */
  readonly requires: readonly string[];
  /** Fingerprint of the graph and of this manifest. */
  readonly checksum: string;
  readonly name: string;
  /** When it was made, ISO 8601. */
  readonly created: string;
  /** The version of Undertone that made it. */
  readonly undertone: string;
  readonly features: {
    readonly id: string;
    readonly count: number;
    readonly namesChecksum: string;
    readonly sampleRate: number;
    /** The third-party networks that the features need, which stay in their packages and files; absent for none. */
    readonly encoders?: readonly EncoderReference[];
    /** Scores are averaged over the audio played at these speeds (`changeSpeed`); absent for the audio as it is. */
    readonly speeds?: readonly number[] | undefined;
  };
  readonly labelMap: {
    readonly id: string;
    readonly words: Readonly<Record<string, string | null>>;
  };
  /** In the order of the scores; none for a model of values alone. */
  readonly classes: readonly string[];
  /** The model of classes, or that of values where there are no classes. */
  readonly model: { readonly kind: string; readonly params: Readonly<Record<string, unknown>> };
  /**
   * How the model takes what is known of a speaker, as `learnSpeaker` does, with the axes of its recordings' marks over the standardized
   * features, and how scores for a speaker who is known become probabilities; absent when it was not trained for it.
   */
  readonly speakers?: {
    readonly shrinkage: number;
    readonly axes?: readonly CoarseAxis[] | undefined;
    /** Absent in models of few speakers. */
    readonly variances?: MarkVariances | undefined;
    /** Default: as for strangers. */
    readonly calibration?: Calibration | undefined;
  };
  /**
   * How the model takes what is known of a collection, as `learnCollection` does; absent in older models, and without classes.
   */
  readonly collections?:
    | (CollectionModel & {
        /** Whose recordings told of it; such of corpora serves for speakers too, where there is no `speakers`. */
        readonly of: "corpora" | "speakers";
        /** The axes of marks where `speakers` has none. */
        readonly axes?: readonly CoarseAxis[] | undefined;
      })
    | undefined;
  /** The graph's input, [N, features] float32, and output of scores, [N, classes] float32, absent without classes. */
  readonly input: string;
  readonly output?: string;
  /** Absent for a model of classes alone. */
  readonly dimensions?: DimensionHead | undefined;
  readonly speech: SpeechGate;
  /** Below this probability of the top class the recognizer says "uncertain"; 0 for never. */
  readonly minConfidence: number;
  readonly timeline: { readonly windowSeconds: number; readonly hopSeconds: number };
  readonly calibration: Calibration;
  readonly reference: ReferenceProfile;
  /** Absent where a feature table was trained on, and in older files. */
  readonly conditions?: ConditionProfile | undefined;
  /** Marks of the clips that it learnt from (`learnt-clips.ts`), eight a clip; absent for few features, and in older files. */
  readonly learntClips?: readonly number[] | undefined;
  /** Absent where the training data were too few to tell. */
  readonly outOfDistribution?: OutOfDistributionProfile | undefined;
  /** What makes prediction sets; absent where no scores for unseen speakers were there to fit it. */
  readonly conformal?: Conformal;
  readonly training: { readonly dataset: string; readonly utterances: number; readonly speakers: number };
  /** Null when it was never evaluated. */
  readonly evaluation: EvaluationSummary | null;
  readonly card: ModelCard;
}
