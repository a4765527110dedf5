/** How predictions, emotions, shares and times are put on the page, and where a timeline's windows are drawn. */
import { briefWords, type Prediction, type Words } from "@undertone/core/artifact";
import type { Sounding } from "@undertone/core/audio";
import { emotionColour } from "@undertone/core/data";

/** Words as a sentence begins, "Happy 62 % of the time", whose lines do not break before a sign of percent. */
export function sentenceWords({ headline, detail }: Words): Words {
  const sentence = (text: string): string => capitalized(text).replaceAll(" %", "\u00a0%");
  return { headline: sentence(headline), ...(detail && { detail: sentence(detail) }) };
}

/** Returns the colour of a class among the others, on a light or a dark page. */
export function shade(label: string, classes: readonly string[], dark: boolean): string {
  return emotionColour(label, classes)[dark ? "dark" : "light"];
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Returns a probability such as "62 %". */
export function percent(part: number, digits = 0): string {
  return `${(100 * part).toFixed(digits)}\u00a0%`;
}

/** Returns seconds as "0:03.4", from a minute on as "12:34" or "1:02:03"; `tenths` says otherwise. */
export function clock(seconds: number, tenths = seconds < 60): string {
  const unit = tenths ? 10 : 1;
  const whole = Math.round(seconds * unit);
  const [minutes, rest] = [Math.floor(whole / (60 * unit)), (whole % (60 * unit)) / unit];
  const last = rest.toFixed(tenths ? 1 : 0).padStart(tenths ? 4 : 2, "0");
  if (minutes < 60) return `${minutes}:${last}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${last}`;
}

/** A stretch of a timeline in which one thing is heard. */
export interface Stretch extends Sounding {
  readonly text: string;
  readonly label: string | null;
}

/** Returns where each window of a timeline is drawn: halfway to its neighbours' middles, and to the ends of the span that sounds. */
export function cellEdges(timeline: readonly Prediction[], { start, end }: Sounding): number[] {
  const middles = timeline.map((window) => (window.start + window.end) / 2);
  const between = middles.slice(1).map((middle, i) => (middles[i] + middle) / 2);
  return [Math.min(start, between[0] ?? start), ...between, Math.max(end, between.at(-1) ?? end)];
}

/** Returns a timeline with equal neighbours joined. */
export function stretches(timeline: readonly Prediction[], span: Sounding): Stretch[] {
  const edges = cellEdges(timeline, span);
  const joined: Stretch[] = [];
  timeline.forEach((prediction, i) => {
    const text = capitalized(briefWords(prediction));
    const last = joined.at(-1);
    if (last?.text === text) joined[joined.length - 1] = { ...last, end: edges[i + 1] };
    else joined.push({ text, label: prediction.label, start: edges[i], end: edges[i + 1] });
  });
  return joined;
}

/** Returns the window that is drawn at a second. */
export function windowAt(
  timeline: readonly Prediction[],
  span: Sounding,
  second: number,
): Prediction | undefined {
  const edges = cellEdges(timeline, span);
  if (second < edges[0] || second > edges.at(-1)!) return undefined;
  return timeline[
    Math.min(
      timeline.length - 1,
      edges.findLastIndex((edge) => edge <= second),
    )
  ];
}
