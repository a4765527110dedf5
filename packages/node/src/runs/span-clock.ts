/** Whether the spans of a list are positions in its files, or on another clock such as that of the film they were cut from. */
import { statedSeconds } from "@undertone/core/audio";
import type { Utterance } from "@undertone/core/data";
import { UndertoneError } from "@undertone/core/errors";
import { openFileSource } from "../io/file-source.js";
import { forEachConcurrently } from "../io/for-each-concurrently.js";

/** Annotations are often rounded. */
const slackSeconds = 0.1;
const filesAtOnce = 16;

/** Returns the length that a file states, undefined where it states none or cannot be read, which decoding it will say. */
async function secondsOf(path: string): Promise<number | undefined> {
  try {
    const source = await openFileSource(path);
    try {
      return await statedSeconds(source);
    } finally {
      await source.close();
    }
  } catch {
    return undefined;
  }
}

/**
 * Returns the utterances with their spans where all lie in their files. One span beyond its file says that the columns are of another clock, and that
 * those which happen to fit are too: where each file is named once, all are then heard whole, which the remark says.
 * @throws UndertoneError `manifest/invalid` where files are named several times, so that the spans are needed.
 */
export async function checkSpans(
  source: string,
  utterances: readonly Utterance[],
  columns: readonly string[],
): Promise<{ readonly utterances: readonly Utterance[]; readonly remarks: readonly string[] }> {
  const spans = utterances.filter(({ start, end }) => start !== undefined || end !== undefined);
  if (spans.length === 0) return { utterances, remarks: [] };
  const files = [...new Set(spans.map(({ file }) => file))];
  const seconds = new Map<string, number | undefined>();
  await forEachConcurrently(files, filesAtOnce, async (file) => {
    seconds.set(file, await secondsOf(file));
  });
  const beyond = spans.filter(({ file, start = 0, end = start }) => {
    const length = seconds.get(file);
    return length !== undefined && (start >= length || end > length + slackSeconds);
  });
  if (beyond.length === 0) return { utterances, remarks: [] };
  const [{ file, start = 0, end }] = beyond;
  const named = columns.map((column) => `'${column}'`).join(" and ");
  const what = `${named} run beyond ${beyond.length} of ${files.length} files, such as '${file}' (${start} to ${end ?? "its end"} of ${seconds.get(file)!.toFixed(3)} s), so that they are positions on another clock, such as that of a film that the files were cut from`;
  if (new Set(utterances.map((one) => one.file)).size < utterances.length)
    throw new UndertoneError(
      "manifest/invalid",
      `The manifest '${source}': ${what}; expected seconds from the start of each file, or a list without these columns, which hears files whole`,
      { details: { source } },
    );
  return {
    utterances: utterances.map((one) => ({
      ...one,
      id: one.id.replace(/#[^#]*$/, ""),
      start: undefined,
      end: undefined,
    })),
    remarks: [`${what}; the files are heard whole`],
  };
}
