/** From folders and manifests to one dataset: recognizes the corpus, and accounts for every file that it leaves out. */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join, resolve } from "node:path";
import {
  type Corpus,
  corpora,
  type Dataset,
  guessSpeakerRule,
  type ParsedManifest,
  parseFolderName,
  parseJsonlManifest,
  type SpeakerRule,
  type Utterance,
} from "@undertone/core/data";
import { listChoices, UndertoneError } from "@undertone/core/errors";
import { fileError } from "../io/file-error.js";
import { type AudioFile, findAudio } from "../io/find-audio.js";
import { readCsvManifest } from "./csv-manifest.js";

/** Something about a dataset that its user should know; nothing is left out without one. */
export interface DatasetProblem {
  readonly kind: "unrecognized-name" | "not-audio" | "missing-file" | "unknown-speaker" | "no-label";
  readonly count: number;
  /** At most ten. */
  readonly examples: readonly string[];
  readonly message: string;
}

export interface OpenDatasetOptions {
  /** Id of the corpus, or `folders` for `label/*.wav`; default: recognized by the files' names. */
  readonly corpus?: string | undefined;
  /** Where the speaker stands in folders that are no known corpus; default: the folder above the label when there is one. */
  readonly speakerRule?: SpeakerRule | undefined;
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
  /** The files that were found in folders, by absolute path, those that are not audio included. */
  readonly files: readonly AudioFile[];
}

/** The word that `--corpus` takes for folders named after labels. */
const foldersId = "folders";
const manifestEndings = [".csv", ".tsv", ".jsonl", ".ndjson"];
const shown = 10;

/**
 * Returns the dataset of a folder or manifest, or of several together. Ids are posix paths below the folder; with several sources, ids begin with
 * the source's name, speakers and sentences with the corpus' name, so that those of different corpora never collide. Files in a corpus folder whose names are not the
 * corpus' are left out and reported; files that a manifest names and that are not there stay in and are reported.
 * @throws UndertoneError `file/*`, `corpus/empty` (no audio), `corpus/unknown`, `manifest/invalid` or `cancelled`.
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
  return {
    dataset: {
      name: names.join(" + "),
      utterances: opened.flatMap(({ dataset }, i) =>
        dataset.utterances.map((utterance) => prefixed(utterance, names[i])),
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
    files: opened.flatMap(({ files }) => files),
  };
}

async function openOne(path: string, options: OpenDatasetOptions): Promise<OpenedDataset> {
  const { corpus: wanted, signal } = options;
  const corpus =
    wanted === undefined || wanted === foldersId ? undefined : corpora.find(({ id }) => id === wanted);
  if (wanted !== undefined && wanted !== foldersId && !corpus) {
    throw new UndertoneError(
      "corpus/unknown",
      `Unknown corpus '${wanted}', expected ${listChoices([...corpora.map(({ id }) => id), foldersId])}`,
    );
  }
  const info = await stat(path).catch((error: unknown) => {
    throw fileError(error, path);
  });
  if (info.isFile()) {
    if (manifestEndings.includes(extname(path).toLowerCase())) return openManifest(path);
    throw new UndertoneError(
      "corpus/unknown",
      `'${path}' is a file, expected a folder or a manifest ending in ${listChoices(manifestEndings)}`,
    );
  }
  const files = await findAudio(path, { signal });
  const audio = files.filter(({ container }) => container !== null);
  if (audio.length === 0) {
    throw new UndertoneError(
      "corpus/empty",
      `The folder '${path}' holds no audio${files.length > 0 ? ` (${files.length} files are named like audio but are not)` : ""}, expected recordings in it`,
    );
  }
  const recognized = wanted === foldersId ? undefined : (corpus ?? recognize(path, audio));
  return recognized ? openCorpus(path, files, recognized) : openFolders(path, files, options.speakerRule);
}

/**
 * Returns the corpus that at least half of the files are named after, or undefined when none is and the files lie in two folders or more,
 * which then are the labels.
 */
