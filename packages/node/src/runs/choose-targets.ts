/** What a run learns of a dataset: the label map that is meant, the values, and whether the utterances suffice. */
import {
  corpora,
  type Dataset,
  type DimensionName,
  dimensionNames,
  identityLabelMap,
  type LabelMap,
  labelMap,
  labelMaps,
  mapLabel,
  presentClasses,
  type Utterance,
  votedWords,
  withMeanings,
} from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import { valuesOf } from "@undertone/core/evaluate";
import { groupBy } from "./group-by.js";
import type { DataSource } from "./load-data.js";
import { count } from "./report/words.js";

/** The label map of a dataset's own words, as a recipe names it. */
export const asLabelled = "as-labelled";

/** Returns the label map for a corpus: the one named, else the corpus' own, else the dataset's words as they are. */
function chooseLabelMap(id: string | undefined, corpus: string | undefined, dataset: Dataset): LabelMap {
  const words = [
    ...new Set(
      dataset.utterances.flatMap(({ label, votes = {} }) => [
        ...(label === undefined ? [] : [label]),
        ...Object.keys(votes),
      ]),
    ),
  ].sort();
  if (id !== undefined && id !== asLabelled) return withMeanings(labelMap(id), words);
  const own = corpora.find((known) => known.id === corpus)?.defaultLabelMap;
  if (own && id !== asLabelled) return labelMap(own);
  return identityLabelMap(asLabelled, words);
}

/** The label map of values alone. */
const noClasses: LabelMap = { id: "none", classes: [], words: {} };

/** Whether the map has a class for the utterance. */
function hasClass({ label }: Pick<Utterance, "label">, map: LabelMap): boolean {
  return map.classes.length > 0 && label !== undefined && mapLabel(map, label) !== null;
}

/** Checks that there is something to tell apart. @throws UndertoneError `corpus/empty` or `learn/single-class`. */
function checkClasses(dataset: Dataset, map: LabelMap): void {
  const classes = new Set(
    dataset.utterances.flatMap((utterance) =>
      hasClass(utterance, map) ? [mapLabel(map, utterance.label!)] : [],
    ),
  );
  if (classes.size === 0)
    throw new UndertoneError(
      "corpus/empty",
      `'${dataset.name}' has no utterance with a class of the label map '${map.id}'`,
    );
  if (classes.size === 1) {
    throw new UndertoneError(
      "learn/single-class",
      `'${dataset.name}' has one class only, got '${[...classes][0]}', expected at least two`,
    );
  }
}

/**
 * Checks that what is learnt of each of several corpora is more than how it sounds: two classes at least, one of which another has too.
 * @throws UndertoneError `corpus/one-class`.
 */
function checkCorpora({ utterances }: Dataset, map: LabelMap): void {
  const learnt = utterances.filter((utterance) => hasClass(utterance, map));
  const corporaOf = groupBy(learnt, ({ attributes }) => attributes.corpus ?? "");
  if (corporaOf.size < 2) return;
  const classes = [...corporaOf].map(([name, own]) => ({
    name: name === "" ? "the data of no named corpus" : `'${name}'`,
    own: new Set(own.map(({ label }) => mapLabel(map, label!)!)),
  }));
  for (const { name, own } of classes) {
    const others = classes.filter((other) => other.name !== name);
    const alone = ![...own].some((one) => others.some((other) => other.own.has(one)));
    if (own.size > 1 && !alone) continue;
    throw new UndertoneError(
      "corpus/one-class",
      own.size === 1
        ? `Of several corpora ${name} has one class only, got '${[...own][0]}', expected at least two: a model would learn the corpus by its sound`
        : `${name} shares no class with the other corpora, got ${[...own].join(", ")}, expected one of ${[...new Set(others.flatMap((other) => [...other.own]))].join(", ")}, or --label-map common-7, which takes words for one emotion as one`,
    );
  }
}

/** Returns the words of an utterance that a label map is asked for. */
function wordsOf(utterance: Utterance): string[] {
  return [...new Set([utterance.label ?? [], votedWords(utterance)].flat())];
}

