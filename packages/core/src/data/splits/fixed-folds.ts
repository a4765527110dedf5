/** Folds that are given: the test speakers of a published protocol, or explicit lists of utterances. */
import { UndertoneError } from "../../errors.js";
import type { Split } from "../split.js";
import type { Dataset } from "../utterance.js";
import { foldNames, splitsByGroup } from "./groups.js";

/** A fold file as data, see `parseFolds`. */
export type Folds =
  | { readonly kind: "speakers"; readonly testSpeakers: readonly (readonly string[])[] }
  | { readonly kind: "utterances"; readonly folds: readonly Omit<Split, "name">[] };

/**
 * Returns one split for each list of test speakers; all others are trained on. In a dataset of several corpora `11` finds `ravdess/11`.
 * @throws UndertoneError `split/invalid` when a speaker is tested twice or is not in the dataset.
 */
export function fixedFolds(dataset: Dataset, testSpeakers: readonly (readonly string[])[]): Split[] {
  const groups = resolveSpeakers(dataset, testSpeakers);
  return splitsByGroup(dataset, "speaker", groups, foldNames(groups.length));
}

/** Returns the lists with the dataset's names of the speakers; checks as `fixedFolds` says. */
export function resolveSpeakers(dataset: Dataset, testSpeakers: readonly (readonly string[])[]): string[][] {
  if (testSpeakers.length === 0)
    throw new UndertoneError(
      "split/invalid",
      "The folds are empty, expected at least one list of test speakers",
    );
  const speakers = new Set(dataset.utterances.map(({ speaker }) => speaker));
  const used = new Set<string>();
  return testSpeakers.map((list, f) =>
    list.map((name) => {
      const found = speakers.has(name)
        ? [name]
        : [...speakers].filter((speaker) => speaker.endsWith(`/${name}`));
      if (found.length !== 1) {
        throw new UndertoneError(
          "split/invalid",
          `Fold ${f + 1} tests the speaker '${name}', expected one speaker of '${dataset.name}' by that name, found ${found.length}`,
        );
      }
      if (used.has(found[0])) {
        throw new UndertoneError(
          "split/invalid",
          `Fold ${f + 1} tests the speaker '${name}', expected each speaker in one fold only`,
        );
      }
      used.add(found[0]);
      return found[0];
    }),
  );
}

/**
 * Returns the splits of explicit lists.
 * @throws UndertoneError `split/invalid` when an utterance is not in the dataset, is in two parts, or is tested twice.
 */
export function explicitFolds(dataset: Dataset, folds: readonly Omit<Split, "name">[]): Split[] {
  const known = new Set(dataset.utterances.map(({ id }) => id));
  const tested = new Set<string>();
  return folds.map(({ train, dev, test }, f) => {
    const name = `fold-${f + 1}`;
    const seen = new Set<string>();
    for (const id of [...train, ...dev, ...test]) {
      if (!known.has(id))
        throw new UndertoneError(
          "split/invalid",
          `'${name}' names '${id}', expected an utterance of '${dataset.name}'`,
        );
      if (seen.has(id))
        throw new UndertoneError(
          "split/invalid",
          `'${name}' names '${id}' twice, expected each utterance in one part only`,
        );
      seen.add(id);
    }
    for (const id of test) {
      if (tested.has(id))
        throw new UndertoneError(
          "split/invalid",
          `'${name}' tests '${id}', expected each utterance to be tested in one fold only`,
        );
      tested.add(id);
    }
    return { name, train, dev, test };
  });
}

/**
 * Returns the folds of a parsed JSON fold file: `{ testSpeakers: [[…], …] }`, `{ CORPUS: { testSpeakers } }` for several corpora (`corpus`
 * chooses, and may be left out when there is one), or `{ folds: [{ train, dev?, test }, …] }` with utterance ids.
 * @throws UndertoneError `split/invalid`.
 */
export function parseFolds(document: unknown, corpus?: string): Folds {
  const root = asObject(document);
  if ("folds" in root) {
    if (!Array.isArray(root.folds) || root.folds.length === 0) throw invalid("folds", "a list of folds");
    return {
      kind: "utterances",
      folds: root.folds.map((fold: unknown, f) => {
        const { train, dev = [], test } = asObject(fold);
        return {
          train: strings(train, `folds[${f}].train`),
          dev: strings(dev, `folds[${f}].dev`),
          test: strings(test, `folds[${f}].test`),
        };
      }),
    };
  }
  if (!("testSpeakers" in root)) {
    const names = Object.keys(root);
    const name = corpus ?? names[0];
    if (
      names.length === 0 ||
      (corpus === undefined && names.length > 1) ||
      name === undefined ||
      !(name in root)
    ) {
      throw invalid(
        "the file",
        `testSpeakers, folds, or an entry for the corpus${corpus ? ` '${corpus}'` : ""} (it has ${names.join(", ") || "nothing"})`,
      );
    }
    return parseFolds(asObject(root[name]));
  }
  if (!Array.isArray(root.testSpeakers) || root.testSpeakers.length === 0)
    throw invalid("testSpeakers", "a list of lists of speakers");
  return {
    kind: "speakers",
    testSpeakers: root.testSpeakers.map((list: unknown, f) => strings(list, `testSpeakers[${f}]`)),
  };
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw invalid("the file", "an object with testSpeakers or folds");
}

function strings(value: unknown, where: string): string[] {
  if (Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "string"))
    return value as string[];
  if (Array.isArray(value) && value.length === 0 && where.endsWith(".dev")) return [];
  throw invalid(where, "a list of strings that is not empty");
}

function invalid(where: string, expected: string): UndertoneError {
  return new UndertoneError("split/invalid", `Bad folds: ${where} is wrong, expected ${expected}`);
}
