/** What a search has done, on disk: a search that was stopped goes on from here with the same results. */
import { createHash } from "node:crypto";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Trial, type TrialData, type TrialResult, UndertoneError } from "@undertone/core";
import { fileError } from "../../io/file-error.js";
import { packageVersion } from "../../io/places.js";

const fileName = "trials.jsonl";

/** Returns what tells the data of one search from those of another: features, labels, speakers, classes, seed, version. */
export function searchIdentity(data: TrialData): string {
  const { dataset, table, trainHeard, testHeard, labelMap, seed, calibration, adapt, values } = data;
  const hash = createHash("sha256");
  const add = (value: unknown): void => {
    hash.update(`${JSON.stringify(value)}\n`);
  };
  add([packageVersion(), seed, labelMap, table.names]);
  add(dataset.utterances.map(({ id, speaker, label, votes }) => [id, speaker, label, votes]));
  if (values) add([values, dataset.utterances.map(({ dimensions }) => dimensions)]);
  if (calibration || adapt) add({ calibration, adapt });
  const heard = [...(trainHeard ?? []), ...(testHeard ?? [])];
  for (const { ids, frames } of new Set([table, ...heard.map((one) => one.table)])) {
    add(ids);
    hash.update(new Uint8Array(frames.data.buffer, frames.data.byteOffset, frames.data.byteLength));
  }
  add([trainHeard, testHeard].map((views) => views?.map(({ speed, through }) => [speed, through])));
  return hash.digest("hex").slice(0, 32);
}

/** Returns what tells one trial from another on the same data. */
function trialKey(trial: Trial): string {
  return createHash("sha256").update(JSON.stringify(trial)).digest("hex").slice(0, 32);
}

/** Results of trials by trial, kept in one file of JSON lines; a line is one write, and a cut one at the end counts as none. */
export interface Journal {
  /** How many results were there when it was opened. */
  readonly restored: number;
  get(trial: Trial): TrialResult | undefined;
  /** Resolves when the result is on the disk. @throws UndertoneError `file/disk-full`, `file/unreadable`. */
  add(trial: Trial, result: TrialResult): Promise<void>;
  close(): Promise<void>;
  /** Closes and removes it. */
  remove(): Promise<void>;
}

/**
 * Returns the journal in a folder, made when it is not there.
 * @throws UndertoneError `file/exists` when it is of other data; `file/unreadable`, `file/disk-full`.
 */
export async function openJournal(folder: string, identity: string): Promise<Journal> {
  const path = join(folder, fileName);
  const failed = (error: unknown): Error => fileError(error, path);
  try {
    await mkdir(folder, { recursive: true });
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    const known = new Map<string, TrialResult>();
    let head: string | undefined;
    for (const line of text.split("\n")) {
      const entry = parseLine(line);
      if (entry?.search !== undefined) head ??= entry.search;
      else if (entry?.key !== undefined && entry.result) known.set(entry.key, entry.result);
    }
    if (head !== undefined && head !== identity) {
      throw new UndertoneError(
        "file/exists",
        `The journal '${path}' is of other data or another seed, expected the same data as before or another --journal`,
      );
    }
    const file = await open(path, "a");
    // A line that was cut by a kill must not swallow the next one.
    if (text !== "" && !text.endsWith("\n")) await file.appendFile("\n");
    if (head === undefined) await file.appendFile(`${JSON.stringify({ search: identity })}\n`);
    await file.sync();
    let last = Promise.resolve();
    return {
      restored: known.size,
      get: (trial) => known.get(trialKey(trial)),
      add(trial, result) {
        const key = trialKey(trial);
        known.set(key, result);
        last = last.then(async () => {
          await file.appendFile(`${JSON.stringify({ key, result })}\n`);
          await file.datasync();
        });
        return last.catch((error) => Promise.reject(failed(error)));
      },
      async close() {
        await last.catch(() => undefined);
        await file.close();
      },
      async remove() {
        await file.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    throw error instanceof UndertoneError ? error : failed(error);
  }
}

function parseLine(line: string): { search?: string; key?: string; result?: TrialResult } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
