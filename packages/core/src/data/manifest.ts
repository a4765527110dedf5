/** Lists of utterances as other tools write them: rows become utterances. */
import { UndertoneError } from "../errors.js";
import {
  type Columns,
  chooseColumns,
  columnRemarks,
  emotionColumns,
  plainColumn,
} from "./manifest-columns.js";
import { invalidLine, type ManifestRow, parseRow } from "./manifest-row.js";
import { type Utterance, unknownSpeaker, votedWords } from "./utterance.js";

/** What a manifest gave. */
export interface ParsedManifest {
  /** `file` is as it stands in the manifest, with `/`. */
  readonly utterances: readonly Utterance[];
  /** The column of the speakers; undefined when there is none. */
  readonly speakerColumn: string | undefined;
  /** The columns of the spans' ends, when there are any. */
  readonly spanColumns: readonly string[];
  /** What its user should know of its columns, one sentence each. */
  readonly remarks: readonly string[];
}

export interface ManifestOptions {
  /** The column of the speakers (`--speaker-from column:NAME`); default: the first that is named like one. */
  readonly speakerColumn?: string | undefined;
  /** Whether starts and ends are left alone, for lists whose times are no positions in their files. */
  readonly wholeFiles?: boolean;
}

/**
 * Returns the utterances of rows with a header. `file` is needed. Without a speaker column, the speaker is read from the file's name when
 * that is a name of a known corpus, else it is `unknown`: one for all, so that no split can claim unseen speakers. Columns `votes:WORD` or a
 * JSON object in `votes` are rater counts; `arousal`, `valence`, `dominance` are dimensions; other columns become attributes.
 * @throws UndertoneError `manifest/invalid`, naming `source`, line and column.
 */
export function parseManifestRows(
  source: string,
  rows: readonly ManifestRow[],
  { speakerColumn, wholeFiles }: ManifestOptions = {},
): ParsedManifest {
  if (rows.length === 0)
    throw new UndertoneError(
      "manifest/invalid",
      `The manifest '${source}' has no rows, expected a row for each utterance`,
    );
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const all = chooseColumns(names, rows);
  const found = wholeFiles ? withoutSpans(all) : all;
  const columns =
    speakerColumn === undefined ? found : { ...found, speaker: named(source, names, speakerColumn) };
  const emotions = emotionColumns(columns, rows);
  const used = new Set<string>(emotions);
  const ids = new Map<string, number>();
  const parsed = rows.map((row) => {
    const utterance = parseRow(source, row, { columns, emotions, used });
    const path = utterance.id.replace(/(^|\/)(\.?\/)+/g, "$1");
    const before = ids.get(path);
    if (before !== undefined) {
      const what = `repeats '${utterance.id}' of line ${before}`;
      throw invalidLine(source, row.line, `${what}, expected each stretch of a file once`);
    }
    ids.set(path, row.line);
    return utterance;
  });
  const oneEach = emotions.length > 0 && parsed.every((one) => votedWords(one).length <= 1);
  const utterances = oneEach ? parsed.map(labelledByVote) : parsed;
  return {
    utterances,
    speakerColumn: columns.speaker,
    spanColumns: [columns.start, columns.end].filter((column) => column !== undefined),
    remarks: [
      ...(emotions.length > 0
        ? [
            oneEach
              ? `labels from the columns ${emotions.join(", ")}, of which a row names one`
              : `raters' votes from the columns ${emotions.join(", ")}: --target votes learns them`,
          ]
        : []),
      ...(columns.label === undefined &&
      emotions.length === 0 &&
      utterances.some(({ label }) => label !== undefined)
        ? ["labels from the file names, which are those of a known corpus"]
        : []),
      ...columnRemarks(columns, rows, {
        used,
        speakersKnown: utterances.some(({ speaker }) => speaker !== unknownSpeaker),
        taught: utterances.some(({ label, votes, dimensions }) => label !== undefined || votes || dimensions),
      }),
    ],
  };
}

/** Returns an utterance with the only word that has a vote as its label. */
function labelledByVote({ votes, ...utterance }: Utterance): Utterance {
  return { ...utterance, label: votedWords({ votes })[0] };
}

function withoutSpans({ start: _start, end: _end, ...columns }: Columns): Columns {
  return columns;
}

/** Returns the column that `--speaker-from` names, as it is spelled. @throws UndertoneError `manifest/invalid`. */
function named(source: string, names: readonly string[], wanted: string): string {
  const found =
    names.find((name) => name === wanted) ?? names.find((name) => plainColumn(name) === plainColumn(wanted));
  if (found !== undefined) return found;
  throw new UndertoneError(
    "manifest/invalid",
    `The manifest '${source}' has the columns ${names.join(", ")}, expected the column '${wanted}' of --speaker-from among them`,
  );
}
