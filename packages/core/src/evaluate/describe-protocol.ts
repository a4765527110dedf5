/** How a result came about, in fields and in one sentence. */

import type { Beside } from "../data/beside.js";
import { corpusName } from "../data/corpora/index.js";
import { findDatasetWarnings, warningText } from "../data/dataset-warnings.js";
import type { FeatureView } from "../data/feature-table.js";
import { type LabelMap, mapLabel } from "../data/label-map.js";
import { nameKey } from "../data/same-name.js";
import type { Split } from "../data/split.js";
import { inTable } from "../data/training-set.js";
import { type DimensionName, isUnknownSpeaker, speakersInWords, type Utterance } from "../data/utterance.js";
import type { Estimator } from "../learn/estimator.js";
import type { Adaptation } from "./class-fold.js";
import type { Protocol, ScoredUtterance, ValuedUtterance, ValueProtocol } from "./evaluation-result.js";
import type { FoldFits } from "./fit-folds.js";
import { valuesOf } from "./taught-rows.js";

/** What both protocols are made from. */
interface RunFacts
  extends Pick<FoldFits, "dataset" | "table" | "train" | "test" | "beside" | "splits" | "seed"> {
  readonly estimator: Pick<Estimator, "kind" | "params">;
  readonly foldsName: string;
  readonly featureSet: string;
  /** What else the summary is to say, such as what was done otherwise than a recipe says. */
  readonly note?: string | undefined;
}

export interface ProtocolInput extends RunFacts {
  readonly labelMap: LabelMap;
  readonly adapt?: Adaptation | undefined;
  /** The calibration that each fold fits inside its training part; default none. */
  readonly calibration?: string | undefined;
}

/** Returns the protocol of an evaluation; whether speakers and sentences are unseen is read off the splits themselves. */
export function describeProtocol(input: ProtocolInput, predictions: readonly ScoredUtterance[]): Protocol {
  const { labelMap, estimator, adapt, calibration } = input;
  const calibrated = calibration !== undefined && calibration !== "none";
  const classOf = ({ label }: Utterance): string | null =>
    label === undefined ? null : mapLabel(labelMap, label);
  return {
    ...describeRun(input, predictions, {
      classOf,
      has: (utterance) => classOf(utterance) !== null,
      leftOut: (n) => `${n} more left out by ${labelMap.id}`,
      learnt: count(labelMap.classes.length, "class", "classes"),
      scaler:
        typeof estimator.params.standardize === "boolean"
          ? [estimator.params.standardize ? "scaler fitted inside each training part" : "no scaler"]
          : [],
      averaged: "scores",
      known: [
        describeAdaptation(adapt),
        ...(calibrated ? [`${calibration} calibration fitted inside each training part`] : []),
      ],
    }),
    labelMap: labelMap.id,
    features: input.table.frames.cols,
    ...(adapt && { adapt: adaptedWord(adapt) }),
    ...(calibrated && { calibration }),
  };
}

/** Returns the protocol of an evaluation of values. */
export function describeValueProtocol(
  input: RunFacts & { readonly names: readonly DimensionName[] },
  predictions: readonly ValuedUtterance[],
): ValueProtocol {
  const { names } = input;
  return describeRun(input, predictions, {
    classOf: () => null,
    has: (utterance) => valuesOf(utterance, names) !== undefined,
    leftOut: (n) => `${n} more without every value`,
    learnt: `values ${names.join(" and ")}`,
    scaler: [],
    averaged: "values",
    known: ["no speaker statistics"],
  });
}

/** Returns what every protocol says. */
function describeRun(
  input: RunFacts,
  predictions: readonly Pick<Utterance, "id" | "speaker">[],
  words: {
    readonly classOf: (utterance: Utterance) => string | null;
    readonly has: (utterance: Utterance) => boolean;
    readonly leftOut: (n: number) => string;
    readonly learnt: string;
    readonly scaler: readonly string[];
    readonly averaged: string;
    readonly known: readonly string[];
  },
): ValueProtocol {
  const { dataset, table, splits, estimator, featureSet, seed } = input;
  const byId = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const speakers = new Set(predictions.map(({ speaker }) => speaker)).size;
  const knownSpeaker = (id: string): string | undefined => {
    const name = byId.get(id)?.speaker;
    return name === undefined || isUnknownSpeaker(name) ? undefined : name;
  };
  const speakerIndependent = independent(splits, knownSpeaker);
  const sentenceIndependent = independent(splits, (id) => byId.get(id)?.attributes.sentence);
  const leftOut = dataset.utterances.filter((utterance) => !words.has(utterance)).length;
  const tested = new Set(splits.flatMap(({ test }) => test));
  const scored = new Set(predictions.map(({ id }) => id));
  const notScored = dataset.utterances.filter(
    (utterance) => tested.has(utterance.id) && words.has(utterance) && !scored.has(utterance.id),
  ).length;
  const outside = [
    ...(leftOut > 0 ? [words.leftOut(leftOut)] : []),
    ...(notScored > 0 ? [`${notScored} more not scored`] : []),
  ];
  const taught = inTable(input).utterances.filter(words.has);
  const { classOf } = words;
  const warnings = findDatasetWarnings({ ...dataset, utterances: taught }, { classOf, splits });
  const summary = [
    dataset.name,
    count(predictions.length, "utterance") + (outside.length > 0 ? ` (${outside.join(", ")})` : ""),
    speakersInWords(predictions),
    words.learnt,
    describeFolds(splits, { speakerIndependent, sentenceIndependent, name: input.foldsName, byId }),
    `features ${featureSet} (${table.frames.cols})`,
    describeModel(estimator, ofSeveralCorpora(input)),
    ...words.scaler,
    ...describeSpeeds("training copies at speed", input.train),
    ...describeSpeeds(`${words.averaged} averaged over speed`, input.test),
    ...(input.beside ?? []).map(describeBeside),
    ...words.known,
    `seed ${seed}`,
    "measures pooled over all test utterances",
    ...(input.note === undefined ? [] : [input.note]),
  ].join(", ");
  return {
    summary,
    dataset: dataset.name,
    utterances: predictions.length,
    speakers,
    leftOut: leftOut + notScored,
    featureSet,
    model: { kind: estimator.kind, ...estimator.params },
    folds: input.foldsName,
    speakerIndependent,
    sentenceIndependent,
    seed,
    ...(warnings.length > 0 && { warnings: warnings.map(warningText) }),
  };
}

