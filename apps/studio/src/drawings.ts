/** The pictures of a clip, all over one time axis from 0 to the clip's length. */
import type { Spectrogram } from "@undertone/browser";
import type { Prediction } from "@undertone/core/artifact";
import type { Sounding, Waveform } from "@undertone/core/audio";
import type { Draw } from "./canvas.js";
import { cellEdges, emotionColour } from "./emotions.js";

/** Draws the smallest and largest sample of each pixel column, the loudest reaching the edges. */
export function drawWaveform({ samples }: Waveform): Draw {
  return (context, { width, height }, ink) => {
    const columns = Math.floor(width);
    let peak = 1e-3;
    for (const x of samples) peak = Math.max(peak, Math.abs(x));
    context.fillStyle = ink("--ink-soft");
    for (let column = 0; column < columns; column++) {
      const from = Math.floor((column * samples.length) / columns);
      const to = Math.max(from + 1, Math.floor(((column + 1) * samples.length) / columns));
      let low = 0;
      let high = 0;
      for (let i = from; i < to; i++) {
        low = Math.min(low, samples[i]);
        high = Math.max(high, samples[i]);
      }
      bar(context, column, 1, low / peak, high / peak, height);
    }
  };
}

/** Draws the level of each block of a recording under way. */
export function drawPeaks(peaks: readonly number[]): Draw {
  return (context, { width, height }, ink) => {
    const loudest = Math.max(0.05, ...peaks);
    const step = width / Math.max(1, peaks.length);
    context.fillStyle = ink("--ink-soft");
    peaks.forEach((peak, i) => {
      bar(context, i * step, Math.max(1, step * 0.7), -peak / loudest, peak / loudest, height);
    });
  };
}

function bar(
  context: CanvasRenderingContext2D,
  x: number,
  width: number,
  low: number,
  high: number,
  height: number,
): void {
  const top = (height / 2) * (1 - high);
  context.fillRect(x, top, width, Math.max(1, (height / 2) * (1 - low) - top));
}

/** Draws mel levels, silence in the colour of the page and the loudest in the accent's. */
export function drawSpectrogram({ levels, hopSeconds }: Spectrogram, duration: number): Draw {
  return (context, { width, height }, ink) => {
    const { data, rows, cols } = levels;
    const [low, middle, high] = ["--quiet", "--half-loud", "--loud"].map((name) => channels(ink(name)));
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
    context.imageSmoothingQuality = "high";
    // Frame t is centred on t hops, so the picture begins half a hop early.
    const perSecond = width / duration;
    context.drawImage(picture, -0.5 * hopSeconds * perSecond, 0, rows * hopSeconds * perSecond, height);
  };
}

/** Returns red, green and blue of a `#rrggbb` colour. */
function channels(colour: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

/** A timeline over a time axis from 0 to `duration`. */
export interface TimelineData {
  readonly timeline: readonly Prediction[];
  readonly duration: number;
  /** The part of the axis that the first and the last window are drawn to. */
  readonly span: Sounding;
  readonly classes: readonly string[];
}

/** Draws one row a class, each window as strong as its score. */
export function drawHeat({ timeline, duration, span, classes }: TimelineData): Draw {
  return (context, { width, height }) => {
    const edges = cellEdges(timeline, span).map((second) => (second / duration) * width);
    const rowHeight = height / classes.length;
    classes.forEach((name, row) => {
      context.fillStyle = emotionColour(name, classes);
      timeline.forEach(({ scores }, i) => {
        context.globalAlpha = (scores[name] ?? 0) ** 0.75;
        context.fillRect(edges[i], row * rowHeight + 1, edges[i + 1] - edges[i] - 1, rowHeight - 2);
      });
    });
  };
}
