/** How folders that are no known corpus are laid out: which folder, or part of the name, is the label, and which the speaker. */
import { listChoices, UndertoneError } from "../errors.js";
import { nameParts } from "./corpora/corpus.js";
import { corpora } from "./corpora/index.js";
import { emotionIn, isEmotionWord, partsOf } from "./emotion-words.js";
import { namePrefix, personWords, type SpeakerRule, shortPersonWords } from "./speaker-rule.js";
import { isUnknownSpeaker } from "./utterance.js";

/** Level of the folder that is the label: 1 is the file's own, 2 the one above; 0 is a word in the file's name. */
export type LabelLevel = number;

/** Speakers of a list of files, in its order; undefined where the rule finds none. */
export interface SpeakerChoice {
  readonly speakers: readonly (string | undefined)[];
  /** Where they were found, such as "the file name's first part". */
  readonly from: string;
}

/** The levels of folders that are looked at. */
const folderLevels = [1, 2, 3, 4, 5, 6];
const split = /^(train(ing)?|test(ing)?|dev|val(id(ation)?)?|eval)$/i;
const sex = /^(fe)?male$/i;
/** Words for parts, formats, units and times: no folder named so is a label or a speaker. */
const parts = `
  train(?:ing)? test(?:ing)? dev val(?:id(?:ation)?)? eval part fold batch set
  wavs? mp3 flac m4a audios? data clips? rec(?:ording)?s? files? samples? tracks? takes? songs? speech
  sent(?:ence)?s? utt(?:erance)?s? sess?(?:ion)?s?
`;
/** Words for groups, texts, manners, places, languages, devices and what recorders write, which may be labels, but are no speakers. */
const circumstances = `
  group corpus dataset version v videos? vid sounds? voices? memos? sitzung days? weeks? rounds?
  phrases? words? texts? items? lines? prompts? trials? stim(?:ulus)? questions? seg(?:ment)?s? chunks?
  dia(?:log(?:ue)?)? conv(?:ersation)? scenes? ep(?:isode)? calls? interviews?
  zoom dr dsc img aud ptt wa ste mic ch(?:annel)? aufnahme enregistrement grabaci[oó]n registrazione opname gravação untitled unbenannt
  new neue old copy kopie copie final raw orig(?:inal)? clean noisy noise processed denoised edited aug(?:mented)?
  acted natural spontaneous elicited read real fake high mid medium low strong weak normal mild loud soft quiet left right mono stereo
  (?:mon|tues|wednes|thurs|fri|satur|sun)day (?:mon|diens|donners|frei|sams|sonn)tag mittwoch
  english german deutsch french spanish italian portuguese russian arabic chinese mandarin japanese korean dutch turkish polish en de fr es
  iphone android phone telephone mobile laptop webcam headset headphones pixel microphone
  home office kitchen car studio lab indoors? outdoors? street room
`;
const oneOf = (list: string): string => list.trim().replace(/\s+/g, "|");
const dates = "(?:19|20)\\d\\d(?:[-_.]?\\d\\d){0,2}|\\d\\d?[-_.]\\d\\d?[-_.](?:19|20)?\\d\\d";
const sexes = "(?:fe)?males?|(?:wo)?m[ae]n";
const part = new RegExp(`^(?:(?:${oneOf(parts)})[\\s_.-]*\\d*|${sexes}|${dates})$`, "iu");
const circumstance = new RegExp(
  `^(?:(?:${oneOf(circumstances)})[\\s_.-]*\\d*|${corpora.map(({ id }) => id).join("|")})$`,
  "iu",
);
const person = new RegExp(`^((${personWords}|${shortPersonWords})[\\s_.-]*\\d+|\\d{1,4})$`, "i");
const plainlyPerson = new RegExp(`^(${personWords})[\\s_.-]*\\d+$`, "i");
/** What counts clips as well as people, alone or behind a letter or two. */
const number = /^\p{L}{0,2}\d+\p{L}?$/u;
const shortPerson = new RegExp(`^(?:${shortPersonWords})[\\s_.-]*\\d+$`, "i");

