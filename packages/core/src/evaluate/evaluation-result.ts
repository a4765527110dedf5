/** The result of an evaluation: what `evaluate --json` prints and the report draws. */

import type { Leak } from "../data/leak.js";
import type { DimensionName } from "../data/utterance.js";
import type { ConformalResult } from "./trust/conformal.js";
import type { RiskCoverage } from "./trust/risk-coverage.js";

export type { Leak } from "../data/leak.js";

/** A 95 % confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The measures that exist of a whole evaluation, a fold or a group; in 0..1 where no other range is told. */
export interface Scores {
  /** Unweighted average recall: the mean of the recalls of the classes present in the truth. */
  readonly uar: number;
  readonly accuracy: number;
  readonly precisionMacro: number;
  readonly precisionWeighted: number;
  readonly recallWeighted: number;
  readonly f1Macro: number;
  readonly f1Weighted: number;
  /** One-vs-rest area under the ROC curve, macro average; null where a class has no positive or no negative. */
  readonly rocAuc: number | null;
  /** One-vs-rest average precision, macro average; null where a class does not occur. */
  readonly prAuc: number | null;
  /** Matthews correlation coefficient, −1..1. */
  readonly mcc: number;
  /** Cohen's kappa, at most 1; null when truth and choices are one and the same class. */
  readonly kappa: number | null;
  /** In nats, from 0 on. */
  readonly logLoss: number;
  /** Brier score summed over classes, 0..2. */
  readonly brier: number;
  /** Expected calibration error of the top score, 15 bins of equal width (Guo et al. 2017). */
  readonly ece: number;
}

/** Measures of one class against the rest. */
export interface ClassResult {
  readonly class: string;
  readonly support: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly rocAuc: number | null;
  /** ROC curve as [false positive rate, true positive rate] from (0, 0) to (1, 1), at most 200 points; empty when undefined. */
  readonly roc: readonly (readonly [number, number])[];
}

/** One bin of the reliability diagram. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** Mean top score in the bin and the part of it that was right; null for an empty bin. */
  readonly confidence: number | null;
  readonly accuracy: number | null;
}

/** Scores of a group of utterances: a speaker, a sex, a corpus. */
export interface GroupResult {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly utterances: number;
  readonly uar: number;
  /** 95 % interval of the UAR, by bootstrap over the group's speakers; over its utterances where it is one speaker. */
  readonly ci: Interval;
  readonly accuracy: number;
}

/** How far apart the groups of one kind are. */
export interface GroupGap {
  /** What tells the groups apart. */
  readonly by: "sex" | "corpus";
  readonly best: string;
  readonly worst: string;
  /** UAR of the best group minus that of the worst one. */
  readonly gap: number;
  /** 95 % interval of that difference, by bootstrap over speakers; below 0 it could be the other way round. */
  readonly ci: Interval;
}

/** One scored utterance. */
export interface ScoredUtterance {
  readonly id: string;
  readonly speaker: string;
  readonly fold: string;
  readonly truth: string;
  readonly predicted: string;
  /** In the order of `classes`. */
  readonly scores: readonly number[];
  /** The part of the raters that chose each class, in the order of `classes`; absent where the corpus has no votes. */
  readonly rated?: readonly number[] | undefined;
  /** The utterance's corpus, where the evaluation's data are of several. */
  readonly corpus?: string | undefined;
}

/** Agreement of the scores with the distribution of the raters' votes. */
export interface RatedResult {
  /** How many utterances have votes. */
  readonly utterances: number;
  /** Mean Jensen-Shannon distance between scores and votes, 0 (equal)..1 (disjoint). */
  readonly jensenShannon: number;
}

/** How a feature moves a class's score, from its 10th to its 90th percentile, on average. */
export interface FeatureEffect {
  readonly class: string;
  readonly feature: string;
  /** −1..1. */
  readonly effect: number;
}

/** What a linear model adds to a class for a feature. */
export interface FeatureCoefficient {
  readonly class: string;
  readonly feature: string;
  /** Change of the class's logit, less the mean of all classes' logits, for one standard deviation of the feature; mean over the folds. */
  readonly coefficient: number;
  /** Population deviation over the folds. */
  readonly deviation: number;
}

