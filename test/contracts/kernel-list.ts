/** Every kernel, with inputs that reach each of its instructions. */
import { subharmonicKernel } from "../../packages/core/src/dsp/subharmonic-kernel.js";
import { subharmonicLoops } from "../../packages/core/src/dsp/subharmonic-loops.js";
import { binColumns } from "../../packages/core/src/learn/forest/bin-columns.js";
import {
  histogramKernel,
  histogramLoops,
  histogramWidth,
} from "../../packages/core/src/learn/forest/histogram-kernel.js";
import { dualKernel } from "../../packages/core/src/learn/kernel/dual-loops.js";
import { blockKernel, blockSpectra } from "../../packages/core/src/math/block-spectra.js";
import { choleskyKernel, choleskySolver } from "../../packages/core/src/math/cholesky-solver.js";
import { extremeMeans, extremesKernel } from "../../packages/core/src/math/extreme-means.js";
import { fftKernel } from "../../packages/core/src/math/fft-kernel.js";
import { fftLoops } from "../../packages/core/src/math/fft-loops.js";
import { householderKernel, reflectionKernel } from "../../packages/core/src/math/householder-kernel.js";
import { lagKernel, lagProducts } from "../../packages/core/src/math/lag-products.js";
import { block } from "../../packages/core/src/math/linear-algebra.js";
import { matrix } from "../../packages/core/src/math/matrix.js";
import { productKernel } from "../../packages/core/src/math/product-kernel.js";
import { random } from "../../packages/core/src/math/random.js";
import { rowKernel } from "../../packages/core/src/math/row-kernel.js";
import {
  rowLogarithms,
  rowMoments,
  scaledLogarithms,
  squareRoots,
} from "../../packages/core/src/math/row-loops.js";
import { rowProducts, scatterMatrix } from "../../packages/core/src/math/row-products.js";
import { rotatedIdentity, rotationKernel } from "../../packages/core/src/math/row-rotations.js";
import type { Kernel, KernelInstance } from "../../packages/core/src/math/wasm/kernel.js";
import { weightedSums, weightingKernel } from "../../packages/core/src/math/weighted-sums.js";
import { windowedPower, windowKernel } from "../../packages/core/src/math/windowed-power.js";

/** A kernel and what its tests hold it to. */
export interface KernelEntry {
  /** Where it is defined, below `packages/core/src`. */
  readonly file: string;
  readonly kernel: Kernel;
  /** Results that its instance computes, the same to the last bit by all sound ones. */
  outputs(loops: KernelInstance): readonly ArrayLike<number>[];
  /** Mutants that no input can tell from the sound kernel. */
  readonly equivalent?: readonly EquivalentMutants[];
}

/** So many mutants of a loop, and why they change nothing. */
export interface EquivalentMutants {
  readonly mutants: RegExp;
  readonly count: number;
  readonly reason: string;
}

const known = new Map<string, Float64Array>();

/** Returns normal values, the same for the same seed; they are asked for thousands of times. */
function normals(count: number, seed: number): Float64Array {
  const key = `${count} ${seed}`;
  const stream = random(seed);
  const values = known.get(key) ?? Float64Array.from({ length: count }, () => stream.normal());
  known.set(key, values);
  return values.slice();
}

/** Peaks eleven places apart, two places wide and of several heights; the first value may be one, as 0 before 0 is, too. */
function peaks(bins: number, first: readonly number[]): Float64Array {
  const one = [...first, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0].slice(0, 11);
  return Float64Array.from({ length: bins }, (_, i) => one[i % 11] * (1 + Math.floor(i / 11)));
}

function entry<Name extends string>(
  kernel: Kernel<Name>,
  rest: Omit<KernelEntry, "kernel" | "outputs"> & {
    outputs(loops: KernelInstance<Name>): readonly ArrayLike<number>[];
  },
): KernelEntry {
  return { kernel: kernel as Kernel, ...rest } as KernelEntry;
}

