/** The rows of a figure: what a clip, a long recording or the microphone has to show. */
import { type Spectrogram, spectrogramHeight } from "@undertone/browser";
import type { Draw } from "./canvas.js";
import type { Clip } from "./clip.js";
import { drawAxis, drawHeat, drawLane, drawOutline, drawSpectrogram, type TimelineData } from "./drawings.js";
import { capitalized, clock, stretches } from "./emotions.js";
import type { Row } from "./figure.js";

const frequencyMarks = [500, 2000, 6000];

/** Returns all rows of a clip, or of as much of it as is known. */
export function clipRows(clip: Clip, classes: readonly string[]): Row[] {
  const { wave, peaks, picture, timeline, span } = clip;
  const outline = wave
    ? drawOutline(wave.samples, wave.sampleRate)
    : peaks && drawOutline(peaks.levels, 2 / peaks.stepSeconds);
  return [
    ...(outline ? [levelRow("Waveform", outline)] : []),
    ...(picture ? [spectrogramRow(picture)] : []),
    ...timelineRows({ timeline, span, classes }),
  ];
}

/** Returns the row of a waveform or level. */
export function levelRow(title: string, draw: Draw): Row {
  return { title, height: 84, captions: [{ text: title, at: 0.5 }], draw, label: title };
}

function spectrogramRow(picture: Spectrogram): Row {
  return {
    title: "Spectrogram",
    height: 120,
    captions: frequencyMarks
      .filter((hz) => hz < 0.9 * picture.highHz)
      .map((hz) => ({
        text: hz < 1000 ? `${hz} Hz` : `${hz / 1000} kHz`,
        at: spectrogramHeight(hz, picture.highHz),
      })),
    draw: drawSpectrogram(picture),
    label: "Spectrogram",
  };
}

/** Returns what is heard when, every class' score in every window, and the axis. */
export function timelineRows(data: TimelineData): Row[] {
  const { timeline, span, classes } = data;
  const axis: Row = { title: "Time", height: 20, captions: [], draw: drawAxis };
  if (timeline.length === 0) return [axis];
  const parts = stretches(timeline, span);
  const lane: Row = {
    title: "Emotion",
    height: 34,
    captions: [{ text: "Emotion", at: 0.5 }],
    draw: drawLane(parts, classes),
    list: {
      label: "Emotion timeline",
      items: parts.map(({ text, start, end }) => `${text}, ${clock(start)} to ${clock(end)}`),
    },
  };
  if (classes.length === 0) return [lane, axis];
  const heat: Row = {
    title: "Scores",
    height: 20 * classes.length,
    captions: classes.map((name, i) => ({
      text: capitalized(name),
      at: 1 - (i + 0.5) / classes.length,
    })),
    draw: drawHeat(data),
    label: "Scores of each emotion over time: the stronger the colour, the higher",
  };
  return [lane, heat, axis];
}
