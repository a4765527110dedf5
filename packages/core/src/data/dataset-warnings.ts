/** What labels and speakers of a dataset cannot teach, though nothing leaks. */
import { isEmotionWord, namesByEmotion } from "./emotion-words.js";
import { common7 } from "./label-maps/common-7.js";
import { nameKey, sameNames } from "./same-name.js";
import type { Split } from "./split.js";
import { type Dataset, isUnknownSpeaker, speakersUnknownNote, type Utterance } from "./utterance.js";

/** Something about labels or speakers that spoils figures; `message` is one sentence with the remedy, `examples` are all that it is about. */
export interface DatasetWarning {
  readonly kind:
    | "speakers-alike"
    | "labels-alike"
    | "emotions-alike"
    | "class-of-one-speaker"
    | "class-too-small"
    | "class-not-scored"
    | "label-is-attribute"
    | "unknown-speaker";
  readonly message: string;
  readonly examples: readonly string[];
}

/** Returns the sentence of a warning with some of what it is about. */
export function warningText({ message, examples, kind }: DatasetWarning): string {
  if (kind === "unknown-speaker") return message;
  return `${message} (${examples.slice(0, 5).join("; ")}${examples.length > 5 ? "; …" : ""})`;
}

export interface DatasetWarningOptions {
  /** Returns the class of an utterance; null or undefined leaves it out. Default: the label. */
  readonly classOf?: (utterance: Utterance) => string | null | undefined;
  /** The splits of an evaluation: its test parts can only be scored of classes that training has. */
  readonly splits?: readonly Split[];
}

/** A class with fewer clips cannot be in five folds, which is what is usual. */
const usualFolds = 5;
/** What a label must not be another word for. */
const otherwise = ["sex", "corpus", "language", "split"];

/** Returns what is wrong with the labels and speakers of a dataset; empty for most. */
export function findDatasetWarnings(
  { utterances }: Dataset,
  { classOf = ({ label }) => label, splits }: DatasetWarningOptions = {},
): DatasetWarning[] {
  const classes = new Map<string, Utterance[]>();
  for (const utterance of utterances) {
    const name = classOf(utterance);
    if (name === null || name === undefined) continue;
    const own = classes.get(name);
    if (own) own.push(utterance);
    else classes.set(name, [utterance]);
  }
  const speakers = new Set(utterances.map(({ speaker }) => speaker));
  return [
    ...warn(
      "speakers-alike",
      spellings(speakers),
      (n) =>
        `${n} speaker${n === 1 ? " is" : "s are"} spelled in several ways, so that one voice counts as several: spell each alike`,
    ),
    ...warn(
      "labels-alike",
      spellings(classes.keys()),
      (n) =>
        `${n} label${n === 1 ? " is" : "s are"} spelled in several ways, each a class of its own: spell each alike`,
    ),
    ...warn(
      "emotions-alike",
      [...namesByEmotion(firstSpellings([...classes.keys()].filter(isEmotionWord))).values()].flatMap(
        (names) => (names.length > 1 ? [names.map((name) => `'${name}'`).join(" = ")] : []),
      ),
      () =>
        `labels that may mean the same emotion are classes of their own: --label-map ${common7.id} takes words for one emotion as one`,
    ),
    ...unknown(utterances),
    ...ofOneSpeaker(classes, speakers.size),
    ...tooSmall(classes, splits?.length ?? usualFolds),
    ...(splits ? notScored(utterances, splits, classOf) : []),
    ...attributes(classes),
  ];
}

function warn(
  kind: DatasetWarning["kind"],
  examples: readonly string[],
  message: (n: number) => string,
): DatasetWarning[] {
  return examples.length === 0 ? [] : [{ kind, message: message(examples.length), examples }];
}

function spellings(names: Iterable<string>): string[] {
  return sameNames(names).map((group) => group.map((name) => `'${name}'`).join(" = "));
}

/** Returns the names without other spellings of those before. */
function firstSpellings(names: readonly string[]): string[] {
  return [...new Map(names.toReversed().map((name) => [nameKey(name), name])).values()].toReversed();
}

function unknown(utterances: readonly Utterance[]): DatasetWarning[] {
  const ids = utterances.filter(({ speaker }) => isUnknownSpeaker(speaker)).map(({ id }) => id);
  return warn("unknown-speaker", ids, (n) =>
    n === utterances.length
      ? speakersUnknownNote
      : `${n} of ${utterances.length} utterances have no known speaker, who may be one of the others`,
  );
}

function ofOneSpeaker(classes: ReadonlyMap<string, readonly Utterance[]>, all: number): DatasetWarning[] {
  const single = [...classes].flatMap(([name, own]) => {
    const names = new Set(own.map(({ speaker }) => speaker));
    return all > 1 && names.size === 1 && !isUnknownSpeaker(own[0].speaker)
      ? [`${name} (${[...names][0]})`]
      : [];
  });
  return warn(
    "class-of-one-speaker",
    single,
    (n) =>
      `${n === 1 ? "a class is" : `${n} classes are`} said by one speaker alone, so that no model can know ${n === 1 ? "it" : "them"} from others: record more speakers, or leave ${n === 1 ? "it" : "them"} out`,
  );
}

function tooSmall(classes: ReadonlyMap<string, readonly Utterance[]>, folds: number): DatasetWarning[] {
  const small = [...classes].flatMap(([name, own]) =>
    own.length < folds ? [`${name} (${own.length})`] : [],
  );
  return warn(
    "class-too-small",
    small,
    (n) =>
      `${n === 1 ? "a class has" : `${n} classes have`} fewer clips than the ${folds} folds, so that not every fold tests ${n === 1 ? "it" : "them"}: record more, or take fewer folds`,
  );
}

function notScored(
  utterances: readonly Utterance[],
  splits: readonly Split[],
  classOf: NonNullable<DatasetWarningOptions["classOf"]>,
): DatasetWarning[] {
  const byId = new Map(utterances.map((utterance) => [utterance.id, classOf(utterance)]));
  const counts = new Map<string, number>();
  for (const { train, test } of splits) {
    const learnt = new Set(train.map((id) => byId.get(id)));
    for (const id of test) {
      const name = byId.get(id);
      if (name && !learnt.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  const left = [...counts].map(([name, n]) => `${name} (${n})`);
  const all = [...counts.values()].reduce((a, b) => a + b, 0);
  return warn(
    "class-not-scored",
    left,
    () =>
      `${all} test ${all === 1 ? "clip is" : "clips are"} left out of the figures, as no model that tests them has learnt their class`,
  );
}

/** Finds classes that another attribute tells: a model of them may learn that instead. */
function attributes(classes: ReadonlyMap<string, readonly Utterance[]>): DatasetWarning[] {
  if (classes.size < 2) return [];
  return otherwise.flatMap((name) => {
    const values = [...classes].map(
      ([label, own]) => [label, new Set(own.map(({ attributes: told }) => told[name]))] as const,
    );
    const all = new Set<string | undefined>(values.flatMap(([, own]) => [...own]));
    if (all.size < 2 || all.has(undefined)) return [];
    const single = values.flatMap(([label, own]) => (own.size === 1 ? [`${label} (${[...own][0]})`] : []));
    return warn("label-is-attribute", single, (n) =>
      n === classes.size
        ? `the label says no more than the ${name}: a model learns that instead; record each class with each ${name}`
        : `${n === 1 ? "a class comes" : `${n} classes come`} with one ${name} alone, by which a model may know ${n === 1 ? "it" : "them"}`,
    );
  });
}
