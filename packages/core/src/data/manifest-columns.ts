/** Which columns of a list mean what: named as other tools name them, and what is said of those that are not. */
import { isEmotionWord } from "./emotion-words.js";

/** The names that a column may have, first match wins: ours, nkululeko's, audformat's, EmoBox's. Case, spaces and hyphens do not matter. */
const names = {
  file: words(
    "file path wav audio filename file_name filepath file_path wav_path audio_path audio_file wav_file datei dateiname dateipfad fichier archivo",
  ),
  start: words("start anfang start_time starttime start_s start_sec start_seconds begin onset"),
  end: words("end ende end_time endtime end_s end_sec end_seconds offset"),
  speaker: words(
    `speaker speaker_id speakerid spk spk_id spkid speaker_name
    speakers spkrid spkr who actor actor_id actress subject subject_id subj participant participant_id talker talker_id person person_id proband
    sprecher sprecherin locuteur hablante parlante`,
  ),
  label: words(
    `emotion label emo
    emotion_label emoclass emotion_category emotion_class emotion_name class category affect mood gefuhl gefuehl emocion emozione`,
  ),
  sex: words("sex gender geschlecht sexe sexo"),
  sentence: words("sentence sentence_id text_id transcription text transcript satz utterance word"),
  language: words("language lang sprache"),
  corpus: words("corpus dataset"),
} as const;

/** How many of a list of names are what everyone calls the thing; the others are said when they are taken. */
const usual = { speaker: 7, label: 3 };

/** What is known of utterances beside what is taught, and what folds are made of. */
const known = new Set(
  words("age split split_set fold folds set subset partition key id channel intensity take session copyof"),
);

/** Columns that a remark names. */
const shown = 12;

/** A row's cells by column. */
type Row = { readonly values: Readonly<Record<string, unknown>> };

export type ColumnMeaning = keyof typeof names;
export type Columns = Readonly<Partial<Record<ColumnMeaning, string>>>;

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Returns a column's name as it is compared: `Speaker ID` as `speaker_id`, `Gefühl` as `gefuhl`. */
export function plainColumn(column: string): string {
  return column
    .trim()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
}

/** The names of a column of recordings, for messages. */
export const fileColumns = names.file;

/**
 * Returns the columns that mean something, by what they mean. Of several that may be the file, it is the first whose value in the first row looks like
 * one; `utterance` is what was said where any has two words, else it numbers the rows.
 */
export function chooseColumns(columns: readonly string[], rows: readonly Row[] = []): Columns {
  const spelled = new Map([...columns].reverse().map((column) => [plainColumn(column), column]));
  const found = (meaning: ColumnMeaning): string[] =>
    names[meaning].flatMap((name) => spelled.get(name) ?? []);
  const files = found("file");
  const file =
    files.find((column) => /\.\w{2,4}$/.test(String(rows[0]?.values[column] ?? "").trim())) ?? files[0];
  const said = (column: string): boolean =>
    plainColumn(column) !== "utterance" || rows.some(({ values }) => /\S\s+\S/.test(String(values[column])));
  const others = (Object.keys(names) as ColumnMeaning[]).map((meaning) => [
    meaning,
    found(meaning).find(said),
  ]);
  return { ...Object.fromEntries(others), ...(file !== undefined && { file }) };
}

/** Returns how many raters a cell counts: a number, `True` and `False` as pandas.get_dummies writes them, or nothing; NaN for what is none of these. */
export function voteCount(value: unknown): number {
  const text = String(value ?? "").trim();
  return /^(true|false)$/i.test(text) ? Number(/^t/i.test(text)) : Number(text);
}

/**
 * Returns the columns of a list without labels that are named by words for emotions, three or more, and hold no negative number: how many raters
 * heard each, or which one is meant.
 */
export function emotionColumns({ label }: Columns, rows: readonly Row[]): readonly string[] {
  if (label !== undefined || rows.length === 0) return [];
  const named = Object.keys(rows[0].values).filter(
    (column) =>
      isEmotionWord(column) &&
      !/\d$/.test(column) &&
      rows.every(({ values }) => voteCount(values[column]) >= 0),
  );
  return named.length >= 3 ? named : [];
}

/** Returns what is to be said of a list's columns: those taken under another name, those that may be meant, and once, those that nothing uses. */
export function columnRemarks(
  columns: Columns,
  rows: readonly Row[],
  { used, speakersKnown, taught }: { used: ReadonlySet<string>; speakersKnown: boolean; taught: boolean },
): string[] {
  const all = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const free = all.filter((column) => !used.has(column) && !Object.values(columns).includes(column));
  const unused = free.filter((column) => !known.has(plainColumn(column)));
  const values = (column: string): string[] =>
    rows.flatMap((row) => {
      const text = String(row.values[column] ?? "").trim();
      return text === "" ? [] : [text];
    });
  const groups = free.flatMap((column) => {
    const cells = values(column);
    const kinds = [...new Set(cells)];
    return kinds.length >= 2 && kinds.length * 2 <= cells.length ? [{ column, kinds }] : [];
  });
  const show = ({ column, kinds }: { column: string; kinds: readonly string[] }): string =>
    `'${column}' (${kinds.length}: ${kinds.slice(0, 3).join(", ")}${kinds.length > 3 ? ", …" : ""})`;
  const emotional = ({ kinds }: { kinds: readonly string[] }): number => kinds.filter(isEmotionWord).length;
  const labels = groups
    .filter(
      ({ column, kinds }) =>
        unused.includes(column) &&
        kinds.length <= 20 &&
        !kinds.every((kind) => Number.isFinite(Number(kind))),
    )
    .sort((a, b) => emotional(b) - emotional(a));
  const people = groups.filter(({ column }) => /spea?k|act|subj|pers|name|voice|user|_?id$/i.test(column));
  return [
    ...(columns.label !== undefined && !isUsualColumn("label", columns.label)
      ? [`labels from the column '${columns.label}'`]
      : []),
    ...(taught || labels.length === 0
      ? []
      : [
          `no column is named emotion or label; rename one to it, such as ${labels.slice(0, 3).map(show).join(", ")}`,
        ]),
    ...(speakersKnown || people.length === 0
      ? []
      : [
          `the speaker may be in ${people.slice(0, 3).map(show).join(", ")}: --speaker-from 'column:NAME' takes it`,
        ]),
    ...(unused.length > 0
      ? [
          `columns that nothing is learnt from: ${unused.slice(0, shown).join(", ")}${unused.length > shown ? ` and ${unused.length - shown} more` : ""}`,
        ]
      : []),
  ];
}

/** Whether a column is named as everyone names the speaker or the label. */
export function isUsualColumn(meaning: keyof typeof usual, column: string): boolean {
  return names[meaning].slice(0, usual[meaning]).includes(plainColumn(column));
}
