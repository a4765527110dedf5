/** Shows predictions to people: bars of scores, a timeline with one line a window, and what its windows say together. */

import { styleText } from "node:util";
import {
  type ArtifactManifest,
  briefWords,
  learntSpeech,
  type Prediction,
  predictionWords,
  summaryWords,
  type TimelineSummary,
  type Words,
} from "@undertone/core/artifact";
import { type Sounding, windowsIn } from "@undertone/core/audio";
import type { Heard } from "../runs/hear-recording.js";
import { durationText } from "./progress.js";

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

/** Returns whole per cent, right-aligned; what is almost all is not called so. */
function percent(part: number): string {
  return `${String(part < 1 ? Math.min(99, Math.round(part * 100)) : 100).padStart(3)} %`;
}

/** Returns minutes and seconds: `3:07.5`. */
function clock(seconds: number): string {
  const tenths = Math.round(10 * seconds);
  return `${Math.floor(tenths / 600)}:${((tenths % 600) / 10).toFixed(1).padStart(4, "0")}`;
}

function headed(file: string, length: string, { headline, detail }: Words): string[] {
  return [`${file}  ${length}  ${headline}`, ...(detail === undefined ? [] : [`  ${detail}`])];
}

/** Returns one prediction as a headline, what it leaves open, and a bar for each class, highest first, unless it abstains. */
export function predictionText(file: string, prediction: Prediction, manifest?: ArtifactManifest): string {
  const classes = prediction.label === null ? [] : Object.keys(prediction.scores);
  const width = Math.max(0, ...classes.map((name) => name.length));
  const rows = classes
    .map((name) => ({ name, score: prediction.scores[name] }))
    .sort((a, b) => b.score - a.score)
    .map(
      ({ name, score }) =>
        `  ${paint(`${name.padEnd(width)}  ${bar(score, 30)}`, name, classes)} ${percent(score)}`,
    );
  const words = predictionWords(prediction, manifest);
  return [...headed(file, `${prediction.end.toFixed(1)} s`, words), ...rows].join("\n");
}

/** Returns what a timeline says together, as headline and detail. */
function summaryText(file: string, summary: TimelineSummary): string {
  return headed(file, durationText(summary.seconds), summaryWords(summary)).join("\n");
}

/** Returns a window's line: times, then a bar of its label's probability, or why it has none. */
export function windowText(window: Prediction, { classes }: { readonly classes: readonly string[] }): string {
  const { label, confidence, dimensions, start, end } = window;
  const time = `${clock(start).padStart(7)} – ${clock(end).padStart(7)}`;
  if (classes.length === 0) return `  ${time}  ${briefWords(window)}`;
  if (label === null) return `  ${time}  ${"·".repeat(20)}          ${briefWords(window)}`;
  const width = Math.max(...classes.map((name) => name.length));
  const values = dimensions ? `  ${briefWords({ ...window, label: null })}` : "";
  return `  ${time}  ${paint(bar(confidence, 20), label, classes)}  ${percent(confidence)}  ${paint(label.padEnd(width), label, classes)}${values}`.trimEnd();
}

/**
 * Returns a timeline, a line a window. Windows whose middle lies outside `span`, where the recording sounds, are counted and not shown, for what is named there
 * is the room.
 */
export function timelineText(file: string, all: readonly Prediction[], span: Sounding): string {
  const windows = windowsIn(all, span);
  const classes = [...new Set(windows.flatMap(({ scores }) => Object.keys(scores)))];
  const silent = all.length - windows.length;
  const note =
    silent > 0 ? [`  ${silent} silent ${silent === 1 ? "window is" : "windows are"} not shown`] : [];
  return [file, ...windows.map((window) => windowText(window, { classes })), ...note].join("\n");
}

/**
 * Returns what was heard in a recording, but for the windows of a long one, which are shown as they come.
 * @param span where a recording sounds that was judged whole.
 */
export function heardText(
  file: string,
  heard: Heard,
  {
    span,
    manifest,
  }: { readonly span?: Sounding | undefined; readonly manifest?: ArtifactManifest | undefined } = {},
): string {
  if ("summary" in heard) {
    const { summary, adapted } = heard;
    const note = adapted?.to === "collection" ? `\n  adapted to ${adapted.by} windows of this recording` : "";
    return summaryText(file, summary) + note;
  }
  const { timeline, prediction } = heard;
  const windows = timeline && span ? `${timelineText(file, timeline, span)}\n` : "";
  return windows + predictionText(file, prediction, manifest);
}

/**
 * Returns the lines that tell what was answered of all recordings, where there are several: "4 recordings: 2 answered (sad 2), 1 no speech, 1 failed", and
 * what that is to be taken with.
 * @param heard what was heard of each; undefined of one that failed.
 */
export function sumLines(heard: readonly (Heard | undefined)[], manifest: ArtifactManifest): string[] {
  const answers = new Map<string, number>();
  const others = new Map<string, number>();
  const add = (to: Map<string, number>, what: string): void => void to.set(what, (to.get(what) ?? 0) + 1);
  let learnt = 0;
  let strange = 0;
  for (const one of heard) {
    if (!one) add(others, "failed");
    else if ("summary" in one) {
      if (one.summary.label === null) add(others, "without one emotion for half of the time");
      else add(answers, one.summary.label);
    } else {
      const { prediction } = one;
      if (prediction.label === null && (prediction.reason || manifest.classes.length > 0))
        add(others, briefWords(prediction));
      else add(answers, prediction.label ?? "");
      if (prediction.learnt) learnt++;
      if (prediction.reason === "unfamiliar") strange++;
    }
  }
  const ranked = (of: ReadonlyMap<string, number>): [string, number][] =>
    [...of].sort(([, a], [, b]) => b - a);
  const named = ranked(answers).flatMap(([label, n]) => (label === "" ? [] : `${label} ${n}`));
  const answered = [...answers.values()].reduce((sum, n) => sum + n, 0);
  return [
    ...(heard.length > 1
      ? [
          `${heard.length} recordings: ${[
            `${answered} answered${named.length > 0 ? ` (${named.join(", ")})` : ""}`,
            ...ranked(others).map(([what, n]) => `${n} ${what}`),
          ].join(", ")}`,
        ]
      : []),
    ...(learnt > 0 && heard.length > 1
      ? [
          `${learnt} ${learnt === 1 ? "is" : "are"} among those that the model learnt from: that says nothing of others`,
        ]
      : []),
    ...(strange > 0
      ? [
          `${strange} ${strange === 1 ? "sounds" : "sound"} unlike ${learntSpeech(manifest)}: a model that learns from recordings like ${strange === 1 ? "it" : "them"} will know more (undertone train DIR)`,
        ]
      : []),
  ];
}
