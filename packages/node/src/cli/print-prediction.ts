/** Shows predictions to people: bars of scores, and a timeline with one line a window. */

import { styleText } from "node:util";
import type { Prediction } from "@undertone/core/artifact";
import { type Sounding, windowsIn } from "@undertone/core/audio";

const reasons: Record<string, string> = {
  "no-speech": "no speech heard",
  "too-short": "too little speech",
  unfamiliar: "unlike anything it was trained on",
  uncertain: "too uncertain to say",
};

const colours = ["red", "green", "yellow", "blue", "magenta", "cyan", "white", "gray"] as const;

/** Whether stdout shows colours: a terminal, and NO_COLOR is not set. */
function coloured(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR;
}

function paint(text: string, label: string, classes: readonly string[]): string {
  const index = classes.indexOf(label);
  return coloured() && index >= 0 ? styleText(colours[index % colours.length], text) : text;
}

/** Returns a bar of `width` cells, `part` of it (0..1) filled, in eighths of a cell. */
export function bar(part: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, part)) * width * 8);
  const rest = eighths % 8;
  return ("█".repeat(Math.floor(eighths / 8)) + (rest > 0 ? " ▏▎▍▌▋▊▉"[rest] : "")).padEnd(width);
}

/** Returns whole per cent, right-aligned. */
function percent(part: number): string {
  return `${String(Math.round(part * 100)).padStart(3)} %`;
}

function classesOf(predictions: readonly Prediction[]): string[] {
  return [...new Set(predictions.flatMap(({ scores }) => Object.keys(scores)))];
}

/** Returns the label or why there is none; nothing where a model without classes has nothing against what it says. */
function headword({ label, reason, dimensions }: Prediction): string {
  return label ?? reasons[reason ?? ""] ?? (dimensions ? "" : "no label");
}

/** Returns values such as `arousal 3.21, valence 1.77`. */
function valuesText(dimensions: NonNullable<Prediction["dimensions"]>): string {
  return Object.entries(dimensions)
    .map(([name, value]) => `${name} ${value.toFixed(2)}`)
    .join(", ");
}

/** Returns one prediction as a headline and a bar for each class, highest first. */
export function predictionText(file: string, prediction: Prediction): string {
  const classes = classesOf([prediction]);
  const width = Math.max(0, ...classes.map((name) => name.length));
  const word = headword(prediction);
  const length = `${prediction.end.toFixed(1)} s`;
  const sure = prediction.label ? `, ${percent(prediction.confidence).trim()}` : "";
  const values = prediction.dimensions ? valuesText(prediction.dimensions) : "";
  const headline = [file, length, `${word}${sure}`, values].filter((part) => part !== "").join("  ");
  const rows = Object.entries(prediction.scores)
    .sort(([, a], [, b]) => b - a)
    .map(
      ([name, score]) =>
        `  ${paint(`${name.padEnd(width)}  ${bar(score, 30)}`, name, classes)} ${percent(score)}`,
    );
  const { set = [] } = prediction;
  const several = prediction.label && set.length > 1 ? [`  likely one of: ${set.join(", ")}`] : [];
  return [headline, ...rows, ...several].join("\n");
}

/**
 * Returns a timeline: one line a window with times, label and a bar of its probability, or the values of a model without classes. Windows whose
 * middle lies outside `span`, where the recording sounds, are counted and not shown, for what is named there is the room.
 */
export function timelineText(file: string, all: readonly Prediction[], span: Sounding): string {
  const windows = windowsIn(all, span);
  const classes = classesOf(windows);
  const words = windows.map(headword);
  const width = Math.max(0, ...words.map((word) => word.length));
  const digits = Math.max(4, (windows.at(-1)?.end ?? 0).toFixed(1).length);
  const rows = windows.map(({ label, confidence, dimensions, start, end }, i) => {
    const time = `${start.toFixed(1).padStart(digits)} – ${end.toFixed(1).padStart(digits)} s`;
    const values = dimensions ? valuesText(dimensions) : "";
    if (classes.length === 0 && dimensions) return `  ${time}  ${values}  ${words[i]}`.trimEnd();
    if (label === null) return `  ${time}  ${"·".repeat(20)}          ${words[i]}`;
    return `  ${time}  ${paint(bar(confidence, 20), label, classes)}  ${percent(confidence)}  ${paint(words[i].padEnd(width), label, classes)}  ${values}`.trimEnd();
  });
  const silent = all.length - windows.length;
  const note =
    silent > 0 ? [`  ${silent} silent ${silent === 1 ? "window is" : "windows are"} not shown`] : [];
  return [file, ...rows, ...note].join("\n");
}
