/** The pictures of a clip: each draws the seconds of the axis that are seen over its whole width. */
import type { Spectrogram } from "@undertone/browser";
import type { Prediction } from "@undertone/core/artifact";
import type { Sounding } from "@undertone/core/audio";
import type { Draw, Paint, Span } from "./canvas.js";
import { cellEdges, clock, type Stretch, shade } from "./emotions.js";

/** Returns what gives the place of a second on the canvas, in pixels. */
function placer({ view, width }: Paint): (second: number) => number {
  return (second) => ((second - view.start) / (view.end - view.start)) * width;
}

function isSeen({ start, end }: Span, view: Span): boolean {
  return end > view.start && start < view.end;
}

/**
 * Draws an outline, the loudest of all reaching the edges: in each pixel column the smallest and the largest of its values, which are
 * samples, or the lowest and highest of steps in turn.
 */
export function drawOutline(values: Float32Array, perSecond: number): Draw {
  let peak = 1e-3;
  for (const x of values) peak = Math.max(peak, Math.abs(x));
  return ({ context, width, height, view, ink }) => {
    context.fillStyle = ink("--ink-soft");
    const perColumn = ((view.end - view.start) * perSecond) / width;
    for (let column = 0; column < width; column++) {
      const from = Math.floor(view.start * perSecond + column * perColumn);
      if (from >= values.length) break;
      const to = Math.min(values.length, Math.max(from + 2, Math.floor(from + perColumn)));
      let low = 0;
      let high = 0;
      for (let i = from; i < to; i++) {
        low = Math.min(low, values[i]);
        high = Math.max(high, values[i]);
      }
      const top = (height / 2) * (1 - high / peak);
      context.fillRect(column, top, 1, Math.max(1, (height / 2) * (1 - low / peak) - top));
    }
  };
}

/** Draws mel levels, silence in the colour of the page and the loudest in the accent's. */
export function drawSpectrogram({ levels, hopSeconds }: Spectrogram): Draw {
  let picture: OffscreenCanvas | undefined;
  let inDark: boolean | undefined;
  return ({ context, width, height, view, dark, ink }) => {
    if (!picture || inDark !== dark)
      picture = paintLevels(levels, ["--quiet", "--half-loud", "--loud"].map(ink));
    inDark = dark;
    context.imageSmoothingQuality = "high";
    // Frame t is centred on t hops, so the picture begins half a hop early.
    const from = view.start / hopSeconds + 0.5;
    context.drawImage(
      picture,
      from,
      0,
      (view.end - view.start) / hopSeconds,
      levels.cols,
      0,
      0,
      width,
      height,
    );
  };
}

function paintLevels(
  { data, rows, cols }: Spectrogram["levels"],
  colours: readonly string[],
): OffscreenCanvas {
  const [low, middle, high] = colours.map((colour) =>
    [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)),
  );
  const image = new ImageData(rows, cols);
  for (let frame = 0; frame < rows; frame++) {
    for (let band = 0; band < cols; band++) {
      const level = Math.max(0, 1 + data[frame * cols + band] / 70);
      const [from, to, part] = level < 0.5 ? [low!, middle!, 2 * level] : [middle!, high!, 2 * level - 1];
      const at = 4 * ((cols - 1 - band) * rows + frame);
      for (let k = 0; k < 3; k++) image.data[at + k] = from[k] + part * (to[k] - from[k]);
      image.data[at + 3] = 255;
    }
  }
  const picture = new OffscreenCanvas(rows, cols);
  picture.getContext("2d")!.putImageData(image, 0, 0);
  return picture;
}

/** Draws what is heard when, by colour, and by name where there is room. */
export function drawLane(parts: readonly Stretch[], classes: readonly string[]): Draw {
  return (paint) => {
    const { context, width, height, view, dark, ink } = paint;
    const at = placer(paint);
    context.font = "13px system-ui, sans-serif";
    context.textBaseline = "middle";
    for (const part of parts.filter((each) => isSeen(each, view))) {
      const [left, right] = [Math.max(0, at(part.start)), Math.min(width, at(part.end))];
      const colour = part.label === null ? ink("--line") : shade(part.label, classes, dark);
      const gap = right - left > 4 ? 2 : 0;
      context.fillStyle = colour;
      context.globalAlpha = part.label === null ? 0.35 : 0.22;
      context.fillRect(left, 0, right - left - gap, height);
      context.globalAlpha = 1;
      context.fillRect(left, height - 4, right - left - gap, 4);
      if (height < 20) continue;
      context.fillStyle = ink(part.label === null ? "--ink-faint" : "--ink");
      context.fillText(fitted(context, part.text, right - left - 10), left + 5, height / 2 - 1);
    }
  };
}

function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  const short = [...text].findLastIndex(
    (_, end) => end > 2 && context.measureText(`${text.slice(0, end)}…`).width <= width,
  );
  return short < 0 ? "" : `${text.slice(0, short)}…`;
}

/** A timeline, its classes, and the part of the axis that its first and last window are drawn to. */
export interface TimelineData {
  readonly timeline: readonly Prediction[];
  readonly span: Sounding;
  readonly classes: readonly string[];
}

/**
 * Draws one row a class, each window as strong as its score; without colour where the model gives no answer. Windows that share a pixel
 * are drawn as their mean, so that none is lost.
 */
export function drawHeat({ timeline, span, classes }: TimelineData): Draw {
  const edges = cellEdges(timeline, span);
  return (paint) => {
    const { context, height, view, dark, ink } = paint;
    const at = placer(paint);
    const rowHeight = height / classes.length;
    const grey = ink("--ink-faint");
    const colours = classes.map((name) => shade(name, classes, dark));
    const draw = (colour: string, strength: number, row: number, left: number, right: number): void => {
      if (strength === 0) return;
      context.fillStyle = colour;
      context.globalAlpha = strength ** 0.75;
      context.fillRect(left, row * rowHeight + 1, right - left - (right - left > 4 ? 1 : 0), rowHeight - 2);
    };
    for (let first = 0, next = 1; first < timeline.length; first = next, next++) {
      while (next < timeline.length && at(edges[next]) - at(edges[first]) < 1) next++;
      const [start, end] = [edges[first], edges[next]];
      if (!isSeen({ start, end }, view)) continue;
      const windows = timeline.slice(first, next);
      const mean = (name: string, answered: boolean): number =>
        windows.reduce((sum, { label, scores }) => {
          return (label !== null) === answered ? sum + (scores[name] ?? 0) : sum;
        }, 0) / windows.length;
      classes.forEach((name, row) => {
        draw(grey, 0.2 * mean(name, false), row, at(start), at(end));
        draw(colours[row]!, mean(name, true), row, at(start), at(end));
      });
    }
    context.globalAlpha = 1;
  };
}

const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600];

/** Draws marks of round times, a hand's breadth from each other. */
export const drawAxis: Draw = (paint) => {
  const { context, width, height, view, ink } = paint;
  const at = placer(paint);
  const step = steps.find((each) => at(view.start + each) >= 72) ?? 7200;
  context.font = "11.5px system-ui, sans-serif";
  context.textBaseline = "middle";
  for (let mark = Math.ceil(view.start / step - 1e-6); mark * step < view.end; mark++) {
    const left = at(mark * step);
    context.fillStyle = ink("--line");
    context.fillRect(left, 0, 1, height);
    const text = clock(mark * step, step < 1);
    if (left + context.measureText(text).width + 4 > width) break;
    context.fillStyle = ink("--ink-faint");
    context.fillText(text, left + 4, height / 2);
  }
};
