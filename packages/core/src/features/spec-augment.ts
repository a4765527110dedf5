/** Masks over frames of features, so that a network does not lean on one band or moment. */
import { type Matrix, matrix } from "../math/matrix.js";
import type { Random } from "../math/random.js";

/** How much is masked; widths are drawn evenly from 0 to the greatest one. */
export interface SpecAugmentOptions {
  readonly random: Random;
  /** Default 2 masks of at most 27 columns each, as the paper's policy LD has for 80 bands. */
  readonly columnMasks?: number;
  readonly maxMaskColumns?: number;
  /** Default 2 masks of at most 100 rows each, and never more than `maxRowPart`, 1, of all rows. */
  readonly rowMasks?: number;
  readonly maxMaskRows?: number;
  readonly maxRowPart?: number;
  /** What masked cells hold. Default: the mean of the frames. */
  readonly value?: number | undefined;
}

/**
 * Returns a copy of the frames (rows: time) with columns and rows masked: Park et al. 2019, "SpecAugment: a simple data augmentation method for
 * automatic speech recognition", sections 2.2 and 2.3 (no time warping, which the authors found to matter least).
 */
export function specAugment(frames: Matrix, options: SpecAugmentOptions): Matrix {
  const { random, columnMasks = 2, maxMaskColumns = 27 } = options;
  const { rowMasks = 2, maxMaskRows = 100, maxRowPart = 1 } = options;
  const { rows, cols } = frames;
  const mean = frames.data.reduce((sum, x) => sum + x, 0) / Math.max(1, frames.data.length);
  const { value = mean } = options;
  const result = matrix(rows, cols, frames.data.slice());
  const span = (size: number, most: number): [from: number, to: number] => {
    const width = random.integer(Math.min(most, size) + 1);
    const from = random.integer(size - width + 1);
    return [from, from + width];
  };
  for (let mask = 0; mask < columnMasks; mask++) {
    const [from, to] = span(cols, maxMaskColumns);
    for (let t = 0; t < rows; t++) result.data.fill(value, t * cols + from, t * cols + to);
  }
  for (let mask = 0; mask < rowMasks; mask++) {
    const [from, to] = span(rows, Math.min(maxMaskRows, Math.floor(maxRowPart * rows)));
    result.data.fill(value, from * cols, to * cols);
  }
  return result;
}
