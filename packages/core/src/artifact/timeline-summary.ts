/** What a long recording's windows say together: how much of the time was heard as what. */
import { type Sounding, windowsIn } from "../audio/sounding.js";
import type { DimensionName } from "../data/utterance.js";
import type { AbstainReason, Prediction } from "./prediction.js";
import { windowsApart } from "./timeline-windows.js";

/** Longest recording in seconds that is judged whole; a longer one is heard window by window and summarised, for a voice changes on the way. */
export const wholeClipSeconds = 12;

/** Shares of the time that windows cover, 0..1: those of the classes and those without an answer sum to 1, unless the model has no classes. */
export interface TimelineSummary {
  /** Seconds under at least one window. */
  readonly seconds: number;
  readonly windows: number;
  /** The class that has more than half of the time in which there was speech, uncertain time included; else null. */
  readonly label: string | null;
  /** Class -> share, the largest first. */
  readonly shares: Readonly<Record<string, number>>;
  /** Share without an answer, by reason. */
  readonly silent: Readonly<Partial<Record<AbstainReason, number>>>;
  /** Mean over the time in which the model gave values; absent where it gave none. */
  readonly dimensions?: Readonly<Partial<Record<DimensionName, number>>>;
}

/**
 * Returns what a recording's windows say together, the same whether they were heard closely or just side by side: of those that overlap a part
 * counts, and none whose middle is before or behind the sound, where it is the room that is heard.
 */
export function summarizeRecording(timeline: readonly Prediction[], span: Sounding): TimelineSummary {
  return summarizeTimeline(windowsIn(windowsApart(timeline), span));
}

/** Returns the summary of a timeline; time under several windows is shared among them in equal parts, so that none counts twice. */
export function summarizeTimeline(timeline: readonly Prediction[]): TimelineSummary {
  const weights = timeShares(timeline);
  const seconds = weights.reduce((sum, weight) => sum + weight, 0);
  const heard = new Map<string, number>();
  const unheard = new Map<string, number>();
  timeline.forEach(({ label, reason }, i) => {
    const [times, what] = label === null ? [unheard, reason] : [heard, label];
    if (what !== undefined) times.set(what, (times.get(what) ?? 0) + weights[i]);
  });
  // Added up before they are divided, so that what is all of the time is 1.
  const sharesOf = (times: ReadonlyMap<string, number>): [string, number][] =>
    [...times].map(([what, time]) => [what, seconds > 0 ? time / seconds : 0]);
  const ranked = sharesOf(heard).sort(([, a], [, b]) => b - a);
  const silent: TimelineSummary["silent"] = Object.fromEntries(sharesOf(unheard));
  const speech = 1 - (silent["no-speech"] ?? 0) - (silent["too-short"] ?? 0);
  const [top] = ranked;
  const dimensions = meanValues(timeline, weights);
  return {
    seconds,
    windows: timeline.length,
    label: top && top[1] > speech / 2 + 1e-9 ? top[0] : null,
    shares: Object.fromEntries(ranked),
    silent,
    ...(dimensions && { dimensions }),
  };
}

/** Returns the seconds of each window, those under several windows divided by their number; all together are the time covered. */
function timeShares(windows: readonly { readonly start: number; readonly end: number }[]): number[] {
  const edges = windows
    .flatMap(({ start, end }) => [
      { at: start, change: 1 },
      { at: end, change: -1 },
    ])
    .sort((a, b) => a.at - b.at);
  /** Edge -> the integral, up to it, of one over the number of windows there. */
  const shared = new Map<number, number>();
  let open = 0;
  let sum = 0;
  let last = 0;
  for (const { at, change } of edges) {
    if (open > 0) sum += (at - last) / open;
    shared.set(at, sum);
    open += change;
    last = at;
  }
  return windows.map(({ start, end }) => shared.get(end)! - shared.get(start)!);
}

function meanValues(
  timeline: readonly Prediction[],
  weights: readonly number[],
): TimelineSummary["dimensions"] {
  const sums = new Map<DimensionName, { sum: number; weight: number }>();
  timeline.forEach(({ dimensions = {} }, i) => {
    for (const [name, value] of Object.entries(dimensions) as [DimensionName, number][]) {
      const { sum, weight } = sums.get(name) ?? { sum: 0, weight: 0 };
      sums.set(name, { sum: sum + value * weights[i], weight: weight + weights[i] });
    }
  });
  const means = [...sums].filter(([, { weight }]) => weight > 0);
  if (means.length === 0) return undefined;
  return Object.fromEntries(means.map(([name, { sum, weight }]) => [name, sum / weight]));
}
