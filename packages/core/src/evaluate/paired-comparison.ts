/** Two evaluations of the same utterances, side by side: is the difference more than chance? */
import { UndertoneError } from "../errors.js";
import { random } from "../math/random.js";
import { percentileInterval } from "./bootstrap.js";
import type { EvaluationResult, Interval, ScoredUtterance } from "./evaluation-result.js";
import { metrics } from "./metrics/index.js";
import type { Metric } from "./metrics/scored.js";
import { uar } from "./metrics/uar.js";
import { scoreTable } from "./score-table.js";

/** One measure of both, and their difference. */
export interface PairedMeasure {
  readonly id: Metric["id"];
  readonly a: number;
  readonly b: number;
  /** b − a. */
  readonly difference: number;
  /** 95 % interval of the difference. */
  readonly interval: Interval;
  /**
   * Twice the smaller part of the draws in which the difference has either sign, at most 1, with one draw added to each: about how often
   * chance in who speaks would give a difference as far from 0, were there none.
   */
  readonly p: number;
}

/** What a comparison found; plain JSON. */
export interface PairedComparison {
  readonly utterances: number;
  readonly speakers: number;
  /** Utterances that only a, only b, both, or neither got right. */
  readonly onlyA: number;
  readonly onlyB: number;
  readonly both: number;
  readonly neither: number;
  readonly method: string;
  readonly samples: number;
  /** The headline first. */
  readonly measures: readonly PairedMeasure[];
  /** UAR of each speaker, the largest change first. */
  readonly perSpeaker: readonly { readonly speaker: string; readonly a: number; readonly b: number }[];
}

/** What of an evaluation is compared. */
type Compared = Pick<EvaluationResult, "predictions" | "classes" | "protocol" | "leaks">;

/** An utterance as both evaluations scored it. */
type Pair = readonly [ScoredUtterance, ScoredUtterance];

/** The measures without a sorting, which would make 1000 draws slow. */
const ids = ["uar", "accuracy", "f1Macro", "mcc", "logLoss", "brier", "ece"] as const;
const compared = metrics.filter(({ id }) => (ids as readonly string[]).includes(id));

/**
 * Returns the comparison of b with a by a paired bootstrap over speakers: each draw takes the same speakers, with all their utterances, of
 * both (Efron and Tibshirani 1993, chapter 16; the pairing of Koehn 2004, speakers in place of sentences).
 * @throws UndertoneError `evaluate/not-comparable` when test utterances, their classes, or what training may know of the speakers differ.
 */
export function compareEvaluations(
  a: Compared,
  b: Compared,
  { samples = 1000, seed = 1 }: { samples?: number | undefined; seed?: number } = {},
): PairedComparison {
  const pairs = pairUp(a, b);
  const { classes } = a;
  const speakers = [...new Set(pairs.map(([one]) => one.speaker))].sort();
  const bySpeaker = speakers.length > 1;
  const clusters = new Map<string, Pair[]>();
  pairs.forEach((pair, i) => {
    const key = bySpeaker ? pair[0].speaker : String(i);
    const held = clusters.get(key);
    if (held) held.push(pair);
    else clusters.set(key, [pair]);
  });
  const measure = (list: readonly Pair[], side: 0 | 1): number[] => {
    const scored = scoreTable(
      list.map((pair) => pair[side]),
      classes,
    );
    return compared.map((metric) => metric.value(scored)!);
  };
  const [first, second] = [measure(pairs, 0), measure(pairs, 1)];
  const draws = compared.map((): number[] => []);
  const stream = random(seed).fork("compare");
  const groups = [...clusters.values()];
  for (let sample = 0; sample < samples; sample++) {
    const drawn = groups.flatMap(() => groups[stream.integer(groups.length)]);
    const [one, other] = [measure(drawn, 0), measure(drawn, 1)];
    draws.forEach((differences, m) => {
      differences.push(other[m] - one[m]);
    });
  }
  const count = (test: (x: boolean, y: boolean) => boolean): number =>
    pairs.filter(([x, y]) => test(x.predicted === x.truth, y.predicted === y.truth)).length;
  return {
    utterances: pairs.length,
    speakers: speakers.length,
    onlyA: count((x, y) => x && !y),
    onlyB: count((x, y) => !x && y),
    both: count((x, y) => x && y),
    neither: count((x, y) => !x && !y),
    method: bySpeaker
      ? `paired percentile bootstrap over ${speakers.length} speakers`
      : `paired percentile bootstrap over ${pairs.length} utterances of one speaker: it says nothing of other speakers`,
    samples,
    measures: compared.map(({ id }, m) => {
      const differences = draws[m];
      const [x, y] = [first[m], second[m]];
      const interval = percentileInterval(differences);
      return { id, a: x, b: y, difference: y - x, interval, p: signedPart(differences) };
    }),
    perSpeaker: changeOfSpeakers(pairs, classes, speakers),
  };
}