/** Whether no split shares a value, in whatever spelling, between its test part and the rest; false where an utterance has none. */
function independent(splits: readonly Split[], value: (id: string) => string | undefined): boolean {
  const key = (id: string): string | undefined => {
    const name = value(id);
    return name === undefined ? undefined : nameKey(name);
  };
  return splits.every(({ train, dev, test }) => {
    const seen = new Set([...train, ...dev].map(key));
    return !seen.has(undefined) && test.map(key).every((value) => value !== undefined && !seen.has(value));
  });
}

/** Returns how many folds of what kind. */
function describeFolds(
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
  const unknown = splits.some(({ train, dev, test }) =>
    [...train, ...dev, ...test].some((id) => isUnknownSpeaker(byId.get(id)?.speaker ?? "")),
  );
  const who = !speakerIndependent
    ? unknown
      ? "with test speakers who may be in training too"
      : "with test speakers also in training"
    : one
      ? "of one unseen speaker"
      : "of unseen speakers";
  const what = sentenceIndependent ? " and unseen sentences" : "";
  return `${count(splits.length, "fold")} ${who}${what} (${name})`;
}

/** Whether a training part has several corpora. */
function ofSeveralCorpora({ dataset, splits }: Pick<RunFacts, "dataset" | "splits">): boolean {
  const corpusOf = new Map(dataset.utterances.map(({ id, attributes }) => [id, attributes.corpus]));
  return splits.some(({ train }) => train.some((id) => corpusOf.get(id) !== corpusOf.get(train[0])));
}

/** What has no meaning for one corpus. */
const ofCorpora = ["domainWeight", "absentClasses"];

/** Returns such as `logistic regression (C = 0.01, classWeight = balanced)`. */
function describeModel({ kind, params }: ProtocolInput["estimator"], severalCorpora: boolean): string {
  const parts = Object.entries(params)
    .filter(
      ([name, value]) =>
        name !== "standardize" &&
        !(name === "speakerCentring" && value === "none") &&
        (severalCorpora || !ofCorpora.includes(name)) &&
        ["number", "string", "boolean"].includes(typeof value),
    )
    .map(([name, value]) => `${name} = ${value}`);
  return kind.replaceAll("-", " ") + (parts.length > 0 ? ` (${parts.join("; ")})` : "");
}

function describeAdaptation(adapt: Adaptation | undefined): string {
  if (!adapt) return "no speaker statistics";
  const { to, utterances, shrinkage } = adapt;
  const known = utterances === "all" ? "all" : `${utterances} drawn`;
  const whose =
    to === "collection"
      ? `each test corpus as one collection by ${known} of its utterances, without labels or speakers`
      : `each test speaker by ${known} of the speaker's utterances without labels`;
  return `ADAPTED to ${whose} (shrinkage ${shrinkage}; not to be compared with results without)`;
}

/** Returns such as `all` of a speaker's utterances, `collection` for all of a collection's, `collection:8`. */
function adaptedWord({ to, utterances }: Adaptation): string {
  if (to !== "collection") return String(utterances);
  return utterances === "all" ? "collection" : `collection:${utterances}`;
}

/** Returns such as `training copies at speed 0.9; 1`, and what one more copy went through; nothing where all is as it is. */
function describeSpeeds(what: string, heard: readonly FeatureView[] = []): string[] {
  const speeds = heard.flatMap(({ speed, through }) => (through === undefined ? [speed] : []));
  return [
    ...(speeds.some((speed) => speed !== 1) ? [`${what} ${speeds.join("; ")}`] : []),
    ...heard.flatMap(({ through }) =>
      through === undefined ? [] : [`one more training copy through ${through}`],
    ),
  ];
}

/** Returns such as `trained with open (427 utterances of EMO-DB) beside`. */
function describeBeside({ name, corpus, dataset, leftOut }: Beside): string {
  const outside = leftOut > 0 ? `, ${leftOut} more of classes that are not learnt` : "";
  return `trained with ${name} (${count(dataset.utterances.length, "utterance")} of ${corpusName(corpus ?? dataset.name)}${outside}) beside`;
}

/** Returns such as `1 fold`, `2 folds`. */
function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
