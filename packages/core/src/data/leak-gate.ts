/** Finds what training and test have in common, and refuses it unless it was asked for by name. */
import { expectedOneOf, UndertoneError } from "../errors.js";
import { type Leak, type LeakKind, leakKinds } from "./leak.js";
import { nameKey } from "./same-name.js";
import type { Split } from "./split.js";
import { type Dataset, isUnknownSpeaker, speakersUnknownNote, type Utterance } from "./utterance.js";

/** A step that learnt something from data: a scaler, an augmentation, a feature selection, a choice of hyper-parameters. */
export interface FittedStep {
  /** Such as "the scaler". */
  readonly what: string;
  /** `preprocessing` may see the training part only, `tuning` the training and dev parts. */
  readonly kind: "preprocessing" | "tuning";
  /** Ids of the utterances that it saw. */
  readonly fittedOn: readonly string[];
  /** The split it belongs to; absent means that one fit serves all splits. */
  readonly split?: string;
}

export interface LeakGateOptions {
  /** Whether a sentence in both parts is a leak; default false. */
  readonly sentence?: boolean;
  /** Pairs of utterances that are one recording under two names, as `corpus inspect` finds them. */
  readonly duplicates?: readonly (readonly [string, string])[];
  /** Everything that was fitted outside the estimator; what an estimator fits inside a training part need not be declared. */
  readonly fitted?: readonly FittedStep[];
}

const shown = 10;

/**
 * Returns the leaks between the test part and the rest (train and dev) of the splits, at most one of each kind; empty when there are none.
 * The same utterance in train and dev is a leak too.
 * @throws UndertoneError `split/invalid` when a split or a step names an utterance that the dataset lacks.
 */
export function findLeaks(
  dataset: Dataset,
  splits: readonly Split[],
  { sentence = false, duplicates = [], fitted = [] }: LeakGateOptions = {},
): Leak[] {
  const byId = new Map(dataset.utterances.map((utterance) => [utterance.id, utterance]));
  const found = new Map<LeakKind, { splits: Set<string>; what: Set<string> }>();
  const report = (kind: LeakKind, split: string, what: string): void => {
    const leak = found.get(kind) ?? { splits: new Set(), what: new Set() };
    leak.splits.add(split);
    leak.what.add(what);
    found.set(kind, leak);
  };
  const utterance = (id: string, where: string): Utterance => {
    const known = byId.get(id);
    if (known) return known;
    throw new UndertoneError(
      "split/invalid",
      `${where} names '${id}', expected an utterance of '${dataset.name}'`,
    );
  };

  for (const split of splits) {
    const part = (name: "train" | "dev" | "test"): Utterance[] =>
      split[name].map((id) => utterance(id, `The ${name} part of split '${split.name}'`));
    const [train, dev, test] = [part("train"), part("dev"), part("test")];
    const seen = [...train, ...dev];
    for (const what of sharedUtterances(train, dev)) report("utterance", split.name, what);
    for (const what of sharedUtterances(seen, test)) report("utterance", split.name, what);
    for (const what of shared(seen, test, ({ speaker }) => speaker)) report("speaker", split.name, what);
    if (sentence) {
      for (const what of shared(seen, test, ({ attributes }) => attributes.sentence))
        report("sentence", split.name, what);
    }
    for (const what of sharedOriginals(seen, test)) report("duplicate", split.name, what);
    const [seenIds, testIds] = [new Set(seen.map(({ id }) => id)), new Set(split.test)];
    for (const [a, b] of duplicates) {
      if ((seenIds.has(a) && testIds.has(b)) || (seenIds.has(b) && testIds.has(a))) {
        report("duplicate", split.name, `${a} = ${b}`);
      }
    }
    const allowed = { preprocessing: new Set(split.train), tuning: seenIds };
    for (const { what, kind, fittedOn, split: only } of fitted) {
      if (only !== undefined && only !== split.name) continue;
      const outside = fittedOn.filter((id) => !allowed[kind].has(utterance(id, `The fit of ${what}`).id));
      if (outside.length > 0) report(kind, split.name, what);
    }
  }
  return leakKinds.flatMap((kind) => {
    const leak = found.get(kind);
    if (!leak) return [];
    const what = [...leak.what];
    return {
      kind,
      splits: [...leak.splits],
      examples: what.slice(0, shown),
      count: what.length,
      message: describe(kind, what, leak.splits.size, splits.length),
    };
  });
}

/**
 * Returns when every leak is of an allowed kind.
 * @throws UndertoneError `split/leak`, saying what leaks and which flag allows it; `usage/bad-value` for a kind that does not exist.
 */