function recognize(path: string, audio: readonly AudioFile[]): Corpus | undefined {
  const counts = corpora.map((corpus) => ({
    corpus,
    count: audio.filter((file) => corpus.parse(nameBelow(path, file)) !== null).length,
  }));
  const best = counts.reduce((a, b) => (b.count > a.count ? b : a));
  if (best.count * 2 >= audio.length) return best.corpus;
  const labels = new Set(audio.flatMap((file) => parseFolderName(file.relativePath, "unknown")?.label ?? []));
  if (best.count === 0 && labels.size >= 2) return undefined;
  throw new UndertoneError(
    "corpus/unknown",
    best.count > 0
      ? `Only ${best.count} of ${audio.length} files in '${path}' are named as in ${best.corpus.id}, expected at least half, or --corpus ${best.corpus.id} or --corpus ${foldersId}`
      : `The files in '${path}' are named as in none of ${listChoices(corpora.map(({ id }) => id))}, expected that, two or more folders named after labels, or a manifest`,
  );
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

function openFolders(
  path: string,
  files: readonly AudioFile[],
  wanted: SpeakerRule | undefined,
): OpenedDataset {
  const rule = wanted ?? guessSpeakerRule(files.map(({ relativePath }) => relativePath));
  const strange: string[] = [];
  const utterances = files.flatMap((file): Utterance[] => {
    const parsed = parseFolderName(file.relativePath, rule);
    if (!parsed) {
      strange.push(file.relativePath);
      return [];
    }
    return [{ id: file.relativePath, file: file.path, ...parsed }];
  });
  if (utterances.length === 0) {
    throw new UndertoneError(
      "corpus/unknown",
      `No file in '${path}' has a label folder${rule === "unknown" ? "" : ` and a speaker by the rule '${rule}'`}, expected label/file.wav`,
    );
  }
  const name = basename(resolve(path));
  return {
    dataset: { name, utterances },
    corpus: foldersId,
    folder: resolve(path),
    files,
    problems: [
      ...problem(
        "unrecognized-name",
        strange,
        (n) =>
          `${n} ${n === 1 ? "file has" : "files have"} no label folder or no speaker and ${n === 1 ? "is" : "are"} left out`,
      ),
      ...notAudio(files),
      ...(rule === "unknown" ? unknownSpeakers(utterances) : []),
    ],
  };
}

async function openManifest(path: string): Promise<OpenedDataset> {
  const ending = extname(path).toLowerCase();
  const { text, ...csv } = await readCsvManifest(path, ending);
  const { utterances, unknownSpeakers: unknown }: ParsedManifest =
    csv.parsed ?? parseJsonlManifest(path, text);
  const root = manifestRoot(path, utterances);
  const absent: string[] = [];
  const known = new Map<string, boolean>();
  const placed = utterances.map((utterance) => {
    const file = isAbsolute(utterance.file) ? utterance.file : join(root, utterance.file);
    const there = known.get(file) ?? existsSync(file);
    known.set(file, there);
    if (!there) absent.push(utterance.id);
    return { ...utterance, file };
  });
  const unlabelled = placed.filter(({ label }) => label === undefined).map(({ id }) => id);
  return {
    dataset: { name: basename(path, extname(path)), utterances: placed },
    corpus: "manifest",
    folder: root,
    files: [],
    problems: [
      ...problem(
        "missing-file",
        absent,
        (n) => `${n} of the manifest's recordings ${n === 1 ? "is" : "are"} not there`,
      ),
      ...problem(
        "no-label",
        unlabelled,
        (n) => `${n} of the manifest's utterances ${n === 1 ? "has" : "have"} no label`,
      ),
      ...(unknown > 0 ? unknownSpeakers(placed.filter(({ speaker }) => speaker === "unknown")) : []),
    ],
  };
}

/** Returns the folder that the manifest's paths start from: its own or one of the three above, the first in which the first file is. */
function manifestRoot(path: string, utterances: readonly Utterance[]): string {
  const own = dirname(resolve(path));
  const first = utterances[0].file;
  let folder = own;
  for (let up = 0; up < 4; up++) {
    if (existsSync(join(folder, first))) return folder;
    folder = dirname(folder);
  }
  return own;
}

function notAudio(files: readonly AudioFile[]): DatasetProblem[] {
  const names = files.filter(({ container }) => container === null).map(({ relativePath }) => relativePath);
  return problem(
    "not-audio",
    names,
    (n) => `${n} ${n === 1 ? "file is" : "files are"} named like audio but ${n === 1 ? "is" : "are"} not`,
  );
}

function unknownSpeakers(utterances: readonly Utterance[]): DatasetProblem[] {
  return problem(
    "unknown-speaker",
    utterances.map(({ id }) => id),
    (n) => `${n} utterances have no known speaker, so that no split of them can claim unseen speakers`,
  );
}

function problem(
  kind: DatasetProblem["kind"],
  names: readonly string[],
  message: (count: number) => string,
): DatasetProblem[] {
  return names.length === 0
    ? []
    : [{ kind, count: names.length, examples: names.slice(0, shown), message: message(names.length) }];
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

/** Speakers and sentences belong to the corpus, so that two folders of one corpus share them. */
function prefixed(utterance: Utterance, name: string): Utterance {
  const { corpus, sentence } = utterance.attributes;
  const owner = corpus ?? name;
  return {
    ...utterance,
    id: `${name}/${utterance.id}`,
    speaker: `${owner}/${utterance.speaker}`,
    attributes:
      sentence === undefined
        ? utterance.attributes
        : { ...utterance.attributes, sentence: `${owner}/${sentence}` },
  };
}
