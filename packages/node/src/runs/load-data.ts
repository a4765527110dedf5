/** From folders, manifests or a table file to what a run needs: utterances with classes, features, and an account of what is missing. */
import {
  type CopyChain,
  corpora,
  type Dataset,
  type DimensionName,
  describeCopies,
  dimensionNames,
  drawCopy,
  type FeatureTable,
  type FeatureView,
  identityLabelMap,
  isUndertoneError,
  type LabelMap,
  labelMap,
  mapLabel,
  random,
  stackTables,
  type TrainingData,
  takeUtterances,
  UndertoneError,
  type Utterance,
  valuesOf,
  withAttributes,
} from "@undertone/core";
import { completeFeatures } from "../encoders/complete-features.js";
import {
  type BrokenFile,
  describeBroken,
  type ExtractedTable,
  type ExtractTableOptions,
  extractTable,
} from "./extract-table.js";
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
  /** Whether the data may be of another corpus than `corpus`. */
  readonly otherCorpora?: boolean | undefined;
  readonly labelMap?: string | undefined;
  /** The label map itself, for one that is in no list. */
  readonly map?: LabelMap;
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

/** Labelled utterances with their features, and an account of what is missing. */
export interface LoadedData extends TrainingData {
  readonly broken: readonly BrokenFile[];
  /** How many utterances came from the cache. */
  readonly cached: number;
}

/** The label map of a dataset's own words, as a recipe names it. */
const asLabelled = "as-labelled";

