/** What the console and the HTML report say of a result in words. */
import { isUnknownSpeaker, type Leak } from "@undertone/core/data";
import type { EvaluationResult, Interval, ScoredUtterance } from "@undertone/core/evaluate";

/** Returns a part of 1 as per cent with one decimal, `57.3 %`; a dash for null. */
export function percent(part: number | null): string {
  return part === null ? "–" : `${(100 * part).toFixed(1)} %`;
}

/** Returns a part of 1 as whole per cent, `57 %`. */
export function wholePercent(part: number): string {
  return `${Math.round(100 * part)} %`;
}

/** Returns recall, precision, F1 and ROC-AUC of a class; of one without test clips, nothing is known. */
export function classFigures({
  support,
  recall,
  precision,
  f1,
  rocAuc,
}: EvaluationResult["perClass"][number]): readonly (number | null)[] {
  return support === 0 ? [null, null, null, null] : [recall, precision, f1, rocAuc];
}

/** Returns an interval in per cent, `52.1–61.9 %`; a dash for null. */
export function percentInterval(interval: Interval | null): string {
  return interval === null ? "–" : `${(100 * interval.low).toFixed(1)}–${(100 * interval.high).toFixed(1)} %`;
}

/** Returns a difference of parts in points with its sign, `−3.1`. */
export function points(part: number): string {
  const shown = Math.abs(100 * part).toFixed(1);
  return shown === "0.0" ? shown : `${part < 0 ? "−" : "+"}${shown}`;
}

/** Returns `1 clip`, `2 clips`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Returns the UAR of a guess: one over the number of classes that there are to answer with, those included that no clip of the truth has. */
export function chance({ perClass }: EvaluationResult): number {
  return 1 / Math.max(1, perClass.length);
}

/** Returns one line for each leak, the first lines of every output. */
export function leakLines(leaks: readonly Leak[]): string[] {
  return leaks.map(({ message, examples, count: found }) => {
    const named = examples.slice(0, 5).join(", ");
    return `${message}${named && !message.includes(examples[0]) ? ` (${named}${found > 5 ? ", …" : ""})` : ""}`;
  });
}

/** Returns the result in one sentence that needs no knowledge of the field. */
export function headline(result: EvaluationResult): string {
  const classes = result.perClass.filter(({ support }) => support > 0).length;
  const whose = result.protocol.speakerIndependent
    ? "of speakers that it never heard"
    : result.perSpeaker.some(({ name }) => isUnknownSpeaker(name))
      ? "of speakers whom it may have heard in training (speakers unknown: this cannot be trusted for strangers)"
      : "of speakers whom it also heard in training";
  const right = Math.round(100 * result.uar);
  const guess = Number((100 * chance(result)).toFixed(1));
  return (
    `Of 100 clips ${whose}, spread evenly over ${count(classes, "emotion")}, about ${right} ` +
    `${right === 1 ? "gets" : "get"} the right one; guessing would get ${guess}.`
  );
}

/** Returns how the stated confidence compares with the truth, in one sentence. */
export function confidenceSentence(result: EvaluationResult): string {
  let sure = 0;
  for (const { count: n, confidence } of result.reliability) sure += n * (confidence ?? 0);
  sure /= Math.max(1, result.predictions.length);
  const gap = sure - result.accuracy;
  const verdict =
    Math.abs(gap) < 0.03
      ? "its confidence can be taken at its word"
      : gap > 0
        ? "it is too sure of itself"
        : "it is too modest";
  return `On average it is ${Math.round(100 * sure)} % sure and right ${Math.round(100 * result.accuracy)} % of the time: ${verdict}.`;
}

/** A true class, the class given in its place, how often, and the part of the true class. */
export interface ConfusedPair {
  readonly truth: string;
  readonly predicted: string;
  readonly count: number;
  readonly part: number;
}

/** Returns the mix-ups that take the largest part of their true class, at most `limit`. */
export function confusedPairs({ confusion, classes }: EvaluationResult, limit = 6): ConfusedPair[] {
  return confusion
    .flatMap((counts, t) => {
      const support = counts.reduce((a, b) => a + b, 0);
      return counts.map((n, p) => ({
        truth: classes[t],
        predicted: classes[p],
        count: n,
        part: n / Math.max(1, support),
      }));
    })
    .filter(({ truth, predicted, count: n }) => truth !== predicted && n > 0)
    .sort((a, b) => b.part - a.part || b.count - a.count)
    .slice(0, limit);
}

/** Returns the wrong choices with the highest scores, at most `limit`. */
export function confidentMistakes(
  { predictions }: EvaluationResult,
  limit = 12,
): { utterance: ScoredUtterance; score: number }[] {
  return predictions
    .filter(({ truth, predicted }) => truth !== predicted)
    .map((utterance) => ({ utterance, score: Math.max(...utterance.scores) }))
    .sort((a, b) => b.score - a.score || (a.utterance.id < b.utterance.id ? -1 : 1))
    .slice(0, limit);
}

/** Returns a measure of values with three decimals, a dash for null. */
export function threeDecimals(value: number | null | undefined): string {
  return typeof value === "number" ? value.toFixed(3) : "–";
}
