/** Power spectra of windowed frames with their energies: one pass for window and energies in WebAssembly with SIMD, or the same in plain code. */
import { fftKernel } from "./fft-kernel.js";
import { type WasmFunction, wasm, wasmLoops } from "./wasm-module.js";

/** Measures frames one after the other. */
export interface WindowedPower {
  readonly name: "simd" | "plain";
  /** The loaded frame under its window. */
  readonly frame: Float64Array;
  /** Takes the frame that starts at `start`, with zeros beyond the end of the samples. */
  load(samples: Float32Array, start: number): void;
  /** Returns the loaded frame's energy, the sum of its squares, before and under the window. */
  energy(): number;
  windowedEnergy(): number;
  /** Returns |X[k]|², k = 0..size / 2, of the loaded frame with zeros up to `size`; good until the next call. */
  power(): Float64Array;
}

/** Samples of one turn of the loop. */
const atOnce = 4;

/**
 * Returns a measure of frames as long as `window` and transforms of `size`, a power of two not below that.
 * @throws RangeError for another size.
 */
export function windowedPower(
  window: Float64Array,
  { size, plain = false }: { readonly size: number; readonly plain?: boolean },
): WindowedPower {
  const { length } = window;
  if ((size & (size - 1)) !== 0 || size < Math.max(4, length))
    throw new RangeError(`windowedPower: got size ${size}, expected a power of two from ${length} on`);
  const kernel = fftKernel(size / 2);
  const turns = Math.ceil(length / atOnce);
  // Counted in float64: window, windowed frame, energies, and the samples as float32.
  const [frameAt, energiesAt, rawAt] = [size, 2 * size, 2 * size + 4];
  const end = rawAt + size / 2;
  const loops = plain ? undefined : createLoops();
  const m = loops ? new Float64Array(loops.memory(8 * end), 0, end) : new Float64Array(end);
  m.set(window);
  const raw = new Float32Array(m.buffer, 8 * rawAt, length);
  const frame = m.subarray(frameAt, frameAt + length);
  const weigh = loops ? loops.run.weigh : plainWeigh(m);
  return {
    name: loops ? "simd" : "plain",
    frame,
    load(samples, start) {
      const there = Math.max(0, Math.min(length, samples.length - start));
      raw.set(samples.subarray(start, start + there));
      if (there < length) raw.fill(0, there);
      weigh(8 * rawAt, 0, 8 * frameAt, 8 * energiesAt, turns);
    },
    energy: () => m[energiesAt] + m[energiesAt + 1],
    windowedEnergy: () => m[energiesAt + 2] + m[energiesAt + 3],
    power() {
      kernel.signal.set(frame);
      return kernel.power();
    },
  };
}

const createLoops = wasmLoops({ weigh: weighLoop() });

/** Two sums of each kind, as each waits for the one before it. */
function weighLoop(): WasmFunction {
  const [raw, window, out, energies, left, value, weighted] = [0, 1, 2, 3, 4, 5, 6] as const;
  const plainSums = [7, 8] as const;
  const weightedSums = [9, 10] as const;
  const { get, set, advance, integer, load, loadPair, store, loop, again, float64 } = wasm;
  const addSquare = (sum: number, of: number): number[] => [
    ...[...get(sum), ...get(of), ...get(of), ...float64.multiply, ...float64.add, ...set(sum)],
  ];
  const body = [
    ...loop,
    ...[0, 1].flatMap((half) => [
      ...[...loadPair(raw, 8 * half), ...set(value)],
      ...[...get(value), ...load(window, 16 * half), ...float64.multiply, ...set(weighted)],
      ...[...get(out), ...get(weighted), ...store(16 * half)],
      ...[...addSquare(plainSums[half], value), ...addSquare(weightedSums[half], weighted)],
    ]),
    ...[...advance(raw, integer(16)), ...advance(window, integer(32)), ...advance(out, integer(32))],
    ...again(left),
    ...[...get(energies), ...get(plainSums[0]), ...get(plainSums[1]), ...float64.add, ...store(0)],
    ...[...get(energies), ...get(weightedSums[0]), ...get(weightedSums[1]), ...float64.add, ...store(16)],
  ];
  return { parameters: new Array<number>(5).fill(wasm.i32), locals: [[6, wasm.v128]], body };
}

function plainWeigh(m: Float64Array): (...bytes: number[]) => void {
  const raw = new Float32Array(m.buffer);
  const sums = new Float64Array(8);
  return (rawAt, window, out, energies, turns) => {
    sums.fill(0);
    for (let i = 0; i < atOnce * turns!; i++) {
      const value = raw[rawAt! / 4 + i];
      const weighted = value * m[window! / 8 + i];
      m[out! / 8 + i] = weighted;
      sums[i % atOnce] += value * value;
      sums[atOnce + (i % atOnce)] += weighted * weighted;
    }
    for (let i = 0; i < 4; i++) {
      const at = i < 2 ? i : i + 2;
      m[energies! / 8 + i] = sums[at] + sums[at + 2];
    }
  };
}
