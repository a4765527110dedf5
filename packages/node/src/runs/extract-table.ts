/** From a dataset to a feature table: through the worker pool, past the cache, with every broken recording accounted for. */

import type { CopyChain } from "@undertone/core/audio";
import type { Dataset, FeatureTable, Utterance } from "@undertone/core/data";
import { isUndertoneError, stopIfAborted, UndertoneError } from "@undertone/core/errors";
import { anyFeatureSet } from "@undertone/core/features";
import { type Matrix, matrix } from "@undertone/core/math";
import { forEachConcurrently } from "../io/for-each-concurrently.js";
import { cacheFolder } from "../io/places.js";
import type { AugmentJob } from "../workers/audio-job.js";
import { type AudioPool, openAudioPool } from "../workers/audio-pool.js";
import { cacheKey, openFeatureCache } from "./feature-cache.js";
import { groupBy } from "./group-by.js";

/** A recording that gave no features, and why. */
export interface BrokenFile {
  readonly id: string;
  readonly file: string;
  readonly code: string;
  readonly message: string;
}

/** Options of `openExtractor`. */
export interface ExtractorOptions {
  readonly featureSetId: string;
  /** How fast the audio is played, as `changeSpeed` does; default 1. */
  readonly speed?: number;
  /** What happens to an utterance's audio before; such features are not cached without `copies`. Default nothing. */
  readonly augment?: (utterance: Utterance) => AugmentJob;
  /** The chains that all steps of `augment` are drawn from, none of which names a recording. */
  readonly copies?: readonly CopyChain[] | undefined;
  /** Where an utterance's audio is, for what is in no file; default its file. */
  readonly source?: ((utterance: Utterance) => string | Uint8Array) | undefined;
  /** Folder of the cache, or null for none. */
  readonly cache?: string | null;
  /** A pool to use; otherwise one is opened and closed. */
  readonly pool?: AudioPool;
  readonly signal?: AbortSignal | undefined;
  readonly onWarning?: ((text: string) => void) | undefined;
}

