/** From folders, manifests or a table file to what a run needs: utterances with classes, features, and an account of what is missing. */
import { existsSync } from "node:fs";
import type { CopyChain } from "@undertone/core/audio";
import {
  type Dataset,
  type DimensionName,
  type FeatureTable,
  type FeatureView,
  findDatasetWarnings,
  type LabelMap,
  type Subset,
  takeSubset,
  takeUtterances,
  warningText,
  withAttributes,
} from "@undertone/core/data";
import { isUndertoneError, UndertoneError } from "@undertone/core/errors";
import type { TrainingData } from "@undertone/core/train";
import { completeFeatures } from "../encoders/complete-features.js";
import { lookInto } from "../io/find-audio.js";
import { chooseTargets, labelledByVotes } from "./choose-targets.js";
import { corpusFolders } from "./corpus-folders.js";
import { type BrokenFile, brokenFile, type ExtractTableOptions, refuseBroken } from "./extract-table.js";
import { extractAtSpeeds, extractCopies } from "./extract-views.js";
import { type OpenedDataset, openDataset } from "./open-dataset.js";
import { readTable } from "./table-file.js";

/** How fast recordings are played, as `changeSpeed` does; 1 is as they are. */
export interface SpeedPlan {
  /** One copy of each training utterance for each of these. */
  readonly train: readonly number[];
  /** Scores are averaged over these; the artifact does so too. */
  readonly test: readonly number[];
}

/** Where the labelled recordings of a run come from. */
export interface DataSource {
  /** Folders or manifests; empty when `table` is given. */
  readonly data: readonly string[];
  /** A feature table instead of recordings. */
  readonly table?: string | undefined;
  readonly corpus?: string | undefined;
  /** Which utterances of a corpus are taken; default all. */
  readonly subset?: Subset | undefined;
  /** Where the speaker stands, as `parseSpeakerRule` takes it; default: where two or more plausible ones are found. */
  readonly speakerFrom?: string | undefined;
  /** Whether each of several folders and lists that name no corpus is one, for a run that leaves whole corpora out. */
  readonly eachACorpus?: boolean | undefined;
  /** Whether the data may be of another corpus than `corpus`. */
  readonly otherCorpora?: boolean | undefined;
  readonly labelMap?: string | undefined;
  /** The label map itself, for one that is in no list. */
  readonly map?: LabelMap;
  /** The model whose own map `map` is, as it is to be called. */
  readonly mapFrom?: string | undefined;
  readonly skipBroken?: boolean | undefined;
  /** Attributes of the utterances that become columns beside the features. */
  readonly attributes?: readonly string[] | undefined;
  /** Default: as they are, in training and test. */
  readonly speeds?: SpeedPlan | undefined;
  /** One more copy of each training utterance, through one of these chains by chance; default none. */
  readonly copies?: readonly CopyChain[] | undefined;
  /** What is learnt instead of classes, or beside them; default classes alone. */
  readonly values?: ValueTarget | undefined;
  /** Whether the raters' votes are what is learnt: they are then needed, and say the label of an utterance that has none. */
  readonly votes?: boolean | undefined;
}

/** The values that a run asks for. */
export interface ValueTarget {
  /** Or all that some utterance has. */
  readonly names: readonly DimensionName[] | "all";
  readonly besideClasses: boolean;
  /** Whether classes or values alone suffice, where both are asked for. */
  readonly either?: boolean;
}

/** How a run talks to its caller. */
export interface RunHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onWarning?: (text: string) => void;
  readonly onProgress?: (what: string, done: number, total: number) => void;
}

/** What lists tell of the data before anything is heard. */
export interface ListedData
  extends Pick<
    TrainingData,
    "dataset" | "corpus" | "labelMap" | "values" | "folds" | "duplicates" | "beside"
  > {
  /** The utterances that have what is learnt. */
  readonly table: Pick<FeatureTable, "ids">;
}

