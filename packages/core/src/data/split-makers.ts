/** The one list of split makers, and the specs that name them. */
import { expectedOneOf, UndertoneError } from "../errors.js";
import type { Split } from "./split.js";
import { byClass, inOrder } from "./splits/class-folds.js";
import { toldFolds } from "./splits/column-folds.js";
import { byCorpus } from "./splits/corpus-folds.js";
import { explicitFolds, type Folds, fixedFolds, resolveSpeakers } from "./splits/fixed-folds.js";
import { bySpeakerClasses, bySpeakerSize } from "./splits/group-folds.js";
import { groupsOf } from "./splits/groups.js";
import { loso } from "./splits/leave-one-speaker-out.js";
import { atRandom } from "./splits/random-folds.js";
import { bySentence } from "./splits/sentence-folds.js";
import { bySpeakerAndSentence, crossWithSentences } from "./splits/speaker-and-sentence-folds.js";
import { bySpeaker } from "./splits/speaker-folds.js";
import type { SplitMaker } from "./splits/split-maker.js";
import type { Dataset } from "./utterance.js";

export { consecutiveFolds, stratifiedFolds } from "./splits/class-folds.js";
export { explicitFolds, type Folds, fixedFolds, parseFolds } from "./splits/fixed-folds.js";
export { groupFolds, stratifiedGroupFolds } from "./splits/group-folds.js";
export { leaveOneSpeakerOut } from "./splits/leave-one-speaker-out.js";
export { randomFolds } from "./splits/random-folds.js";
export { sentenceFolds } from "./splits/sentence-folds.js";
export { speakerAndSentenceFolds } from "./splits/speaker-and-sentence-folds.js";
export { speakerFolds } from "./splits/speaker-folds.js";
export type { SplitMaker } from "./splits/split-maker.js";

export const splitMakers: readonly SplitMaker[] = [
  loso,
  bySpeaker,
  bySentence,
  bySpeakerAndSentence,
  byCorpus,
  bySpeakerSize,
  bySpeakerClasses,
  inOrder,
  byClass,
  atRandom,
];

/** What a spec of folds may look like. */
const foldForms: readonly string[] = [
  ...splitMakers.flatMap(
    ({ id, folds }) =>
      ({
        none: [id],
        needed: [`${id}:K`],
        optional: [id, `${id}:K`],
        named: [id, `${id}:NAME`],
      })[folds],
  ),
  "column:NAME",
  "list",
  "list:NAME",
];

export interface SplitRequest {
  readonly seed: number;
  /** What training and test must not share (`--group`); default: what the spec says. */
  readonly group?: "speaker" | "sentence" | "both" | undefined;
}

/**
 * Returns the splits that a spec (`loso`, `speaker:6`, `sentence:2`, `both`, `both:4`, `random:5`, `corpus:tess`, `column:split`, `list`) or a parsed fold file names. A `group`
 * asks for more than the spec: `loso` or `speaker:6` with `both` cross their speakers with folds of sentences, `speaker:2` with
 * `sentence` makes folds of sentences.
 * @throws UndertoneError `split/unknown` for another spec, `split/invalid`, `split/too-few-speakers`, and for a group that the spec
 * cannot keep.
 */
export function foldsFromSpec(
  spec: string | Folds,
  dataset: Dataset,
  { seed, group }: SplitRequest,
): Split[] {
  if (dataset.utterances.length === 0)
    throw new UndertoneError("split/invalid", `'${dataset.name}' has no utterances, expected some to split`);
  if (typeof spec !== "string") return fromFile(spec, dataset, { seed, group });
  const told = toldFolds(spec, dataset);
  if (told) return told;
  const [, word = "", rest] = /^([a-z-]+)(?::([\w-]+))?$/.exec(spec) ?? [];
  const maker = splitMakers.find(({ id }) => id === word);
  const count = maker?.folds === "named" ? undefined : rest;
  if (
    !maker ||
    (count !== undefined && !/^\d+$/.test(count)) ||
    (maker.folds === "none" && count !== undefined) ||
    (maker.folds === "needed" && count === undefined)
  ) {
    throw new UndertoneError(
      "split/unknown",
      `Unknown folds '${spec}', ${expectedOneOf(spec, foldForms)}, or a file of folds (.json)`,
    );
  }
  const folds = count === undefined ? undefined : Number(count);
  if (group !== undefined && group !== maker.group && maker.group !== "both") {
    if (maker.group === "none") {
      throw new UndertoneError(
        "split/invalid",
        `The folds '${spec}' keep nothing apart, expected ${group === "both" ? "both" : `${group}:K`} to keep ${group === "both" ? "speakers and sentences" : `${group}s`} apart`,
      );
    }
    if (group === "both" && maker.id === "loso") {
      return crossWithSentences(
        dataset,
        groupsOf(dataset, "speaker").map((speaker) => [speaker]),
        seed,
      );
    }
    if (maker.id === "loso") {
      throw new UndertoneError(
        "split/invalid",
        "The folds 'loso' keep speakers apart, expected sentence:K to keep sentences apart",
      );
    }
    return splitMakers
      .find((other) => other.group === group && other.id === group)!
      .make(dataset, { folds, seed });
  }
  return maker.make(dataset, {
    folds,
    ...(maker.folds === "named" && rest !== undefined && { name: rest }),
    seed,
  });
}

function fromFile(spec: Folds, dataset: Dataset, { seed, group = "speaker" }: SplitRequest): Split[] {
  if (spec.kind === "utterances") return explicitFolds(dataset, spec.folds);
  if (group === "sentence")
    throw new UndertoneError(
      "split/invalid",
      "The fold file lists speakers, expected --group speaker or both",
    );
  return group === "both"
    ? crossWithSentences(dataset, resolveSpeakers(dataset, spec.testSpeakers), seed)
    : fixedFolds(dataset, spec.testSpeakers);
}
