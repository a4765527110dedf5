/** Chroma: the spectrum folded onto the twelve pitch classes. */
import type { Matrix } from "../math/matrix.js";
import { applyFilterBank, type FilterBank, filterBank, keptBank } from "./filter-bank.js";

export interface ChromaOptions {
  readonly sampleRate: number;
  readonly fftSize: number;
  /** Deviation from A = 440 Hz in fractions of a class. Default 0 (librosa estimates it from the signal unless told `tuning=0`). */
  readonly tuning?: number | undefined;
  /** Number of classes, a multiple of 12; class 0 is C. Default 12. */
  readonly classes?: number | undefined;
}

/** Returns Gaussian pitch-class weights of every bin, as `librosa.filters.chroma` (Ellis 2007) with its default octave weighting. */
export function chromaFilterBank({
  sampleRate,
  fftSize,
  tuning = 0,
  classes = 12,
}: ChromaOptions): FilterBank {
  return keptBank(`chroma ${[sampleRate, fftSize, tuning, classes]}`, () => {
    const reference = (440 * 2 ** (tuning / classes)) / 16;
    const position = new Float64Array(fftSize);
    for (let k = 1; k < fftSize; k++)
      position[k] = classes * Math.log2((k * sampleRate) / fftSize / reference);
    position[0] = position[1] - 1.5 * classes;
    const bins = Math.floor(fftSize / 2) + 1;
    const rows = Array.from({ length: classes }, () => new Float64Array(bins));
    const half = Math.round(classes / 2);
    for (let k = 0; k < bins; k++) {
      const width = k + 1 < fftSize ? Math.max(position[k + 1] - position[k], 1) : 1;
      const column = rows.map((_, c) => {
        const distance = ((position[k] - c + half + 10 * classes) % classes) - half;
        return Math.exp(-0.5 * ((2 * distance) / width) ** 2);
      });
      const length = Math.hypot(...column);
      const octave = Math.exp(-0.5 * ((position[k] / classes - 5) / 2) ** 2);
      // Class 0 of the formula is A; turn it so that class 0 is C.
      rows.forEach((row, c) => {
        row[k] = (column[(c + 3 * (classes / 12)) % classes] / length) * octave;
      });
    }
    return filterBank(rows);
  });
}

/** Returns frames × classes, 0..1 with 1 in every frame that is not silent, as `librosa.feature.chroma_stft(S=power, tuning=0)`. */
export function chroma(power: Matrix, options: ChromaOptions): Matrix {
  const result = applyFilterBank(power, chromaFilterBank(options));
  const { data, rows, cols } = result;
  for (let t = 0; t < rows; t++) {
    let greatest = 0;
    for (let i = t * cols; i < (t + 1) * cols; i++) if (data[i] > greatest) greatest = data[i];
    if (greatest > 0) for (let i = t * cols; i < (t + 1) * cols; i++) data[i] /= greatest;
  }
  return result;
}