/** Options of `extractTable`. */
export interface ExtractTableOptions extends ExtractorOptions {
  /** Leave broken recordings out instead of stopping; they are in the result's `broken`. */
  readonly skipBroken?: boolean | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What gives the features of utterances, from the cache where they are in it. */
export interface Extractor {
  /** @throws UndertoneError as `AudioPool.extract`. */
  extract(utterance: Utterance): Promise<{ readonly features: Matrix; readonly cached: boolean }>;
  close(): Promise<void>;
}

/** What `extractTable` found. */
export interface ExtractedTable {
  readonly table: FeatureTable;
  /** The utterances that are in the table, in its order. */
  readonly dataset: Dataset;
  readonly broken: readonly BrokenFile[];
  /** How many utterances came from the cache. */
  readonly cached: number;
}

/** Utterances that are worked on at a time. */
export const inFlight = 8;

/** Whether an error tells of the recording and not of the machine or of a stop. */
export function isBrokenRecording(error: unknown): error is UndertoneError {
  return (
    isUndertoneError(error) &&
    (error.code.startsWith("audio/") ||
      error.code.startsWith("file/not-found") ||
      error.code === "file/unreadable" ||
      error.code === "features/not-finite")
  );
}

/** Returns "a is empty; b is cut short; c, d (Silent …)" of the first three, for one sentence. */
export function describeBroken(broken: readonly BrokenFile[], limit = 3): string {
  const said = broken.slice(0, limit).map(({ id, file, message }) => {
    const why = message.replace(/\.$/, "");
    return why.startsWith(`'${file}'`) ? { of: id, text: why.replace(`'${file}'`, id) } : { of: id, why };
  });
  return [...groupBy(said, ({ of, why }) => why ?? of)]
    .map(([why, own]) => own[0].text ?? `${own.map(({ of }) => of).join(", ")} (${why})`)
    .join("; ");
}

/** Returns the extractor of one feature set. @throws UndertoneError as `openFeatureCache`. */
export async function openExtractor(options: ExtractorOptions): Promise<Extractor> {
  const { featureSetId, speed = 1, copies, cache = cacheFolder(), signal, onWarning } = options;
  const { source = ({ file }) => file } = options;
  const store =
    cache === null || (options.augment && !copies)
      ? undefined
      : await openFeatureCache(cache, featureSetId, { speed, copies });
  let pool = options.pool;
  let cacheWorks = true;
  return {
    async extract(utterance) {
      const { start, end } = utterance;
      const augment = options.augment?.(utterance);
      const audio = source(utterance);
      const key = store && (await cacheKey(audio, { start, end }, augment));
      const found = key && (await store.read(key));
      if (found) return { features: found, cached: true };
      pool ??= openAudioPool();
      const features = await pool.extract(audio, featureSetId, { start, end, speed, augment, signal });
      if (key && cacheWorks && !(await store.write(key, features))) {
        if (cacheWorks)
          onWarning?.(`the cache '${cache}' cannot be written; features are computed anew each time`);
        cacheWorks = false;
      }
      return { features, cached: false };
    },
    async close() {
      if (!options.pool) await pool?.close();
    },
  };
}

/**
 * Returns the features of a dataset's utterances, rows in the dataset's order.
 * @throws UndertoneError `corpus/broken-files` (unless `skipBroken`), `corpus/empty` when nothing remains, `features/unknown`, `cancelled`.
 */
export async function extractTable(dataset: Dataset, options: ExtractTableOptions): Promise<ExtractedTable> {
  const { featureSetId, skipBroken = false, signal, onProgress } = options;
  const set = anyFeatureSet(featureSetId);
  const { utterances } = dataset;
  const extractor = await openExtractor({ ...options, featureSetId: set.id });
  const features: (Matrix | undefined)[] = new Array(utterances.length).fill(undefined);
  const failures: (BrokenFile | undefined)[] = new Array(utterances.length).fill(undefined);
  let done = 0;
  let cached = 0;

  try {
    await forEachConcurrently(utterances, inFlight, async (utterance, index) => {
      stopIfAborted(signal);
      try {
        const found = await extractor.extract(utterance);
        if (found.cached) cached++;
        features[index] = found.features;
      } catch (error) {
        if (!isBrokenRecording(error)) throw error;
        failures[index] = brokenFile(utterance, error);
      }
      onProgress?.(++done, utterances.length);
    });
  } finally {
    await extractor.close();
  }

  const broken = failures.filter((failure) => failure !== undefined);
  const total = utterances.length;
  if (!skipBroken) refuseBroken(broken, { name: dataset.name, total });
  const kept = utterances.map((_, index) => index).filter((index) => features[index]);
  if (kept.length === 0) throw nothingLeft(broken, { name: dataset.name, total });
  return {
    table: joinRows(
      kept.map((index) => utterances[index].id),
      set.names,
      kept.map((index) => features[index]!),
    ),
    dataset: { ...dataset, utterances: kept.map((index) => utterances[index]) },
    broken,
    cached,
  };
}

/** Which recordings a sentence is about. */
interface Counted {
  readonly name: string;
  readonly total: number;
}

export function brokenFile(
  { id, file }: Pick<Utterance, "id" | "file">,
  { code, message }: UndertoneError,
): BrokenFile {
  return { id, file, code, message };
}

/** @throws UndertoneError `corpus/broken-files` unless the list is empty. */
export function refuseBroken(broken: readonly BrokenFile[], { name, total }: Counted): void {
  if (broken.length === 0) return;
  throw new UndertoneError(
    "corpus/broken-files",
    `${broken.length} of ${total} recordings of '${name}' ${broken.length === 1 ? "is" : "are"} broken${broken.length > 3 ? ", among them" : ":"} ${describeBroken(broken)}; ${broken.length === total ? "expected recordings that can be heard" : `--skip-broken leaves ${broken.length === 1 ? "it" : "them"} out`}`,
    { details: { count: broken.length, total, files: broken } },
  );
}

/** Returns the error of a run in which no recording gave features. */
export function nothingLeft(broken: readonly BrokenFile[], { name, total }: Counted): UndertoneError {
  return new UndertoneError(
    "corpus/empty",
    `No recording of '${name}' gave features, got ${total} recordings of which ${broken.length} are broken: ${describeBroken(broken)}; expected recordings that can be heard`,
    { details: { files: broken } },
  );
}

/** Returns the table of many utterances' features. */
export function joinRows(
  ids: readonly string[],
  names: readonly string[],
  parts: readonly Matrix[],
): FeatureTable {
  const offsets = new Uint32Array(parts.length + 1);
  parts.forEach((part, i) => {
    offsets[i + 1] = offsets[i] + part.rows;
  });
  const frames = matrix(offsets[parts.length], names.length);
  parts.forEach((part, i) => {
    frames.data.set(part.data, offsets[i] * names.length);
  });
  return { ids, names, frames, offsets };
}
