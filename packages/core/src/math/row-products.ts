/** Float32 inner products of many rows, a tile at a time: what neighbours, k-means and PCA spend their time on. */
import type { Matrix } from "./matrix.js";
import { productKernel } from "./product-kernel.js";

/** A tile of products: row i of the left part and row j of the right part are at `data[at + i * stride + j]`. */
export interface Tile {
  readonly data: Float32Array;
  readonly at: number;
  readonly stride: number;
}

/** Products of rows of a fixed left matrix with rows of a right one that may be exchanged. */
export interface RowProducts {
  /** Packs other rows, as many or fewer than at first, as the right side. */
  setRight(rows: Matrix): void;
  /** Returns products of the left rows [from, to) with the right rows [rightFrom, rightTo); good until the next call. */
  tile(from: number, to: number, rightFrom: number, rightTo: number): Tile;
  /**
   * Calls `visit` for rows i < j, of one matrix, from..to − 1 and rightFrom..rightTo − 1, whose product is at least least[i] + least[j], float32
   * all; rightFrom a multiple of 8.
   */
  visitAtLeast(least: Float32Array, range: PairRange, visit: (i: number, j: number) => void): void;
}

/** Rows from..to − 1 and rightFrom..rightTo − 1. */
export interface PairRange {
  readonly from: number;
  readonly to: number;
  readonly rightFrom: number;
  readonly rightTo: number;
}

/**
 * Returns products of the rows of `left` with those of `right` (by default the same rows). Both are packed once; sums are float32, so that a
 * product has a relative error of about 1e-6 of the norms: where that decides, compute the one pair again in float64.
 */
export function rowProducts(left: Matrix, right: Matrix = left, loops = productKernel.open()): RowProducts {
  const { run } = loops;
  const depth = Math.max(1, left.cols);
  const leftRows = 4 * Math.ceil(left.rows / 4);
  const rightRows = 8 * Math.ceil(right.rows / 8);
  const rightAt = leftRows * depth;
  const leastAt = rightAt + rightRows * depth;
  const listAt = leastAt + rightRows;
  const tileAt = listAt + rightRows;
  let memory = new Float32Array(loops.memory(4 * tileAt));
  pack(left, 4, memory, 0);
  const setRight = (rows: Matrix): void => pack(rows, 8, memory, rightAt);
  setRight(right);
  const products: RowProducts = {
    setRight,
    visitAtLeast(least, { from, to, rightFrom, rightTo }, visit) {
      const { data, at, stride } = products.tile(from, to, rightFrom, rightTo);
      data.set(least.subarray(rightFrom, rightTo), leastAt + rightFrom);
      const list = new Int32Array(data.buffer);
      for (let i = from; i < to; i++) {
        const skipped = Math.max(0, i + 1 - rightFrom) & ~3;
        const quads = Math.ceil((rightTo - rightFrom - skipped) / 4);
        if (quads <= 0) break;
        const first = rightFrom + skipped;
        const line = at + (i - from) * stride - rightFrom;
        run.atLeast(4 * (line + first), 4 * (leastAt + first), quads, 4 * listAt, least[i]);
        for (let p = listAt + 1, last = list[listAt] / 4; p <= last; p++) {
          const start = first + 4 * (quads - list[p]);
          for (let j = Math.max(start, i + 1); j < Math.min(start + 4, rightTo); j++)
            if (data[line + j] >= Math.fround(least[i] + least[j])) visit(i, j);
        }
      }
    },
    tile(from, to, rightFrom, rightTo) {
      const firstQuad = from >> 2;
      const quads = Math.ceil(to / 4) - firstQuad;
      const firstOctet = rightFrom >> 3;
      const octets = Math.ceil(rightTo / 8) - firstOctet;
      const stride = 8 * octets;
      const buffer = loops.memory(4 * (tileAt + 4 * quads * stride));
      if (buffer !== memory.buffer) memory = new Float32Array(buffer);
      for (let o = 0; o < octets; o++) {
        run.strip(
          16 * firstQuad * depth,
          16,
          16 * depth,
          4 * (rightAt + 8 * (firstOctet + o) * depth),
          32,
          4 * (tileAt + 8 * o),
          4 * stride,
          depth,
          quads,
        );
      }
      return { data: memory, at: tileAt + (from & 3) * stride + (rightFrom & 7), stride };
    },
  };
  return products;
}

/** Writes rows in groups of `width`: value p of each, then value p + 1 of each; rows beyond the last are zero. */
function pack({ data, rows, cols }: Matrix, width: number, into: Float32Array, at: number): void {
  for (let first = 0; first < rows; first += width) {
    const start = at + first * cols;
    if (first + width > rows) into.fill(0, start, start + width * cols);
    for (let r = 0; r < Math.min(width, rows - first); r++) {
      const source = (first + r) * cols;
      for (let p = 0, to = start + r; p < cols; p++, to += width) into[to] = data[source + p];
    }
  }
}

const chunkRows = 512;

/**
 * Returns Σᵢ (xᵢ − centre)(xᵢ − centre)ᵀ over the rows of `m` as a full row-major cols × cols array: summed in float32 over 512 rows at a time,
 * in float64 over these; rows and products are float32.
 */
export function scatterMatrix(
  m: Matrix,
  centre: ArrayLike<number>,
  loops = productKernel.open(),
): Float64Array {
  const { run } = loops;
  const { data, rows, cols } = m;
  const panels = Math.ceil(cols / 8);
  const width = 8 * panels;
  // Eight columns at a time stand together, so that what a tile reads is small and in one place. The last panel's columns that are not there
  // take what stands behind them, and nothing reads what they give.
  const panelFloats = 8 * chunkRows;
  const sourceAt = panels * panelFloats;
  const centreAt = sourceAt + chunkRows * cols + 8;
  const tileAt = centreAt + width;
  const memory = new Float32Array(loops.memory(4 * (tileAt + width * width)));
  memory.set(centre, centreAt);
  const result = new Float64Array(cols * cols);
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    memory.set(data.subarray(first * cols, (first + count) * cols), sourceAt);
    for (let panel = 0; panel < panels; panel++) {
      const from = sourceAt + 8 * panel;
      run.panel(4 * from, 4 * cols, 4 * (centreAt + 8 * panel), 4 * panel * panelFloats, count);
    }
    for (let right = 0; right < panels; right++) {
      // Only what is on or below the diagonal.
      for (let left = right; left < panels; left++) {
        const to = tileAt + 8 * (left * width + right);
        run.strip(4 * left * panelFloats, 32, 16, 4 * right * panelFloats, 32, 4 * to, 4 * width, count, 2);
      }
    }
    for (let i = 0; i < cols; i++) {
      const from = tileAt + i * width;
      for (let j = 0; j <= i; j++) result[i * cols + j] += memory[from + j];
    }
  }
  for (let i = 0; i < cols; i++) for (let j = 0; j < i; j++) result[j * cols + i] = result[i * cols + j];
  return result;
}
