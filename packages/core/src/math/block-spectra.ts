/**
 * The loops that put the correlations of a signal together from spectra of its blocks: WebAssembly with SIMD, and the same in plain code. The pairs of samples that
 * begin in a block are X̄ (X + Y e^(−iφ)), X its spectrum and Y the next block's, which lies φ later.
 */
import { type WasmFunction, wasm, wasmLoops } from "./wasm-module.js";

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
  { count, plain = false }: { count: number; plain?: boolean },
): BlockSpectra {
  // A bin more where their number is odd, as they are taken in pairs; it stays zero.
  const bins = phase.length + (phase.length % 2);
  const slot = 2 * bins;
  const loops = plain ? undefined : createLoops();
  const m = loops
    ? new Float64Array(loops.memory(8 * slot * (count + 2)), 0, slot * (count + 2))
    : new Float64Array(slot * (count + 2));
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
    name: loops ? "simd" : "plain",
    sum: view(slot),
    spectra: Array.from({ length: count }, (_, index) => view(place(index))),
    begin(x, y, to) {
      if (loops) {
        const im = 8 * bins;
        const at = [8 * place(x), 8 * place(y), 8 * place(to)] as const;
        loops.run.begin(...at, 0, 8 * slot, im, bins / 2);
      } else beginPlain(m, { x: place(x), y: place(y), to: place(to), sum: slot, bins });
    },
    add(index) {
      if (loops) loops.run.add(8 * place(index), 8 * slot, bins);
      else for (let k = 0, from = place(index); k < slot; k++) m[slot + k] += m[from + k];
    },
  };
}

function beginPlain(
  m: Float64Array,
  { x, y, to, sum, bins }: { x: number; y: number; to: number; sum: number; bins: number },
): void {
  for (let k = 0; k < bins; k++) {
    const a = m[x + k];
    const b = m[x + bins + k];
    const c = m[y + k] * m[k] - m[y + bins + k] * m[bins + k];
    const d = m[y + k] * m[bins + k] + m[y + bins + k] * m[k];
    const within = a * a + b * b;
    m[sum + k] = within;
    m[sum + bins + k] = 0;
    m[to + k] = within + (a * c + b * d);
    m[to + bins + k] = a * d - b * c;
  }
}

const createLoops = wasmLoops({ begin: beginLoop(), add: addLoop() });

/** Two bins at a time; imaginary parts lie `part` bytes behind the real ones. */
function beginLoop(): WasmFunction {
  const [x, y, to, turn, sum, part, pairs, imaginary] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const [a, b, e, f, u, v, c, d, within] = [8, 9, 10, 11, 12, 13, 14, 15, 16] as const;
  const { get, set, advance, integer, load, store, loop, again, zeros, float64 } = wasm;
  const at = (pointer: number): number[] => [...get(pointer), ...get(part), 0x6a, ...set(imaginary)];
  const both = (pointer: number, re: number, im: number): number[] => [
    ...[...load(pointer), ...set(re), ...at(pointer), ...load(imaginary), ...set(im)],
  ];
  const product = (one: number, other: number): number[] => [...get(one), ...get(other), ...float64.multiply];
  const body = [
    ...loop,
    ...[...both(x, a, b), ...both(y, e, f), ...both(turn, u, v)],
    ...[...product(e, u), ...product(f, v), ...float64.subtract, ...set(c)],
    ...[...product(e, v), ...product(f, u), ...float64.add, ...set(d)],
    ...[...product(a, a), ...product(b, b), ...float64.add, ...set(within)],
    ...[...get(sum), ...get(within), ...store()],
    ...[...at(sum), ...get(imaginary), ...zeros, ...store()],
    ...[
      ...get(to),
      ...get(within),
      ...product(a, c),
      ...product(b, d),
      ...float64.add,
      ...float64.add,
      ...store(),
    ],
    ...[...at(to), ...get(imaginary), ...product(a, d), ...product(b, c), ...float64.subtract, ...store()],
    ...[x, y, to, turn, sum].flatMap((pointer) => advance(pointer, integer(16))),
    ...again(pairs),
  ];
  const locals = [
    [1, wasm.i32],
    [9, wasm.v128],
  ] as const;
  return { parameters: new Array<number>(7).fill(wasm.i32), locals, body };
}

function addLoop(): WasmFunction {
  const [from, sum, count] = [0, 1, 2] as const;
  const { get, advance, integer, load, store, loop, again, float64 } = wasm;
  const body = [
    ...[...loop, ...get(sum), ...load(sum), ...load(from), ...float64.add, ...store()],
    ...[...advance(from, integer(16)), ...advance(sum, integer(16)), ...again(count)],
  ];
  return { parameters: new Array<number>(3).fill(wasm.i32), locals: [], body };
}
