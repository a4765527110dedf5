/** Rows of the kernel of points with each other, in the memory that the dual solver's loops run on. */
import { type Matrix, matrix } from "../../math/matrix.js";
import { rowProducts } from "../../math/row-products.js";
import { type DualLoops, dualKernel } from "./dual-loops.js";

/** Some of the points, in the order of their stretches. */
export interface KernelMemory {
  readonly loops: DualLoops;
  /** How many points. */
  readonly size: number;
  /** K(i, i) of each. */
  readonly diagonal: Float64Array;
  /** Bytes from 0 on that are free for whoever runs the loops. */
  readonly free: number;
  /** Returns where in memory row i of the kernel is, float32, in bytes; the last two rows asked for are there for certain. */
  row(i: number): number;
}

/** Points from..to − 1. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Rows that are multiplied at once. */
const strip = 64;

/**
 * Returns a function that gives the kernel, exp(−γ‖x − y‖²) or x·y, of the points of one or two stretches of `x`, in one memory that serves
 * from one to the next. Where a square of `largest` points takes at most `maxBytes` all of it is computed, and what belongs to the first stretch
 * stays while that stays; otherwise rows are made when they are asked for, the least recently asked one giving way. Products are summed in
 * float32: within about 1e-6 of the points' squares.
 */
export function kernelMemory(
  x: Matrix,
  {
    gamma,
    maxBytes,
    largest,
    free,
    loops = dualKernel.open(),
  }: { gamma: number | "linear"; maxBytes: number; largest: number; free: number; loops?: DualLoops },
): (stretches: readonly Stretch[]) => KernelMemory {
  const { rows } = x;
  const products = rowProducts(x);
  const stride = 4 * Math.ceil(largest / 4) + 8;
  const whole = 4 * stride * largest <= maxBytes;
  const slots = whole ? largest : Math.max(2, Math.min(largest, Math.floor(maxBytes / (4 * stride))));
  const squaresAt = 16 * Math.ceil(free / 16);
  const rowsAt = squaresAt + 16 * Math.ceil(rows / 4) + 16;
  const buffer = loops.memory(rowsAt + 4 * stride * slots);
  const squares = new Float32Array(buffer, squaresAt, rows);
  const values = new Float32Array(buffer, rowsAt, stride * slots);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let at = i * x.cols; at < (i + 1) * x.cols; at++) sum += x.data[at] ** 2;
    squares[i] = sum;
  }
  const scale = gamma === "linear" ? 0 : -gamma * Math.LOG2E;

  /** Writes K(i, j) for the points [from, to) and [rightFrom, rightTo), the first one at `at` of the values. */
  const fill = (from: number, to: number, { from: rightFrom, to: rightTo }: Stretch, at: number): void => {
    const tile = products.tile(from, to, rightFrom, rightTo);
    const count = rightTo - rightFrom;
    for (let i = from; i < to; i++) {
      const source = tile.at + (i - from) * tile.stride;
      const place = at + (i - from) * stride;
      values.set(tile.data.subarray(source, source + count), place);
      if (gamma === "linear") continue;
      const quads = Math.ceil(count / 4);
      if (quads > 0)
        loops.run.radial(rowsAt + 4 * place, squaresAt + 4 * rightFrom, quads, squares[i], scale);
      if (i >= rightFrom && i < rightTo) values[place + i - rightFrom] = 1;
    }
  };
  /** Of one stretch with itself only what is on or below the diagonal is computed. */
  const fillSquare = (own: Stretch, first: number): void => {
    for (let from = own.from; from < own.to; from += strip) {
      const to = Math.min(own.to, from + strip);
      const row = first + from - own.from;
      fill(from, to, { from: own.from, to }, row * stride + first);
      mirror(values, stride, { row, rows: to - from, column: first, columns: row - first });
      mirror(values, stride, { row, rows: to - from, column: row, columns: to - from });
    }
  };
  const fillAcross = (own: Stretch, other: Stretch): void => {
    const column = own.to - own.from;
    for (let from = own.from; from < own.to; from += strip) {
      const to = Math.min(own.to, from + strip);
      const row = from - own.from;
      fill(from, to, other, row * stride + column);
      mirror(values, stride, { row, rows: to - from, column, columns: other.to - other.from });
    }
  };
  let kept: Stretch | undefined;

  return (stretches) => {
    const [first, second] = stretches as readonly [Stretch, Stretch?];
    const split = first.to - first.from;
    const size = split + (second ? second.to - second.from : 0);
    if (size > largest) throw new RangeError(`kernelMemory: got ${size} points, expected at most ${largest}`);
    const point = (i: number): number => (i < split ? first.from + i : second!.from + i - split);
    const diagonal = Float64Array.from({ length: size }, (_, i) =>
      gamma === "linear" ? squares[point(i)] : 1,
    );
    const shared = { loops, size, diagonal, free };
    if (whole) {
      if (kept?.from !== first.from || kept.to !== first.to) fillSquare(first, 0);
      kept = first;
      if (second) {
        fillAcross(first, second);
        fillSquare(second, split);
      }
      return { ...shared, row: (i) => rowsAt + 4 * stride * i };
    }
    const held = new Map<number, number>();
    return {
      ...shared,
      row(i) {
        let slot = held.get(i);
        if (slot === undefined) {
          slot = held.size;
          if (slot === slots) {
            const [oldest, given] = held.entries().next().value!;
            held.delete(oldest);
            slot = given;
          }
          fill(point(i), point(i) + 1, first, slot * stride);
          if (second) fill(point(i), point(i) + 1, second, slot * stride + split);
        } else held.delete(i);
        held.set(i, slot);
        return rowsAt + 4 * stride * slot;
      },
    };
  };
}

/** Copies a rectangle of a square matrix to the other side of the diagonal, by tiles that the cache holds. */
function mirror(
  values: Float32Array,
  stride: number,
  { row, rows, column, columns }: { row: number; rows: number; column: number; columns: number },
): void {
  for (let from = column; from < column + columns; from += 16) {
    const to = Math.min(column + columns, from + 16);
    for (let i = row; i < row + rows; i++)
      for (let j = from; j < to; j++) values[j * stride + i] = values[i * stride + j];
  }
}

/** Returns the rows less the centre: the kernel of distances does not change, the rounding does. */
export function centredMatrix({ data, rows, cols }: Matrix, centre: Float32Array): Matrix {
  const result = matrix(rows, cols);
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < cols; j++, at++) result.data[at] = data[at] - centre[j];
  return result;
}