export function assertNoLeaks(leaks: readonly Leak[], allowed: readonly string[] = []): void {
  for (const kind of allowed) {
    if (!(leakKinds as readonly string[]).includes(kind)) {
      throw new UndertoneError(
        "usage/bad-value",
        `Unknown kind of leak '${kind}', ${expectedOneOf(kind, leakKinds)}`,
      );
    }
  }
  const refused = leaks.filter(({ kind }) => !allowed.includes(kind));
  if (refused.length === 0) return;
  const flags = refused.map(({ kind }) => `--allow-leak ${kind}`).join(" ");
  throw new UndertoneError(
    "split/leak",
    `The split leaks: ${refused.map(({ message }) => message).join("; ")}; expected none, or ${flags} to ask for it by name`,
    { details: { leaks: refused } },
  );
}

/** Returns the values of `key` that both lists have, in whatever spelling: `'3.0' = '3'` where it differs. */
function shared(
  seen: readonly Utterance[],
  test: readonly Utterance[],
  key: (utterance: Utterance) => string | undefined,
): Set<string> {
  const values = (list: readonly Utterance[]) => new Set(list.flatMap((utterance) => key(utterance) ?? []));
  const known = values(seen);
  const spelled = new Map([...known].map((value) => [nameKey(value), value]));
  return new Set(
    [...values(test)].flatMap((value) => {
      if (known.has(value)) return [value];
      const other = spelled.get(nameKey(value));
      return other === undefined ? [] : [`'${value}' = '${other}'`];
    }),
  );
}

/** Returns what is in both lists: the same id, or stretches of one file that overlap. */
function sharedUtterances(a: readonly Utterance[], b: readonly Utterance[]): string[] {
  const byFile = new Map<string, Utterance[]>();
  for (const utterance of a) {
    const list = byFile.get(utterance.file);
    if (list) list.push(utterance);
    else byFile.set(utterance.file, [utterance]);
  }
  const ids = new Set(a.map(({ id }) => id));
  return b.flatMap((utterance) => {
    if (ids.has(utterance.id)) return [utterance.id];
    const other = byFile.get(utterance.file)?.find((candidate) => overlap(candidate, utterance));
    return other ? [`${other.id} overlaps ${utterance.id}`] : [];
  });
}

/**
 * Returns pairs of a recording in `b` and one in `a` of which one is a copy of the other, or both of a third: augmentation before the
 * split, which an utterance's attribute `copyOf` (the id of the original) tells of.
 */
function sharedOriginals(a: readonly Utterance[], b: readonly Utterance[]): string[] {
  const original = ({ id, attributes }: Utterance): string => attributes.copyOf ?? id;
  const known = new Map(a.map((utterance) => [original(utterance), utterance.id]));
  return b.flatMap((utterance) => {
    const other = known.get(original(utterance));
    return other === undefined || other === utterance.id ? [] : [`${utterance.id} = ${other}`];
  });
}

function overlap(a: Utterance, b: Utterance): boolean {
  return (
    (a.start ?? 0) < (b.end ?? Number.POSITIVE_INFINITY) &&
    (b.start ?? 0) < (a.end ?? Number.POSITIVE_INFINITY)
  );
}

function describe(kind: LeakKind, what: readonly string[], splits: number, all: number): string {
  const where = `in ${splits} of ${all} split${all === 1 ? "" : "s"}`;
  const named = what.slice(0, 3).join(", ") + (what.length > 3 ? ", …" : "");
  const n = what.length;
  switch (kind) {
    case "speaker": {
      const known = what.filter((name) => !isUnknownSpeaker(name));
      return known.length < n
        ? `${speakersUnknownNote}; they may be in training and test ${where}${known.length > 0 ? `, as ${known.length} known ${known.length === 1 ? "one is" : "ones are"}` : ""}`
        : `${n} speaker${n === 1 ? "" : "s"} in both training and test ${where} (${named})${what.some((name) => name.includes("' = '")) ? ", in two spellings: spell each alike" : ""}`;
    }
    case "sentence":
      return `${n} sentence${n === 1 ? "" : "s"} in both training and test ${where} (${named})`;
    case "duplicate":
      return `${n} recording${n === 1 ? "" : "s"} in both training and test under two names ${where} (${named})`;
    case "utterance":
      return `${n} utterance${n === 1 ? "" : "s"} in two parts ${where} (${named})`;
    case "preprocessing":
      return `${named} fitted outside the training part ${where}`;
    case "tuning":
      return `${named} chosen with the test part in view ${where}`;
  }
}