/** Returns the folder of a path at a level. */
function folderAt(path: string, level: number): string | undefined {
  const parts = path.split("/");
  return level < parts.length ? parts.at(-1 - level) : undefined;
}

/**
 * Returns where the labels stand: at the level with most words for emotions, or in the file's name; where no word is known, in the lowest folder that
 * does not look like people or parts of a corpus. Undefined when no level has two labels.
 */
export function labelLevel(paths: readonly string[]): LabelLevel | undefined {
  const at = (level: number): string[] =>
    paths.flatMap((path) => (level === 0 ? nameParts(path).stem : (folderAt(path, level) ?? [])));
  const levels = folderLevels.filter((level) => new Set(at(level)).size >= 2);
  const known = [...levels, 0].map((level) => {
    const found = at(level).flatMap((name) => emotionIn(name)?.toLowerCase() ?? []);
    return { level, found: new Set(found).size >= 2 ? found.length : 0 };
  });
  const best = known.reduce((a, b) => (b.found > a.found ? b : a), { level: -1, found: 0 });
  if (best.found > 0 && (best.level > 0 || best.found * 2 >= paths.length)) return best.level;
  return (
    levels.find((level) => !at(level).every((name) => part.test(name) || person.test(name))) ??
    levels.find((level) => !at(level).every((name) => plainlyPerson.test(name)))
  );
}

function labelOf(path: string, level: LabelLevel): string | undefined {
  if (level === 0) return emotionIn(nameParts(path).stem)?.toLowerCase();
  const folder = folderAt(path, level);
  return folder && (emotionIn(folder) ?? folder);
}

/**
 * Returns the labels of paths, undefined where one has none. Of names, whose word for an emotion stands at one place, words at that place that several
 * files have are labels too: `shy` of `anna_shy_1.wav` beside `anna_angry_1.wav`.
 */
export function labelsOf(paths: readonly string[], level: LabelLevel): (string | undefined)[] {
  const labels = paths.map((path) => labelOf(path, level));
  if (level > 0) return labels;
  const parts = paths.map((path) => partsOf(nameParts(path).stem));
  const places = new Set(
    parts.flatMap((own, i) =>
      labels[i] === undefined ? [] : `${own.length} ${own.findIndex(isEmotionWord)}`,
    ),
  );
  if (places.size !== 1) return labels;
  const [length, at] = [...places][0].split(" ").map(Number);
  const words = parts.map((own) =>
    own.length === length && at >= 0 ? /^\p{L}+/u.exec(own[at])?.[0].toLowerCase() : undefined,
  );
  return labels.map((label, i) => {
    const word = words[i];
    const told =
      word !== undefined &&
      !part.test(word) &&
      !circumstance.test(word) &&
      words.filter((other) => other === word).length > 1;
    return label ?? (told ? word : undefined);
  });
}

/** Returns what other folders of a path tell: the part of a published split, and the sex. */
export function folderAttributes(path: string): Record<string, string> {
  const folders = path.split("/").slice(0, -1);
  const [part, own] = [split, sex].map((words) =>
    folders.find((folder) => words.test(folder))?.toLowerCase(),
  );
  return { ...(part && { split: part }), ...(own && { sex: own }) };
}

/** A recording, with its label where it has one. */
interface File {
  readonly path: string;
  readonly label?: string | undefined;
}

/** The rules that paths can follow. */
type PathRule = Exclude<SpeakerRule, { kind: "column" }>;

/**
 * Returns the speakers by the rule, or the plausible ones where there is none, undefined where nobody is found, and what is to be said of them.
 * @throws UndertoneError `corpus/unknown` where the rule finds none, `corpus/ambiguous`.
 */
export function tellSpeakers(
  files: readonly File[],
  rule: PathRule | undefined,
  level?: LabelLevel,
): { readonly choice: SpeakerChoice | undefined; readonly remarks: readonly string[] } {
  const choice = rule ? speakersByRule(files, rule, level) : guessSpeakers(files, level);
  if (!choice) return { choice, remarks: numbersRemark(files) };
  return { choice, remarks: rule?.kind === "unknown" ? [] : [speakersRemark(choice)] };
}

