/**
 * The loops that put the correlations of a signal together from spectra of its blocks: WebAssembly with SIMD, and the same in plain code. The pairs of samples that
 * begin in a block are X̄ (X + Y e^(−iφ)), X its spectrum and Y the next block's, which lies φ later.
 */
import { advance, f64x2, i32, type Local, repeat, set, v128, zeros } from "./wasm/expressions.js";
import { kernel, loop, named } from "./wasm/kernel.js";

/** A spectrum in the loops' memory. */
export interface BlockSpectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export interface BlockSpectra {
  readonly name: "simd" | "plain";
  /** What is to be summed. */
  readonly sum: BlockSpectrum;
  /** As many spectra as were asked for, zeros at first. */
  readonly spectra: readonly BlockSpectrum[];
  /** Writes X̄X + X̄Y e^(−iφ) of the spectra with the indices `x` and `y` to the one with the index `to`, and X̄X to `sum`. */
  begin(x: number, y: number, to: number): void;
  /** Adds a spectrum to `sum`. */
  add(index: number): void;
}

/** Returns the quickest loops that this runtime has for `count` spectra of as many bins as `phase` has angles φ. */
export function blockSpectra(
  phase: Float64Array,
  { count, loops = blockKernel.open() }: { count: number; loops?: BlockLoops },
): BlockSpectra {
  // A bin more where their number is odd, as they are taken in pairs; it stays zero.
  const bins = phase.length + (phase.length % 2);
  const slot = 2 * bins;
  const m = new Float64Array(loops.memory(8 * slot * (count + 2)), 0, slot * (count + 2));
  // The angles' cosines and sines, the sum, then the spectra.
  phase.forEach((angle, k) => {
    m[k] = Math.cos(angle);
    m[bins + k] = -Math.sin(angle);
  });
  const view = (at: number): BlockSpectrum => ({
    re: m.subarray(at, at + phase.length),
    im: m.subarray(at + bins, at + bins + phase.length),
  });
  const place = (index: number): number => slot * (index + 2);
  return {
    name: loops.name,
    sum: view(slot),
    spectra: Array.from({ length: count }, (_, index) => view(place(index))),
    begin(x, y, to) {
      loops.run.begin(8 * place(x), 8 * place(y), 8 * place(to), 0, 8 * slot, 8 * bins, bins / 2);
    },
    add(index) {
      loops.run.add(8 * place(index), 8 * slot, bins);
    },
  };
}

type BlockLoops = ReturnType<typeof blockKernel.open>;

export const blockKernel = kernel("block spectra", {
  /** Two bins at a time; imaginary parts lie `part` bytes behind the real ones. */
  begin: loop({
    parameters: named("i32", "x", "y", "to", "turn", "sum", "part", "pairs"),
    locals: {
      imaginary: "i32",
      ...named("v128", "a", "b", "e", "f", "u", "v", "c", "d", "within"),
    },
    body: ({ x, y, to, turn, sum, part, pairs, imaginary, a, b, e, f, u, v, c, d, within }) => {
      const behind = (pointer: Local<"i32">) => set(imaginary, i32.add(pointer, part));
      const both = (pointer: Local<"i32">, re: Local<"v128">, im: Local<"v128">) => [
        [set(re, v128.load(pointer)), behind(pointer), set(im, v128.load(imaginary))],
      ];
      const { add, sub, mul } = f64x2;
      return repeat(pairs, [
        [both(x, a, b), both(y, e, f), both(turn, u, v)],
        set(c, sub(mul(e, u), mul(f, v))),
        set(d, add(mul(e, v), mul(f, u))),
        set(within, add(mul(a, a), mul(b, b))),
        v128.store(sum, within),
        [behind(sum), v128.store(imaginary, zeros)],
        v128.store(to, add(within, add(mul(a, c), mul(b, d)))),
        [behind(to), v128.store(imaginary, sub(mul(a, d), mul(b, c)))],
        [x, y, to, turn, sum].map((pointer) => advance(pointer, 16)),
      ]);
    },
    plain({ f64: m }, x, y, to, turn, sum, part, pairs) {
      for (let k = 0; k < 2 * pairs; k++) {
        const [re, im] = [(at: number) => at / 8 + k, (at: number) => (at + part) / 8 + k];
        const [a, b, u, v] = [m[re(x)], m[im(x)], m[re(turn)], m[im(turn)]];
        const c = m[re(y)] * u - m[im(y)] * v;
        const d = m[re(y)] * v + m[im(y)] * u;
        const within = a * a + b * b;
        m[re(sum)] = within;
        m[im(sum)] = 0;
        m[re(to)] = within + (a * c + b * d);
        m[im(to)] = a * d - b * c;
      }
    },
  }),
  add: loop({
    parameters: named("i32", "source", "sum", "count"),
    body: ({ source, sum, count }) =>
      repeat(count, [
        v128.store(sum, f64x2.add(v128.load(sum), v128.load(source))),
        [advance(source, 16), advance(sum, 16)],
      ]),
    plain({ f64 }, source, sum, count) {
      for (let i = 0; i < 2 * count; i++) f64[sum / 8 + i] += f64[source / 8 + i];
    },
  }),
});
