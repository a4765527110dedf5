/**
 * Products of a signal with itself some samples later, block by block: WebAssembly with SIMD, and the same in plain code. Neighbouring windows share the sums of the
 * blocks that they have in common (`npx tsx bench/recognize.bench.ts`, seed-v1).
 */
import { advance, f64x2, i32, repeat, set, v128, zeros } from "./wasm/expressions.js";
import { kernel, loop, named, several } from "./wasm/kernel.js";

export interface LagProductsOptions {
  /** Samples of a block, and blocks of a window. */
  readonly blockSamples: number;
  readonly blocks: number;
  /** Longest lag in samples. */
  readonly maxLag: number;
  readonly loops?: LagLoops;
}

export interface LagProducts {
  readonly name: "simd" | "plain";
  /**
   * Returns Σ_j x[j] x[j + τ], j over the window that begins at sample `at` of `samples`, for τ = 0..maxLag; what lies beyond the ends counts as 0. Good until
   * the next call. Windows must not go back, and lie whole blocks apart.
   */
  window(samples: Float32Array, at: number): Float64Array;
  /** Called after the last window: gives the memory to whoever asks next. */
  finish(): void;
}

/** Loops that nobody uses at the moment: to make a memory anew takes as long as some windows. */
const idle: LagLoops[] = [];
const maxIdle = 4;

/** Lags that are summed at once: as many vectors as keep the adders busy. */
const lagsAtOnce = 16;

/** Returns the quickest loops that this runtime has, for the windows of one signal. */
export function lagProducts({
  blockSamples,
  blocks,
  maxLag,
  loops = idle.pop() ?? lagKernel.open(),
}: LagProductsOptions): LagProducts {
  const turns = Math.ceil((maxLag + 1) / lagsAtOnce);
  const lags = turns * lagsAtOnce;
  const taken = 2 * Math.ceil((blockSamples + lags) / 2);
  // Counted in bytes: the sums over the window; a ring of those of its blocks, written twice, so that they lie in their order from the oldest one on; a block's
  // samples with its lags as float64, and as they come.
  const blocksAt = 8 * lags;
  const ring = 8 * lags * blocks;
  const wideAt = blocksAt + 2 * ring;
  const samplesAt = wideAt + 8 * taken;
  const buffer = loops.memory(samplesAt + 4 * taken);
  const sums = new Float64Array(buffer, 0, maxLag + 1);
  const part = new Float32Array(buffer, samplesAt, taken);
  /** Sample at which the block begins that is to be summed next, and where among the sums of blocks it goes. */
  let next = Number.NEGATIVE_INFINITY;
  let slot = 0;
  return {
    name: loops.name,
    window(samples, at) {
      const end = at + blockSamples * blocks;
      for (next = Math.max(next, at); next < end; next += blockSamples) {
        const from = Math.min(taken, Math.max(0, -next));
        const to = Math.max(from, Math.min(taken, samples.length - next));
        part.set(samples.subarray(next + from, next + to), from);
        if (from > 0) part.fill(0, 0, from);
        if (to < taken) part.fill(0, to);
        const out = blocksAt + 8 * lags * slot;
        loops.run.block(samplesAt, wideAt, taken / 2, out, out + ring, blockSamples, turns);
        slot = (slot + 1) % blocks;
      }
      loops.run.sum(blocksAt + 8 * lags * slot, 8 * lags, blocks, 0, lags / 2);
      return sums;
    },
    finish() {
      if (loops.name === "simd" && idle.length < maxIdle) idle.push(loops);
    },
  };
}

type LagLoops = ReturnType<typeof lagKernel.open>;

export const lagKernel = kernel("lag products", {
  /** Writes `pairs` pairs of float32 as float64 to `wide`, then the sums over the first `count` of them to `out` and `twin`, sixteen lags a turn. */
  block: loop({
    parameters: named("i32", "samples", "wide", "pairs", "out", "twin", "count", "turns"),
    locals: {
      ...named("i32", "to", "at", "later", "left", "shift"),
      sample: "v128",
      sums: several("v128", lagsAtOnce / 2),
    },
    body: ({ samples, wide, pairs, out, twin, count, turns, to, at, later, left, shift, sample, sums }) => [
      set(to, wide),
      repeat(pairs, [v128.store(to, f64x2.loadSingles(samples)), [advance(samples, 8), advance(to, 16)]]),
      repeat(turns, [
        [set(at, wide), set(later, i32.add(wide, shift)), set(left, count)],
        sums.map((sum) => set(sum, zeros)),
        repeat(left, [
          set(sample, v128.load64Splat(at)),
          sums.map((sum, k) => set(sum, f64x2.add(sum, f64x2.mul(sample, v128.load(later, 16 * k))))),
          [advance(at, 8), advance(later, 8)],
        ]),
        sums.map((sum, k) => [v128.store(out, sum, 16 * k), v128.store(twin, sum, 16 * k)]),
        [shift, out, twin].map((pointer) => advance(pointer, 8 * lagsAtOnce)),
      ]),
    ],
    plain({ f32, f64 }, samples, wide, pairs, out, twin, count, turns) {
      const x = f64.subarray(wide / 8, wide / 8 + 2 * pairs);
      for (let i = 0; i < 2 * pairs; i++) x[i] = f32[samples / 4 + i];
      for (let lag = 0; lag < turns * lagsAtOnce; lag++) {
        let sum = 0;
        for (let j = 0; j < count; j++) sum += x[j] * x[j + lag];
        f64[out / 8 + lag] = sum;
        f64[twin / 8 + lag] = sum;
      }
    },
  }),
  /** Writes the sums of `rows` rows of float64 that lie `stride` bytes apart to `out`, two columns a turn. */
  sum: loop({
    parameters: named("i32", "first", "stride", "rows", "out", "turns"),
    locals: { ...named("i32", "at", "left"), sum: "v128" },
    body: ({ first, stride, rows, out, turns, at, left, sum }) =>
      repeat(turns, [
        [set(at, first), set(left, rows), set(sum, zeros)],
        repeat(left, [set(sum, f64x2.add(sum, v128.load(at))), advance(at, stride)]),
        v128.store(out, sum),
        [advance(first, 16), advance(out, 16)],
      ]),
    plain({ f64 }, first, stride, rows, out, turns) {
      for (let column = 0; column < 2 * turns; column++) {
        let sum = 0;
        for (let row = 0; row < rows; row++) sum += f64[(first + row * stride) / 8 + column];
        f64[out / 8 + column] = sum;
      }
    },
  }),
});
