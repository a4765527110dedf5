/** What a search has done, on disk: a search that was stopped goes on from here with the same results. */
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { UndertoneError } from "@undertone/core/errors";
import type { Trial, TrialData, TrialResult } from "@undertone/core/evaluate";
import { contentStore } from "../../io/content-store.js";
import { packageVersion } from "../../io/places.js";

/** The entry that says whose journal it is. */
const head = "search.json";

/** Returns what tells the data of one search from those of another: features, labels, speakers, classes, seed, version. */
export function searchIdentity(data: TrialData): string {
  const { dataset, table, train, test, labelMap, seed, calibration, adapt, values } = data;
  const hash = createHash("sha256");
  const add = (value: unknown): void => {
    hash.update(`${JSON.stringify(value)}\n`);
  };
  add([packageVersion(), seed, labelMap, table.names]);
  add(dataset.utterances.map(({ id, speaker, label, votes }) => [id, speaker, label, votes]));
  if (values) add([values, dataset.utterances.map(({ dimensions }) => dimensions)]);
  if (calibration || adapt) add({ calibration, adapt });
  for (const { ids, frames } of new Set([table, ...[...train, ...test].map((view) => view.table)])) {
    add(ids);
    hash.update(new Uint8Array(frames.data.buffer, frames.data.byteOffset, frames.data.byteLength));
  }
  add([train, test].map((views) => views.map(({ speed, through }) => [speed, through])));
  return hash.digest("hex").slice(0, 32);
}

/** Returns what tells a trial from all others, those on other data too. */
function trialKey(identity: string, trial: Trial): string {
  const hash = createHash("sha256").update(identity).update(JSON.stringify(trial));
  return `${hash.digest("hex").slice(0, 32)}.json`;
}

/** Results of trials by trial, an entry each; what cannot be read counts as none. */
export interface Journal {
  get(trial: Trial): TrialResult | undefined;
  /** Resolves when the result is on the disk. @throws UndertoneError `file/disk-full`, `file/unreadable`. */
  add(trial: Trial, result: TrialResult): Promise<void>;
  /** Removes it from the disk. */
  remove(): Promise<void>;
}

/**
 * Returns the journal in a folder, made when it is not there.
 * @throws UndertoneError `file/exists` when it is of other data; `file/unreadable`, `file/disk-full`.
 */
export async function openJournal(folder: string, identity: string): Promise<Journal> {
  const store = contentStore(folder);
  const known = new Map<string, TrialResult>();
  const before = parsed<{ search?: string }>(await store.read(head))?.search;
  if (before !== undefined && before !== identity) {
    throw new UndertoneError(
      "file/exists",
      `The journal '${folder}' is of other data or another seed, expected the same data as before or another --journal`,
    );
  }
  for (const key of before === undefined ? [] : await store.keys()) {
    const result = parsed<TrialResult>(await store.read(key));
    if (result) known.set(key, result);
  }
  await store.write(head, JSON.stringify({ search: identity }));
  return {
    get: (trial) => known.get(trialKey(identity, trial)),
    async add(trial, result) {
      const key = trialKey(identity, trial);
      known.set(key, result);
      await store.write(key, JSON.stringify(result));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function parsed<T>(bytes: Uint8Array | undefined): T | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch {
    return undefined;
  }
}
