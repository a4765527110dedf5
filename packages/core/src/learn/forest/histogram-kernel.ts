/** Histograms of derivatives, the inner loop of boosting: some hundred bytes of WebAssembly with SIMD, and the same loop in plain code. */
import { type BinnedColumns, maxBins } from "./bin-columns.js";

/** Values of a bin: sum of gradients, sum of hessians, number of rows, and one without use that keeps bins aligned. */
export const fields = 4;
/** Values of one feature's histogram. */
export const histogramWidth = fields * (maxBins + 1);

/** Rows, their derivatives and room for the histogram of one feature, side by side in one memory. */
export interface HistogramKernel {
  /** Rows in the order of the nodes. */
  readonly members: Uint32Array;
  /** Gradient and hessian of each row of the node in hand, in the order of its members. */
  readonly derivatives: Float64Array;
  /** The histogram that `fill` makes. */
  readonly histogram: Float64Array;
  /** Makes the histogram of a feature from the members [from, to) and the derivatives from the first on. */
  fill(feature: number, from: number, to: number): void;
}

type Fill = (rows: number, size: number, bins: number, derivatives: number, histogram: number) => void;

let compiled: WebAssembly.Module | null | undefined;

/** Returns the quickest kernel that this runtime has. */
export function histogramKernel(columns: BinnedColumns): HistogramKernel {
  if (compiled === undefined) {
    try {
      compiled = new WebAssembly.Module(kernelModule());
    } catch {
      // No SIMD, no WebAssembly, or a policy that forbids compiling: the plain loop gives the same sums, only slower.
      compiled = null;
    }
  }
  if (!compiled) return plainHistogramKernel(columns);
  const { memory, fill } = new WebAssembly.Instance(compiled).exports as {
    memory: WebAssembly.Memory;
    fill: Fill;
  };
  memory.grow(Math.ceil(layout(columns).bytes / 65536));
  return kernelOn(columns, memory.buffer, fill);
}

/** Returns the kernel without WebAssembly. */
export function plainHistogramKernel(columns: BinnedColumns): HistogramKernel {
  const buffer = new ArrayBuffer(layout(columns).bytes);
  const bytes = new Uint8Array(buffer);
  const words = new Uint32Array(buffer);
  const values = new Float64Array(buffer);
  return kernelOn(columns, buffer, (rows, size, bins, derivatives, histogram) => {
    for (let t = 0; t < size; t++) {
      const at = histogram / 8 + fields * bytes[bins + words[rows / 4 + t]!]!;
      values[at]! += values[derivatives / 8 + 2 * t]!;
      values[at + 1]! += values[derivatives / 8 + 2 * t + 1]!;
      values[at + 2]!++;
    }
  });
}

function layout({ rows, features }: BinnedColumns) {
  const derivatives = 8 * histogramWidth;
  const members = derivatives + 16 * rows;
  const bins = members + 4 * rows;
  return { derivatives, members, bins, bytes: 8 * Math.ceil((bins + rows * features) / 8) };
}

function kernelOn(columns: BinnedColumns, buffer: ArrayBuffer, fill: Fill): HistogramKernel {
  const { rows } = columns;
  const at = layout(columns);
  new Uint8Array(buffer, at.bins, columns.bins.length).set(columns.bins);
  const histogram = new Float64Array(buffer, 0, histogramWidth);
  return {
    histogram,
    members: new Uint32Array(buffer, at.members, rows),
    derivatives: new Float64Array(buffer, at.derivatives, 2 * rows),
    fill(feature, from, to) {
      histogram.fill(0, 0, fields * (columns.thresholds[feature]!.length + 1));
      if (to > from) fill(at.members + 4 * from, to - from, at.bins + feature * rows, at.derivatives, 0);
    },
  };
}

/** Returns the module: one memory and `fill` (WebAssembly core specification 2.0, 5). */
function kernelModule(): Uint8Array {
  const i32 = 0x7f;
  const [rows, left, bins, derivatives, histogram, at] = [0, 1, 2, 3, 4, 5] as const;
  const get = (local: number): number[] => [0x20, local];
  const set = (local: number): number[] => [0x21, local];
  const add = 0x6a;
  const advance = (local: number, by: number): number[] => [...get(local), 0x41, by, add, ...set(local)];
  const loadPair = [0xfd, 0x00, 0x03, 0];
  const body = [
    ...[1, 1, i32], // locals: where the bin of a row is
    ...[0x03, 0x40],
    // at = histogram + 32 · bins[row]
    ...[...get(histogram), ...get(bins), ...get(rows), 0x28, 0x02, 0, add, 0x2d, 0, 0],
    ...[0x41, 5, 0x74, add, ...set(at)],
    // both sums at once
    ...[...get(at), ...get(at), ...loadPair, ...get(derivatives), ...loadPair, 0xfd, 0xf0, 0x01],
    ...[0xfd, 0x0b, 0x03, 0],
    // and one row more
    ...[...get(at), ...get(at), 0x2b, 0x03, 16, 0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0xa0, 0x39, 0x03, 16],
    ...[...advance(rows, 4), ...advance(derivatives, 16), ...advance(left, 0x7f)],
    ...[...get(left), 0x0d, 0, 0x0b, 0x0b],
  ];
  const text = (name: string): number[] => [name.length, ...Array.from(name, (char) => char.charCodeAt(0))];
  const section = (id: number, content: number[]): number[] => [id, content.length, ...content];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 5, i32, i32, i32, i32, i32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...text("memory"), 2, 0, ...text("fill"), 0, 0]),
    ...section(10, [1, body.length, ...body]),
  ]);
}
