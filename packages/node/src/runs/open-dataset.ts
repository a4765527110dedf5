/** From folders and lists to one dataset: recognizes what each is, and accounts for every file that it leaves out. */
import { stat } from "node:fs/promises";
import { basename, dirname, extname, join, relative } from "node:path";
import {
  type Corpus,
  corpora,
  type Dataset,
  guessSpeakers,
  isUnknownSpeaker,
  labelLevel,
  parseSpeakerRule,
  type Utterance,
} from "@undertone/core/data";
import { expectedOneOf, isUndertoneError, listChoices, UndertoneError } from "@undertone/core/errors";
import { fileError } from "../io/file-error.js";
import { type AudioFile, findAudio, lookInto } from "../io/find-audio.js";
import type { DatasetProblem } from "./dataset-problem.js";
import { groupBy } from "./group-by.js";
import { isAudformatTable, openAudformat } from "./open-audformat.js";
import { foldersId, openFolder, recognize } from "./open-folder.js";
import { isList, listEndings, listsIn, openList } from "./open-list.js";

export interface OpenDatasetOptions {
  /** Id of the corpus, or `folder` for folders and names that tell label and speaker; default: recognized by the files' names. */
  readonly corpus?: string | undefined;
  /** Where the speaker stands, as `parseSpeakerRule` takes it; default: where two or more plausible ones are found. */
  readonly speakerRule?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A dataset with what it came from. */
export interface OpenedDataset {
  readonly dataset: Dataset;
  /** Id of the corpus, `folders` or `manifest`; joined with `+` when there are several. */
  readonly corpus: string;
  /** Absolute path of the folder, or of the first one when there are several. */
  readonly folder: string;
  readonly problems: readonly DatasetProblem[];
  /** How it was read where that was not asked for, such as "speakers from the file name's first part: 6 (…)". */
  readonly remarks: readonly string[];
  /** The files that were found in folders, by absolute path, those that are not audio included. */
  readonly files: readonly AudioFile[];
}

/**
 * Returns the dataset of a folder or list, or of several together. Ids are posix paths below the folder; with several sources, ids begin with
 * the source's name, which is the attribute `list` too, speakers and sentences with the corpus' name, so that those of different corpora never collide; lists and folders
 * that name no corpus are one, whose equal speakers are one. Files in a corpus folder whose names are not the
 * corpus' are left out and reported; files that a list names and that are not there stay in and are reported.
 * @throws UndertoneError `file/*`, `corpus/empty` (no audio), `corpus/unknown`, `corpus/ambiguous`, `manifest/invalid`, `usage/bad-value` or `cancelled`.
 */
export async function openDataset(
  paths: string | readonly string[],
  options: OpenDatasetOptions = {},
): Promise<OpenedDataset> {
  const list = typeof paths === "string" ? [paths] : paths;
  if (list.length === 0)
    throw new UndertoneError("usage/missing", "Missing data, expected the folder of a corpus or a manifest");
  const opened: OpenedDataset[] = [];
  for (const path of list) opened.push(await openOne(path, options));
  if (opened.length === 1) return opened[0];
  const names = distinctNames(opened.map(({ dataset }) => dataset.name));
  const sources = withKnownCorpora(opened.map(({ dataset }) => dataset.utterances));
  const own = sources.map((utterances) =>
    utterances.every(({ attributes }) => attributes.corpus === undefined),
  );
  // Lists and folders of no known corpus are one corpus; its name is needed beside that of others only.
  const unnamed = own.every((one) => one) ? "" : names[own.indexOf(true)];
  const ids = sources.map((utterances) => new Set(utterances.map(({ id }) => id)));
  /** Returns the id of a copy's original, which its own source has, or another. */
  const original = (id: string, i: number): string => {
    const other = ids.findIndex((known) => known.has(id));
    return `${names[ids[i].has(id) ? i : Math.max(0, other)]}/${id}`;
  };
  return {
    dataset: {
      name: names.join(" + "),
      utterances: sources.flatMap((utterances, i) =>
        utterances.map((utterance) =>
          joined(utterance, { source: names[i], unnamed, original: (id) => original(id, i) }),
        ),
      ),
    },
    corpus: [...new Set(opened.map(({ corpus }) => corpus))].join("+"),
    folder: opened[0].folder,
    problems: opened.flatMap(({ problems }, i) =>
      problems.map((problem) => ({
        ...problem,
        examples: problem.examples.map((example) => `${names[i]}/${example}`),
        message: `${names[i]}: ${problem.message}`,
      })),
    ),
    remarks: [
      ...opened.flatMap(({ remarks }, i) => remarks.map((remark) => `${names[i]}: ${remark}`)),
      ...sharedRemark(sources.filter((_, i) => own[i])),
      ...(options.speakerRule === undefined ? foldersOfSpeakers(opened) : []),
    ],
    files: opened.flatMap(({ files }) => files),
  };
}

/** Returns what is to be said where sources of no known corpus have speakers of equal names. */
function sharedRemark(sources: readonly (readonly Utterance[])[]): string[] {
  const each = sources.flatMap((utterances) => [...new Set(utterances.map(({ speaker }) => speaker))]);
  const named = [...groupBy(each, (speaker) => speaker)]
    .flatMap(([speaker, own]) => (own.length > 1 && !isUnknownSpeaker(speaker) ? [speaker] : []))
    .sort();
  return named.length === 0
    ? []
    : [
        `speakers of one name in several sources are taken for the same people: ${named.slice(0, 3).join(", ")}${named.length > 3 ? `, … (${named.length})` : ""}; a list's column 'corpus' keeps them apart`,
      ];
}

/** Returns the speakers that paths tell, or undefined where they tell none or different ones. */
function guessIfClear(...about: Parameters<typeof guessSpeakers>): ReturnType<typeof guessSpeakers> {
  try {
    return guessSpeakers(...about);
  } catch (error) {
    if (isUndertoneError(error, "corpus/ambiguous")) return undefined;
    throw error;
  }
}

/** Returns what is to be said where folders side by side, in which nobody is named, are named after people. */
function foldersOfSpeakers(opened: readonly OpenedDataset[]): string[] {
  const [above, ...others] = new Set(opened.map(({ folder }) => dirname(folder)));
  const nameless = ({ corpus, dataset }: OpenedDataset): boolean =>
    corpus === foldersId && dataset.utterances.every(({ speaker }) => isUnknownSpeaker(speaker));
  if (others.length > 0 || !opened.every(nameless)) return [];
  const files = opened.flatMap(({ folder, dataset }) =>
    dataset.utterances.map(({ id, label }) => ({ path: `${basename(folder)}/${id}`, label })),
  );
  const names = files.map(({ path }) => path.split("/")[0]);
  const level = labelLevel(files.map(({ path }) => path));
  if (!guessIfClear(files, level)?.speakers.every((name, i) => name === names[i])) return [];
  return [
    `speakers seem to be what the folders are named after (${[...new Set(names)].slice(0, 3).join(", ")}): --data '${relative("", above) || "."}', the folder above them, takes them so`,
  ];
}

/** Returns what `--corpus` names. @throws UndertoneError `corpus/unknown`. */
function corpusNamed(wanted: string | undefined): Corpus | typeof foldersId | undefined {
  if (wanted === undefined) return undefined;
  if (wanted === foldersId || wanted === "folder") return foldersId;
  const corpus = corpora.find(({ id }) => id === wanted);
  if (corpus) return corpus;
  throw new UndertoneError(
    "corpus/unknown",
    `Unknown corpus '${wanted}', ${expectedOneOf(wanted, [...corpora.map(({ id }) => id), "folder"])}`,
  );
}

/** Returns what a file is that is no list, with what takes it. */
async function otherFile(path: string): Promise<string> {
  if (/\.onnx$/i.test(path)) return "a model, which --model of 'undertone predict' takes";
  if (/\.parquet$/i.test(path)) return "a feature table, which --table takes";
  const [{ container }] = await lookInto([path], {});
  return container === null ? "a file" : "one recording, which 'undertone predict' hears";
}

async function openOne(path: string, options: OpenDatasetOptions): Promise<OpenedDataset> {
  const { corpus: wanted, speakerRule, signal } = options;
  const corpus = corpusNamed(wanted);
  const rule = speakerRule === undefined ? undefined : parseSpeakerRule(speakerRule);
  const info = await stat(path).catch((error: unknown) => {
    throw fileError(error, path);
  });
  if (info.isFile()) {
    const database = isAudformatTable(path) ? await openAudformat(dirname(path), rule, path) : undefined;
    if (database) return database;
    if (isList(path)) return openList(path, rule);
    throw new UndertoneError(
      "corpus/unknown",
      `'${path}' is ${await otherFile(path)}, expected a folder or a manifest ending in ${listChoices(listEndings)}`,
    );
  }
  const files = await findAudio(path, { signal });
  const audio = files.filter(({ container }) => container !== null);
  const database = corpus === undefined ? await openAudformat(path, rule) : undefined;
  if (database) return database;
  const beside = corpus === undefined ? await listsIn(path, rule) : { lists: [], remarks: [] };
  const chosen = chosenList(path, beside.lists, audio);
  if (chosen) return chosen;
  if (audio.length === 0) {
    throw new UndertoneError(
      "corpus/empty",
      files.length > 0
        ? `None of the ${files.length} recordings in the folder '${path}' can be read${files[0].refusal ? `: ${files[0].refusal.message}` : ""}`
        : `The folder '${path}' holds no audio, expected recordings (WAV, FLAC, MP3, Ogg, Opus, M4A, …) in it or in folders below it`,
    );
  }
  try {
    const opened = openFolder(path, { files, corpus, rule });
    return { ...opened, remarks: [...opened.remarks, ...beside.remarks] };
  } catch (error) {
    if (!isUndertoneError(error, "corpus/unknown") || beside.remarks.length === 0) throw error;
    // Whoever wrote a list meant it to be read.
    throw new UndertoneError(error.code, `${error.message}; ${beside.remarks.join("; ")}`, { cause: error });
  }
}

/**
 * Returns the one list that lies beside the recordings of a folder, or undefined for none, and for several beside a corpus that needs none.
 * @throws UndertoneError `corpus/ambiguous` for several.
 */
function chosenList(
  folder: string,
  lists: readonly OpenedDataset[],
  audio: readonly AudioFile[],
): OpenedDataset | undefined {
  if (lists.length === 0 || (lists.length > 1 && recognize(folder, audio))) return undefined;
  const [one] = lists;
  const place = (list: OpenedDataset): string => `--data ${join(folder, list.dataset.name)}`;
  if (lists.length === 1) {
    const name = one.dataset.name;
    return {
      ...one,
      dataset: { ...one.dataset, name: basename(name, extname(name)) },
      remarks: [`read by the list '${name}' in the folder (--corpus folder overrules)`, ...one.remarks],
    };
  }
  throw new UndertoneError(
    "corpus/ambiguous",
    `The folder '${folder}' holds ${lists.length} lists of recordings, expected ${listChoices([...lists.map((list) => `'${place(list)}'`), `all of them ('${lists.map(place).join(" ")}')`, "'--corpus folder' for what folders and names tell"])}`,
  );
}

/** Returns the names, with `-2`, `-3`, … after those that stood before. */
function distinctNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let i = 2; used.has(free); i++) free = `${name}-${i}`;
    used.add(free);
    return free;
  });
}

