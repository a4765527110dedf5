/** What is taken home of a clip: its timeline as CSV, everything as JSON, its picture as PNG. */
import type { ArtifactManifest, Prediction, TimelineSummary, Words } from "@undertone/core/artifact";
import { inkOf, type Span } from "./canvas.js";
import { clipOf } from "./clip.js";
import type { Row } from "./figure.js";
import type { StudioFile } from "./use-studio.js";

/** Returns one line a window: where, what, how sure, each score and value. */
export function timelineCsv(timeline: readonly Prediction[], manifest: ArtifactManifest): string {
  const values = manifest.dimensions?.values.map(({ name }) => name) ?? [];
  const head = ["start", "end", "label", "reason", "confidence", ...manifest.classes, ...values];
  const lines = timeline.map(({ start, end, label, reason, confidence, scores, dimensions }) => [
    start.toFixed(3),
    end.toFixed(3),
    label ?? "",
    reason ?? "",
    confidence.toFixed(4),
    ...manifest.classes.map((name) => scores[name]?.toFixed(4) ?? ""),
    ...values.map((name) => dimensions?.[name]?.toFixed(4) ?? ""),
  ]);
  return csv([head, ...lines]);
}

/** Returns one line a file that was heard, or why it was not: its answer, a short one's scores or the shares of a long one's time, and by how many clips or windows it is adapted, where any is. */
export function filesCsv(files: readonly StudioFile[], { classes }: ArtifactManifest): string {
  const clips = files.map((file) => ({ file, clip: clipOf(file) }));
  const adapted = clips.some(({ clip }) => clip?.adapted);
  const lines = clips.flatMap(({ file, clip }) => {
    if (file.state.kind === "failed")
      return [
        [file.name, "", "", "", "", file.state.message, ...classes.map(() => ""), ...(adapted ? [""] : [])],
      ];
    if (!clip?.complete) return [];
    const { name, seconds, label, whole, summary } = clip;
    const part = (each: string): number | undefined =>
      whole ? whole.scores[each] : (summary.shares[each] ?? 0);
    return [
      [
        name,
        seconds.toFixed(3),
        whole ? "whole" : "shares",
        label ?? "",
        whole?.reason ?? "",
        "",
        ...classes.map((each) => part(each)?.toFixed(4) ?? ""),
        ...(adapted ? [String(clip.adapted?.by ?? "")] : []),
      ],
    ];
  });
  const head = ["file", "seconds", "judged", "label", "reason", "error", ...classes];
  return csv([[...head, ...(adapted ? ["adapted to"] : [])], ...lines]);
}

function csv(lines: readonly (readonly string[])[]): string {
  return lines.map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What the JSON holds. */
export interface ClipDocument {
  readonly file: string;
  readonly seconds: number;
  /** Whether it was heard to its end; else the rest is of what was heard. */
  readonly complete: boolean;
  readonly model: { readonly name: string; readonly checksum: string };
  /** The answer of a short clip. */
  readonly whole?: Prediction;
  /** The answer of a long one. */
  readonly summary?: TimelineSummary;
  readonly timeline: readonly Prediction[];
}

/** Returns a prediction without what it was made of. */
export function said({ heard, collection, ...prediction }: Prediction): Prediction {
  return prediction;
}

const picture = { width: 1200, gutter: 96, margin: 24, gap: 6, title: 76 };

/** What stands in a picture beside its rows. */
export interface PictureText {
  readonly words: Words;
  readonly origin: string;
}

/** Resolves to a picture, at twice the pixels, of the part of a figure that is seen. */
export async function figurePng(
  rows: readonly Row[],
  { view, dark, text }: { readonly view: Span; readonly dark: boolean; readonly text: PictureText },
): Promise<Blob> {
  const { width, gutter, margin, gap, title } = picture;
  const height = rows.reduce((sum, row) => sum + row.height + gap, title + 2 * margin - gap);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * width, 2 * height];
  const context = canvas.getContext("2d")!;
  const ink = inkOf(document.documentElement);
  context.scale(2, 2);
  context.fillStyle = ink("--page");
  context.fillRect(0, 0, width, height);
  context.textBaseline = "middle";
  const write = (line: string, font: string, colour: string, y: number): void => {
    context.font = font;
    context.fillStyle = ink(colour);
    context.fillText(line, margin, y, width - 2 * margin);
  };
  write(text.words.headline, "28px Georgia, serif", "--ink", margin + 16);
  const below = [text.words.detail, text.origin].filter(Boolean).join(" · ");
  write(below, "14px system-ui, sans-serif", "--ink-faint", margin + 48);
  let top = margin + title;
  for (const row of rows) {
    context.save();
    context.translate(margin, top);
    context.font = "12px system-ui, sans-serif";
    context.fillStyle = ink("--ink-faint");
    context.textAlign = "right";
    for (const { text: caption, at } of row.captions)
      context.fillText(caption, gutter - 12, row.height * (1 - at));
    context.textAlign = "left";
    const wide = width - 2 * margin - gutter;
    context.beginPath();
    context.rect(gutter, 0, wide, row.height);
    context.clip();
    context.translate(gutter, 0);
    row.draw({ context, width: wide, height: row.height, view, dark, ink });
    context.restore();
    top += row.height + gap;
  }
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob!), "image/png"));
}

/** Gives a file to the user, under the clip's name with another ending. */
export function save(blob: Blob, clip: string, ending: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${clip.replace(/^.*\//, "").replace(/\.\w{1,5}$/, "")}.${ending}`;
  link.click();
  // Whoever takes the download has the address by then; it must not be kept for ever.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