/** Rows to be split: hessians reach the least one of a leaf after one row, or after a few, or at once; in the last one every split is a loss. */
const boostings = [1e-3, 2e-4, 2e-4, 5e-4, 5e-4, 1, 1].map((unit, seed) => {
  const rows = 24;
  const x = Float32Array.from(normals(3 * rows, seed), (value) => Math.round(3 * value));
  const derivatives = normals(2 * rows, 9 + seed).map((value, i) =>
    i % 2 === 1 ? unit : seed === 6 ? 1 / 16 : value,
  );
  const members = random(seed).shuffle(Uint32Array.from({ length: rows }, (_, i) => i));
  return { columns: binColumns(matrix(rows, 3, x)), members, derivatives, unit };
});

export const kernels: readonly KernelEntry[] = [
  entry(productKernel, {
    file: "math/product-kernel.ts",
    outputs(loops) {
      const m = matrix(13, 11, Float32Array.from(normals(13 * 11, 1)));
      const { data, at, stride } = rowProducts(m, m, loops).tile(0, 13, 0, 13);
      const tile = Array.from(
        { length: 13 * 13 },
        (_, k) => data[at + Math.floor(k / 13) * stride + (k % 13)],
      );
      const scatter = scatterMatrix(m, normals(11, 2), loops);
      // An equal value in the third place of one group, larger ones in the last and the second of others.
      const values = new Float32Array(loops.memory(4 * 64), 0, 64).fill(0);
      values.set([0, 0, 5.5, 0, 0.9, 0, 2, 3, 0, 0, 0, 9.75, 0, 9, 0, 0], 16);
      values.set([5, 6, 5, 7, 1, 2, 3, 4, 19, 18, 17, 9, 8.5, 8, 18, 28], 32);
      loops.run.atLeast(64, 128, 4, 192, 0.5);
      return [tile, scatter, Array.from(values.subarray(48, 64))];
    },
  }),
  entry(choleskyKernel, {
    file: "math/cholesky-solver.ts",
    outputs(loops) {
      const n = 5;
      const solver = choleskySolver(n, { loops });
      solver.setFactor(block(n, n, normals(n * n, 2)));
      const sides = block(9, n, normals(9 * n, 3));
      solver.solveInto(sides);
      return [sides.data];
    },
    equivalent: [
      {
        mutants: /^(forward (78|83|88|93) local.get 6 → local.get 7|backward 106 local.get 5 → local.get 6)$/,
        count: 5,
        reason: "`at` has arrived at `own` when the inner loop ends",
      },
    ],
  }),
  entry(rotationKernel, {
    file: "math/row-rotations.ts",
    outputs(loops) {
      const rows = rotatedIdentity(5, { loops });
      for (let i = 3; i >= 0; i--) rows.rotate(i, Math.cos(i + 1), Math.sin(i + 1));
      return [rows.data];
    },
  }),
  entry(reflectionKernel, {
    file: "math/householder-kernel.ts",
    outputs(loops) {
      const n = 8;
      const { matrix, v, w, next, product, step, reflect } = householderKernel(n, { loops });
      for (const [k, values] of [matrix, v, w, next].entries()) values.set(normals(values.length, k));
      for (const values of [v, w, next]) values.fill(0, n - 2);
      step(n - 2);
      const vectors = normals(9 * n, 4);
      reflect(vectors, normals(n, 5));
      return [matrix, product, vectors];
    },
  }),
  entry(windowKernel, {
    file: "math/windowed-power.ts",
    outputs(loops) {
      const power = windowedPower(normals(13, 1), { size: 16, loops });
      power.load(Float32Array.from(normals(30, 2)), 3);
      return [power.frame, [power.energy(), power.windowedEnergy()]];
    },
  }),
  entry(lagKernel, {
    file: "math/lag-products.ts",
    outputs(loops) {
      const samples = Float32Array.from(normals(120, 8));
      const products = lagProducts({ blockSamples: 7, blocks: 3, maxLag: 36, loops });
      return [0, 7, 28, 35].map((at) => products.window(samples, at).slice());
    },
  }),
  entry(blockKernel, {
    file: "math/block-spectra.ts",
    outputs(loops) {
      const blocks = blockSpectra(normals(5, 1), { count: 4, loops });
      for (const [k, { re, im }] of blocks.spectra.entries()) {
        re.set(normals(5, 2 * k));
        im.set(normals(5, 2 * k + 1));
      }
      blocks.sum.im.fill(1);
      blocks.begin(0, 1, 3);
      const begun = [blocks.sum, blocks.spectra[3]].flatMap(({ re, im }) => [re.slice(), im.slice()]);
      blocks.add(2);
      return [...begun, blocks.sum.re, blocks.sum.im];
    },
  }),
  entry(rowKernel, {
    file: "math/row-kernel.ts",
    outputs(loops) {
      const m = matrix(
        3,
        17,
        Float32Array.from(normals(51, 1), (value) => 10 ** (3 * value)),
      );
      const [roots, levels] = [new Float32Array(51), new Float32Array(51)];
      squareRoots(m.data, roots, { loops });
      scaledLogarithms(m.data, levels, { floor: 1e-2, scale: 4, offset: 0.1, least: -99, loops });
      const clipped = new Float32Array(51);
      scaledLogarithms(m.data, clipped, { floor: 1e-9, scale: 4, offset: 0.1, least: -10, loops });
      // Logarithms to the last bit of float64, where the series has most to do: what the offset leaves of them fits float32.
      const near = [1.41, 1.4, 0.71, 0.72, 1.39, 1.38, 0.73, 1.37].map(Math.fround);
      const fine = near.flatMap((value) => {
        const [scale, bits] = [2 ** 54, new Float32Array(4)];
        const offset = -Math.log(value) * scale;
        const least = Number.NEGATIVE_INFINITY;
        const values = new Float32Array(4).fill(value);
        scaledLogarithms(values, bits, { floor: 1e-2, scale, offset, least, loops });
        return [...bits];
      });
      const three = (): Float64Array => new Float64Array(3);
      const moments = { total: three(), first: three(), second: three() };
      rowMoments(m, moments, { loops });
      const sums = { floor: 1e-3, sum: three(), logarithms: three() };
      rowLogarithms(m, sums, { loops });
      return [roots, levels, clipped, fine, ...Object.values(moments), sums.sum, sums.logarithms];
    },
  }),
  entry(weightingKernel, {
    file: "math/weighted-sums.ts",
    outputs(loops) {
      const weightings = {
        starts: Uint32Array.of(0, 3, 0, 8, 5),
        offsets: Uint32Array.of(0, 9, 13, 13, 14, 18),
        weights: normals(18, 1),
      };
      const out = new Float32Array(8 * 5);
      weightedSums(weightings, { values: 9, loops }).run(Float32Array.from(normals(72, 2)), 0, 8, out, 0);
      return [out];
    },
  }),
  entry(extremesKernel([2, 3]), {
    file: "math/extreme-means.ts",
    outputs(loops) {
      // In each row the values of one lane, as whole rows have them, are far below or far above the others.
      const cols = 19;
      const data = Float32Array.from(normals(72 * cols, 1), (value, i) => {
        const [row, col] = [Math.floor(i / cols) % 8, i % cols];
        const lane = col < 3 ? col : (col - 3) % 4;
        return 1e32 * (value + (lane === row % 4 ? (row < 4 ? -9 : 9) : 0));
      });
      // From 1 to 4 values before whole vectors, and as few as are wanted.
      const stretches = [2, 3].flatMap((count) =>
        [count, 4, 6, 9, cols].map((length, k) => {
          const from = Math.min(k, cols - length);
          return { from, to: from + length, count };
        }),
      );
      const { least, greatest } = extremeMeans(data, { cols, stretches, loops });
      return [least, greatest];
    },
    equivalent: [
      {
        mutants: /extractLane 0 → f32x4.extractLane 1$/,
        count: 10,
        reason: "after both merges every lane has the whole list",
      },
      {
        mutants: /i8x16.shuffle (8 .*→ i8x16.shuffle 8 9|4 )/,
        count: 30,
        reason:
          "of the last shuffle only the first lane is wanted, of the one before only the first two; the other two have the same lists then",
      },
      {
        mutants:
          /^means(2 (54|58|84|88|173|177|203|207)|3 (66|70|74|126|130|134|261|265|269|321|325|329)) local.get/,
        count: 20,
        reason: "what those shuffles take from their second vector",
      },
    ],
  }),
  entry(dualKernel, {
    file: "learn/kernel/dual-loops.ts",
    outputs({ run, memory }) {
      const buffer = memory(2048);
      const singles = new Float32Array(buffer);
      const doubles = new Float64Array(buffer);
      const results: number[][] = [];
      // Products at 0, squares at 256 bytes; distances from below 0 to where float32 has no normal numbers.
      singles.set(normals(64, 1), 0);
      singles.set(
        normals(64, 2).map((value, i) => Math.abs(value) * [1, 3, 60, 200][(i + (i >> 2)) % 4]),
        64,
      );
      run.radial(0, 256, 16, 1, -0.7);
      results.push([...singles.subarray(0, 64)]);
      // Scores, gates and diagonal at 0, 128 and 256 bytes, rows at 384 and 448, results at 512.
      for (let seed = 0; seed < 12; seed++) {
        doubles.set(normals(16, 10 * seed + 1), 0);
        // Gates of one parity closed at times, at times equal scores.
        const gate = (i: number, closed: number): number => (i % 2 === seed % 3 ? closed : (i * seed) % 5);
        const gates = (closed: number): void =>
          doubles.set(
            doubles.slice(0, 16).map((_, i) => gate(i, closed)),
            16,
          );
        if (seed > 8) doubles.fill(0.5, 4, 12);
        doubles.set(normals(16, 10 * seed + 2).map(Math.abs), 32);
        singles.set(normals(32, 10 * seed + 3), 96);
        if (seed > 8) singles.fill(0.25, 96, 128);
        // No curvature at all of some.
        if (seed > 4) doubles.fill(2 * singles[96] - 0.9, 32, 34);
        gates(Number.NEGATIVE_INFINITY);
        run.move(0, 128, 384, 448, 8, 512, 0.3);
        results.push([...doubles.subarray(0, 16), ...doubles.subarray(64, 68)]);
        gates(Number.POSITIVE_INFINITY);
        run.seek(0, 128, 256, 384, 8, 512, 1.2 + seed, 0.9);
        results.push([...doubles.subarray(64, 70)]);
      }
      return results;
    },
    equivalent: [
      {
        mutants: /^(seek 57|move 40) f64x2.gt → f64x2.ge$/,
        count: 2,
        reason: "which of two equal values is kept as the best makes no difference, only its place does",
      },
    ],
  }),
  entry(histogramLoops, {
    file: "learn/forest/histogram-kernel.ts",
    outputs(loops) {
      const { rows } = boostings[0].columns;
      const results: number[][] = [];
      for (const { columns, members, derivatives, unit } of boostings) {
        const kernel = histogramKernel(columns, 1, { loops });
        kernel.members.set(members);
        kernel.derivatives.set(derivatives);
        const [other] = kernel.free;
        const at = kernel.scratch;
        const histograms = (): number[] =>
          [at, at + histogramWidth].flatMap((from) => [...kernel.values.subarray(from, from + 100)]);
        for (const pair of [0, 1]) {
          kernel.fill(pair, 0, rows, at);
          results.push(histograms());
          for (const gradient of [0, 1.5])
            for (const [gain, minLeaf, l2] of [
              ...[
                [0, 1, 0],
                [0, 3, 5],
                [-2, 6, 5],
              ],
              ...[
                [0.05, 2, 0],
                [500, 1, 0.1],
              ],
            ] as const) {
              kernel.scan(pair, at, { gradient, hessian: rows * unit, rows, gain, minLeaf, l2 });
              results.push([...kernel.values.subarray(0, 8)]);
            }
          // What is left to the right of the first row is just enough.
          kernel.scan(pair, at, { gradient: 1, hessian: 2 * unit, rows, gain: 0, minLeaf: 1, l2: 0 });
          results.push([...kernel.values.subarray(0, 8)]);
          kernel.fill(pair, 3, 20, other);
          kernel.subtract(pair, at, other);
          results.push(histograms());
        }
      }
      return results;
    },
    equivalent: [
      {
        mutants: /^scan (47|50) v128.load 16 → v128.load64(Splat|Zero) 16$/,
        count: 4,
        reason: "what stands beside a count is of no use",
      },
      {
        mutants: /^scan (23|157) f64x2.add → f64x2.sub$/,
        count: 2,
        reason: "a lower goal lets more bins through to the exact comparison",
      },
      {
        mutants: /^scan (94 f64x2.gt → f64x2.ge|116 f64x2.gt → f64x2.ge|117 v128.and → v128.or)$/,
        count: 3,
        reason: "both comparisons, with a division and without, ask the same",
      },
    ],
  }),
  entry(subharmonicLoops, {
    file: "dsp/subharmonic-loops.ts",
    outputs(loops) {
      // The search by itself, place by place of both spectra in turn: who is above what stands before the first place, and tops of two equal values.
      const found = new Float64Array(loops.memory(512), 0, 64);
      const searches = [
        [8, 5, 7, 7, 6, 6, 6, 7, 8, 7, 8, 5, 9, 4, 9, 6, 3, 5],
        [9, 3, 7, 4, 6, 5, 6, 7, 8, 7, 8, 5, 9, 4, 9, 6, 3, 5],
        [9, 9, 8, 8, 7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1],
        [1, 9, 8, 8, 8, 7, 7, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1],
      ].flatMap((values) => {
        found.set(values);
        loops.run.find(0, 256, 320, 448, 7);
        const [end] = new Int32Array(found.buffer, 448, 1);
        const result = [
          ...found.subarray(32, 34),
          ...new Int32Array(found.buffer, 320, (end - 320) / 4),
          end,
        ];
        found.fill(0);
        return result;
      });
      const bins = 60;
      const kernel = subharmonicKernel(
        {
          bins,
          forward: normals(3 * bins, 1),
          backward: normals(bins, 2),
          lower: Uint32Array.from({ length: bins }, (_, j) => Math.max(0, Math.min(bins - 2, j - 1))),
          axis: normals(4 * bins, 3).map(Math.abs),
          shifts: Uint32Array.of(0, 1, 3, 4, 5, 6, 6, 7, 8, 9),
          weights: normals(10, 4),
        },
        { loops },
      );
      const results = [
        [
          [4, 3, 2, 1, 0],
          [0, 0],
        ],
        [
          [0, 0],
          [4, 3, 2, 1, 0],
        ],
      ].flatMap((first) => {
        for (const [s, powers] of kernel.powers.entries()) powers.set(peaks(bins, first[s]));
        const count = kernel.run();
        return [kernel.sums.slice(), kernel.totals.slice(), [count, ...kernel.peaks.subarray(0, count)]];
      });
      return [searches, ...results];
    },
    equivalent: [
      {
        mutants: /^mark 1 v128.load 0 → v128.load64Splat 0$/,
        count: 1,
        reason: "what stands before the first bin is the same of both spectra",
      },
      {
        mutants: /^forward 62 v128.store 48 → v128.store 56$/,
        count: 1,
        reason: "the last bend is 0 as the memory is at first",
      },
    ],
  }),
  // One of each first length.
  ...[32, 64].map((size) =>
    entry(fftLoops(size), {
      file: "math/fft-loops.ts",
      outputs(loops) {
        const fft = fftKernel(size, { loops });
        fft.signal.set(normals(2 * size, 1));
        fft.forward();
        const spectrum = [fft.spectrumRe.slice(), fft.spectrumIm.slice()];
        const powers = [fft.power().slice(), fft.power32().slice()];
        fft.inverse();
        const signal = fft.signal.slice();
        fft.samples.set(normals(2 * size, 2));
        fft.weights.set(normals(2 * size, 3));
        return [...spectrum, ...powers, signal, fft.weighedPower32()];
      },
      equivalent: [
        {
          mutants: /^stages 1 local.set 3 → local.set 0$/,
          count: 1,
          reason: "the first block is at 0, as locals are at first",
        },
        {
          mutants: /^stages (5|189) local.get 3 → local.get 0$/,
          count: 2,
          reason: "`at` has just been set to the block",
        },
        {
          mutants: /^stages (166|167|168|170) /,
          count: size === 32 ? 4 : 0,
          reason: "the rows of a first stage of two have one turn",
        },
      ],
    }),
  ),
];
