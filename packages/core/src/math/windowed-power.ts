/** Power spectra of windowed frames with their energies: one pass for window and energies in WebAssembly with SIMD, or the same in plain code. */
import { fftKernel } from "./fft-kernel.js";
import { advance, f64x2, type Local, repeat, set, v128 } from "./wasm/expressions.js";
import { kernel, loop, named, several } from "./wasm/kernel.js";

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
  { size, loops = windowKernel.open() }: { readonly size: number; readonly loops?: WindowLoops },
): WindowedPower {
  const { length } = window;
  if ((size & (size - 1)) !== 0 || size < Math.max(4, length))
    throw new RangeError(`windowedPower: got size ${size}, expected a power of two from ${length} on`);
  const kernel = fftKernel(size / 2);
  const turns = Math.ceil(length / atOnce);
  // Counted in float64: window, windowed frame, energies, and the samples as float32.
  const [frameAt, energiesAt, rawAt] = [size, 2 * size, 2 * size + 4];
  const end = rawAt + size / 2;
  const m = new Float64Array(loops.memory(8 * end), 0, end);
  m.set(window);
  const raw = new Float32Array(m.buffer, 8 * rawAt, length);
  const frame = m.subarray(frameAt, frameAt + length);
  return {
    name: loops.name,
    frame,
    load(samples, start) {
      const there = Math.max(0, Math.min(length, samples.length - start));
      raw.set(samples.subarray(start, start + there));
      if (there < length) raw.fill(0, there);
      loops.run.weigh(8 * rawAt, 0, 8 * frameAt, 8 * energiesAt, turns);
    },
    energy: () => m[energiesAt] + m[energiesAt + 1],
    windowedEnergy: () => m[energiesAt + 2] + m[energiesAt + 3],
    power() {
      kernel.signal.set(frame);
      return kernel.power();
    },
  };
}

type WindowLoops = ReturnType<typeof windowKernel.open>;

export const windowKernel = kernel("windowed power", {
  /** Two sums of each kind, as each waits for the one before it. */
  weigh: loop({
    parameters: named("i32", "raw", "window", "out", "energies", "left"),
    locals: {
      ...named("v128", "value", "weighted"),
      plainSums: several("v128", 2),
      weightedSums: several("v128", 2),
    },
    body: ({ raw, window, out, energies, left, value, weighted, plainSums, weightedSums }) => {
      const addSquare = (sum: Local<"v128">, of: Local<"v128">) =>
        set(sum, f64x2.add(sum, f64x2.mul(of, of)));
      return [
        repeat(left, [
          [0, 1].map((half) => [
            set(value, f64x2.loadSingles(raw, 8 * half)),
            set(weighted, f64x2.mul(value, v128.load(window, 16 * half))),
            v128.store(out, weighted, 16 * half),
            [addSquare(plainSums[half], value), addSquare(weightedSums[half], weighted)],
          ]),
          [advance(raw, 16), advance(window, 32), advance(out, 32)],
        ]),
        v128.store(energies, f64x2.add(plainSums[0], plainSums[1])),
        v128.store(energies, f64x2.add(weightedSums[0], weightedSums[1]), 16),
      ];
    },
    plain({ f64, f32 }, raw, window, out, energies, turns) {
      const sums = new Float64Array(8);
      for (let i = 0; i < atOnce * turns; i++) {
        const value = f32[raw / 4 + i];
        const weighted = value * f64[window / 8 + i];
        f64[out / 8 + i] = weighted;
        sums[i % atOnce] += value * value;
        sums[atOnce + (i % atOnce)] += weighted * weighted;
      }
      for (let i = 0; i < 4; i++) {
        const at = i < 2 ? i : i + 2;
        f64[energies / 8 + i] = sums[at] + sums[at + 2];
      }
    },
  }),
});