/**
 * Returns the utterances of each source, those of a list of a corpus that another source has too as that corpus', with its names of the speakers:
 * the list may spell them otherwise.
 */
function withKnownCorpora(sources: readonly (readonly Utterance[])[]): (readonly Utterance[])[] {
  const ids = new Set(
    sources.flatMap((utterances) => utterances.flatMap(({ attributes }) => attributes.corpus ?? [])),
  );
  return sources.map((utterances) => {
    if (utterances.some(({ attributes }) => attributes.corpus !== undefined)) return utterances;
    const corpus = corpora.find(
      ({ id, parse }) => ids.has(id) && utterances.every(({ file }) => parse(file) !== null),
    );
    if (!corpus) return utterances;
    return utterances.map((utterance) => ({
      ...utterance,
      speaker: corpus.parse(utterance.file)!.speaker,
      attributes: { ...utterance.attributes, corpus: corpus.id },
    }));
  });
}

/** Returns an utterance of one of several sources: speakers and sentences belong to the corpus, so that two lists of one corpus share them. */
function joined(
  utterance: Utterance,
  about: {
    readonly source: string;
    readonly unnamed: string;
    readonly original: (id: string) => string;
  },
): Utterance {
  const { source, unnamed, original } = about;
  const { corpus = unnamed, sentence, copyOf } = utterance.attributes;
  const owned = (name: string): string => (corpus === "" ? name : `${corpus}/${name}`);
  return {
    ...utterance,
    id: `${source}/${utterance.id}`,
    speaker: owned(utterance.speaker),
    attributes: {
      ...utterance.attributes,
      list: source,
      ...(sentence !== undefined && { sentence: owned(sentence) }),
      ...(copyOf !== undefined && { copyOf: original(copyOf) }),
    },
  };
}
