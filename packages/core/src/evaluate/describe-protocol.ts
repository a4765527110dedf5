/** How a result came about, in fields and in one sentence. */
import type { FeatureTable, HeardTable } from "../data/feature-table.js";
import { type LabelMap, mapLabel } from "../data/label-map.js";
import type { Split } from "../data/split.js";
import { type Dataset, type Utterance, unknownSpeaker } from "../data/utterance.js";
import type { Protocol, ScoredUtterance } from "./evaluation-result.js";
import type { SpeakerAdaptation } from "./fit-folds.js";

export interface ProtocolInput {
  readonly dataset: Dataset;
  readonly table: FeatureTable;
  readonly labelMap: LabelMap;
  readonly splits: readonly Split[];
  readonly estimator: { readonly kind: string; readonly params: Readonly<Record<string, unknown>> };
  readonly seed: number;
  readonly foldsName: string;
  readonly featureSet: string;
  readonly adapt?: SpeakerAdaptation;
  readonly trainHeard?: readonly HeardTable[] | undefined;
  readonly testHeard?: readonly HeardTable[] | undefined;
  /** The calibration that each fold fits inside its training part; default none. */
  readonly calibration?: string | undefined;
  readonly predictions: readonly ScoredUtterance[];
}

/** Returns the protocol of an evaluation; whether speakers and sentences are unseen is read off the splits themselves. */
export function describeProtocol(input: ProtocolInput): Protocol {
  const { dataset, table, labelMap, splits, estimator, predictions } = input;
  const calibrated = input.calibration !== undefined && input.calibration !== "none";
  const byId = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const speakers = new Set(predictions.map(({ speaker }) => speaker)).size;
  const speakerIndependent = independent(splits, (id) => byId.get(id)?.speaker);
  const sentenceIndependent = independent(splits, (id) => byId.get(id)?.attributes.sentence);
  const model = { kind: estimator.kind, ...estimator.params };
  const foldsText = describeFolds(splits, {
    speakerIndependent,
    sentenceIndependent,
    name: input.foldsName,
    byId,
  });
  const leftOut = dataset.utterances.filter((utterance) => !hasClass(utterance, labelMap)).length;
  const summary = [
    dataset.name,
    count(predictions.length, "utterance") +
      (leftOut > 0 ? ` (${leftOut} more left out by ${labelMap.id})` : ""),
    speakers === 1 && predictions[0].speaker === unknownSpeaker
      ? "speakers not known"
      : count(speakers, "speaker"),
    count(labelMap.classes.length, "class", "classes"),
    foldsText,
    `features ${input.featureSet} (${table.frames.cols})`,
    describeModel(estimator),
    ...(typeof estimator.params.standardize === "boolean"
      ? [estimator.params.standardize ? "scaler fitted inside each training part" : "no scaler"]
      : []),
    ...describeSpeeds("training copies at speed", input.trainHeard),
    ...describeSpeeds("scores averaged over speed", input.testHeard),
    describeAdaptation(input.adapt),
    ...(calibrated ? [`${input.calibration} calibration fitted inside each training part`] : []),
    `seed ${input.seed}`,
    "measures pooled over all test utterances",
  ].join(", ");
  return {
    summary,
    dataset: dataset.name,
    utterances: predictions.length,
    speakers,
    leftOut,
    labelMap: labelMap.id,
    featureSet: input.featureSet,
    features: table.frames.cols,
    model,
    folds: input.foldsName,
    ...(input.adapt && { adapt: String(input.adapt.utterances) }),
    ...(calibrated && { calibration: input.calibration! }),
    speakerIndependent,
    sentenceIndependent,
    seed: input.seed,
  };
}

/** Whether no split shares a value of `key` between its test part and the rest; false where an utterance has none. */
export function independent(splits: readonly Split[], key: (id: string) => string | undefined): boolean {
  return splits.every(({ train, dev, test }) => {
    const seen = new Set([...train, ...dev].map(key));
    return !seen.has(undefined) && test.map(key).every((value) => value !== undefined && !seen.has(value));
  });
}

function hasClass(utterance: Utterance, labelMap: LabelMap): boolean {
  return utterance.label !== undefined && mapLabel(labelMap, utterance.label) !== null;
}

/** Returns how many folds of what kind. */
export function describeFolds(
  splits: readonly Split[],
  about: {
    speakerIndependent: boolean;
    sentenceIndependent: boolean;
    name: string;
    byId: ReadonlyMap<string, Utterance>;
  },
): string {
  const { speakerIndependent, sentenceIndependent, name, byId } = about;
  const testSpeakers = splits.map(({ test }) => new Set(test.map((id) => byId.get(id)?.speaker)).size);
  const one = testSpeakers.every((n) => n === 1);
  const who = !speakerIndependent
    ? "with test speakers also in training"
    : one
      ? "of one unseen speaker"
      : "of unseen speakers";
  const what = sentenceIndependent ? " and unseen sentences" : "";
  return `${count(splits.length, "fold")} ${who}${what} (${name})`;
}

/** Returns such as `logistic regression (C = 0.01, classWeight = balanced)`. */
export function describeModel({ kind, params }: ProtocolInput["estimator"]): string {
  const parts = Object.entries(params)
    .filter(
      ([name, value]) =>
        name !== "standardize" &&
        !(name === "speakerCentring" && value === "none") &&
        ["number", "string", "boolean"].includes(typeof value),
    )
    .map(([name, value]) => `${name} = ${value}`);
  return kind.replaceAll("-", " ") + (parts.length > 0 ? ` (${parts.join("; ")})` : "");
}

function describeAdaptation(adapt: SpeakerAdaptation | undefined): string {
  if (!adapt) return "no speaker statistics";
  const { utterances, shrinkage } = adapt;
  const known = utterances === "all" ? "all" : `${utterances} drawn`;
  return `ADAPTED to each test speaker by ${known} of the speaker's utterances without labels (shrinkage ${shrinkage}; not to be compared with results without)`;
}

/** Returns such as `training copies at speed 0.9; 1`, and what one more copy went through; nothing where all is as it is. */
export function describeSpeeds(what: string, heard: readonly HeardTable[] = []): string[] {
  const speeds = heard.flatMap(({ speed, through }) => (through === undefined ? [speed] : []));
  return [
    ...(speeds.some((speed) => speed !== 1) ? [`${what} ${speeds.join("; ")}`] : []),
    ...heard.flatMap(({ through }) =>
      through === undefined ? [] : [`one more training copy through ${through}`],
    ),
  ];
}

/** Returns such as `1 fold`, `2 folds`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