/** How recordings are heard. */
export interface HearingPlan extends Pick<DataSource, "attributes" | "speeds" | "copies"> {
  /** Id of the feature set; a table has its own. */
  readonly features?: string | undefined;
}

/** Data that are listed, and the way to hear them. */
export interface OpenedSource {
  readonly listed: ListedData;
  /** @throws UndertoneError `usage/*`, `corpus/broken-files`, `corpus/empty`, `features/*`, `learn/single-class`, `cancelled`. */
  load(hearing: HearingPlan): Promise<LoadedData>;
}

/** Labelled utterances with their features, and an account of what is missing. */
export interface LoadedData extends TrainingData {
  readonly broken: readonly BrokenFile[];
  /** How many utterances came from the cache. */
  readonly cached: number;
}

/** Returns pairs of utterances with equal features; the extractor is deterministic, so these are one recording. */
export function findDuplicates(table: FeatureTable): [string, string][] {
  const { ids, frames, offsets } = table;
  const firstWith = new Map<string, string>();
  const pairs: [string, string][] = [];
  for (let i = 0; i < ids.length; i++) {
    const values = frames.data.subarray(offsets[i] * frames.cols, offsets[i + 1] * frames.cols);
    const key = Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("latin1");
    const first = firstWith.get(key);
    if (first === undefined) firstWith.set(key, ids[i]);
    else pairs.push([first, ids[i]]);
  }
  return pairs;
}

/**
 * Returns the labelled utterances and features of a run.
 * @throws UndertoneError `usage/missing`, `file/*`, `corpus/*`, `manifest/invalid`, `label-map/*`, `features/*`, `learn/single-class`, `cancelled`.
 */
export async function loadData(
  source: DataSource,
  featureSetId: string | undefined,
  hooks: RunHooks = {},
): Promise<LoadedData> {
  const { load } = await openSource(source, hooks);
  return load({ ...source, features: featureSetId });
}

/**
 * Returns what the lists of a run's data tell, and the way to hear them.
 * @throws UndertoneError `usage/missing`, `file/*`, `corpus/*`, `manifest/invalid`, `label-map/*`, `learn/single-class`, `cancelled`.
 */
export async function openSource(source: DataSource, hooks: RunHooks = {}): Promise<OpenedSource> {
  const { listed, load } =
    source.table === undefined ? await openRecordings(source, hooks) : await openTable(source.table, source);
  return { listed, load: async (hearing) => withColumns(await load(hearing), hearing) };
}

/** Returns the data with attributes of the utterances as columns beside the features. */
function withColumns(loaded: LoadedData, { attributes }: HearingPlan): LoadedData {
  if (!attributes) return loaded;
  const wider = (table: FeatureTable): FeatureTable => withAttributes(table, loaded.dataset, attributes);
  const views = (given: readonly FeatureView[]): FeatureView[] =>
    given.map((view) => ({ ...view, table: wider(view.table) }));
  return {
    ...loaded,
    table: wider(loaded.table),
    train: views(loaded.train),
    test: views(loaded.test),
    featureSet: `${loaded.featureSet} with ${attributes.join(", ")}`,
  };
}

/** Opens the lists, as those of the source's corpus where it names one. */
async function openLists(
  { data, corpus, speakerFrom: speakerRule, otherCorpora }: DataSource,
  signal: RunHooks["signal"],
): Promise<OpenedDataset> {
  const { paths, check } = await corpusFolders(data, corpus);
  try {
    // Those of several corpora are recognized one by one.
    const one = corpus?.includes("+") ? undefined : corpus;
    const opened = await openDataset(paths, { corpus: one, speakerRule, signal });
    check(opened.corpus);
    return opened;
  } catch (error) {
    if (!otherCorpora || !isUndertoneError(error) || error.code !== "corpus/unknown") throw error;
    return openDataset(paths, { speakerRule, signal });
  }
}