function signedPart(differences: readonly number[]): number {
  const low = differences.filter((difference) => difference <= 0).length;
  const high = differences.filter((difference) => difference >= 0).length;
  return Math.min(1, (2 * (Math.min(low, high) + 1)) / (differences.length + 1));
}

function changeOfSpeakers(
  pairs: readonly Pair[],
  classes: readonly string[],
  speakers: readonly string[],
): PairedComparison["perSpeaker"] {
  return speakers
    .map((speaker) => {
      const own = pairs.filter(([one]) => one.speaker === speaker);
      const of = (side: 0 | 1): number =>
        uar.value(
          scoreTable(
            own.map((pair) => pair[side]),
            classes,
          ),
        )!;
      return { speaker, a: of(0), b: of(1) };
    })
    .sort((x, y) => Math.abs(y.b - y.a) - Math.abs(x.b - x.a));
}

/** Refuses two facts that differ. */
function same(what: string, one: string, other: string): void {
  if (one === other) return;
  throw new UndertoneError(
    "evaluate/not-comparable",
    `The evaluations differ in ${what}: got ${one} and ${other}, expected the same`,
  );
}

/** Returns the utterances of both in pairs, after every check that they may be compared. */
function pairUp(a: Compared, b: Compared): Pair[] {
  same("classes", a.classes.join(", "), b.classes.join(", "));
  same("the label map", a.protocol.labelMap, b.protocol.labelMap);
  same("what training knew", whatTrainingKnew(a), whatTrainingKnew(b));
  const others = new Map(b.predictions.map((one) => [one.id, one]));
  const missing = a.predictions.find(({ id }) => !others.has(id));
  if (missing) same("test utterances", `'${missing.id}' in the first`, "none in the second");
  const known = new Set(a.predictions.map(({ id }) => id));
  const extra = b.predictions.find(({ id }) => !known.has(id));
  if (extra) same("test utterances", "none in the first", `'${extra.id}' in the second`);
  return a.predictions.map((one) => {
    const other = others.get(one.id)!;
    same(`the class of '${one.id}'`, one.truth, other.truth);
    same(`the speaker of '${one.id}'`, one.speaker, other.speaker);
    return [one, other];
  });
}

function whatTrainingKnew({ protocol, leaks }: Compared): string {
  const kinds = [...new Set(leaks.map(({ kind }) => kind))].sort();
  return [
    `${protocol.speakerIndependent ? "unseen" : "seen"} speakers`,
    `${protocol.sentenceIndependent ? "unseen" : "seen"} sentences`,
    protocol.adapt?.startsWith("collection")
      ? `'${protocol.adapt}' of each test corpus`
      : `${protocol.adapt ?? "no"} utterances of each test speaker`,
    kinds.length > 0 ? `leaks of ${kinds.join(" and ")}` : "no leak",
  ].join("; ");
}