/** What a model listens to. */
export interface ImportanceResult {
  /** How often each family was shuffled. */
  readonly repeats: number;
  /** The most needed first; `loss` is UAR lost, `deviation` its standard deviation over the repeats. */
  readonly families: readonly {
    readonly family: string;
    readonly features: number;
    readonly loss: number;
    readonly deviation: number;
  }[];
  /** The five largest of each class; empty for models of more than 1000 features. */
  readonly effects: readonly FeatureEffect[];
  /** The five largest of each class, for models whose logits are linear in the features; empty for others. */
  readonly coefficients: readonly FeatureCoefficient[];
}

/** What a model as it ships says of clips: calibrated, and silent where it is not sure enough or the clip too strange. */
export interface HeardClips {
  readonly uar: number;
  /** 95 % interval of the UAR, by bootstrap over speakers. */
  readonly ci: Interval;
  /** Part of the clips that get an answer, and the part of the answers that is right; null where there is none. */
  readonly answered: number;
  readonly accuracyAnswered: number | null;
  /** Calibration error, and mean confidence, of all that were heard. */
  readonly ece: number;
  readonly confidence: number;
}

/** What is left when the audio is worse than the corpus's. */
export interface RobustnessResult {
  /** How many test utterances were drawn, by the seed, evenly over speakers. */
  readonly clips: number;
  /** UAR of these as they are. */
  readonly clean: number;
  readonly asTheyAre: HeardClips;
  readonly conditions: readonly (HeardClips & {
    readonly name: string;
    /** The UAR as part of the clean one. */
    readonly ofClean: number;
    /** Part of the utterances that get another class than as they are. */
    readonly changed: number;
    /** Utterances that gave no features any more: no answer, and not in the other figures. */
    readonly unheard: number;
  })[];
}

/** How a result came about: enough to repeat it. */
export interface Protocol {
  /** One sentence that a table can carry as its caption. */
  readonly summary: string;
  readonly dataset: string;
  /** How many were scored. */
  readonly utterances: number;
  readonly speakers: number;
  /** How many have nothing to be scored, or were tested by no model that has learnt their class. */
  readonly leftOut: number;
  readonly labelMap: string;
  readonly featureSet: string;
  readonly features: number;
  readonly model: Readonly<Record<string, unknown>>;
  readonly folds: string;
  /** How much of the test speakers was known, such as `all`, or of the test collections, such as `collection:8`; absent for nothing. */
  readonly adapt?: string;
  /** The calibration that the scores have been through; absent for none. */
  readonly calibration?: string | undefined;
  readonly speakerIndependent: boolean;
  readonly sentenceIndependent: boolean;
  readonly seed: number;
  /** What labels and speakers of the data cannot teach, one sentence each; absent where there is nothing to say. */
  readonly warnings?: readonly string[] | undefined;
}

/** The scores of an evaluation after a calibration; `none` is before. */
export interface CalibrationResult {
  readonly kind: string;
  readonly uar: number;
  readonly ece: number;
  readonly logLoss: number;
  readonly brier: number;
}

/** What an evaluation found about trust; plain JSON. */
export interface TrustResult {
  /** The calibration that `riskCoverage` and `conformal` are computed after; `none` for scores as they are. */
  readonly calibration: string;
  /** Each kind of calibration, each fold's fitted on the scores of the other folds; only `none` where there is one fold. */
  readonly calibrations: readonly CalibrationResult[];
  readonly riskCoverage: RiskCoverage;
  /** Sets of three levels, each fold's fitted on the other folds; empty where there is one fold. */
  readonly conformal: readonly ConformalResult[];
}

/** What is found of a corpus by models that have not heard it, and of several on average; in 0..1 where no other range is told. */
export interface LeftOutFigures {
  /** Over the classes that the corpus has; the model may answer any. */
  readonly uar: number;
  /** 95 % interval of the UAR by bootstrap over speakers, inside each corpus where they are several. */
  readonly ci: Interval;
  /** One against the rest, mean over the classes that the corpus has; null where it has one only. */
  readonly rocAuc: number | null;
  readonly ece: number;
  readonly accuracy: number;
  /** The part that is answered above the confidence that the training part asks for; null where nothing was fitted in it (no calibration). */
  readonly answered: number | null;
  /** Accuracy of what is answered; null where nothing is, or as above. */
  readonly accuracyAnswered: number | null;
  /** Mean number of classes in the sets that promise to hold the right one nine times in ten. */
  readonly setSize: number | null;
}