/** Returns the speakers of files by a rule. @throws UndertoneError `corpus/unknown` where it finds none. */
export function speakersByRule(files: readonly File[], rule: PathRule, level?: LabelLevel): SpeakerChoice {
  const choice = byRule(files, rule, level);
  if (rule.kind === "unknown" || choice?.speakers.some((name) => name !== undefined)) return choice!;
  throw new UndertoneError(
    "corpus/unknown",
    `The speaker rule '${rule.kind === "pattern" ? rule.pattern.source : rule.kind}' finds no speaker in paths such as '${files[0].path}', expected one that does`,
  );
}

function byRule(
  files: readonly File[],
  rule: PathRule,
  level: LabelLevel | undefined,
): SpeakerChoice | undefined {
  switch (rule.kind) {
    case "unknown":
      return { speakers: files.map(() => undefined), from: "nowhere" };
    case "prefix":
      return byPrefix(files);
    case "folder":
      return folderChoice(files, byFolder(files, level)?.level ?? (level ?? 0) + 1, level);
    case "pattern":
      return {
        speakers: files.map(({ path }) => rule.pattern.exec(path)?.groups?.speaker || undefined),
        from: `the path by '${rule.pattern.source}'`,
      };
  }
}

function byPrefix(files: readonly File[]): SpeakerChoice {
  return {
    speakers: files.map(({ path, label }) => namePrefix(nameParts(path).stem, label)),
    from: "the file name's first part",
  };
}

function folderChoice(files: readonly File[], level: number, label: LabelLevel | undefined): SpeakerChoice {
  // `anna_angry/1.wav`: what the label's folder says beside the label.
  const beside = (folder: string | undefined): string | undefined =>
    partsOf(folder ?? "")
      .filter((part) => !isEmotionWord(part))
      .join("_") || undefined;
  return {
    speakers: files.map(({ path }) =>
      level === label ? beside(folderAt(path, level)) : folderAt(path, level),
    ),
    from:
      level === label
        ? "the label's folder"
        : `the folder ${label ? (level > label ? "above the label" : "below the label") : "of the file"}`,
  };
}

/** Returns the speakers by the folder nearest to the label that tells two or more apart, those that look like people first. */
function byFolder(
  files: readonly File[],
  label: LabelLevel | undefined,
): (SpeakerChoice & { readonly level: number }) | undefined {
  const near = label ?? 0;
  const levels = [...new Set([near + 1, near - 1, near, ...folderLevels])].filter((level) => level >= 1);
  const choices = levels
    .map((level) => ({ level, ...withoutThings(folderChoice(files, level, label)) }))
    .filter(({ speakers }) => distinct(speakers) >= 2 && covers(speakers))
    // `01_neutral`, `angry_2`: beside the label stands its number as well.
    .filter((choice) => choice.level !== label || (plausible(files, choice) && !countsClips(files, choice)));
  return choices.find(lookLikePeople) ?? choices[0];
}

function distinct(names: readonly (string | undefined)[]): number {
  return new Set(names.filter((name) => name !== undefined)).size;
}

function covers(speakers: readonly (string | undefined)[]): boolean {
  return speakers.filter((name) => name !== undefined).length >= 0.9 * speakers.length;
}

function lookLikePeople({ speakers }: SpeakerChoice): boolean {
  return speakers.every((name) => name === undefined || person.test(name));
}

/** Returns the choice with nobody where the name is that of a thing. */
function withoutThings({ speakers, from }: SpeakerChoice): SpeakerChoice {
  return {
    speakers: speakers.map((name) =>
      name !== undefined && (part.test(name) || circumstance.test(name) || isUnknownSpeaker(name))
        ? undefined
        : name,
    ),
    from,
  };
}

/** Whether names may as well count clips: bare numbers, and those of `s1`, `f2`, where each has but one clip of a label. */
function countsClips(files: readonly File[], { speakers }: SpeakerChoice): boolean {
  const names = [...new Set(speakers.filter((name) => name !== undefined))];
  const cells = new Set(speakers.map((name, i) => `${name}\0${files[i].label}`));
  const counting = names.filter((name) =>
    shortPerson.test(name) ? cells.size === files.length : number.test(name) && !plainlyPerson.test(name),
  );
  return counting.length * 2 >= names.length;
}

