/** Utterances of another origin that models learn from beside those of a run. */
import { emotionOf, namesByEmotion } from "./emotion-words.js";
import { type FeatureTable, type FeatureView, takeUtterances } from "./feature-table.js";
import type { LabelMap } from "./label-map.js";
import type { Split } from "./split.js";
import { columnMoments } from "./standardized.js";
import type { Dataset, Utterance } from "./utterance.js";

/** What every model of a run learns from beside its own training part, in folds and in the end; it is never tested. */
export interface Beside {
  /** What it is called where it was asked for, such as `open`. */
  readonly name: string;
  /** Id of its corpus, such as `emodb`; absent where it names none. */
  readonly corpus?: string | undefined;
  /** The utterances that have a class of the run, their labels in the run's own words. */
  readonly dataset: Dataset;
  /** How many have no class of the run, and are left out. */
  readonly leftOut: number;
  /** Their features as training hears them. */
  readonly train: readonly FeatureView[];
}

/** A feature table that is to be learnt from beside a run's data. */
export interface BesideTable extends Pick<Beside, "name" | "corpus"> {
  readonly dataset: Dataset;
  readonly table: FeatureTable;
}

/** Returns the run's word for each word of a table: the same one, or the only class whose word names the same emotion, in whatever language. */
function sameWords(words: ReadonlySet<string>, { words: own }: LabelMap): Map<string, string> {
  const kept = Object.keys(own).filter((one) => own[one] !== null);
  const meant = namesByEmotion(kept);
  const found = new Map<string, string>();
  for (const word of words) {
    const emotion = emotionOf(word);
    const same = Object.hasOwn(own, word)
      ? kept.filter((one) => one === word)
      : emotion && meant.get(emotion);
    if (same && new Set(same.map((one) => own[one])).size === 1) found.set(word, same[0]);
  }
  return found;
}

/**
 * Returns a table's utterances as a run learns from them. Speakers and sentences bear the name of the table's corpus, as those of the run's own
 * utterances of that corpus do, so that the leak gate knows them again.
 */
export function besideOf(
  { name, corpus, dataset, table }: BesideTable,
  run: { readonly dataset: Dataset; readonly labelMap: LabelMap },
): Beside {
  const words = sameWords(new Set(dataset.utterances.flatMap(({ label }) => label ?? [])), run.labelMap);
  const rows = [...dataset.utterances.keys()].filter((i) => words.has(dataset.utterances[i]!.label ?? ""));
  const alone = run.dataset.utterances.some(
    ({ speaker, attributes }) => attributes.corpus === corpus && !speaker.startsWith(`${corpus}/`),
  );
  const owned = (text: string): string => (corpus === undefined || alone ? text : `${corpus}/${text}`);
  const utterances = rows.map((i): Utterance => {
    const { id, file, speaker, label, attributes, ...rated } = dataset.utterances[i]!;
    const { sentence } = attributes;
    return {
      ...rated,
      ...{ id: `${name}:${id}`, file: `${name}:${file}`, speaker: owned(speaker), label: words.get(label!)! },
      attributes: {
        ...attributes,
        ...(corpus !== undefined && { corpus }),
        ...(sentence !== undefined && { sentence: owned(sentence) }),
      },
    };
  });
  const heard = { ...takeUtterances(table, rows), ids: utterances.map(({ id }) => id) };
  return {
    ...{ name, corpus, leftOut: dataset.utterances.length - rows.length },
    dataset: { name: dataset.name, utterances },
    train: [{ speed: 1, table: heard }],
  };
}

/** Returns dataset and splits as the leak gate is to see them: what is learnt beside is in every training part. */
export function withBeside(
  dataset: Dataset,
  splits: readonly Split[],
  beside: readonly Beside[] = [],
): { readonly dataset: Dataset; readonly splits: readonly Split[] } {
  const more = beside.flatMap((one) => one.dataset.utterances);
  const ids = more.map(({ id }) => id);
  return {
    dataset: { ...dataset, utterances: [...dataset.utterances, ...more] },
    splits: splits.map((split) => ({ ...split, train: [...split.train, ...ids] })),
  };
}

/** How far two rows of one recording may be apart, in a column's deviations on the mean: what a table's rounding and other machines leave. */
const nearby = 0.05;

/** Returns pairs of an utterance of the run and one beside it whose features are the same but for rounding: one recording under two names. */
export function recordingsBeside(table: FeatureTable, { train }: Beside): [string, string][] {
  const other = train.find(({ speed }) => speed === 1)?.table;
  if (!other || other.frames.rows !== other.ids.length || table.frames.rows !== table.ids.length) return [];
  const { cols, rows, data } = other.frames;
  const { mean, deviation } = columnMoments(other);
  const scale = deviation.map((own, j) => 1 / Math.max(own, 1e-4 * Math.abs(mean[j]!), 1e-10));
  const most = nearby * cols;
  return table.ids.flatMap((id, i) => {
    const own = table.frames.data.subarray(i * cols, (i + 1) * cols);
    for (let r = 0; r < rows; r++) {
      let apart = 0;
      for (let j = 0; j < cols && apart <= most; j++)
        apart += Math.abs(own[j]! - data[r * cols + j]!) * scale[j]!;
      if (apart <= most) return [[id, other.ids[r]!] as [string, string]];
    }
    return [];
  });
}