/** A corpus that was left out of training. */
export interface LeftOutCorpus extends LeftOutFigures {
  readonly corpus: string;
  readonly utterances: number;
  readonly speakers: number;
  /** Those that the corpus has. */
  readonly classes: readonly string[];
  readonly riskCoverage: RiskCoverage;
}

/** Every corpus left out in turn, and the mean over them, each counting alike. */
export interface LeftOutCorpora {
  readonly rows: readonly LeftOutCorpus[];
  readonly mean: LeftOutFigures;
}

/** Everything an evaluation found; plain JSON. */
export interface EvaluationResult extends Scores {
  readonly protocol: Protocol;
  /** Empty for an honest evaluation; otherwise the report's first lines. */
  readonly leaks: readonly Leak[];
  readonly classes: readonly string[];
  /** Bootstrap over speakers, percentile method. */
  readonly ci: {
    readonly level: 0.95;
    readonly method: string;
    readonly samples: number;
    readonly uar: Interval;
    readonly accuracy: Interval;
    readonly f1Macro: Interval;
    readonly rocAuc: Interval | null;
  };
  /** confusion[truth][predicted], counts. */
  readonly confusion: readonly (readonly number[])[];
  readonly perClass: readonly ClassResult[];
  readonly folds: readonly (Scores & {
    readonly name: string;
    readonly train: number;
    readonly test: number;
    readonly testSpeakers: readonly string[];
  })[];
  readonly perSpeaker: readonly GroupResult[];
  readonly perSex: readonly GroupResult[];
  /** Empty where there is one corpus, or none is told. */
  readonly perCorpus: readonly GroupResult[];
  /** Absent unless whole corpora were left out. */
  readonly corpora?: LeftOutCorpora | undefined;
  /** The same for coarser label maps, computed from the same scores; absent where none was asked for. */
  readonly views?: readonly (LeftOutCorpora & { readonly labelMap: string })[] | undefined;
  readonly fairness: readonly GroupGap[];
  readonly reliability: readonly ReliabilityBin[];
  readonly trust: TrustResult;
  /** Absent unless it was asked for. */
  readonly robustness?: RobustnessResult | undefined;
  /** Absent unless it was asked for. */
  readonly importance?: ImportanceResult;
  /** Absent where no utterance has votes. */
  readonly rated?: RatedResult | undefined;
  readonly predictions: readonly ScoredUtterance[];
}

/** Predicted and rated values of one test utterance, in the order of the names. */
export interface ValuedUtterance {
  readonly id: string;
  readonly speaker: string;
  readonly fold: string;
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
}

/** Measures by their id: ccc, mae, rmse, r2; null where one is not defined. */
export type ValueScores = Readonly<Record<string, number | null>>;

/** How an evaluation of values came about; what is left out lacks a value. */
export type ValueProtocol = Omit<Protocol, "labelMap" | "features" | "adapt" | "calibration">;

/** Everything that an evaluation of values found. */
export interface ValueEvaluation {
  readonly names: readonly DimensionName[];
  readonly protocol: ValueProtocol;
  readonly leaks: readonly Leak[];
  /** By name, pooled over the test utterances of all folds. */
  readonly scores: Readonly<Record<string, ValueScores>>;
  /** 95 % intervals of the CCC, by name. */
  readonly ci: {
    readonly method: string;
    readonly samples: number;
    readonly ccc: Readonly<Record<string, Interval>>;
  };
  readonly folds: readonly {
    readonly name: string;
    /** 0 for a model trained elsewhere. */
    readonly trainCount: number;
    readonly testCount: number;
    readonly scores: Readonly<Record<string, ValueScores>>;
  }[];
  readonly predictions: readonly ValuedUtterance[];
}

/** What an evaluation found of the classes, of the values, or of both. */
export interface Evaluation {
  readonly classes?: EvaluationResult | undefined;
  readonly values?: ValueEvaluation | undefined;
}

/** Returns the document that scripts read: the classes with the values inside, or the values alone. */
export function evaluationDocument({ classes, values }: Evaluation): Readonly<Record<string, unknown>> {
  return { ...(classes ? { ...classes, values } : values) };
}
