/** From a list of recordings (CSV, JSONL) to a dataset. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import {
  isUsualColumn,
  type SpeakerChoice,
  type SpeakerRule,
  speakersRemark,
  tellSpeakers,
  type Utterance,
  unknownSpeaker,
} from "@undertone/core/data";
import { isUndertoneError, UndertoneError } from "@undertone/core/errors";
import { problem, speakersNotKnown } from "./dataset-problem.js";
import type { OpenedDataset } from "./open-dataset.js";
import { placeRecordings } from "./place-recordings.js";
import { readList } from "./read-list.js";
import { checkSpans } from "./span-clock.js";

export const listEndings = [".csv", ".tsv", ".jsonl", ".ndjson"];

/** Returns whether a file's name is that of a list. */
export function isList(path: string): boolean {
  return listEndings.includes(extname(path).toLowerCase());
}

/** Returns the dataset of a list. @throws UndertoneError `file/*`, `manifest/invalid`, `corpus/ambiguous`. */
export async function openList(path: string, rule: SpeakerRule | undefined): Promise<OpenedDataset> {
  const options = { speakerColumn: rule?.kind === "column" ? rule.column : undefined };
  try {
    return await openParsed(path, await readList(path, options), rule);
  } catch (error) {
    if (!isUndertoneError(error, "manifest/invalid") || !error.details.backwards) throw error;
    // Times that run backwards are no positions in the files, which is harmless where each file is one utterance.
    const read = await readList(path, { ...options, wholeFiles: true }).catch((cause: unknown) => {
      if (!isUndertoneError(cause, "manifest/invalid")) throw cause;
      throw new UndertoneError("manifest/invalid", `${error.message}; without its times: ${cause.message}`, {
        details: { source: path },
        cause,
      });
    });
    const remark = `${error.message}; the times are of something else, and the files are heard whole`;
    return openParsed(path, { ...read, remarks: [...read.remarks, remark] }, rule);
  }
}

/** Returns the dataset of a list that was read. @throws UndertoneError `corpus/ambiguous`, `corpus/unknown`, `manifest/invalid`. */
export async function openParsed(
  path: string,
  { parsed, remarks: read }: Awaited<ReturnType<typeof readList>>,
  rule: SpeakerRule | undefined,
): Promise<OpenedDataset> {
  const { utterances, remarks } = withSpeakers(parsed.utterances, { ...parsed, rule });
  const { root, place, ...found } = await placeRecordings(
    path,
    utterances.map(({ file }) => file),
  );
  const absent: string[] = [];
  const known = new Map<string, boolean>();
  const placed = utterances.map((utterance) => {
    const file = place(utterance.file);
    const there = known.get(file) ?? existsSync(file);
    known.set(file, there);
    if (!there) absent.push(utterance.id);
    return { ...utterance, file };
  });
  const heard = await checkSpans(path, placed, parsed.spanColumns);
  return {
    dataset: { name: basename(path, extname(path)), utterances: heard.utterances },
    corpus: "manifest",
    folder: root,
    files: [],
    remarks: [...read, ...found.remarks, ...remarks, ...heard.remarks, ...parsed.remarks],
    problems: [
      ...problem(
        "missing-file",
        absent,
        (n) => `${n} of the manifest's recordings ${n === 1 ? "is" : "are"} not there`,
      ),
      ...problem(
        "no-label",
        placed.filter(({ label }) => label === undefined).map(({ id }) => id),
        (n) => `${n} of the manifest's utterances ${n === 1 ? "has" : "have"} no label`,
      ),
      ...speakersNotKnown(placed),
    ],
  };
}

/**
 * Returns the lists in a folder that name recordings which are there, opened, and remarks on those that do not.
 * @throws UndertoneError `file/*`.
 */
export async function listsIn(
  folder: string,
  rule: SpeakerRule | undefined,
): Promise<{ readonly lists: readonly OpenedDataset[]; readonly remarks: readonly string[] }> {
  const names = (await readdir(folder)).filter(isList).sort();
  const lists: OpenedDataset[] = [];
  const remarks: string[] = [];
  const elsewhere: string[] = [];
  for (const name of names) {
    try {
      const opened = await openList(join(folder, name), rule);
      const missing = opened.problems.find(({ kind }) => kind === "missing-file")?.count ?? 0;
      if (missing < opened.dataset.utterances.length)
        lists.push({ ...opened, dataset: { ...opened.dataset, name } });
      else elsewhere.push(`'${name}'`);
    } catch (error) {
      if (!isUndertoneError(error, "manifest/invalid")) throw error;
      remarks.push(`'${name}' is not read as a list of recordings: ${error.message}`);
    }
  }
  if (elsewhere.length > 0)
    remarks.unshift(
      `${elsewhere.join(", ")} ${elsewhere.length === 1 ? "is" : "are"} not read: none of the recordings named there is here`,
    );
  return { lists, remarks };
}

/** Whether what names were thought to say of the speaker is no more than the list's column of the sex, such as `M`, `F` and `C` for child. */
function tellSex(utterances: readonly Utterance[], { speakers }: SpeakerChoice): boolean {
  return utterances.every(({ attributes: { sex } }, i) => sex?.startsWith(speakers[i]?.toLowerCase() ?? " "));
}

/** Returns the utterances with the speakers that a rule says, or where neither column nor corpus says them, the one that is plausible. */
function withSpeakers(
  utterances: readonly Utterance[],
  { speakerColumn, rule }: { speakerColumn: string | undefined; rule: SpeakerRule | undefined },
): { readonly utterances: readonly Utterance[]; readonly remarks: readonly string[] } {
  const asTheyAre = { utterances, remarks: [] };
  if (rule?.kind === "column" || (!rule && speakerColumn !== undefined)) {
    if (!rule && isUsualColumn("speaker", speakerColumn!)) return asTheyAre;
    const speakers = utterances.map(({ speaker }) => (speaker === unknownSpeaker ? undefined : speaker));
    return { utterances, remarks: [speakersRemark({ speakers, from: `the column '${speakerColumn}'` })] };
  }
  if (!rule && utterances.some(({ speaker }) => speaker !== unknownSpeaker)) return asTheyAre;
  const files = utterances.map(({ file, label }) => ({ path: file, label }));
  const { choice, remarks } = tellSpeakers(files, rule);
  if (!choice) return { utterances, remarks };
  if (!rule && tellSex(utterances, choice)) return asTheyAre;
  const { speakers } = choice;
  return {
    utterances: utterances.map((utterance, i) => ({ ...utterance, speaker: speakers[i] ?? unknownSpeaker })),
    remarks,
  };
}