/** Returns the dataset with each of its sources that names no corpus as one; speakers keep their names, so that one who is in two of them is a leak. */
function eachACorpus({ name, utterances }: Dataset): Dataset {
  return {
    name,
    utterances: utterances.map((utterance) => {
      const { corpus, list } = utterance.attributes;
      if (corpus !== undefined || list === undefined) return utterance;
      return { ...utterance, attributes: { ...utterance.attributes, corpus: list } };
    }),
  };
}

/** Refuses what only recordings allow: a table plays its recordings as they are. @throws UndertoneError `usage/bad-value`. */
function refuseBesideTable({ copies, speeds: { train = [], test = [] } = {} as never }: HearingPlan): void {
  if (copies)
    throw new UndertoneError(
      "usage/bad-value",
      "A feature table holds no recordings to make degraded copies of, expected --data for a recipe with copies",
    );
  const speeds = new Set([...train, ...test, 1]);
  if (speeds.size > 1)
    throw new UndertoneError(
      "usage/bad-value",
      `A feature table holds recordings at speed 1, got speeds ${[...speeds].join(", ")}; expected --data for other speeds`,
    );
}

/** Opens a feature table. */
async function openTable(path: string, source: DataSource): Promise<OpenedSource> {
  refuseBesideTable(source);
  if (source.speakerFrom !== undefined)
    throw new UndertoneError(
      "usage/bad-value",
      "A feature table names its speakers in its column 'speaker', got --speaker-from; expected --data for it",
    );
  const read = await readTable(path);
  const { featureSet, folds, corpus, labelMap: ownMap } = read;
  const some = takeSubset(read.dataset, source.subset ?? {});
  const taken = new Set(some.utterances.map(({ id }) => id));
  const table = takeUtterances(
    read.table,
    [...read.table.ids.keys()].filter((i) => taken.has(read.table.ids[i])),
  );
  const dataset = source.votes ? labelledByVotes(some) : some;
  const targets = chooseTargets(dataset, source, { corpus: source.corpus ?? corpus, ownMap });
  targets.check(dataset);
  const views = [{ speed: 1, table }];
  const data: LoadedData = {
    ...{ dataset, table, featureSet, folds, train: views, test: views },
    labelMap: targets.mapOf(dataset),
    values: targets.values,
    corpus: corpus ?? dataset.name,
    broken: [],
    cached: table.ids.length,
    duplicates: findDuplicates(table),
  };
  return {
    listed: data,
    async load({ features }) {
      if (features === undefined || (await completeFeatures(features)) === featureSet) return data;
      throw new UndertoneError(
        "features/mismatch",
        `The table '${path}' holds the feature set '${featureSet}', expected '${features}'`,
      );
    },
  };
}

/** Refuses a list of recordings that are not all there. @throws UndertoneError `corpus/broken-files`. */
function refuseAbsent({ name, utterances }: Dataset): void {
  const absent = utterances.filter(({ file }) => !existsSync(file));
  if (absent.length === 0) return;
  const [count, total] = [absent.length, utterances.length];
  const named = absent.slice(0, 3).map(({ file }) => `'${file}'`);
  throw new UndertoneError(
    "corpus/broken-files",
    `${count} of ${total} recordings of '${name}' are not there, among them ${named.join(", ")}; expected paths from the list's folder or one above it${count < total ? ", or --skip-broken to leave them out" : ", or the recordings beside the list"}`,
    { details: { count, total, files: absent.map(({ id, file }) => ({ id, file })) } },
  );
}

/** Refuses files that are no audio, as their first bytes show. @throws UndertoneError `corpus/broken-files`, `cancelled`. */
async function refuseNotAudio(
  { name, utterances }: Dataset,
  { files }: OpenedDataset,
  signal: RunHooks["signal"],
): Promise<void> {
  const seen = new Set(files.map(({ path }) => path));
  // Those that a list names have not been looked into yet.
  const listed = [...new Set(utterances.map(({ file }) => file))].filter((file) => !seen.has(file));
  const looked = [...files, ...(await lookInto(listed, { signal }))];
  const refusals = new Map(looked.flatMap(({ path, refusal }) => (refusal ? [[path, refusal]] : [])));
  const broken = utterances.flatMap((utterance) => {
    const refusal = refusals.get(utterance.file);
    return refusal ? [brokenFile(utterance, refusal)] : [];
  });
  refuseBroken(broken, { name, total: utterances.length });
}