/** Refuses words that the model does not know. @throws UndertoneError `label-map/unmapped`. */
function refuseUnknownWords({ name, utterances }: Dataset, map: LabelMap, model: string): void {
  const counts = groupBy(utterances.flatMap(wordsOf), (word) => word);
  const unknown = [...counts].filter(([word]) => !Object.hasOwn(map.words, word));
  if (unknown.length === 0) return;
  const fitting = labelMaps.find(
    ({ classes, words }) =>
      classes.every((one) => map.classes.includes(one)) &&
      [...counts.keys()].every((word) => Object.hasOwn(words, word)) &&
      new Set([...counts.keys()].flatMap((word) => words[word] ?? [])).size > 1,
  );
  const found = unknown.map(([word, { length }]) => `'${word}' (${count(length, "clip")})`).join(", ");
  const remedy = fitting
    ? `--label-map ${fitting.id}, which knows all words of '${name}'`
    : "the model's own word for each label that means the same, and data without the clips of the others";
  throw new UndertoneError(
    "label-map/unmapped",
    `The model '${model}' knows the classes ${map.classes.join(", ")}; '${name}' also has ${found}, expected ${remedy}`,
  );
}

/** What a run learns of a dataset. */
export interface Targets {
  /** Returns the label map of the utterances that are left: without classes that none of them has, unless the map itself was given. */
  mapOf(dataset: Dataset): LabelMap;
  readonly values: readonly DimensionName[];
  /** Checks that the utterances that are left suffice. @throws UndertoneError `corpus/empty`, `learn/single-class`. */
  check(dataset: Dataset): void;
  /** Whether there is something to learn of the utterance. */
  wanted(utterance: Utterance): boolean;
}

/** Returns what the source asks for of the dataset; the map is the source's, the table's own, the corpus' own, or the words as they are. */
export function chooseTargets(
  dataset: Dataset,
  source: DataSource,
  { corpus, ownMap }: { corpus: string | undefined; ownMap: string | undefined },
): Targets {
  const { names = [], besideClasses = true } = source.values ?? {};
  const values =
    names === "all"
      ? dimensionNames.filter((name) =>
          dataset.utterances.some(({ dimensions }) => dimensions?.[name] !== undefined),
        )
      : names;
  const map = besideClasses
    ? (source.map ?? chooseLabelMap(source.labelMap ?? ownMap, corpus, dataset))
    : noClasses;
  if (besideClasses && source.mapFrom !== undefined) refuseUnknownWords(dataset, map, source.mapFrom);
  const targets: Targets = {
    mapOf: ({ utterances }) =>
      besideClasses && !source.map ? presentClasses(map, utterances, { votes: source.votes }) : map,
    values,
    wanted: (utterance) =>
      hasClass(utterance, map) || (values.length > 0 && valuesOf(utterance, values) !== undefined),
    check(left) {
      if (source.values?.either && left.utterances.some((utterance) => targets.wanted(utterance))) return;
      if (besideClasses) checkClasses(left, map);
      // A model that is there learns no more of them.
      if (besideClasses && !source.map) checkCorpora(left, map);
      if (
        source.values &&
        !left.utterances.some((utterance) => values.length > 0 && valuesOf(utterance, values))
      )
        throw new UndertoneError(
          "corpus/empty",
          `'${left.name}' has no utterance with ${(values.length > 0 ? values : dimensionNames).join(values.length > 0 ? " and " : " or ")}, expected a manifest with these columns`,
        );
      if (source.votes && !left.utterances.some(({ votes }) => votes))
        throw new UndertoneError(
          "corpus/empty",
          `'${left.name}' has no utterance with votes, expected a manifest with columns such as votes:angry`,
        );
    },
  };
  return targets;
}

/** Returns the dataset in which the word of most votes, the first of equal ones, is the label of an utterance that has none. */
export function labelledByVotes(dataset: Dataset): Dataset {
  const utterances = dataset.utterances.map((utterance) => {
    const { votes } = utterance;
    const words = votedWords(utterance);
    if (utterance.label !== undefined || !votes || words.length === 0) return utterance;
    return { ...utterance, label: words.reduce((best, one) => (votes[one] > votes[best] ? one : best)) };
  });
  return { ...dataset, utterances };
}
