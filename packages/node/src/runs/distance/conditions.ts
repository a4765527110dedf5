/** The conditions under which people speak and are recorded, in words: one entry each. */
import { type ConditionRange, conditionRange } from "@undertone/core/artifact";
import type { FeatureTable } from "@undertone/core/data";
import { wholePercent } from "../report/words.js";
import type { ConditionDistance } from "./model-distance.js";

/** A condition that recordings differ in. */
interface Condition {
  readonly kind: string;
  /** The column of `conditions-v1`, and from its values to those that people read. */
  readonly column: string;
  readonly read?: (value: number) => number;
  readonly unit: string;
  readonly digits: number;
  /** What a corpus is whose values are lower or higher. */
  readonly lower: string;
  readonly higher: string;
  /** The difference in the column's unit below which nobody would speak of one. */
  readonly least: number;
  /** What else is to be said of a median that people read. */
  readonly remark?: (median: number) => string | undefined;
}

const conditions: readonly Condition[] = [
  {
    kind: "pitch",
    column: "f0.voiced.p50",
    read: (semitones) => 55 * 2 ** (semitones / 12),
    ...{ unit: "Hz", digits: 0, lower: "lower", higher: "higher", least: 1 },
  },
  {
    kind: "intonation",
    column: "f0.voiced.p90-p10",
    ...{ unit: "semitones", digits: 1, lower: "flatter", higher: "livelier", least: 1 },
  },
  {
    kind: "tempo",
    column: "voiced.runsPerSecond",
    ...{ unit: "voiced stretches a second", digits: 1, lower: "slower", higher: "faster", least: 0.3 },
  },
  {
    kind: "pauses",
    column: "pause.share",
    read: (share) => 100 * Math.max(0, share),
    ...{ unit: "% of the time", digits: 0, lower: "fewer", higher: "more", least: 0.05 },
  },
  {
    kind: "voice",
    column: "harmonicity.mean",
    ...{ unit: "dB of harmonics over noise", digits: 1, lower: "rougher", higher: "clearer", least: 1 },
  },
  {
    kind: "noise",
    column: "foregroundDb",
    ...{ unit: "dB from speech to what is behind it", digits: 0, lower: "more", higher: "less", least: 3 },
  },
  {
    kind: "channel",
    column: "bandHz",
    read: (hz) => hz / 1000,
    ...{ unit: "kHz of band", digits: 1, lower: "narrower", higher: "wider", least: 800 },
    remark: (kHz) => (kHz > 0 && kHz <= 4.2 ? "as of a telephone" : undefined),
  },
  {
    kind: "level",
    column: "levelDbfs",
    ...{ unit: "dBFS", digits: 0, lower: "quieter", higher: "louder", least: 3 },
  },
];

/** Parts of the clips from which a difference is one of the corpus, and of a part of it. */
const [most, some] = [0.5, 0.25];

/** Returns how the conditions of clips compare with those that a model knows; a table of other features tells those that it has columns of. */
export function compareConditions(
  { ids, names, frames: { data, cols } }: FeatureTable,
  known: Readonly<Record<string, ConditionRange>>,
): ConditionDistance[] {
  const bare = names.map((name) => name.split(":").at(-1)!);
  return conditions.flatMap((condition) => {
    const j = bare.indexOf(condition.column);
    if (j < 0) return [];
    return compareCondition(
      condition,
      ids.map((_, i) => data[i * cols + j]!),
      known[condition.column],
    );
  });
}

function compareCondition(
  { kind, unit, digits, lower, higher, least, remark, read = (value) => value }: Condition,
  values: readonly number[],
  range: ConditionRange | undefined,
): ConditionDistance {
  const told = ({ low, median, high }: ConditionRange): ConditionRange => ({
    low: read(low),
    median: read(median),
    high: read(high),
  });
  const own = told(conditionRange(values));
  const n = (value: number): string => value.toFixed(digits).replace(/^-(?=[0.]*$)/, "");
  const said = remark?.(own.median);
  const median = `median ${n(own.median)}`;
  const also = said ? `, ${said}` : "";
  if (!range) {
    const numbers = `${median} ${unit}${also}`;
    const text = `${kind}: ${numbers}; the model does not tell what it knows`;
    return { kind, unit, own, known: null, below: null, above: null, verdict: "not-known", numbers, text };
  }
  const known = told(range);
  const part = (test: (value: number) => boolean): number => values.filter(test).length / values.length;
  const below = part((value) => value < range.low - least);
  const above = part((value) => value > range.high + least);
  const far = Math.max(below, above);
  const side = below > above ? "lower" : "higher";
  const verdict = far >= most ? side : far >= some ? (`partly-${side}` as const) : "as-known";
  const [from, to] = [n(known.low), n(known.high)];
  const numbers = `${median}, known ${from === to ? from : `${from} to ${to}`} ${unit}${also}`;
  const word = side === "lower" ? lower : higher;
  const text =
    verdict === "as-known"
      ? `${kind}: as what the model knows (${numbers})`
      : `${kind}: ${far >= most ? "" : "in part "}${word} than what the model knows (${numbers}; ${wholePercent(far)} of clips beyond)`;
  return { kind, unit, own, known, below, above, verdict, numbers, text };
}