/** Opens recordings, whose features come from the cache where it has them. */
async function openRecordings(source: DataSource, hooks: RunHooks): Promise<OpenedSource> {
  const { signal, onWarning, onProgress } = hooks;
  if (source.data.length === 0)
    throw new UndertoneError(
      "usage/missing",
      "Missing --data, expected the folder of a corpus, a manifest, or --table FILE",
    );
  const read = await openLists(source, signal);
  const opened = source.eachACorpus ? { ...read, dataset: eachACorpus(read.dataset) } : read;
  for (const remark of opened.remarks) onWarning?.(remark);
  for (const { kind, count, message, examples } of opened.problems) {
    if (kind === "not-audio" || kind === "missing-file") continue; // these come back as broken recordings
    if (kind === "no-label" && source.values?.besideClasses === false) continue; // none is asked for
    if (kind === "unknown-speaker" && count === opened.dataset.utterances.length) continue; // the split says it
    onWarning?.(`${message}: ${examples.slice(0, 3).join(", ")}`);
  }
  const some = takeSubset(opened.dataset, source.subset ?? {});
  const whole = source.votes ? labelledByVotes(some) : some;
  const targets = chooseTargets(whole, source, { corpus: opened.corpus, ownMap: undefined });
  targets.check(whole);
  const asked = { ...whole, utterances: whole.utterances.filter(targets.wanted) };
  // Whoever mends spellings needs not wait for the features; the rest is said with the figures.
  const labelMap = targets.mapOf(whole);
  const classOf = ({ label = "" }: { readonly label?: string | undefined }): string | null =>
    labelMap.words[label] ?? null;
  for (const warning of findDatasetWarnings(asked, { classOf }))
    if (warning.kind.endsWith("alike")) onWarning?.(warningText(warning));
  if (!source.skipBroken) {
    if (opened.problems.some(({ kind }) => kind === "missing-file")) refuseAbsent(asked);
    await refuseNotAudio(asked, opened, signal);
  }
  const about = { values: targets.values, corpus: opened.corpus };
  return {
    listed: {
      ...about,
      dataset: whole,
      labelMap,
      table: { ids: asked.utterances.map(({ id }) => id) },
      duplicates: [],
    },
    async load({ features, speeds, copies: chains }) {
      if (features === undefined)
        throw new UndertoneError(
          "usage/missing",
          "Missing --features, expected the id of a feature set, such as seed-v1",
        );
      const featureSet = await completeFeatures(features);
      const options: ExtractTableOptions = {
        featureSetId: featureSet,
        ...{ skipBroken: source.skipBroken, signal, onWarning },
        onProgress: (done, total) => onProgress?.("features", done, total),
      };
      const { train = [1], test = [1] } = speeds ?? {};
      const extracted = await extractAtSpeeds(asked, [...new Set([...train, ...test, 1])], options);
      const { broken, cached, table, views } = extracted;
      if (broken.length > 0) {
        const list = broken.map(({ id, message }) => `\n  ${id}: ${message}`).join("");
        onWarning?.(`left out ${broken.length} broken of ${asked.utterances.length} recordings:${list}`);
        targets.check(extracted.dataset);
      }
      const copies = chains ? [await extractCopies(extracted.dataset, table, chains, options)] : [];
      const played = (at: readonly number[]): FeatureView[] =>
        at.map((speed) => views.find((view) => view.speed === speed)!);
      const gone = new Set(broken.map(({ id }) => id));
      return {
        dataset: { ...whole, utterances: whole.utterances.filter(({ id }) => !gone.has(id)) },
        ...{ ...about, table, broken, cached, featureSet },
        labelMap: targets.mapOf(extracted.dataset),
        train: [...played(train), ...copies],
        test: played(test),
        duplicates: findDuplicates(table),
      };
    },
  };
}