/** Whether names may well be speakers: several clips each, most of them with more labels than one. */
function plausible(files: readonly File[], { speakers }: SpeakerChoice): boolean {
  const labels = new Map<string, Set<string | undefined>>();
  speakers.forEach((name, i) => {
    if (name !== undefined) labels.set(name, (labels.get(name) ?? new Set()).add(files[i].label));
  });
  const several = [...labels.values()].filter(({ size }) => size >= 2).length;
  return (
    labels.size >= 2 && covers(speakers) && labels.size * 2 <= speakers.length && several * 2 >= labels.size
  );
}

/**
 * Returns the speakers by the rule that tells two or more plausible ones apart, or undefined when none does. `level` is where labels are folders; of a list
 * of files, whose labels stand elsewhere, a folder counts only when it is as plausible as a name has to be. Numbers that names begin with are not taken:
 * a take for a speaker would pass off known voices as unseen ones (`numbersRemark`).
 * @throws UndertoneError `corpus/ambiguous` when both rules do and tell different ones.
 */
export function guessSpeakers(files: readonly File[], level?: LabelLevel): SpeakerChoice | undefined {
  const named = withoutThings(byPrefix(files));
  const prefix = plausible(files, named) && !countsClips(files, named) ? named : undefined;
  const loose = byFolder(files, level);
  const sure = loose && plausible(files, loose);
  const folder = sure || level !== undefined ? loose : undefined;
  if (!prefix || !folder) return prefix ?? folder;
  if (samePartition(prefix, folder) || lookLikePeople(folder)) return folder;
  if (!sure || lookLikePeople(prefix)) return prefix;
  const choices = [
    ["prefix", prefix],
    ["folder", folder],
  ] as const;
  throw new UndertoneError(
    "corpus/ambiguous",
    `The speakers may be named in two ways, expected ${listChoices([
      ...choices.map(
        ([rule, { speakers, from }]) =>
          `'--speaker-from ${rule}' (${from}: ${distinct(speakers)} speakers, ${examples(speakers)})`,
      ),
      "'--speaker-from unknown' where nobody knows",
    ])}`,
    { details: { choices: choices.map(([rule, { speakers }]) => ({ rule, speakers: distinct(speakers) })) } },
  );
}

function examples(names: readonly (string | undefined)[]): string {
  const all = [...new Set(names.filter((name) => name !== undefined))].sort();
  return all.slice(0, 3).join(", ") + (all.length > 3 ? ", …" : "");
}

/** Whether two rules tell the same speakers apart, whatever their names. */
function samePartition({ speakers: a }: SpeakerChoice, { speakers: b }: SpeakerChoice): boolean {
  const pairs = new Set(a.map((name, i) => `${name}\0${b[i]}`));
  return pairs.size === new Set(a).size && pairs.size === new Set(b).size;
}

/** Returns the sentence about where speakers were found. */
export function speakersRemark({ speakers, from }: SpeakerChoice): string {
  return `speakers from ${from}: ${distinct(speakers)} (${examples(speakers)}; --speaker-from overrules)`;
}

/** Returns the sentence about where labels were found, where it is not in the files' own folders. */
export function labelsRemark(level: LabelLevel, labels: readonly (string | undefined)[]): string[] {
  const from =
    level === 0
      ? "word for an emotion in each file's name"
      : `folder ${level === 2 ? "above the file's own" : `${level} above the file`}`;
  return level === 1 ? [] : [`labels from the ${from}: ${distinct(labels)} (${examples(labels)})`];
}

/** Returns what is to be said where nobody was found, though names begin with numbers. */
export function numbersRemark(files: readonly File[]): string[] {
  const choice = withoutThings(byPrefix(files));
  if (!plausible(files, choice)) return [];
  return [
    `names begin with ${distinct(choice.speakers)} numbers (${examples(choice.speakers)}), which may count clips: --speaker-from prefix where they are speakers`,
  ];
}
