/** What a file has to show: all that was heard, or as much as is heard so far. */
import type { HeardFile, WavePeaks } from "@undertone/browser";
import {
  type Adapted,
  type ArtifactManifest,
  type Prediction,
  predictionWords,
  summarizeRecording,
  summaryWords,
  type TimelineSummary,
  type Words,
} from "@undertone/core/artifact";
import { type Sounding, windowsIn } from "@undertone/core/audio";
import { clock, sentenceWords } from "./emotions.js";
import type { StudioFile } from "./use-studio.js";

export interface Clip extends Pick<HeardFile, "wave" | "picture" | "whole"> {
  readonly name: string;
  /** The length of the axis, which grows where the file does not say how long it is. */
  readonly seconds: number;
  /** Whether it was heard to its end. */
  readonly complete: boolean;
  readonly blob: Blob | undefined;
  readonly peaks: WavePeaks | undefined;
  /** The windows that are drawn, and the part of the axis that they are drawn to. */
  readonly timeline: readonly Prediction[];
  readonly span: Sounding;
  readonly summary: TimelineSummary;
  /** What is said of it: of a short clip as a whole, of a long one by the shares of its time. */
  readonly words: Words;
  readonly label: string | null;
  /** What its answers are adapted to: the clips of the list, or the windows of a recording that is too long for one answer. */
  readonly adapted?: Adapted | undefined;
  /** Which clip, how long, and to what it is adapted. */
  readonly origin: string;
}

/** Returns what a file shows; undefined while nothing of it is heard. */
export function clipOf({ name, blob, state }: StudioFile, manifest?: ArtifactManifest): Clip | undefined {
  if (state.kind === "done") {
    const { heard } = state;
    const { whole, summary, span } = heard;
    const adapted = whole ? whole.adapted : heard.timeline.find((window) => window.adapted)?.adapted;
    return {
      ...heard,
      name,
      complete: true,
      blob,
      timeline: noMoreThan(whole, windowsIn(heard.timeline, span)),
      words: sentenceWords(whole ? predictionWords(whole, manifest) : summaryWords(summary)),
      label: whole ? whole.label : summary.label,
      adapted,
      origin: [`${name}, ${clock(heard.seconds)}`, ...adaptedWords(adapted, whole)].join(" · "),
    };
  }
  const { progress, timeline, peaks } = state.partly;
  if (!progress || timeline.length === 0) return undefined;
  const span = { start: 0, end: timeline.at(-1)!.end };
  const summary = summarizeRecording(timeline, span);
  const seconds = Math.max(progress.seconds, progress.total ?? 0);
  return {
    name,
    complete: false,
    blob,
    peaks,
    timeline,
    summary,
    seconds,
    span,
    words: sentenceWords({ headline: `so far ${summaryWords(summary).headline}` }),
    label: summary.label,
    origin: `${name}, ${clock(seconds)}`,
  };
}

function adaptedWords(adapted: Adapted | undefined, whole: Prediction | undefined): string[] {
  if (!adapted) return [];
  return [`adapted to ${adapted.by} ${whole ? "clips of this list" : "windows of this recording"}`];
}

/** No window says more than the clip that was judged whole: where that has no answer, they have none. */
function noMoreThan(whole: Prediction | undefined, timeline: readonly Prediction[]): readonly Prediction[] {
  if (!whole || whole.label !== null || whole.reason === undefined) return timeline;
  const { label, reason } = whole;
  return timeline.map((window) => (window.label === null ? window : { ...window, label, reason }));
}
