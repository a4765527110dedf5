/**
 * What each kernel saves: processor time of its loops by SIMD and in plain code, in turn, minima of nine runs at sizes that the product has.
 * `npx tsx bench/kernels.bench.ts`
 */
import { binColumns } from "../packages/core/src/learn/forest/bin-columns.js";
import { histogramKernel, histogramLoops } from "../packages/core/src/learn/forest/histogram-kernel.js";
import { dualKernel } from "../packages/core/src/learn/kernel/dual-loops.js";
import { kernelMemory } from "../packages/core/src/learn/kernel/kernel-memory.js";
import { dualBytes, solveDual } from "../packages/core/src/learn/kernel/smo.js";
import { choleskyKernel, choleskySolver } from "../packages/core/src/math/cholesky-solver.js";
import { extremeMeans, extremesKernel } from "../packages/core/src/math/extreme-means.js";
import { fftKernel } from "../packages/core/src/math/fft-kernel.js";
import { fftLoops } from "../packages/core/src/math/fft-loops.js";
import { householderKernel, reflectionKernel } from "../packages/core/src/math/householder-kernel.js";
import { block } from "../packages/core/src/math/linear-algebra.js";
import { type Matrix, matrix } from "../packages/core/src/math/matrix.js";
import { productKernel } from "../packages/core/src/math/product-kernel.js";
import { random } from "../packages/core/src/math/random.js";
import { rowKernel } from "../packages/core/src/math/row-kernel.js";
import { scaledLogarithms, squareRoots } from "../packages/core/src/math/row-loops.js";
import { scatterMatrix } from "../packages/core/src/math/row-products.js";
import type { Kernel, KernelInstance } from "../packages/core/src/math/wasm/kernel.js";
import { weightedSums, weightingKernel } from "../packages/core/src/math/weighted-sums.js";
import { windowedPower, windowKernel } from "../packages/core/src/math/windowed-power.js";

const stream = random("kernels");
const normals = (count: number): Float64Array => Float64Array.from({ length: count }, () => stream.normal());
const table = (rows: number, cols: number): Matrix =>
  matrix(rows, cols, Float32Array.from(normals(rows * cols), Math.abs));

/** Prepares the work of a kernel once for an instance, and returns it. */
type Prepare<Name extends string> = (loops: KernelInstance<Name>) => () => void;

function measure<Name extends string>(
  what: string,
  kernel: Pick<Kernel<Name>, "open" | "openPlain">,
  prepare: Prepare<Name>,
): void {
  const works = [kernel.open(), kernel.openPlain()].map(prepare);
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let turn = 0; turn < 11; turn++) {
    works.forEach((work, i) => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      if (turn > 1) least[i] = Math.min(least[i], (user + system) / 1000);
    });
  }
  const [simd, plain] = least.map((time) => time.toFixed(1).padStart(7));
  console.log(`${what.padEnd(44)}${simd} ms${plain} ms   ${(least[1] / least[0]).toFixed(1).padStart(5)} ×`);
}

console.log(`${"".padEnd(44)}   SIMD      plain   saves`);
const rows = table(1440, 300);
for (const size of [256, 1024])
  measure(`power of ${2 * size} samples, 500 times`, fftLoops(size), (loops) => {
    const fft = fftKernel(size, { loops });
    fft.signal.set(normals(2 * size));
    return () => {
      for (let i = 0; i < 500; i++) fft.power32();
    };
  });
measure("window and energies of 2,000 frames of 400", windowKernel, (loops) => {
  const power = windowedPower(normals(400), { size: 512, loops });
  const samples = Float32Array.from(normals(400));
  return () => {
    for (let i = 0; i < 2000; i++) power.load(samples, 0);
  };
});
measure("128 weightings of 513 bins, 800 rows", weightingKernel, (loops) => {
  const starts = Uint32Array.from({ length: 128 }, (_, i) => 3 * i);
  const offsets = Uint32Array.from({ length: 129 }, (_, i) => 12 * i);
  const sums = weightedSums({ starts, offsets, weights: normals(12 * 128) }, { values: 513, loops });
  const [values, out] = [Float32Array.from(normals(8 * 513)), new Float32Array(8 * 128)];
  return () => {
    for (let i = 0; i < 100; i++) sums.run(values, 0, 8, out, 0);
  };
});
measure("means of the 9 extremes of 2,000 × 400", extremesKernel([9]), (loops) => {
  const data = Float32Array.from(normals(2000 * 400));
  return () => void extremeMeans(data, { cols: 400, stretches: [{ from: 0, to: 400, count: 9 }], loops });
});
measure("roots and logarithms of 432,000 values", rowKernel, (loops) => {
  const to = new Float32Array(rows.data.length);
  return () => {
    squareRoots(rows.data, to, { loops });
    scaledLogarithms(rows.data, to, { floor: 1e-10, scale: 4, offset: 0, least: -99, loops });
  };
});
measure("scatter of 1440 × 300", productKernel, (loops) => {
  return () => void scatterMatrix(rows, new Float64Array(300), loops);
});
measure("64 solutions of 300 equations", choleskyKernel, (loops) => {
  const solver = choleskySolver(300, { loops });
  solver.setFactor(block(300, 300, normals(300 * 300)));
  return () => solver.solveInto(block(64, 300, normals(64 * 300)));
});
measure("tridiagonal form of 300 × 300", reflectionKernel, (loops) => {
  const { step } = householderKernel(300, { loops });
  return () => {
    for (let size = 299; size > 0; size--) step(size);
  };
});
measure("histograms and splits of 1440 × 300", histogramLoops, (loops) => {
  const kernel = histogramKernel(binColumns(rows), 1, { loops });
  kernel.members.set(Uint32Array.from({ length: 1440 }, (_, i) => i));
  kernel.derivatives.set(normals(2880));
  const search = { gradient: 1, hessian: 900, rows: 1440, gain: 0, minLeaf: 5, l2: 0 };
  return () => {
    for (let pair = 0; pair < kernel.pairs; pair++) {
      kernel.fill(pair, 0, 1440, kernel.scratch);
      kernel.scan(pair, kernel.scratch, search);
    }
  };
});
measure("dual of 600 × 40 with its kernel", dualKernel, (loops) => {
  const x = matrix(600, 40, Float32Array.from(normals(600 * 40)));
  const signs = Int8Array.from({ length: 600 }, (_, i) => (x.data[40 * i] > 0 ? 1 : -1));
  const options = { gamma: 0.02, maxBytes: 2 ** 26, largest: 600, free: dualBytes(600, 1), loops };
  return () => {
    const kernel = kernelMemory(x, options)([{ from: 0, to: 600 }]);
    solveDual({ kernel, signs, bounds: new Float64Array(600).fill(5), tolerance: 1e-3 });
  };
});
