/** Names and colours of emotions, and how predictions are put into words. */
import type { Prediction } from "@undertone/core/artifact";
import type { Sounding } from "@undertone/core/audio";

/** The palette of Okabe and Ito (2008), which people with any colour vision tell apart; grey stands for neutral. */
const colours: Readonly<Record<string, string>> = {
  neutral: "#8b8f94",
  calm: "#56b4e9",
  happy: "#d8c21d",
  sad: "#0072b2",
  angry: "#d55e00",
  fearful: "#cc79a7",
  disgust: "#009e73",
  surprised: "#e69f00",
};

const palette = Object.values(colours);

/** Returns the colour of a class; one without a colour of its own gets one by its place among the classes. */
export function emotionColour(label: string, classes: readonly string[]): string {
  return colours[label] ?? palette[classes.indexOf(label) % palette.length] ?? palette[0];
}

const reasons: Readonly<Record<string, string>> = {
  "no-speech": "No speech",
  "too-short": "Too short",
  unfamiliar: "Unfamiliar sound",
  uncertain: "Uncertain",
};

/** Returns what a prediction says in a word or two, such as "Angry" or "No speech". */
export function heard({ label, reason, dimensions }: Prediction): string {
  if (label !== null) return capitalized(label);
  return reasons[reason ?? ""] ?? (dimensions ? valuesText(dimensions) : "No label");
}

/** Returns values such as "Arousal 3.2, valence 1.8", in the unit of the ratings that the model learnt from. */
export function valuesText(dimensions: NonNullable<Prediction["dimensions"]>): string {
  return capitalized(
    Object.entries(dimensions)
      .map(([name, value]) => `${name} ${value.toFixed(1)}`)
      .join(", "),
  );
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Returns a probability such as "62 %". */
export function percent(part: number, digits = 0): string {
  return `${(100 * part).toFixed(digits)} %`;
}

/** Returns seconds such as "3.4 s". */
export function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
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
    const text = heard(prediction);
    const last = joined.at(-1);
    if (last?.text === text) joined[joined.length - 1] = { ...last, end: edges[i + 1] };
    else joined.push({ text, label: prediction.label, start: edges[i], end: edges[i + 1] });
  });
  return joined;
}