/** Returns the label map for a corpus: the one named, else the corpus' own, else the dataset's words as they are. */
function chooseLabelMap(id: string | undefined, corpus: string | undefined, dataset: Dataset): LabelMap {
  if (id !== undefined && id !== asLabelled) return labelMap(id);
  const own = corpora.find((known) => known.id === corpus)?.defaultLabelMap;
  if (own && id !== asLabelled) return labelMap(own);
  const words = [
    ...new Set(
      dataset.utterances.flatMap(({ label, votes = {} }) => [
        ...(label === undefined ? [] : [label]),
        ...Object.keys(votes),
      ]),
    ),
  ].sort();
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

/** What a run learns of a dataset. */
interface Targets {
  readonly map: LabelMap;
  readonly values: readonly DimensionName[];
  /** Checks that the utterances that are left suffice. @throws UndertoneError `corpus/empty`, `learn/single-class`. */
  check(dataset: Dataset): void;
  /** Whether there is something to learn of the utterance. */
  wanted(utterance: Utterance): boolean;
}

function chooseTargets(
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
  const targets: Targets = {
    map,
    values,
    wanted: (utterance) =>
      hasClass(utterance, map) || (values.length > 0 && valuesOf(utterance, values) !== undefined),
    check(left) {
      if (source.values?.either && left.utterances.some((utterance) => targets.wanted(utterance))) return;
      if (besideClasses) checkClasses(left, map);
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
function labelledByVotes(dataset: Dataset): Dataset {
  const utterances = dataset.utterances.map((utterance) => {
    const words = Object.entries(utterance.votes ?? {}).filter(([, count]) => count > 0);
    if (utterance.label !== undefined || words.length === 0) return utterance;
    const [label] = words.reduce((best, one) => (one[1] > best[1] ? one : best));
    return { ...utterance, label };
  });
  return { ...dataset, utterances };
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

/** Returns the features at each speed of the utterances that are whole at all of them, and the table at speed 1. */
async function extractAtSpeeds(
  dataset: Dataset,
  speeds: readonly number[],
  options: ExtractTableOptions,
): Promise<ExtractedTable & { readonly heard: readonly FeatureView[] }> {
  const broken: BrokenFile[] = [];
  const tables: FeatureView[] = [];
  let kept = dataset;
  let cached = 0;
  for (const [s, speed] of speeds.entries()) {
    const extracted = await extractTable(kept, {
      ...options,
      speed,
      onProgress: (done, total) => options.onProgress?.(s * total + done, speeds.length * total),
    });
    kept = extracted.dataset;
    cached += extracted.cached;
    broken.push(...extracted.broken);
    tables.push({ speed, table: extracted.table });
  }
  const ids = new Set(kept.utterances.map(({ id }) => id));
  const heard = tables.map(({ speed, table }) => {
    const rows = table.ids.flatMap((id, i) => (ids.has(id) ? [i] : []));
    return { speed, table: rows.length < table.ids.length ? takeUtterances(table, rows) : table };
  });
  const { table } = heard.find(({ speed }) => speed === 1)!;
  return { table, heard, dataset: kept, broken, cached: Math.floor(cached / speeds.length) };
}

/** Returns one degraded copy of each utterance; one that nothing is left of is taken as it is. */
async function extractCopies(
  dataset: Dataset,
  clean: FeatureTable,
  chains: readonly CopyChain[],
  options: ExtractTableOptions,
): Promise<FeatureView> {
  const { table: found, broken } = await extractTable(dataset, {
    ...options,
    skipBroken: true,
    copies: chains,
    augment: ({ id }) => ({ steps: drawCopy(chains, random(`copy ${id}`)), seed: `copy ${id}` }),
  });
  if (broken.length > 0)
    options.onWarning?.(
      `of ${broken.length} degraded training copies nothing is left, they are taken as recorded: ${describeBroken(broken)}`,
    );
  const rowOf = new Map(found.ids.map((id, i) => [id, i]));
  const table = takeUtterances(
    stackTables([found, clean]),
    clean.ids.map((id, i) => rowOf.get(id) ?? found.ids.length + i),
  );
  return { speed: 1, table, through: describeCopies(chains) };
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
  const loaded = await loadFeatures(source, featureSetId, hooks);
  const { attributes } = source;
  if (!attributes) return loaded;
  const wider = (table: FeatureTable): FeatureTable => withAttributes(table, loaded.dataset, attributes);
  const views = (heard: readonly FeatureView[]): FeatureView[] =>
    heard.map((one) => ({ ...one, table: wider(one.table) }));
  return {
    ...loaded,
    table: wider(loaded.table),
    train: views(loaded.train),
    test: views(loaded.test),
    featureSet: `${loaded.featureSet} with ${attributes.join(", ")}`,
  };
}

/** Opens the recordings, as those of the source's corpus where it names one. */
async function openSource(
  { data, corpus, otherCorpora }: DataSource,
  signal: RunHooks["signal"],
): Promise<OpenedDataset> {
  try {
    return await openDataset(data, { corpus, signal });
  } catch (error) {
    if (!otherCorpora || !isUndertoneError(error) || error.code !== "corpus/unknown") throw error;
    return openDataset(data, { signal });
  }
}

async function loadFeatures(
  source: DataSource,
  featureSetId: string | undefined,
  hooks: RunHooks,
): Promise<LoadedData> {
  const { signal, onWarning, onProgress } = hooks;
  const { train = [1], test = [1] } = source.speeds ?? {};
  const speeds = [...new Set([...train, ...test, 1])];
  if (source.table !== undefined) {
    if (source.copies)
      throw new UndertoneError(
        "usage/bad-value",
        "A feature table holds no recordings to make degraded copies of, expected --data for a recipe with copies",
      );
    if (speeds.length > 1)
      throw new UndertoneError(
        "usage/bad-value",
        `A feature table holds recordings at speed 1, got speeds ${speeds.join(", ")}; expected --data for other speeds`,
      );
    const read = await readTable(source.table);
    const { table, featureSet, folds, corpus, labelMap: ownMap } = read;
    const dataset = source.votes ? labelledByVotes(read.dataset) : read.dataset;
    if (featureSetId !== undefined && (await completeFeatures(featureSetId)) !== featureSet) {
      throw new UndertoneError(
        "features/mismatch",
        `The table '${source.table}' holds the feature set '${featureSet}', expected '${featureSetId}'`,
      );
    }
    const targets = chooseTargets(dataset, source, { corpus: source.corpus ?? corpus, ownMap });
    targets.check(dataset);
    return {
      dataset,
      table,
      train: [{ speed: 1, table }],
      test: [{ speed: 1, table }],
      featureSet,
      labelMap: targets.map,
      values: targets.values,
      corpus: corpus ?? dataset.name,
      broken: [],
      cached: table.ids.length,
      ...(folds ? { folds } : {}),
      duplicates: findDuplicates(table),
    };
  }
  if (source.data.length === 0)
    throw new UndertoneError(
      "usage/missing",
      "Missing --data, expected the folder of a corpus, a manifest, or --table FILE",
    );
  if (featureSetId === undefined)
    throw new UndertoneError(
      "usage/missing",
      "Missing --features, expected the id of a feature set, such as seed-v1",
    );
  const completeId = await completeFeatures(featureSetId); // refuses what is not there before the long work
  const opened = await openSource(source, signal);
  for (const { kind, message, examples } of opened.problems) {
    if (kind === "not-audio" || kind === "missing-file") continue; // these come back as broken recordings
    onWarning?.(`${message}: ${examples.slice(0, 3).join(", ")}`);
  }
  const whole = source.votes ? labelledByVotes(opened.dataset) : opened.dataset;
  const targets = chooseTargets(whole, source, { corpus: opened.corpus, ownMap: undefined });
  targets.check(whole);
  const asked = { ...whole, utterances: whole.utterances.filter(targets.wanted) };
  const options: ExtractTableOptions = {
    featureSetId: completeId,
    ...(source.skipBroken === undefined ? {} : { skipBroken: source.skipBroken }),
    ...(signal ? { signal } : {}),
    ...(onWarning ? { onWarning } : {}),
    onProgress: (done, total) => onProgress?.("features", done, total),
  };
  const extracted = await extractAtSpeeds(asked, speeds, options);
  if (extracted.broken.length > 0) {
    const list = extracted.broken.map(({ id, message }) => `\n  ${id}: ${message}`).join("");
    onWarning?.(
      `left out ${extracted.broken.length} broken of ${asked.utterances.length} recordings:${list}`,
    );
    targets.check(extracted.dataset);
  }
  const copies =
    source.copies && (await extractCopies(extracted.dataset, extracted.table, source.copies, options));
  const heardAt = (wanted: readonly number[]): FeatureView[] =>
    wanted.map((speed) => extracted.heard.find((one) => one.speed === speed)!);
  const gone = new Set(extracted.broken.map(({ id }) => id));
  return {
    dataset: { ...whole, utterances: whole.utterances.filter(({ id }) => !gone.has(id)) },
    table: extracted.table,
    train: [...heardAt(train), ...(copies ? [copies] : [])],
    test: heardAt(test),
    featureSet: completeId,
    labelMap: targets.map,
    values: targets.values,
    corpus: opened.corpus,
    broken: extracted.broken,
    cached: extracted.cached,
    duplicates: findDuplicates(extracted.table),
  };
}
