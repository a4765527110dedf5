/** From a folder of recordings to a dataset: a corpus that is recognized by its names, or folders and names that say label and speaker. */
import { basename, dirname, resolve } from "node:path";
import {
  type Corpus,
  corpora,
  emotionIn,
  folderAttributes,
  labelLevel,
  labelsOf,
  labelsRemark,
  type SpeakerRule,
  tellSpeakers,
  type Utterance,
  unknownSpeaker,
} from "@undertone/core/data";
import { listChoices, UndertoneError } from "@undertone/core/errors";
import type { AudioFile } from "../io/find-audio.js";
import { type DatasetProblem, problem, speakersNotKnown } from "./dataset-problem.js";
import type { OpenedDataset } from "./open-dataset.js";

/** The id of folders whose names tell label and speaker. */
export const foldersId = "folders";

/** How a folder is to be read. */
export interface FolderOptions {
  readonly files: readonly AudioFile[];
  /** Default: recognized by the files' names. */
  readonly corpus?: Corpus | typeof foldersId | undefined;
  readonly rule?: SpeakerRule | undefined;
}

/** Returns the dataset of a folder of recordings. @throws UndertoneError `corpus/unknown`, `corpus/ambiguous`, `usage/bad-value`. */
export function openFolder(path: string, options: FolderOptions): OpenedDataset {
  const { files, corpus, rule } = options;
  const audio = files.filter(({ container }) => container !== null);
  const recognized = corpus === foldersId ? undefined : (corpus ?? recognize(path, audio));
  if (!recognized) {
    const { corpus: meant, count } = mostAlike(path, audio);
    if (corpus === undefined && count > 0)
      throw new UndertoneError(
        "corpus/unknown",
        `Only ${count} of ${audio.length} files in '${path}' are named as in ${meant.id}, expected at least half, or --corpus ${meant.id} or --corpus folder`,
      );
    return openFolders(path, options);
  }
  const opened = openCorpus(path, files, recognized);
  return {
    ...opened,
    remarks: [
      ...(corpus ? [] : [`recognized as ${recognized.id} by its file names (--corpus folder overrules)`]),
      ...(rule ? [`--speaker-from is not applied to ${recognized.id}, whose names say the speaker`] : []),
    ],
  };
}

/** Returns the corpus that at least half of the files are named after; undefined when there is none. */
export function recognize(path: string, audio: readonly AudioFile[]): Corpus | undefined {
  const best = mostAlike(path, audio);
  return best.count > 0 && best.count * 2 >= audio.length ? best.corpus : undefined;
}

function mostAlike(path: string, audio: readonly AudioFile[]): { corpus: Corpus; count: number } {
  return corpora
    .map((corpus) => ({
      corpus,
      count: audio.filter((file) => corpus.parse(nameBelow(path, file)) !== null).length,
    }))
    .reduce((a, b) => (b.count > a.count ? b : a));
}

/** Returns the path that a corpus parses: below the folder, and with the folder's own name where the files lie in it directly. */
function nameBelow(folder: string, file: AudioFile): string {
  return file.relativePath.includes("/")
    ? file.relativePath
    : `${basename(resolve(folder))}/${file.relativePath}`;
}

function openCorpus(path: string, files: readonly AudioFile[], corpus: Corpus): OpenedDataset {
  const utterances: Utterance[] = [];
  const strange: string[] = [];
  for (const file of files) {
    const parsed = corpus.parse(nameBelow(path, file));
    if (!parsed) {
      strange.push(file.relativePath);
      continue;
    }
    utterances.push({
      id: file.relativePath,
      file: file.path,
      speaker: parsed.speaker,
      label: parsed.label,
      attributes: { corpus: corpus.id, language: corpus.language, ...parsed.attributes },
    });
  }
  if (utterances.length === 0)
    throw new UndertoneError(
      "corpus/unknown",
      `No file in '${path}' is named as in ${corpus.id}, expected at least one`,
    );
  return {
    dataset: { name: corpus.id, utterances },
    corpus: corpus.id,
    folder: resolve(path),
    files,
    remarks: [],
    problems: [
      ...problem(
        "unrecognized-name",
        strange,
        (n) => `${n} ${n === 1 ? "file is" : "files are"} not named as in ${corpus.id} and left out`,
      ),
      ...notAudio(files),
    ],
  };
}

function openFolders(path: string, { files, corpus, rule }: FolderOptions): OpenedDataset {
  if (rule?.kind === "column")
    throw new UndertoneError(
      "usage/bad-value",
      `The folder '${path}' has no column '${rule.column}', expected --speaker-from prefix, folder, unknown or a regular expression`,
    );
  const paths = files.map(({ relativePath }) => relativePath);
  const level = labelLevel(paths) ?? (corpus === foldersId ? 1 : undefined);
  const labels = level === undefined ? [] : labelsOf(paths, level);
  const read = files.map((file, i) => ({ file, path: paths[i], label: labels[i] }));
  const labelled = read.filter(({ label }) => label !== undefined);
  const lone = level === undefined ? [...new Set(paths.map((one) => emotionIn(dirname(one))))] : [];
  if (lone.length === 1 && lone[0] !== undefined)
    throw new UndertoneError(
      "learn/single-class",
      `All recordings in '${path}' are in a folder that says '${lone[0]}', expected two or more folders named after labels (--corpus folder inspects one)`,
    );
  if (level === undefined || labelled.length === 0)
    throw new UndertoneError(
      "corpus/unknown",
      `The files in '${path}' are named as in none of ${listChoices(corpora.map(({ id }) => id))} and tell no labels, expected two or more folders named after labels, names such as anna_angry_1.wav, or a list of the files`,
    );
  const { choice, remarks } = tellSpeakers(labelled, rule, level);
  const utterances = labelled.map(
    ({ file, path: id, label }, i): Utterance => ({
      id,
      file: file.path,
      speaker: choice?.speakers[i] ?? unknownSpeaker,
      label,
      attributes: folderAttributes(id),
    }),
  );
  return {
    dataset: { name: basename(resolve(path)), utterances },
    corpus: foldersId,
    folder: resolve(path),
    files,
    remarks: [...labelsRemark(level, labels), ...remarks],
    problems: [
      ...problem(
        "unrecognized-name",
        read.filter(({ label }) => label === undefined).map(({ path: name }) => name),
        (n) => `${n} ${n === 1 ? "file has" : "files have"} no label and ${n === 1 ? "is" : "are"} left out`,
      ),
      ...notAudio(files),
      ...speakersNotKnown(utterances),
    ],
  };
}

function notAudio(files: readonly AudioFile[]): DatasetProblem[] {
  const names = files.filter(({ container }) => container === null).map(({ relativePath }) => relativePath);
  return problem(
    "not-audio",
    names,
    (n) => `${n} ${n === 1 ? "file is" : "files are"} named like audio but ${n === 1 ? "is" : "are"} not`,
  );
}
